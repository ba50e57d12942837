"""Products that HubSpot had before the first sync are linked, not doubled; a person has the last word (scenario 37)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sync_core.mappings.deals import SOURCE_STORE
from sync_core.pure.matching import LOOKED_AT, Match, match
from sync_core.pure.model import KEY_PROPERTY, Actual, Desired, Excluded, Settings
from sync_core.shell.clients.hubspot import HubSpot, Input
from sync_core.shell.engine.batch import Job
from sync_core.shell.engine.losses import forget
from sync_core.shell.storage.ledger import LEFT, Ledger
from sync_core.shell.storage.matches import WeakMatch

WEAK = "linked by its name alone to the product {id} that was in HubSpot before"
HELD = "waits for approval: by its name alone it may be the product {id} that is in HubSpot"


def adopt(ledger: Ledger, hubspot: HubSpot, jobs: Sequence[Job], settings: Settings, dry: bool = False) -> None:
    """Give each product that is not linked yet the one of HubSpot that it is.

    Args:
        dry: write nothing: a product that was rejected stays linked for now.
    """
    mine = [(job, job.decision) for job in jobs if isinstance(job.decision, Desired)]
    if settings.integration != "data-sync" or not mine or mine[0][1].ref.object_type != "products":
        return
    known = ledger.matches.of(job.claim.id for job, _ in mine)
    for job, _ in mine:
        if job.actual and job.actual.told and job.claim.id in known and not dry:
            _hear(ledger, hubspot, job, job.actual, known[job.claim.id])
    new = [(job, wanted) for job, wanted in mine if job.actual is None]
    names = [*LOOKED_AT.values(), *([] if ledger.setting(LEFT) else [KEY_PROPERTY])]  # a property that is not made yet
    candidates = _candidates(hubspot, [wanted for _, wanted in new], names) if new else {}
    taken, doubt = frozenset[str](), ledger.newcomers.in_doubt("products")
    for job, wanted in new:
        said = known.get(job.claim.id)
        refused = {said.hs_id} if said and said.verdict == "rejected" else set()
        found = match(wanted, candidates, taken | refused)
        if found is None and doubt:
            job.again = True  # it may be one of HubSpot's that was made in Shopify a moment ago, and is linked soon
        elif found is not None:
            taken |= {found.id}
            _link(ledger, job, wanted, found, said, settings)


def _link(ledger: Ledger, job: Job, wanted: Desired, found: Match, said: WeakMatch | None, settings: Settings) -> None:
    """Nothing is agreed on yet with the product that was found (I4)."""
    approved = said is not None and said.hs_id == found.id and said.verdict == "approved"
    weak = found.by == "name" and not approved
    if weak:
        ledger.matches.note([WeakMatch(job.claim.id, found.id)])
    if weak and settings.hold_weak_matches:
        job.decision, job.told = Excluded(wanted.ref, "weak_match"), HELD.format(id=found.id)
    else:
        job.held[wanted.ref] = Actual(found.id, {}, told=WEAK.format(id=found.id) if weak else "")


def _hear(ledger: Ledger, hubspot: HubSpot, job: Job, linked: Actual, said: WeakMatch) -> None:
    """Of a product that is linked by its name: approved, it is like any other; rejected, it is the user's again."""
    link = ledger.image.links([job.ref])[job.ref]
    if said.verdict == "approved":
        job.held[job.ref] = replace(linked, told="")
        ledger.image.save([replace(link, actual=replace(link.actual, told=""))])
    if said.verdict == "rejected":
        lost = {
            one["property"]: one["lost"] for one in reversed(ledger.audit.of(job.ref)) if one["winner"] == "shopify"
        }
        hubspot.update("products", [Input("product", linked.id, {**lost, KEY_PROPERTY: "", SOURCE_STORE.target: ""})])
        with ledger.transaction():
            forget(ledger, [job.ref])
            ledger.image.drop([job.ref])
            ledger.audit.forget([job.ref])
        del job.held[job.ref]


def _candidates(hubspot: HubSpot, wanted: Sequence[Desired], names: Sequence[str]) -> dict[str, Mapping[str, str]]:
    """Products of HubSpot with one of their SKUs, names or links, by id."""
    values = {name: sorted({one.properties.get(name, "").strip() for one in wanted} - {""}) for name in names}
    found = hubspot.having("products", {name: some for name, some in values.items() if some}, names)
    return {id_: {name: value or "" for name, value in held.items()} for id_, held in found.items()}
