"""Lists (segments): what is kept of one, and who belongs to it.

A MANUAL list holds whom an app puts there; a SNAPSHOT is filled once by its filters and then is like it; a DYNAMIC one
is settled whenever somebody looks: then is when a record's membership begins or ends. HubSpot settles all the time, a
little late; our reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from simulator.hubspot import custom_objects, errors, list_filters
from simulator.hubspot.instants import iso
from simulator.hubspot.objects import ObjectType
from simulator.hubspot.portal import LIST_MEMBERS, LISTS
from simulator.kernel.resource import Document
from simulator.kernel.simulation import Grant, Site

PROCESSING_TYPES = ("MANUAL", "SNAPSHOT", "DYNAMIC")  # [S]


def create(grant: Grant, object_type: ObjectType, name: str, processing: str, filters: Any) -> Document:
    """A new list; a snapshot is filled at once."""
    site, now = grant.site, grant.site.now()
    _free_or_raise(site, object_type, name)
    document = {
        "id": site.next_id(LISTS),
        "name": name,
        "object": object_type.name,
        "processingType": processing,
        "filterBranch": filters,
        "version": 1,
        "createdAt": now,
        "updatedAt": now,
        "filtersUpdatedAt": now,
        "deletedAt": None,
    }
    site.put(LISTS, document["id"], document)
    if processing == "SNAPSHOT" and filters:
        _settle(grant, document)
    return document


def rename(site: Site, document: Document, name: str) -> Document:
    if name.lower() != document["name"].lower():
        _free_or_raise(site, custom_objects.named(site, document["object"]), name)
    return _changed(site, document, name=name)


def refilter(site: Site, document: Document, filters: Mapping[str, Any]) -> Document:
    """Other filters for a dynamic list."""
    if document["processingType"] != "DYNAMIC":
        raise errors.bad_request("Only the filters of a DYNAMIC list can be updated")  # our sentence
    return _changed(site, document, filterBranch=filters, filtersUpdatedAt=site.now())


def delete(site: Site, document: Document) -> None:
    _changed(site, document, deletedAt=site.now())


def restore(site: Site, document: Document) -> None:
    """A deleted list comes back, unless another one has taken its name."""
    _free_or_raise(site, custom_objects.named(site, document["object"]), document["name"])
    _changed(site, document, deletedAt=None)


def find(site: Site, id: str, deleted: bool = False) -> Document:
    """A list by its id; 404 in HubSpot's words where there is none [X raw]."""
    found = site.get(LISTS, int(id)) if id.isdecimal() and len(id) < 19 else None
    if found is None or (found["deletedAt"] is not None) != deleted:
        text = f"List does not exist with ID {id}."
        raise errors.Rejected(404, text, "OBJECT_NOT_FOUND", context={"listId": [id]})
    return found


def joined(grant: Grant, document: Document) -> dict[int, int]:
    """The live members, by id, with the time at which each joined."""
    if document["processingType"] == "DYNAMIC":
        _settle(grant, document)
    kept = _kept(grant.site, document)["joined"]
    alive = (
        grant.site.ids(custom_objects.named(grant.site, document["object"]).resource, "archived = 0") if kept else []
    )
    return {id: kept[str(id)] for id in alive if str(id) in kept}


def first_joined(site: Site, document: Document, record: int) -> int:
    first: int = _kept(site, document)["first"][str(record)]
    return first


def change_members(grant: Grant, document: Document, add: Iterable[int], remove: Iterable[int]) -> dict[str, list[int]]:
    """Put records in and take them out, by hand; says whom that concerned."""
    if document["processingType"] == "DYNAMIC":
        raise errors.bad_request("Memberships of a DYNAMIC list are decided by its filters")  # our sentence
    site, resource = grant.site, custom_objects.named(grant.site, document["object"]).resource
    kept, add = _kept(site, document), sorted(set(add))
    alive = set(site.ids(resource, "archived = 0")) if add else set()
    added = [id for id in add if id in alive and str(id) not in kept["joined"]]
    removed = [id for id in sorted(set(remove)) if str(id) in kept["joined"]]
    _keep(site, document, kept, (set(map(int, kept["joined"])) | set(added)) - set(removed))
    return {"added": added, "removed": removed, "missing": [id for id in add if id not in alive]}


def size(grant: Grant, document: Document) -> int:
    return len(joined(grant, document))


def shown(site: Site, document: Document) -> dict[str, Any]:
    """A list on the wire, as a search shows it."""
    told: dict[str, Any] = {
        "listId": str(document["id"]),
        "listVersion": document["version"],
        "name": document["name"],
        "objectTypeId": custom_objects.named(site, document["object"]).type_id,
        "processingType": document["processingType"],
        "processingStatus": "COMPLETE",
        "createdAt": iso(document["createdAt"]),
        "updatedAt": iso(document["updatedAt"]),
        "filtersUpdatedAt": iso(document["filtersUpdatedAt"]),
    }
    return told | ({"deletedAt": iso(document["deletedAt"])} if document["deletedAt"] is not None else {})


def _settle(grant: Grant, document: Document) -> None:
    """Let the filters decide who belongs to the list."""
    among = list_filters.population(grant)
    branch = list_filters.read(among, custom_objects.named(grant.site, document["object"]), document["filterBranch"])
    _keep(grant.site, document, _kept(grant.site, document), list_filters.members(branch, among))


def _kept(site: Site, document: Document) -> Document:
    return site.get(LIST_MEMBERS, document["id"]) or {"id": document["id"], "joined": {}, "first": {}}


def _keep(site: Site, document: Document, kept: Document, members: set[int]) -> None:
    """Write who belongs to the list, if that has changed."""
    now, joined = site.now(), kept["joined"]
    if set(joined) == {str(id) for id in members}:
        return
    after = {str(id): joined.get(str(id), now) for id in sorted(members)}
    first = kept["first"] | {id: kept["first"].get(id, at_ms) for id, at_ms in after.items()}
    site.put(LIST_MEMBERS, document["id"], {"id": document["id"], "joined": after, "first": first})


def _changed(site: Site, document: Document, **values: Any) -> Document:
    after: Document = document | values | {"updatedAt": site.now(), "version": document["version"] + 1}
    site.put(LISTS, document["id"], after)
    return after


def _free_or_raise(site: Site, object_type: ObjectType, name: str) -> None:
    """Names of live lists of one object type are different; capitals do not count. The sentence is ours."""
    where = "name = ? AND object = ? AND deleted = 0"
    if site.count(LISTS, where, (name.lower(), object_type.name)):
        raise errors.Rejected(
            400,
            f"A list with the name {name} exists already.",
            "VALIDATION_ERROR",
            "ILS.DUPLICATE_LIST_NAMES",  # [X raw]
            {"name": [name]},
        )
