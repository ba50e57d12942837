"""The lists API v3: lists with their filters, and their memberships [S]."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from simulator.hubspot import ask, errors, list_filters, lists
from simulator.hubspot.ask import Ask
from simulator.hubspot.errors import Answer
from simulator.hubspot.instants import iso
from simulator.hubspot.portal import LISTS
from simulator.hubspot.routes import Route, whole_portal
from simulator.kernel.errors import Malformed, NotSimulated
from simulator.kernel.resource import Document

LONGEST_NAME = 500  # characters: our bound
MOST_FOUND, MOST_IN_A_PAGE, DEFAULT_LIMIT = 500, 250, 100
MOST_CHANGED = 100_000  # records of one call


def create(question: Ask) -> Answer:
    """A MANUAL list, or one with filters: a SNAPSHOT of now, or a DYNAMIC one."""
    body = question.object_body()
    processing = ask.required(body, "processingType", str)
    if processing not in lists.PROCESSING_TYPES:
        message = f"processingType is one of {', '.join(lists.PROCESSING_TYPES)}, not {processing}"  # our sentence
        raise errors.bad_request(message)
    object_type = question.other_type(ask.required(body, "objectTypeId", str))
    filters = ask.optional(body, "filterBranch", dict) or None
    if processing == "DYNAMIC" and not filters:
        raise errors.bad_request("Some required fields were not set: [filterBranch]")
    if processing == "MANUAL" and filters:
        raise errors.bad_request("A MANUAL list has no filterBranch")  # our sentence
    if filters:
        list_filters.read(list_filters.population(question.grant), object_type, filters)
    made = lists.create(question.grant, object_type, _name(body.get("name")), processing, filters)
    return Answer(200, {"list": _shown(question, made, with_filters=True)})  # 200, not 201 [S]


def index(question: Ask) -> Answer:
    """The lists of these ids; those that are not there are left out. Our reading."""
    found = []
    for id in question.names("listIds"):
        document = question.site.get(LISTS, int(id)) if ask.is_id(id) else None
        if document is not None and document["deletedAt"] is None:
            found.append(_shown(question, document))
    return Answer(200, {"lists": found})


def read(question: Ask, id: str) -> Answer:
    """One list; `includeFilters=true` shows its filters."""
    return Answer(200, {"list": _shown(question, lists.find(question.site, id))})


def read_by_name(question: Ask, object_id: str, name: str) -> Answer:
    """One list of an object type, by its name."""
    object_type = question.other_type(object_id)
    where = "name = ? AND object = ? AND deleted = 0"
    found = question.site.find(LISTS, where, (name.lower(), object_type.name))
    if not found:
        text = f"List does not exist with name {name}."  # our sentence
        raise errors.Rejected(404, text, "OBJECT_NOT_FOUND", context={"listName": [name]})
    return Answer(200, {"list": _shown(question, found[0])})


def search(question: Ask) -> Answer:
    """Lists whose name contains `query`, by id or as `sort` says; `hs_list_size` on request."""
    body = question.object_body()
    offset = ask.whole(body.get("offset") or 0, "offset", 0, 2**31)
    count = ask.whole(body.get("count") or 20, "count", 1, MOST_FOUND)
    found = [document for document in question.site.find(LISTS, "deleted = 0") if _matches(question, document, body)]
    _sort(found, ask.optional(body, "sort", str))
    page, wanted = found[offset : offset + count], ask.words(body, "additionalProperties")
    answer = {
        "lists": [_found(question, document, wanted) for document in page],
        "hasMore": offset + len(page) < len(found),
        "offset": offset + len(page),
        "total": len(found),
    }
    return Answer(200, answer)


def _sort(found: list[Document], order: str) -> None:
    """A minus turns the order round [TAP]."""
    if order not in ("", "HS_UPDATED_AT", "-HS_UPDATED_AT"):
        raise NotSimulated(f"the order {order} of a search for lists")
    if order:
        found.sort(key=lambda document: (document["updatedAt"], document["id"]), reverse=order.startswith("-"))


def rename(question: Ask, id: str) -> Answer:
    """A new name, from the query."""
    document = lists.rename(question.site, lists.find(question.site, id), _name(question.text("listName")))
    return Answer(200, {"updatedList": _shown(question, document)})


def refilter(question: Ask, id: str) -> Answer:
    """Other filters for a DYNAMIC list."""
    document, filters = lists.find(question.site, id), ask.required(question.object_body(), "filterBranch", dict)
    list_filters.read(list_filters.population(question.grant), question.other_type(document["object"]), filters)
    document = lists.refilter(question.site, document, filters)
    return Answer(200, {"updatedList": _shown(question, document, with_filters=True)})


def delete(question: Ask, id: str) -> Answer:
    """A deleted list can be restored; HubSpot keeps it for 90 days, the fake for good."""
    lists.delete(question.site, lists.find(question.site, id))
    return Answer(204)


def restore(question: Ask, id: str) -> Answer:
    """A deleted list, with its members; of one that lives nothing happens."""
    document = question.site.get(LISTS, int(id)) if ask.is_id(id) else None
    if document is None or document["deletedAt"] is not None:
        lists.restore(question.site, lists.find(question.site, id, deleted=True))
    return Answer(204)


# --- memberships ---


def members(question: Ask, id: str) -> Answer:
    """A page of members by record id."""
    return _members(question, id, key=lambda pair: pair[0])


def members_by_time(question: Ask, id: str) -> Answer:
    """A page of members in the order in which they joined."""
    return _members(question, id, key=lambda pair: (pair[1], pair[0]))


def add(question: Ask, id: str) -> Answer:
    """Put records in, by hand."""
    return _change(question, id, _ids(question.list_body()), ())


def remove(question: Ask, id: str) -> Answer:
    """Take records out, by hand."""
    return _change(question, id, (), _ids(question.list_body()))


def add_and_remove(question: Ask, id: str) -> Answer:
    """Both in one call."""
    body = question.object_body()
    wanted = [_ids(ask.optional(body, name, list)) for name in ("recordIdsToAdd", "recordIdsToRemove")]
    return _change(question, id, *wanted)


def add_from(question: Ask, id: str, source: str) -> Answer:
    """Put the members of another list in."""
    document, other = (lists.find(question.site, one) for one in (id, source))
    if document["object"] != other["object"]:
        raise errors.bad_request("The two lists must hold records of the same type")  # our sentence
    lists.change_members(question.grant, document, lists.joined(question.grant, other), ())
    return Answer(204)


def empty(question: Ask, id: str) -> Answer:
    """Take every record out."""
    document = lists.find(question.site, id)
    lists.change_members(question.grant, document, (), lists.joined(question.grant, document))
    return Answer(204)


def lists_of_record(question: Ask, object_id: str, record: str) -> Answer:
    """The lists to which one record belongs."""
    object_type, results = question.other_type(object_id), []
    for document in question.site.find(LISTS, "object = ? AND deleted = 0", (object_type.name,)):
        joined = lists.joined(question.grant, document)
        if ask.is_id(record) and int(record) in joined:
            results.append(
                {
                    "listId": str(document["id"]),
                    "listVersion": document["version"],
                    "firstAddedTimestamp": iso(lists.first_joined(question.site, document, int(record))),
                    "lastAddedTimestamp": iso(joined[int(record)]),
                }
            )
    return Answer(200, {"results": results, "total": len(results)})


def _members(question: Ask, id: str, key: Any) -> Answer:
    joined = lists.joined(question.grant, lists.find(question.site, id))
    limit, after = question.limit(DEFAULT_LIMIT, MOST_IN_A_PAGE), question.after()
    ordered = sorted(joined.items(), key=key)
    if after:
        behind = key((after, joined.get(after, 0)))
        ordered = [pair for pair in ordered if key(pair) > behind]
    page = ordered[:limit]
    results = [{"recordId": str(record), "membershipTimestamp": iso(at_ms)} for record, at_ms in page]
    answer: dict[str, Any] = {"results": results, "total": len(joined)}
    if len(ordered) > limit:
        answer["paging"] = {"next": ask.next_page(str(page[-1][0]))}
    return Answer(200, answer)


def _change(question: Ask, id: str, add: Iterable[int], remove: Iterable[int]) -> Answer:
    done = lists.change_members(question.grant, lists.find(question.site, id), add, remove)
    names = {"recordsIdsAdded": "added", "recordIdsRemoved": "removed", "recordIdsMissing": "missing"}  # sic [S]
    return Answer(200, {name: [str(record) for record in done[word]] for name, word in names.items()})


def _ids(sent: list[Any]) -> list[int]:
    if len(sent) > MOST_CHANGED:
        raise errors.bad_request(f"At most {MOST_CHANGED} records can be changed at a time")  # our sentence
    if not all(isinstance(id, str | int) and not isinstance(id, bool) and ask.is_id(str(id)) for id in sent):
        raise Malformed("Cannot deserialize record ids: they are numbers")
    return [int(id) for id in sent]


def _name(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise errors.bad_request("Some required fields were not set: [name]")
    if len(value) > LONGEST_NAME:
        raise errors.bad_request(f"The name of a list has at most {LONGEST_NAME} characters")  # our sentence
    return value


def _shown(question: Ask, document: Document, with_filters: bool = False) -> dict[str, Any]:
    """A list with its size, and with its filters where they are asked for."""
    told = lists.shown(question.site, document) | {"size": lists.size(question.grant, document)}
    filters = document["filterBranch"] if with_filters or question.flag("includeFilters") else None
    return told | ({"filterBranch": filters} if filters else {})


def _matches(question: Ask, document: Document, body: Any) -> bool:
    types, ids = ask.words(body, "processingTypes"), [str(id) for id in ask.optional(body, "listIds", list)]
    of_type = ask.optional(body, "objectTypeId", str)
    return (
        ask.optional(body, "query", str).lower() in document["name"].lower()
        and (not types or document["processingType"] in types)
        and (not ids or str(document["id"]) in ids)
        and (not of_type or question.other_type(of_type).name == document["object"])
    )


def _found(question: Ask, document: Document, wanted: list[str]) -> dict[str, Any]:
    """A result of a search: no size and no filters, but what was asked for as text."""
    more = {"hs_list_size": str(lists.size(question.grant, document))} if "hs_list_size" in wanted else {}
    return lists.shown(question.site, document) | {"additionalProperties": more}


_READ, _WRITE = "crm.lists.read", "crm.lists.write"
_PARTLY = (
    "Filters of the type PROPERTY, and branches OR, AND and ASSOCIATION over types that HubSpot defines; "
    "sizes are settled at each look."
)

_SORTED = "Of orders `sort` takes `HS_UPDATED_AT` and `-HS_UPDATED_AT` alone."
ROUTES = (
    Route("POST", whole_portal("lists"), create, _WRITE, partly=_PARTLY),
    Route("GET", whole_portal("lists"), index, _READ),
    Route("POST", whole_portal("lists", "/search"), search, _READ, partly=_SORTED),
    Route("GET", whole_portal("lists", "/object-type-id/<object_id>/name/<name>"), read_by_name, _READ),
    Route("GET", whole_portal("lists", "/records/<object_id>/<record>/memberships"), lists_of_record, _READ),
    Route("GET", whole_portal("lists", "/<id>"), read, _READ),
    Route("DELETE", whole_portal("lists", "/<id>"), delete, _WRITE),
    Route("PUT", whole_portal("lists", "/<id>/restore"), restore, _WRITE),
    Route("PUT", whole_portal("lists", "/<id>/update-list-name"), rename, _WRITE),
    Route("PUT", whole_portal("lists", "/<id>/update-list-filters"), refilter, _WRITE, partly=_PARTLY),
    Route("GET", whole_portal("lists", "/<id>/memberships"), members, _READ),
    Route("DELETE", whole_portal("lists", "/<id>/memberships"), empty, _WRITE),
    Route("GET", whole_portal("lists", "/<id>/memberships/join-order"), members_by_time, _READ),
    Route("PUT", whole_portal("lists", "/<id>/memberships/add"), add, _WRITE),
    Route("PUT", whole_portal("lists", "/<id>/memberships/remove"), remove, _WRITE),
    Route("PUT", whole_portal("lists", "/<id>/memberships/add-and-remove"), add_and_remove, _WRITE),
    Route("PUT", whole_portal("lists", "/<id>/memberships/add-from/<source>"), add_from, _WRITE),
)
