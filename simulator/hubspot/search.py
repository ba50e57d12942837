"""CRM search [S][D24]: query, filter groups, one sort, pages by offset; and the index that lags behind the records.

A new record is found after some seconds, a changed value is matched a little late, but what is returned is fresh: that
is what recorded traffic shows (reference 3.4). Each record carries the times from which its state is searchable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request

from simulator.hubspot import ask, errors, matching, portal, records, wire_form
from simulator.hubspot.ask import Ask
from simulator.hubspot.errors import Answer
from simulator.hubspot.instants import iso
from simulator.hubspot.matching import Filter
from simulator.hubspot.records import Desk
from simulator.hubspot.routes import Route, objects
from simulator.kernel.errors import Malformed
from simulator.kernel.resource import Document

LONGEST_BODY = 3_000  # characters [D24][S]
MOST_GROUPS, MOST_IN_A_GROUP, MOST_FILTERS = 5, 6, 18  # [X citing D 2026-10]
MOST_RESULTS = 10_000  # [D24]
DEFAULT_LIMIT, MOST_IN_A_PAGE = 10, 200


@dataclass(frozen=True, slots=True)
class Sort:
    name: str
    descending: bool


def search(question: Ask) -> Answer:
    if len(request.get_data(as_text=True)) > LONGEST_BODY:
        raise errors.bad_request(f"The request body is longer than {LONGEST_BODY} characters")  # our sentence
    body, desk = question.object_body(), records.desk(question.grant, question.object_type)
    limit = ask.whole(body.get("limit") or DEFAULT_LIMIT, "limit", 1, MOST_IN_A_PAGE)
    after = ask.whole(body.get("after") or 0, "after", 0, 2**31)
    if after + limit > MOST_RESULTS:
        raise errors.bad_request("There was a problem with the request.")  # as reported [GK]
    found = _found(desk, _groups(desk, body), ask.optional(body, "query", str))
    sort = _sort(desk, body)
    if sort:
        found = _sorted(desk, found, sort)
    names = ask.words(body, "properties")
    answer: dict[str, Any] = {
        "total": len(found),
        "results": [wire_form.read(desk, document, names) for document in found[after : after + limit]],
    }
    if after + limit < len(found):
        answer["paging"] = {"next": {"after": str(after + limit)}}
    return Answer(200, answer)


def indexed(desk: Desk, document: Document) -> dict[str, str]:
    """The values that the search index has of a record: until its last change is indexed, those before it."""
    stored = document["properties"] | records.system_values(desk.object_type, document)
    if desk.site.now() >= document["indexedAt"]:
        return stored
    since_ms = document["updatedAt"]
    changed = {name for name, kept in document.get("history", {}).items() if kept[0][1] == since_ms}
    stale = {name: records.value_before(document, name, since_ms) for name in changed}
    return stored | stale | {desk.object_type.modified: iso(document["previousAt"])}


def _found(desk: Desk, groups: list[list[Filter]], query: str) -> list[Document]:
    """The records that match, oldest first [D24]."""
    now, words = desk.site.now(), query.lower().split()
    found = []
    for document in _candidates(desk, groups):
        if document["searchableAt"] > now:
            continue
        held = indexed(desk, document)
        fits = not groups or any(all(_fits(desk, document, held, row) for row in group) for group in groups)
        if fits and matching.query_fits([held.get(name, "") for name in desk.object_type.searched], words):
            found.append(document)
    return found


def _fits(desk: Desk, document: Document, held: Mapping[str, str], row: Filter) -> bool:
    if row.linked_to is not None:
        return matching.linked(desk.site, desk.object_type, document["id"], row)
    if any(rollup.name == row.definition.name for rollup in desk.object_type.rollups):
        held = {**held, row.definition.name: wire_form.values(desk, document, [row.definition.name]).popitem()[1] or ""}
    return matching.fits(row, held.get(row.definition.name, ""))


def _candidates(desk: Desk, groups: list[list[Filter]]) -> list[Document]:
    """The live records that may match, by id: with luck few of them, and always those whose index is behind."""
    pieces = [_narrow(desk, group) for group in groups] or [_ALL]
    if _ALL not in pieces:
        pieces.append(("+archived = 0 AND indexedAt > ?", [desk.site.now()]))
    found: dict[int, Document] = {}
    for where, params in [_ALL] if _ALL in pieces else pieces:
        for document in desk.site.find(desk.object_type.resource, where, tuple(params), order="+id"):
            found[int(document["id"])] = document
    return [found[id] for id in sorted(found)]


_Where = tuple[str, list[Any]]
_ALL: _Where = ("archived = 0", [])


def _narrow(desk: Desk, group: list[Filter]) -> _Where:
    """SQL for one filter of the group that an index serves; the "+" keeps SQLite from the index on `archived`."""
    times = {desk.object_type.created: "createdAt", desk.object_type.modified: "updatedAt"}
    for row in group:
        name, wanted = row.definition.name, row.values
        if name == "hs_object_id" and row.operator in ("EQ", "IN"):
            ids = [int(value) for value in wanted if value.isdecimal() and len(value) < 19]
            return f"+archived = 0 AND id IN ({', '.join('?' * len(ids))})", ids
        if name in desk.schema.unique and row.operator == "EQ":
            return f"archived = 0 AND {portal.column_of(name)} = lower(?)", [wanted[0]]
        if name in times and row.operator in ("GT", "GTE"):
            return f"+archived = 0 AND {times[name]} >= ?", [matching.comparable(row.definition, wanted[0])]
    return _ALL


def _groups(desk: Desk, body: Mapping[str, Any]) -> list[list[Filter]]:
    """Filter groups; filters at the top alone are one group."""
    sent = [ask.optional(_an_object(group), "filters", list) for group in ask.optional(body, "filterGroups", list)]
    top = ask.optional(body, "filters", list)
    sent = sent or ([top] if top else [])
    if (
        len(sent) > MOST_GROUPS
        or any(len(group) > MOST_IN_A_GROUP for group in sent)
        or sum(map(len, sent)) > MOST_FILTERS
    ):
        raise errors.bad_request(  # our sentence
            f"A search takes at most {MOST_GROUPS} filterGroups of {MOST_IN_A_GROUP} filters, {MOST_FILTERS} in all"
        )
    return [[matching.read(desk.schema, _an_object(row)) for row in group] for group in sent if group]


def _an_object(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise Malformed("Cannot deserialize filterGroups: filters and groups are objects")
    return value


def _sort(desk: Desk, body: Mapping[str, Any]) -> Sort | None:
    """ "name", "-name" or an object; of several only the first applies."""
    sorts = ask.optional(body, "sorts", list)
    if not sorts:
        return None
    if isinstance(sorts[0], str):
        sort = Sort(sorts[0].removeprefix("-"), sorts[0].startswith("-"))
    else:
        first = _an_object(sorts[0])
        sort = Sort(ask.required(first, "propertyName", str), first.get("direction") == "DESCENDING")
    if sort.name not in desk.schema.definitions:
        raise errors.bad_request(f"Sort property {sort.name} does not exist")  # our sentence
    return sort


def _sorted(desk: Desk, found: list[Document], sort: Sort) -> list[Document]:
    """Records without a value come last. Our reading."""
    definition = desk.schema.definitions[sort.name]
    held = [(wire_form.values(desk, document, [sort.name])[sort.name], document) for document in found]
    with_value = [(matching.comparable(definition, value), document) for value, document in held if value]
    with_value.sort(key=lambda pair: pair[0], reverse=sort.descending)
    return [document for _, document in with_value] + [document for value, document in held if not value]


ROUTES = (
    Route(
        "POST",
        objects("/search"),
        search,
        "objects.read",
        search=True,
        partly=f"A filter on `{matching.ASSOCIATED}<type>` takes the operator EQ alone.",
    ),
)
