"""Which stage of the portal's Order pipeline an order of each Shopify status stands in (B26 to B36).

The user works on a copy of the pipeline, as it was when it was last refreshed (B34), and on a draft; "Save and sync"
puts the draft to work as a whole and has every order decided anew (B36).
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from sync_core.mappings import PIPELINES, portal_pipeline
from sync_core.pure.choices import BadChoice
from sync_core.pure.model import Settings
from sync_core.pure.stages import mapped, order_stage
from sync_core.shell.clients.hubspot import HubSpot
from sync_core.shell.storage.ledger import Ledger
from sync_core.shell.storage.sources import Stored
from sync_core.shell.storage.work import BACKFILL

log = logging.getLogger(__name__)

STATUSES = ("open", "processed", "shipped", "delivered", "cancelled")  # of a Shopify order, B33
COPY, DRAFT = "pipeline_copy", "stage_draft"  # names of the ledger's settings
CHUNK = 500  # orders that are looked at together


def keep_copy(ledger: Ledger, pipeline: Mapping[str, Any], now_ms: int) -> None:
    """Remember the portal's pipeline as it is now."""
    stages = [{"id": str(stage["id"]), "label": str(stage["label"])} for stage in pipeline["stages"]]
    ledger.save_setting(COPY, {"label": pipeline["label"], "stages": stages, "refreshed_at_ms": now_ms})


def refresh(ledger: Ledger, hubspot: HubSpot, settings: Settings, now_ms: int) -> None:
    """Read the pipeline again ("Refresh pipelines", B34); what was drafted for a stage that is gone goes too."""
    found = _in_portal(hubspot, settings)
    with ledger.transaction():
        keep_copy(ledger, found, now_ms)
        there = {stage["id"] for stage in ledger.setting(COPY)["stages"]}
        drafted = {stage: status for stage, status in draft(ledger).items() if stage in there}
        ledger.save_setting(DRAFT, drafted)
        drop_missing(ledger, there, now_ms)


def screen(ledger: Ledger) -> dict[str, Any]:
    """The copy with the status that is mapped to each stage, and the one that is drafted."""
    copy = ledger.setting(COPY) or {"label": "", "stages": [], "refreshed_at_ms": 0}
    saved, drafted = _by_stage(ledger.connection.stages), draft(ledger)
    stages = [stage | {"status": saved.get(stage["id"]), "draft": drafted.get(stage["id"])} for stage in copy["stages"]]
    return {
        "pipeline": copy["label"],
        "refreshed_at_ms": copy["refreshed_at_ms"],
        "stages": stages,
        "statuses": list(STATUSES),
        "unmapped": [status for status in STATUSES if status not in ledger.connection.stages],
    }


def put_draft(ledger: Ledger, wanted: Any) -> None:
    """Choose statuses for stages, by stage id; null is Skip (B35). Nothing is synced by it (B31)."""
    if not isinstance(wanted, Mapping) or not wanted:
        raise BadChoice("stages", "an object: stage id -> status, or null to skip the stage")
    there = {stage["id"] for stage in (ledger.setting(COPY) or {"stages": []})["stages"]}
    for stage, status in wanted.items():
        if stage not in there:
            raise BadChoice(f"stages.{stage}", "there is no such stage in the copy: refresh the pipelines")
        if status is not None and status not in STATUSES:
            raise BadChoice(f"stages.{stage}", f"one of {', '.join(STATUSES)}, or null, not {status!r}")
    drafted = {**draft(ledger), **wanted}
    ledger.save_setting(DRAFT, {stage: status for stage, status in drafted.items() if status})


def draft(ledger: Ledger) -> dict[str, str]:
    """Stage id -> status, as drafted; as saved where nothing is."""
    found: dict[str, str] | None = ledger.setting(DRAFT)
    return _by_stage(ledger.connection.stages) if found is None else found


def review(ledger: Ledger, settings: Settings) -> dict[str, Any]:
    """What "Save and sync" would change: how many orders go from where to where; null is Excluded (B35)."""
    new = _checked(ledger)
    labels = {stage["id"]: stage["label"] for stage in ledger.setting(COPY)["stages"]}
    moves: Counter[tuple[str, str]] = Counter()
    orders = 0
    for row in _orders(ledger):
        status = order_stage(row.document or {}, settings)
        before, after = _stage_of(status, settings.stages), _stage_of(status, new)
        orders += 1
        if before != after:
            moves[before, after] += 1
    changes = [
        {"from": labels.get(before, before) or None, "to": labels.get(after, after) or None, "orders": count}
        for (before, after), count in sorted(moves.items())
    ]
    return {"orders": orders, "changes": changes, "unmapped": [each for each in STATUSES if each not in new]}


def save(ledger: Ledger, now_ms: int) -> None:
    """Put the draft to work; a BadChoice leaves everything as it was (B36)."""
    new = _checked(ledger)
    with ledger.transaction():
        ledger.save_setting(DRAFT, None)
        _put(ledger, new, now_ms)


def drop_missing(ledger: Ledger, there: set[str], now_ms: int) -> None:
    """Stages that were deleted in HubSpot lose their status (B28)."""
    kept = {status: stage for status, stage in ledger.connection.stages.items() if stage in there}
    if gone := sorted(ledger.connection.stages.keys() - kept.keys()):
        log.warning("the stages of %s were deleted in HubSpot: no stage is mapped to these", ", ".join(gone))
        _put(ledger, kept, now_ms)


def stages_in_portal(hubspot: HubSpot, settings: Settings) -> set[str]:
    return {str(stage["id"]) for stage in _in_portal(hubspot, settings)["stages"]}


def _in_portal(hubspot: HubSpot, settings: Settings) -> Mapping[str, Any]:
    """The pipeline as HubSpot has it now; one that was deleted has no stages."""
    wanted = PIPELINES[settings.integration]
    portal = hubspot.pipelines(wanted.object_type)
    own = next((one for one in portal if str(one["id"]) == settings.pipeline), None)
    return own or portal_pipeline(wanted, portal) or {"label": wanted.label, "stages": []}


def _put(ledger: Ledger, stages: Mapping[str, str], now_ms: int) -> None:
    with ledger.transaction():
        ledger.save_connection(replace(ledger.connection, stages=stages))
        ledger.work.mark(ledger.sources.known("order"), now_ms, BACKFILL)


def _checked(ledger: Ledger) -> dict[str, str]:
    """The draft as status -> stage id."""
    there = {stage["id"] for stage in (ledger.setting(COPY) or {"stages": []})["stages"]}
    found: dict[str, str] = {}
    for stage, status in sorted(draft(ledger).items()):
        if stage not in there:
            raise BadChoice(f"stages.{stage}", "there is no such stage in the copy: refresh the pipelines")
        if status in found:
            raise BadChoice(f"stages.{stage}", f"{status} is chosen for {found[status]} too: a status has one stage")
        found[status] = stage
    return found


def _by_stage(stages: Mapping[str, str]) -> dict[str, str]:
    return {stage: status for status, stage in sorted(stages.items()) if status in STATUSES}


def _stage_of(status: str, stages: Mapping[str, str]) -> str:
    name = mapped(status, stages)
    return stages[name] if name else ""


def _orders(ledger: Ledger) -> Iterator[Stored]:
    """Every order that lives and is no test."""
    keys = ledger.sources.known("order")
    for start in range(0, len(keys), CHUNK):
        for row in ledger.sources.of(keys[start : start + CHUNK]).values():
            if row.document and not row.document.get("test"):
                yield row
