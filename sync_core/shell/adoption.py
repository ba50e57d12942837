"""Products that HubSpot had before the first sync are linked, not doubled (scenario 37)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sync_core.pure.matching import LOOKED_AT, match
from sync_core.pure.model import KEY_PROPERTY, Actual, Desired, Excluded, Settings
from sync_core.shell.batch import Job
from sync_core.shell.hubspot import HubSpot

WEAK = "linked by its name alone to the product {id} that was in HubSpot before"
HELD = "waits for approval: by its name alone it may be the product {id} that is in HubSpot"


def adopt(hubspot: HubSpot, jobs: Sequence[Job], settings: Settings) -> None:
    """Give each product that is not linked yet the one of HubSpot that it is."""
    new = [(job, job.decision) for job in jobs if isinstance(job.decision, Desired) and job.actual is None]
    if settings.integration != "data-sync" or not new or new[0][1].ref.object_type != "products":
        return
    candidates = _candidates(hubspot, [wanted for _, wanted in new])
    taken: frozenset[str] = frozenset()
    for job, wanted in new:
        found = match(wanted, candidates, taken)
        if found is None:
            continue
        taken |= {found.id}
        if found.by == "name" and settings.hold_weak_matches:
            job.decision, job.told = Excluded(wanted.ref, "weak_match"), HELD.format(id=found.id)
            continue
        told = WEAK.format(id=found.id) if found.by == "name" else ""
        job.held[wanted.ref] = Actual(found.id, {}, told=told)  # nothing is agreed on yet (I4)


def _candidates(hubspot: HubSpot, wanted: Iterable[Desired]) -> dict[str, Mapping[str, str]]:
    """Products of HubSpot with one of their SKUs, names or links, by id."""
    wanted = list(wanted)
    names = [*LOOKED_AT.values(), KEY_PROPERTY]
    values = {name: sorted({one.properties.get(name, "").strip() for one in wanted} - {""}) for name in names}
    found = hubspot.having("products", {name: some for name, some in values.items() if some}, names)
    return {id_: {name: value or "" for name, value in held.items()} for id_, held in found.items()}
