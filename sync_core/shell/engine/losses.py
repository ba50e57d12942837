"""What somebody deleted in HubSpot: a contact stays away (A13), anything else is made anew (I9)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sync_core.mappings.deals import SOURCE_STORE
from sync_core.pure.keys import source_of
from sync_core.pure.model import KEY_PROPERTY, Absent, Actual, ObjectType, Ref
from sync_core.shell.clients.hubspot import HubSpot
from sync_core.shell.engine.drift import make_anew
from sync_core.shell.storage.image import Link
from sync_core.shell.storage.ledger import Ledger

if TYPE_CHECKING:
    from sync_core.shell.engine.batch import Job

MARK = SOURCE_STORE.target  # the stores that a contact comes from, joined by ";" (A5, I5)


def note_lost(ledger: Ledger, hubspot: HubSpot, refs: Iterable[Ref], now_ms: int) -> None:
    """Take down that these are no longer in HubSpot, and have those decide again that speak of them."""
    links = list(ledger.image.links(refs).values())
    contacts = [link for link in links if link.ref.object_type == "contacts"]
    others = [link for link in links if link.ref.object_type != "contacts"]
    _lost_contacts(ledger, hubspot, contacts, now_ms)
    with ledger.transaction():
        forget(ledger, [link.ref for link in others])
        ledger.image.drop(link.ref for link in others)
        ledger.wake([link.ref for link in others], now_ms)


def note_moved(ledger: Ledger, refs: Iterable[Ref], now_ms: int) -> None:
    """Take down that these contacts were merged into others: what those hold is not known, so all is written once."""
    links = list(ledger.image.links(refs).values())
    if not links:
        return
    with ledger.transaction():
        ledger.image.save([_renewed(link, link.actual.id) for link in links])
        _mark_customers(ledger, (one for group in _sharers(ledger, links) for one in group), now_ms)


def find_lost(ledger: Ledger, hubspot: HubSpot, object_type: ObjectType, ids: Sequence[str], now_ms: int) -> None:
    """Of records in the recycle bin, those of ours: they are made anew (B39, I9)."""
    links = ledger.image.links_by_id(object_type, ids)
    if links:
        alive = hubspot.read(object_type, sorted({link.actual.id for link in links}))
        lost = [link for link in links if link.actual.id not in alive]
        with ledger.transaction():
            make_anew(ledger, lost, now_ms)
            note_lost(ledger, hubspot, [link.ref for link in lost], now_ms)


def find_lost_contacts(ledger: Ledger, hubspot: HubSpot, ids: Sequence[str], now_ms: int) -> None:
    """Of contacts in the recycle bin, those of ours: unless their ids live on, as a merged contact's does."""
    links = ledger.image.links_by_id("contacts", ids)
    if links:
        alive = hubspot.read("contacts", sorted({link.actual.id for link in links}))
        _lost_contacts(ledger, hubspot, [link for link in links if link.actual.id not in alive], now_ms)


def remember_deleted(
    ledger: Ledger, hubspot: HubSpot, archived: Iterable[Mapping[str, str | None]], shop: str, now_ms: int
) -> None:
    """Bury the contacts in the recycle bin that bear this shop's mark: what a ledger that was lost knew of them (A13).

    An address that lives on in HubSpot is not buried.
    """
    marked = [one for one in archived if shop in (one.get(MARK) or "").split(";")]
    emails = {(one.get("email") or "").lower() for one in marked} - {""}
    alive = hubspot.read("contacts", sorted(emails), "email")
    ledger.image.bury("email", emails - alive.keys(), now_ms)


def find_unlinked(ledger: Ledger, hubspot: HubSpot, jobs: Sequence[Job], dry: bool = False) -> None:
    """Link what is in HubSpot though the ledger does not know it: who made it died before the answer was noted.

    Such a record bears our key. One that Shopify still has is found when it is written again; looked for are those that
    Shopify has deleted, and line items, which their orders may no longer name.

    Args:
        dry: write nothing to the ledger.
    """
    wanted: dict[ObjectType, dict[str, Job]] = defaultdict(dict)
    for job in jobs:
        if isinstance(job.decision, Absent) and job.ref not in job.held:
            wanted[job.ref.object_type][job.ref.key] = job
    by_ref = {job.ref: job for job in jobs}
    for parent, keys in ledger.image.begun(by_ref).items():
        by_ref[parent].begun = True
        lines = {key: by_ref[parent] for key in keys if Ref("line_items", key) not in by_ref[parent].held}
        wanted["line_items"] |= lines
    found: list[Link] = []
    for object_type, by_key in sorted(wanted.items()):
        for key, id_ in hubspot.read(object_type, sorted(by_key), KEY_PROPERTY).items():
            job, ref = by_key[key], Ref(object_type, key)
            job.held[ref] = Actual(id_, {})
            found.append(Link(ref, job.held[ref], job.ref if object_type == "line_items" else None))
    if not dry:
        ledger.image.save(found)


def keep_away(ledger: Ledger, jobs: Iterable[Job]) -> None:
    """Have those decide again who would make a contact whose deletion was taken down since they decided (A13): its link
    went with it, so it looks as if it had never been there."""
    made = [(job, one) for job in jobs for one in job.contacts if one.ref not in job.held]
    with ledger.transaction():
        keys = ledger.image.buried("key", {one.ref.key for _, one in made})
        emails = ledger.image.buried("email", {one.match[1] for _, one in made})
    for job, one in made:
        job.again |= one.ref.key in keys or one.match[1] in emails


class RecycleBin:
    """HubSpot's recycle bin, read from the first page to the last; a limit on the way loses nothing of it.

    Nobody else tells of a contact that we made, that was deleted, and that the ledger never knew: the ledger is new, or
    the process died, or the answer was lost, before the contact was taken down (A13).
    """

    def __init__(self, ledger: Ledger, hubspot: HubSpot, now: Callable[[], int]) -> None:
        self._ledger, self._hubspot, self._now, self._page = ledger, hubspot, now, ""
        self.looked_ms = 0  # when it was read to its end last

    def read(self) -> None:
        """Bury those of this shop's contacts that are in it."""
        while True:
            found, self._page = self._hubspot.archived("contacts", self._page, ("email", MARK))
            remember_deleted(self._ledger, self._hubspot, found.values(), self._ledger.shop, self._now())
            if not self._page:
                self.looked_ms = self._now()
                return


def revive(ledger: Ledger, hubspot: HubSpot, buried: dict[Ref, str]) -> set[str]:
    """Contacts that were deleted, by ref with their address: one that is live again may be written again (A13)."""
    alive = hubspot.read("contacts", sorted(set(buried.values())), "email") if buried else {}
    with ledger.transaction():
        ledger.image.exhume("key", [ref.key for ref, email in buried.items() if email in alive])
        ledger.image.exhume("email", alive)
    return set(alive)


def _lost_contacts(ledger: Ledger, hubspot: HubSpot, links: Sequence[Link], now_ms: int) -> None:
    """One that lives on under another id, by a merge or made anew, is linked to that; the others are buried."""
    if not links:
        return
    emails = {link.ref: link.actual.properties.get("email", "").lower() for link in links}
    alive = hubspot.read("contacts", sorted({email for email in emails.values() if email}), "email")
    moved = [link for link in links if emails[link.ref] in alive]
    dead = [link for link in links if emails[link.ref] not in alive]
    with ledger.transaction():
        forget(ledger, [link.ref for link in links])
        ledger.image.save([_renewed(link, alive[emails[link.ref]]) for link in moved])
        ledger.image.bury("key", [link.ref.key for link in dead], now_ms)
        ledger.image.bury("email", [emails[link.ref] for link in dead if emails[link.ref]], now_ms)
        ledger.image.drop(link.ref for link in dead)
        ledger.wake([link.ref for link in links], now_ms)
        _mark_customers(ledger, [link.ref for link in links], now_ms)


def _renewed(link: Link, id_: str) -> Link:
    """A link to another contact: nothing is known of what that holds, so everything is written to it once."""
    return replace(link, actual=Actual(id_, {}, associations=link.actual.associations))


def _sharers(ledger: Ledger, links: Iterable[Link]) -> Iterable[list[Ref]]:
    return ledger.image.sharers("contacts", {link.actual.id for link in links}).values()


def _mark_customers(ledger: Ledger, refs: Iterable[Ref], now_ms: int) -> None:
    """The customers behind contacts of this store decide anew."""
    own = [ref.key.partition("/") for ref in refs]
    keys = [
        key for shop, _, path in own if shop == ledger.shop and (key := source_of(Ref("contacts", f"{shop}/{path}")))
    ]
    ledger.work.mark([key for key in keys if key[0] == "customer"], now_ms)


def forget(ledger: Ledger, lost: Sequence[Ref]) -> None:
    """Nothing is associated with these or holds their ids any more: what takes their place is another record."""
    gone = frozenset(lost)
    speakers = ledger.sources.standing(ledger.image.mentions_of(gone)).values()
    owners = {row.ref for row in speakers if row.ref}
    groups = ledger.image.children(gone | owners).values()
    links = [*ledger.image.links(owners).values(), *(child for children in groups for child in children)]
    ledger.image.save([_without(link, gone) for link in links])


def _without(link: Link, gone: frozenset[Ref]) -> Link:
    held = link.actual
    links = {name: ref for name, ref in held.links.items() if ref not in gone}
    return replace(link, actual=replace(held, links=links, associations=held.associations - gone))
