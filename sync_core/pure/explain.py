"""Why HubSpot holds what it holds: a decision as plain data, and as lines that a tester can read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sync_core.mappings import TABLES, Field
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
        "ops": [_op(op) for op in planned] if isinstance(planned, tuple) else [],
        "blocked_on": [_ref(ref) for ref in waiting_for(decision, actual, exists)],
    }


def lines(explained: dict[str, Any]) -> list[str]:
    """The same for a reader: the record, the decision, each field, what is to be done, what it waits for."""
    return list(_lines(explained))


# --- as data ---


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
    """`sent`: whether a plan sends it; a blank of a contact or a product never is (A10)."""
    old = held.properties.get(row.target) if held else None
    sent = new != old and (new != "" or wanted.blank_erases)
    return {"property": row.target, "from": list(row.sources), "rule": row.spec, "old": old, "new": new, "sent": sent}


def _op(op: Op) -> dict[str, Any]:
    data: dict[str, Any] = {"op": type(op).__name__.lower()}
    if isinstance(op, Associate | Dissociate):
        return data | {"source": _ref(op.source), "target": _ref(op.target)}
    data |= {"record": _ref(op.ref)}
    if isinstance(op, Upsert | Update):
        data |= {"properties": dict(op.properties), "links": {name: _ref(ref) for name, ref in op.links.items()}}
    return data


# --- as lines ---


def _lines(explained: dict[str, Any]) -> Iterator[str]:
    source, record = explained["source"], explained["record"]
    version = "deleted" if source["deleted"] else f"version {source['updated_at']}"
    yield f"{source['kind']} {source['id']} of {source['shop']}, {version}"
    where = f"id {record['id']}" if record["id"] else "not in HubSpot"
    yield f"  -> {record['object_type']} {record['key']} ({where}), integration {explained['integration']}"
    reason = f": {explained['reason']}" if explained["reason"] else ""
    yield f"decision: {explained['decision']}{reason}"
    if explained["next_change_ms"] is not None:
        yield f"time alone changes it at {explained['next_change_ms']} ms"
    if explained["image"]:
        yield from _image_lines(explained["image"], "  ")
    yield from (f"to do: {_op_line(op)}" for op in explained["ops"])
    yield from (f"waits for: {ref['object_type']} {ref['key']}" for ref in explained["blocked_on"])


def _image_lines(image: dict[str, Any], indent: str) -> Iterator[str]:
    for field in image["fields"]:
        yield f"{indent}{field['property']}: {_change(field)}   [{field['rule']}, from {', '.join(field['from'])}]"
    yield from (f"{indent}{name} -> {ref['key']}" for name, ref in image["links"].items())
    yield from (f"{indent}with {ref['object_type']} {ref['key']}" for ref in image["associations"])
    yield from (f"{indent}warning: {warning}" for warning in image["warnings"])
    for each in (*image["companions"], *image["line_items"]):
        yield f"{indent}{each['record']['object_type']} {each['record']['key']}"
        yield from _image_lines(each, indent + "  ")


def _change(field: dict[str, Any]) -> str:
    if field["sent"]:
        return f"{_shown(field['old'])} -> {_shown(field['new'])}"
    return _shown(field["new"]) if field["new"] == field["old"] else "blank in Shopify, so HubSpot keeps its own"


def _op_line(op: dict[str, Any]) -> str:
    if "source" in op:
        return f"{op['op']} {op['source']['key']} with {op['target']['object_type']} {op['target']['key']}"
    return " ".join([op["op"], op["record"]["object_type"], op["record"]["key"], *_names(op)])


def _names(op: dict[str, Any]) -> Iterable[str]:
    names = [*op.get("properties", ()), *op.get("links", ())]
    return [f"({', '.join(sorted(names))})"] if names else []


def _shown(value: str | None) -> str:
    return "nothing" if value is None else repr(value)
