"""The nets that catch what webhooks lose, and the first import: each is a row of `NETS`, cast page by page.

A page and the cursor behind it are committed together, so that a crash repeats a page and skips none. Watermarks are
Shopify's own times as last seen, never ours: no difference between two clocks can make a hole.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

from sync_core.pure.from_graphql import customer
from sync_core.pure.model import Kind, ObjectType
from sync_core.pure.retry import AuthLost, Rejected
from sync_core.pure.two_way import SHARED
from sync_core.shell.clients.http import CallFailed, NotBefore
from sync_core.shell.clients.hubspot import BATCH, HubSpot, modified_property
from sync_core.shell.clients.shopify import PAGE, RESOURCES, Shopify
from sync_core.shell.engine.drift import MIRRORS, take_down, watched
from sync_core.shell.engine.introducing import notice_newcomers
from sync_core.shell.engine.losses import find_lost, find_lost_contacts
from sync_core.shell.engine.surroundings import rules
from sync_core.shell.engine.two_way import notice
from sync_core.shell.engine.withheld import PROTECTED, SHOWS_EMAILS, hides_emails
from sync_core.shell.incoming import bulk
from sync_core.shell.incoming.intake import Seen, intake, version_of
from sync_core.shell.incoming.scopes import SCOPES, block, blocked, unblock
from sync_core.shell.oversight.stage_mapping import drop_missing, stages_in_portal
from sync_core.shell.running.settings import CoreSettings, Wake
from sync_core.shell.running.setup import subscribe
from sync_core.shell.storage.ledger import Cursor, Ledger
from sync_core.shell.storage.work import BACKFILL

log = logging.getLogger(__name__)

POLL_MS = 60_000
OVERLAP_MS = 60_000  # more than any lag of Shopify's index that has been seen, so that no late row is passed over
RESOLUTION_MS = 1_000  # of `updated_at`
SWEEP_MS = 1_800_000  # of customers' ids: a deleted customer changes nothing in HubSpot (A11), so nothing is in a hurry
BIN_MS = 120_000
DRIFT_MS = 180_000  # of what others change in HubSpot: it must be set back within ten minutes (B39)
INDEX_LAG_MS = 60_000  # more than HubSpot's search has been seen to lag behind
STAGES_MS = 300_000  # a stage may be deleted at any time: its orders are excluded then (B28)
SUBSCRIPTIONS_MS = 300_000  # Shopify removes a subscription after its last retry failed [VD]
RETRY_MS = 5_000  # a net that failed is cast again soon: after a sixth of its period, but not sooner than this
WATCH_MS = 2_000  # how often the end of the import is looked for
FEED_STARTS_BEFORE_MS = 86_400_000  # the delete feed's first watermark is by our clock, which may be wrong
SUBJECTS: dict[str, Kind] = {"Order": "order", "Product": "product"}


class Sweep:
    """The worker; `step` runs in one thread only."""

    def __init__(
        self,
        settings: CoreSettings,
        ledger: Ledger,
        shopify: Shopify,
        hubspot: HubSpot,
        now: Callable[[], int],
        wake: Wake,
    ) -> None:
        self.settings, self.ledger, self.shopify, self.hubspot = settings, ledger, shopify, hubspot
        self.now, self._wake = now, wake

    def step(self, now_ms: int) -> int | None:
        """One page of the first net that is due."""
        if self.ledger.connection.phase == "connecting":
            return None  # woken when the set-up is done
        self._look_for_the_end()
        cursors = self.ledger.cursors()
        due = [(net, cursors.get(net.name, Cursor(net.name))) for net in self._open(cursors)]
        ready = [(net, cursor) for net, cursor in due if cursor.due_at_ms <= now_ms]
        if not ready:
            return self._next(cursor.due_at_ms for _, cursor in due)
        moved = self._cast(*ready[0])
        if len(ready) > 1 or self.ledger.connection.phase != "live":
            return self.now()
        return self._next([moved.due_at_ms, *(cursor.due_at_ms for net, cursor in due if net.name != moved.net)])

    def _cast(self, net: Net, cursor: Cursor) -> Cursor:
        try:
            moved = net.cast(self, net, cursor)
            self._let_through(net)
        except NotBefore as limit:
            moved = self.ledger.save_cursor(replace(cursor, due_at_ms=limit.at_ms))
        except CallFailed as failed:
            log.warning("%s failed: %s", net.name, type(failed.outcome).__name__)
            if net.kind and isinstance(failed.outcome, AuthLost) and failed.outcome.scope in SCOPES.values():
                block(self.ledger, net.kind, failed.outcome.scope)
                return self.ledger.save_cursor(replace(cursor, due_at_ms=self.now() + POLL_MS))
            moved = self.ledger.save_cursor(replace(cursor, due_at_ms=self.now() + max(RETRY_MS, net.period_ms // 6)))
        for due_ms in (self.ledger.work.next_due(self.now()), self.ledger.newcomers.next_due()):
            if due_ms is not None:
                self._wake("engine", max(due_ms, self.now()))
        return moved

    def _let_through(self, net: Net) -> None:
        """A kind that was blocked is read from the beginning, and its webhooks asked for.

        Where only the addresses were withheld, an answer alone proves nothing.
        """
        lacking = blocked(self.ledger).get(net.kind) if net.kind and net.group == "poll" else None
        if not net.kind or not lacking or (lacking == PROTECTED and hides_emails(self.shopify) is not False):
            return
        again: tuple[Kind, ...] = SHOWS_EMAILS if lacking == PROTECTED else (net.kind,)
        unblock(self.ledger, net.kind)
        import_again(self.ledger, again)
        self.ledger.work.mark(self.ledger.sources.known(net.kind), self.now(), BACKFILL)  # who has none at all, too
        self.ledger.drop_cursors(["subscriptions"])

    def _open(self, cursors: dict[str, Cursor]) -> list[Net]:
        return [net for net in NETS if self._is_cast(net, cursors)]

    def _is_cast(self, net: Net, cursors: dict[str, Cursor]) -> bool:
        if net.name in cursors and cursors[net.name].finished:
            return False
        if net.kind in self.ledger.choices.deleted:
            return False  # nothing is kept of these (B15)
        if net.group == "import":
            return net.kind not in blocked(self.ledger) and self._watermarks_are_set(cursors)
        if net.group == "compare":
            return net.name in cursors and self.ledger.connection.phase == "live"
        if net.mirror and net.mirror not in (*MIRRORS[self.settings.integration], *SHARED[self.settings.integration]):
            return False
        if net.group == "sweep" and self.ledger.connection.phase != "live":
            return False  # what is not there yet need not be looked for
        return net.group in self.settings.nets and not (net.group == "webhooks" and self.ledger.held)

    def _watermarks_are_set(self, cursors: dict[str, Cursor]) -> bool:
        """The import begins once the polls know where to begin: what changes meanwhile is theirs."""
        polls = [net.name for net in _kept(self.ledger) if net.group == "poll" and net.kind]
        return "poll" not in self.settings.nets or all(name in cursors and cursors[name].watermark for name in polls)

    def _next(self, times: Iterable[int]) -> int:
        """When the next net is due; the end of the import is looked for meanwhile."""
        known = list(times)
        watch = [self.now() + WATCH_MS] if self.ledger.connection.phase == "importing" else []
        return max(self.now(), min([*known, *watch], default=self.now() + POLL_MS))

    def _look_for_the_end(self) -> None:
        """The import is over when every page is read and every record of it is settled."""
        state = self.ledger.connection
        if state.phase != "importing":
            return
        cursors = self.ledger.cursors()
        read = all(name in cursors and cursors[name].finished for name in imports_of(self.ledger))
        if read and not self.ledger.work.count(self.now(), BACKFILL):
            self.ledger.save_connection(replace(state, phase="live"))
            log.info("the import is complete")


def import_again(ledger: Ledger, kinds: Collection[Kind] = get_args(Kind)) -> None:
    """Have every page of the import read once more, and what our links name looked for in HubSpot.

    The phase stays what it is, so nobody gets the marks of A14.
    """
    for net in NETS:
        if net.group == "compare" or (net.group == "import" and net.kind in kinds):
            ledger.save_cursor(Cursor(net.name))


def imports_of(ledger: Ledger) -> list[str]:
    """The nets of the import."""
    return [net.name for net in _kept(ledger) if net.group == "import"]


def _kept(ledger: Ledger) -> list[Net]:
    """The nets of what is neither deleted (B15) nor blocked."""
    left_out = {*ledger.choices.deleted, *blocked(ledger)}
    return [net for net in NETS if net.kind not in left_out]


def names_of(kinds: Collection[Kind]) -> list[str]:
    """The nets about these kinds."""
    return [net.name for net in NETS if net.kind in kinds]


# --- how a net is cast ---


@dataclass(frozen=True, slots=True)
class Net:
    """One way of noticing.

    Args:
        group: the switch in `CoreSettings.nets`, or "import", or "compare", which a resync alone asks for.
        cast: reads one page, takes it in, moves the cursor and returns it.
        mirror: the HubSpot object whose records are looked at; but in a comparison only where the integration lets
            nobody else change them.
    """

    name: str
    group: str
    kind: Kind | None
    period_ms: int
    cast: Callable[[Sweep, Net, Cursor], Cursor]
    mirror: ObjectType | None = None


def poll(sweep: Sweep, net: Net, cursor: Cursor) -> Cursor:
    """What changed since the watermark, oldest first."""
    if not cursor.watermark:
        return _first_watermark(sweep, net, cursor)
    kind = _kind(net)
    params = {"order": "updated_at asc", **_since("updated_at_min", _from_ms(sweep, cursor)), **_all_states(kind)}
    records, page = sweep.shopify.page(RESOURCES[kind], cursor.page, **({} if cursor.page else params))
    newest = max((version_of(record) or 0 for record in records), default=0)
    if newest > int(cursor.watermark):
        cursor = replace(cursor, watermark=str(newest), moved_at_ms=sweep.now())
    with sweep.ledger.transaction():
        intake(sweep.ledger, _seen(kind, records), sweep.now())
        return sweep.ledger.save_cursor(_turned(sweep, net, cursor, page))


def _from_ms(sweep: Sweep, cursor: Cursor) -> int:
    """From a little before the watermark, as rows may be listed late; from behind it once they no longer can be."""
    watermark_ms = int(cursor.watermark)
    if sweep.now() - cursor.moved_at_ms > 2 * OVERLAP_MS:
        return watermark_ms + RESOLUTION_MS
    return watermark_ms - OVERLAP_MS


def delete_feed(sweep: Sweep, net: Net, cursor: Cursor) -> Cursor:
    """Orders and products that were deleted: Shopify tells of them in its events [AJS]."""
    watermark = cursor.watermark or str(sweep.ledger.connection.connected_at_ms - FEED_STARTS_BEFORE_MS)
    params = {
        "filter": ",".join(SUBJECTS.values()).title(),
        "verb": "destroy",
        **_since("created_at_min", int(watermark) - OVERLAP_MS),
    }
    events, page = sweep.shopify.page("events", cursor.page, **({} if cursor.page else params))
    times = [version_of({"updated_at": event["created_at"]}) or 0 for event in events]
    gone = [
        Seen(SUBJECTS[event["subject_type"]], str(event["subject_id"]), None, "page")
        for event in events
        if event.get("subject_type") in SUBJECTS and event.get("verb") == "destroy"
    ]
    with sweep.ledger.transaction():
        intake(sweep.ledger, gone, sweep.now())
        moved = replace(cursor, watermark=str(max([int(watermark), *times])))
        return sweep.ledger.save_cursor(_turned(sweep, net, moved, page))


def id_sweep(sweep: Sweep, net: Net, cursor: Cursor) -> Cursor:
    """All ids, page by page. Who was not seen is read again by id: only if that misses too it is deleted."""
    kind = _kind(net)
    started_ms = cursor.started_at_ms if cursor.watermark else sweep.now()
    records, _ = sweep.shopify.patient_page(RESOURCES[kind], since_id=cursor.watermark or "0", fields="id")
    ids = [str(record["id"]) for record in records]
    over = len(ids) < PAGE
    with sweep.ledger.transaction():
        found = sweep.ledger.sources.swept(kind, ids, started_ms)
        missing = sweep.ledger.sources.unswept(kind, started_ms) if over else []
        sweep.ledger.ask_again([*((kind, id_) for id_ in found), *missing], sweep.now())
        due_ms = started_ms + net.period_ms if over else sweep.now()
        moved = replace(cursor, watermark="" if over else ids[-1], started_at_ms=started_ms, due_at_ms=due_ms)
        return sweep.ledger.save_cursor(moved)


def recycle_bin(sweep: Sweep, net: Net, cursor: Cursor) -> Cursor:
    """Contacts that somebody deleted in HubSpot (A13)."""
    records, after = sweep.hubspot.archived("contacts", cursor.page)
    find_lost_contacts(sweep.ledger, sweep.hubspot, sorted(records), sweep.now())
    return sweep.ledger.save_cursor(_turned(sweep, net, cursor, after))


def drift(sweep: Sweep, net: Net, cursor: Cursor) -> Cursor:
    """What was changed in HubSpot since the watermark, by whomever, on HubSpot's clock."""
    object_type = _mirror(net)
    since_ms = int(cursor.watermark or sweep.ledger.connection.connected_at_ms) - INDEX_LAG_MS
    names = watched(sweep.settings.integration, object_type)
    records, page = sweep.hubspot.modified(object_type, since_ms, names, cursor.page)
    times = (version_of({"updated_at": record.get(modified_property(object_type))}) for record in records.values())
    newest = max((at_ms or 0 for at_ms in times), default=0)
    take = take_down if object_type in MIRRORS[sweep.settings.integration] else notice
    with sweep.ledger.transaction():
        take(sweep.ledger, object_type, records, sweep.now())
        notice_newcomers(sweep.ledger, object_type, records)
        # The watermark of a round is kept until its last page: `after` counts from it.
        moved = replace(cursor, total=max(cursor.total, newest))
        if not page:
            moved = replace(moved, watermark=str(max(moved.total, int(cursor.watermark or 0))), total=0)
        return sweep.ledger.save_cursor(_turned(sweep, net, moved, page))


def mirrors_bin(sweep: Sweep, net: Net, cursor: Cursor) -> Cursor:
    """Orders, carts and their line items that somebody deleted in HubSpot (B39)."""
    object_type = _mirror(net)
    records, after = sweep.hubspot.archived(object_type, cursor.page)
    find_lost(sweep.ledger, sweep.hubspot, object_type, sorted(records), sweep.now())
    return sweep.ledger.save_cursor(_turned(sweep, net, cursor, after))


def compare(sweep: Sweep, net: Net, cursor: Cursor) -> Cursor:
    """Of the records that our links name, those that somebody deleted in HubSpot: they are made anew (I9)."""
    object_type = _mirror(net)
    links = sweep.ledger.image.page(object_type, cursor.watermark, BATCH)
    find_lost(sweep.ledger, sweep.hubspot, object_type, [link.actual.id for link in links], sweep.now())
    last = links[-1].ref.key if links else cursor.watermark
    finished = len(links) < BATCH
    return sweep.ledger.save_cursor(replace(cursor, watermark=last, due_at_ms=sweep.now(), finished=finished))


def import_customers(sweep: Sweep, net: Net, cursor: Cursor) -> Cursor:
    """A large store's customers come in one file, all others page by page."""
    if cursor.page.startswith(bulk.GID):
        return _from_file(sweep, net, cursor)
    moved = backfill(sweep, net, cursor)
    if cursor.started_at_ms or moved.total < sweep.settings.bulk_from:
        return moved
    begun = replace(moved, page=bulk.begin(sweep.shopify), due_at_ms=sweep.now() + bulk.LOOK_MS)
    return sweep.ledger.save_cursor(begun if begun.page else moved)


def backfill(sweep: Sweep, net: Net, cursor: Cursor) -> Cursor:
    """Everything that was there before, newest first: what people look for comes before what they have forgotten.

    Our reading: the address of a next page need not be good for ever. So the cursor knows the second that was come to,
    and the list begins there anew if the address is refused. What is made meanwhile is the polls' affair.
    """
    kind = _kind(net)
    if not cursor.started_at_ms:
        total = sweep.shopify.count(kind)
        return sweep.ledger.save_cursor(replace(cursor, total=total, started_at_ms=sweep.now()))
    try:
        params = {"order": "created_at desc", **_until(cursor), **_all_states(kind)}
        records, page = sweep.shopify.patient_page(RESOURCES[kind], cursor.page, **({} if cursor.page else params))
    except CallFailed as failed:
        if not (cursor.page and isinstance(failed.outcome, Rejected)):
            raise
        log.info("%s begins anew where it has come to: its page is refused", net.name)
        return sweep.ledger.save_cursor(replace(cursor, page="", due_at_ms=sweep.now() + RETRY_MS))
    oldest = str(_created_ms(records[-1])) if records else cursor.watermark
    moved = replace(cursor, watermark=oldest, page=page, done=cursor.done + len(records), finished=not page)
    with sweep.ledger.transaction():
        intake(sweep.ledger, _seen(kind, records), sweep.now(), BACKFILL)
        return sweep.ledger.save_cursor(replace(moved, due_at_ms=sweep.now()))


def _from_file(sweep: Sweep, net: Net, cursor: Cursor) -> Cursor:
    """A part of the file, once there is one; `watermark` is the byte that was come to."""
    operation = bulk.ask(sweep.shopify, cursor.page)
    if operation["status"] in bulk.RUNNING:
        return sweep.ledger.save_cursor(replace(cursor, due_at_ms=sweep.now() + bulk.LOOK_MS))
    if operation["status"] != "COMPLETED":
        log.warning("the bulk operation is %s: its customers are read page by page", operation["status"].lower())
        return sweep.ledger.save_cursor(replace(cursor, page="", watermark="", done=0))
    if not operation["url"]:  # it has found nothing
        return sweep.ledger.save_cursor(replace(cursor, page="", finished=True))
    nodes, end = bulk.read(sweep.shopify, operation, int(cursor.watermark or 0))
    timezone = sweep.ledger.connection.timezone
    finished = end >= int(operation["fileSize"])
    moved = replace(cursor, watermark=str(end), done=cursor.done + len(nodes), due_at_ms=sweep.now(), finished=finished)
    with sweep.ledger.transaction():
        intake(sweep.ledger, _seen(_kind(net), [customer(node, timezone) for node in nodes]), sweep.now(), BACKFILL)
        return sweep.ledger.save_cursor(moved)


def stages(sweep: Sweep, net: Net, cursor: Cursor) -> Cursor:
    """Stages of the Order pipeline that were deleted in HubSpot lose their status (B28)."""
    there = stages_in_portal(sweep.hubspot, rules(sweep.settings, sweep.ledger))
    drop_missing(sweep.ledger, there, sweep.now())
    return sweep.ledger.save_cursor(_turned(sweep, net, cursor, ""))


def subscriptions(sweep: Sweep, net: Net, cursor: Cursor) -> Cursor:
    """Subscriptions that Shopify has removed are made again."""
    subscribe(sweep.shopify, sweep.settings, blocked(sweep.ledger))
    sweep.ledger.tidy(sweep.now())
    return sweep.ledger.save_cursor(_turned(sweep, net, cursor, ""))


# A deleted contact stays away, and the recycle bin tells of it (A13).
COMPARED: tuple[ObjectType, ...] = ("products", "deals", "orders", "carts", "line_items")

NETS = (
    *(Net(f"poll {kind}", "poll", kind, POLL_MS, poll) for kind in RESOURCES),
    Net("delete feed", "poll", None, POLL_MS, delete_feed),
    Net("ids of customers", "sweep", "customer", SWEEP_MS, id_sweep),
    Net("recycle bin", "sweep", None, BIN_MS, recycle_bin),
    *(
        Net(f"changes of {name}", "sweep", None, DRIFT_MS, drift, name)
        for name in (*MIRRORS["data-sync"], *SHARED["data-sync"])
    ),
    *(Net(f"deleted {name}", "sweep", None, DRIFT_MS, mirrors_bin, name) for name in MIRRORS["data-sync"]),
    *(Net(f"compare {name}", "compare", None, 0, compare, name) for name in COMPARED),
    Net("stages", "sweep", None, STAGES_MS, stages, "orders"),
    Net("subscriptions", "webhooks", None, SUBSCRIPTIONS_MS, subscriptions),
    Net("import product", "import", "product", 0, backfill),
    Net("import customer", "import", "customer", 0, import_customers),
    Net("import order", "import", "order", 0, backfill),
    Net("import checkout", "import", "checkout", 0, backfill),
)


# --- parts ---


def _first_watermark(sweep: Sweep, net: Net, cursor: Cursor) -> Cursor:
    """The newest change that there is; 0 where there is nothing yet."""
    kind = _kind(net)
    records, _ = sweep.shopify.page(RESOURCES[kind], order="updated_at desc", limit=1, **_all_states(kind))
    newest = max((version_of(record) or 0 for record in records), default=0)
    return sweep.ledger.save_cursor(
        replace(cursor, watermark=str(newest), moved_at_ms=sweep.now(), due_at_ms=sweep.now() + net.period_ms)
    )


def _turned(sweep: Sweep, net: Net, cursor: Cursor, page: str) -> Cursor:
    """On to the next page at once, or to the next round a period after this one began."""
    started_ms = cursor.started_at_ms if cursor.page else sweep.now()
    due_ms = sweep.now() if page else max(started_ms + net.period_ms, sweep.now() + RETRY_MS)
    return replace(cursor, page=page, started_at_ms=started_ms, due_at_ms=due_ms)


def _kind(net: Net) -> Kind:
    if net.kind is None:
        raise ValueError(f"{net.name} is not about one kind")
    return net.kind


def _mirror(net: Net) -> ObjectType:
    if net.mirror is None:
        raise ValueError(f"{net.name} looks at no object of HubSpot")
    return net.mirror


def _seen(kind: Kind, records: Iterable[dict[str, Any]]) -> list[Seen]:
    return [Seen(kind, source_id(kind, record), record, "page") for record in records]


def source_id(kind: Kind, record: dict[str, Any]) -> str:
    """Our id of a record: a checkout's token, as its webhooks carry no id."""
    return str(record["token"] if kind == "checkout" else record["id"])


def _all_states(kind: Kind) -> dict[str, str]:
    """Orders of every status; without it only open ones are listed."""
    return {"status": "any"} if kind == "order" else {}


def _since(name: str, at_ms: int) -> dict[str, str]:
    """A bound in Shopify's form; none where there is nothing before."""
    at = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=at_ms)
    return {name: at.strftime("%Y-%m-%dT%H:%M:%SZ")} if at_ms > 0 else {}


def _until(cursor: Cursor) -> dict[str, str]:
    """No newer than what was read last; its second is read again, as a page may end within it."""
    return _since("created_at_max", int(cursor.watermark or 0) + RESOLUTION_MS if cursor.watermark else 0)


def _created_ms(record: dict[str, Any]) -> int:
    return version_of({"updated_at": record.get("created_at")}) or 0
