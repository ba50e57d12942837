"""The brakes of a connection, one for each object: what they hold back stays marked, and the status says so."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from sync_core.pure import brake
from sync_core.pure.brake import MINUTE_MS, Brake, Threshold
from sync_core.pure.choices import kinds_of
from sync_core.pure.model import Absent, Integration, ObjectType
from sync_core.shell.engine.batch import Job
from sync_core.shell.storage.ledger import Ledger

log = logging.getLogger(__name__)

KEPT = "brakes"  # name of what the ledger keeps
REASON = "brake"
BRAKED: tuple[ObjectType, ...] = ("products", "deals", "orders")  # what Shopify's deletions delete in HubSpot


def hold_back(ledger: Ledger, jobs: Sequence[Job], now_ms: int) -> None:
    """Stop the jobs that would delete more than may be."""
    going: dict[ObjectType, list[Job]] = defaultdict(list)
    for job in jobs:
        if isinstance(job.decision, Absent) and job.actual:
            going[job.ref.object_type].append(job)
    for object_type, wanted in sorted(going.items()):
        before = _read(ledger, object_type)
        living = ledger.image.counts().get(object_type, 0)
        after, allowed = brake.ask(before, len(wanted), living, _threshold(ledger), now_ms)
        for job in wanted[allowed:]:
            job.braked = True
        if after != before:
            _write(ledger, object_type, after)
        if after.on_since_ms and not before.on_since_ms:
            log.warning("the brake is on: %d %s would be deleted at once", len(wanted), object_type)


def note_archived(ledger: Ledger, jobs: Sequence[Job], now_ms: int) -> None:
    """After a batch: what it deleted counts."""
    done = Counter(job.ref.object_type for job in jobs if isinstance(job.decision, Absent) and job.written)
    for object_type, number in sorted(done.items()):
        _write(ledger, object_type, brake.count(_read(ledger, object_type), number, _threshold(ledger), now_ms))


def told(ledger: Ledger, integration: Integration) -> dict[str, Any]:
    """Of each object: whether its brake is on, since when, and how many wait to be deleted."""
    waiting = Counter({row["kind"]: row["records"] for row in ledger.sources.parked() if row["class"] == REASON})
    return {
        object_type: {
            "on": bool(one.on_since_ms),
            "since_ms": one.on_since_ms or None,
            "waiting": sum(waiting[kind] for kind in kinds_of(object_type)),
            "deleted_lately": one.recent,
        }
        for object_type in BRAKED
        if (object_type == "deals") == (integration == "deals") or object_type == "products"
        for one in [_read(ledger, object_type)]
    }


def release(ledger: Ledger, object_type: ObjectType, now_ms: int) -> int:
    """A person has confirmed what waits; returns how many records that is."""
    kinds = kinds_of(object_type)
    keys = [key for key in ledger.sources.parked_keys(REASON) if key[0] in kinds]
    with ledger.transaction():
        _write(ledger, object_type, brake.release(len(keys)))
        ledger.work.mark(keys, now_ms)
    log.warning("the brake is released: %d %s are deleted", len(keys), object_type)
    return len(keys)


def _threshold(ledger: Ledger) -> Threshold:
    chosen = ledger.choices
    return Threshold(chosen.brake_deletions, chosen.brake_percent, chosen.brake_minutes * MINUTE_MS)


def _read(ledger: Ledger, object_type: ObjectType) -> Brake:
    kept = (ledger.setting(KEPT) or {}).get(object_type)
    return brake.from_json(kept) if kept else Brake()


def _write(ledger: Ledger, object_type: ObjectType, one: Brake) -> None:
    with ledger.transaction():
        ledger.save_setting(KEPT, (ledger.setting(KEPT) or {}) | {object_type: brake.as_json(one)})
