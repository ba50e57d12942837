"""Why HubSpot holds what it holds: a decision as plain data, ready for JSON."""

from __future__ import annotations

from typing import Any

from sync_core.mappings import TABLES, Field
from sync_core.pure.image import not_given
from sync_core.pure.model import (
    Absent,
    Actual,
    Associate,
    Desired,
    Dissociate,
    Excluded,
    Op,
    Ref,
    Settings,
    Source,
    Update,
    Upsert,
)
from sync_core.pure.plan import plan, waiting_for


def explain(
    source: Source,
    decision: Desired | Absent | Excluded,
    actual: Actual | None,
    exists: frozenset[Ref],
    settings: Settings,
) -> dict[str, Any]:
    """The decision about one Shopify record, with what it would change in HubSpot now."""
    planned = plan(decision, actual, exists)
    return {
        "source": _source(source),
        "integration": settings.integration,
        "record": _ref(decision.ref) | {"id": actual.id if actual else None},
        "decision": type(decision).__name__.lower(),
        "reason": decision.reason if isinstance(decision, Absent | Excluded) else None,
        "next_change_ms": None if isinstance(decision, Absent) else decision.next_change_ms,
        "image": _image(source.kind, decision, actual, settings) if isinstance(decision, Desired) else None,
        "not_given": list(not_given(settings.integration, source)),
        "ops": [_op(op) for op in planned] if isinstance(planned, tuple) else [],
        "blocked_on": [_ref(ref) for ref in waiting_for(decision, actual, exists)],
    }


def _source(source: Source) -> dict[str, Any]:
    version = source.document.get("updated_at") if source.document else None
    return {"shop": source.shop, "kind": source.kind, "id": source.id, "updated_at": version} | {
        "deleted": source.document is None
    }


def _ref(ref: Ref) -> dict[str, Any]:
    return {"object_type": ref.object_type, "key": ref.key}


def _image(table: str, wanted: Desired, held: Actual | None, settings: Settings) -> dict[str, Any]:
    """A record with its companions and line items, each field beside what HubSpot holds."""
    rows = {row.target: row for row in TABLES[settings.integration][table].fields}
    children = held.children if held else {}
    companions = held.companions if held else {}
    return {
        "record": _ref(wanted.ref),
        "match": list(wanted.match),
        "stage": wanted.stage,
        "fields": [_field(rows[name], new, wanted, held) for name, new in wanted.properties.items()],
        "links": {name: _ref(ref) for name, ref in sorted(wanted.links.items())},
        "associations": [_ref(ref) for ref in sorted(wanted.associations)],
        "companions": [_image("guest", each, companions.get(each.ref.key), settings) for each in wanted.companions],
        "line_items": [_image("line", each, children.get(each.ref.key), settings) for each in wanted.children],
        "warnings": list(wanted.warnings),
    }


def _field(row: Field, new: str, wanted: Desired, held: Actual | None) -> dict[str, Any]:
    """`sent`: whether a plan sends it; a blank of a contact or a product is not (A10)."""
    old = held.properties.get(row.target) if held else None
    sent = new != old and wanted.is_sent(row.target, new)
    return {"property": row.target, "from": list(row.sources), "rule": row.spec, "old": old, "new": new, "sent": sent}


def _op(op: Op) -> dict[str, Any]:
    data: dict[str, Any] = {"op": type(op).__name__.lower()}
    if isinstance(op, Associate | Dissociate):
        return data | {"source": _ref(op.source), "target": _ref(op.target)}
    data |= {"record": _ref(op.ref)}
    if isinstance(op, Upsert | Update):
        data |= {"properties": dict(op.properties), "links": {name: _ref(ref) for name, ref in op.links.items()}}
    return data
