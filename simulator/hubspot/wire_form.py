"""How a record looks in an answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from simulator.hubspot import links, records
from simulator.hubspot.instants import iso
from simulator.hubspot.objects import by_spelling
from simulator.hubspot.records import Desk, Written
from simulator.kernel.resource import Document


def read(desk: Desk, document: Document, names: Iterable[str] = (), history: Iterable[str] = ()) -> dict[str, Any]:
    """A record that was asked for by `names`: those that exist, null where unset, and three that always come [REC]."""
    object_type, known = desk.object_type, desk.schema.definitions
    history = [name for name in history if name in known]
    wanted = {name for name in (*names, *history) if name in known}
    shown = wanted | set(object_type.system) if wanted or names else object_type.shown
    answer = _envelope(document, values(desk, document, shown))
    if history:
        answer["propertiesWithHistory"] = {name: _versions(desk, document, name) for name in sorted(history)}
    return answer


def written(desk: Desk, write: Written) -> dict[str, Any]:
    """A record that was just written: what was sent, what followed from it, and the system's own [REC]."""
    names = write.shown | (set(desk.object_type.system) if write.new else set())
    return _envelope(write.document, values(desk, write.document, names))


def values(desk: Desk, document: Document, names: Iterable[str]) -> dict[str, str | None]:
    """Property values by sorted name; None where unset."""
    stored = document["properties"] | records.system_values(desk.object_type, document)
    rollups = {row.name: row for row in desk.object_type.rollups}
    return {
        name: (_rolled_up(desk, document, rollups[name]) if name in rollups else stored.get(name)) or None
        for name in sorted(names)
    }


def batch(desk: Desk, results: list[dict[str, Any]], failed: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """The envelope of a batch. Results come in no order that means anything [REC]."""
    if not desk.site.simulation.calm:
        desk.site.chance.stream("hubspot/order").shuffle(results)
    return batch_envelope(desk.site.now(), results, failed)


def batch_envelope(now_ms: int, results: list[Any], failed: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    now = iso(now_ms)
    problems = {"numErrors": len(failed), "errors": failed} if failed else {}
    return {"status": "COMPLETE", "results": results} | problems | {"startedAt": now, "completedAt": now}


def _envelope(document: Document, properties: Mapping[str, str | None]) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "id": document["id"],
        "properties": properties,
        "createdAt": iso(document["createdAt"]),
        "updatedAt": iso(document["updatedAt"]),
        "archived": document["archived"],
    }
    if document["archived"]:
        answer["archivedAt"] = iso(document["archivedAt"])
    return answer


def _versions(desk: Desk, document: Document, name: str) -> list[dict[str, Any]]:
    current = records.system_values(desk.object_type, document)
    if name in current:
        return [{"value": current[name], "timestamp": iso(document["updatedAt"]), "sourceType": records.CALCULATED}]
    return [_version(value, at_ms, source) for value, at_ms, source in records.versions(document, name)]


def _version(value: str, at_ms: int, source: str) -> dict[str, Any]:
    told = {"value": value, "timestamp": iso(at_ms)}
    if source == records.CALCULATED:
        return told | {"sourceType": source}
    return told | {"sourceType": "INTEGRATION", "sourceId": source}


def _rolled_up(desk: Desk, document: Document, row: Any) -> str:
    target = by_spelling()[row.over]
    found = links.neighbours(desk.site, desk.object_type, document["id"], target)
    return str(row.rule([other["properties"] | records.system_values(target, other) for other in found]))
