"""What was decided on a record and done, as plain data for whoever asks later: every value beside the one before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sync_core.mappings import TABLES, Field
from sync_core.pure.model import Actual, Associate, Dissociate, Integration, Kind, Op, Ref, Update, Upsert

LONGEST = 200  # characters of a value that are kept: who looks wants to recognise it

WRITES = {"Upsert": "upsert", "Update": "update", "Archive": "archive"}
PAIRS = {"Associate": "associate/default", "Dissociate": "archive"}

Change = dict[str, Any]


def changes(
    kind: Kind, own: Ref, ops: Iterable[Op], held: Mapping[Ref, Actual], integration: Integration
) -> list[Change]:
    """A row for each operation.

    Args:
        own: the record's own ref; the ops may be about its line items and contacts too.
        held: what HubSpot held of each before.
    """
    return [_change(op, _rows(kind, own, op, integration), held) for op in ops]


def call_of(op: Op) -> str:
    """The call of HubSpot's API that carries it out."""
    name = type(op).__name__
    if isinstance(op, Associate | Dissociate):
        ends = f"{op.source.object_type}/{op.target.object_type}"
        return f"POST /crm/v4/associations/{ends}/batch/{PAIRS[name]}"
    return f"POST /crm/v3/objects/{op.ref.object_type}/batch/{WRITES[name]}"


def to_shopify(kind: Kind, changed: Mapping[str, str], before: Mapping[str, str]) -> Change:
    """HubSpot's values that were taken to Shopify, by the place there (I4)."""
    values = [
        {"property": place, "rule": "I4", "old": _cut(before.get(place)), "new": _cut(value)}
        for place, value in changed.items()
    ]
    return {"call": f"PUT /admin/api/{kind}s", "record": f"Shopify's {kind}", "values": values}


def _change(op: Op, rows: Mapping[str, Field], held: Mapping[Ref, Actual]) -> Change:
    change: Change = {"call": call_of(op)}
    if isinstance(op, Associate | Dissociate):
        return change | {"record": _name(op.source), "with": _name(op.target)}
    change |= {"record": _name(op.ref)}
    if isinstance(op, Upsert | Update):
        before = held[op.ref].properties if op.ref in held else {}
        change["values"] = [
            {"property": name, "rule": rows[name].spec if name in rows else "", "old": _cut(before.get(name))}
            | {"new": _cut(value)}
            for name, value in op.properties.items()
            if value or before.get(name)
        ]
    return change


def _rows(kind: Kind, own: Ref, op: Op, integration: Integration) -> Mapping[str, Field]:
    """The mapping table of the record that the op is about, by property."""
    ref = op.source if isinstance(op, Associate | Dissociate) else op.ref
    table = kind if ref == own else "line" if ref.object_type == "line_items" else "guest"
    return TABLES[integration][table].by_target


def _name(ref: Ref) -> str:
    """A record by its place in Shopify: our keys begin with the shop."""
    return f"{ref.object_type} {ref.key.partition('/')[2] or ref.key}"


def _cut(value: str | None) -> str | None:
    return value if value is None or len(value) <= LONGEST else f"{value[:LONGEST]}..."
