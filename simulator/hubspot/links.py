"""Associations: the links that are between records.

A link is one row for both directions. It is kept in one of them (`association_types.faces`); asked from the other
side, its type ids are those of the way back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from simulator.hubspot import custom_objects, errors, records
from simulator.hubspot.association_types import AssociationType, by_id, faces
from simulator.hubspot.objects import ObjectType
from simulator.hubspot.portal import ASSOCIATIONS
from simulator.kernel.resource import Document
from simulator.kernel.simulation import Site


def type_of(site: Site, source: ObjectType, type_id: int, category: str) -> AssociationType:
    """The type of this number, which must begin at `source`."""
    row = by_id(site).get(type_id)
    if row is None or row.category != category:
        raise errors.bad_request(f"One or more association types are invalid: {category} {type_id}")  # our reading
    if row.source != source.name:
        expected = custom_objects.named(site, row.source).type_id
        raise errors.bad_request(  # [X extrapolated, unverified]
            f"invalid from object type {source.type_id} for associations to be created. expected: {expected}"
        )
    return row


def require_both(site: Site, source: ObjectType, source_id: str, target: ObjectType, target_id: str) -> None:
    """Both records must be there, alive."""
    for object_type, id in ((source, source_id), (target, target_id)):
        if records.find(site, object_type, id) is None:
            context = {"objectId": [id], "objectType": [object_type.type_id]}
            raise errors.Rejected(400, "One or more associations are invalid", "VALIDATION_ERROR", context=context)


def connect(site: Site, source_id: str, target_id: str, types: Iterable[AssociationType]) -> None:
    """Link two records that exist; types that stand already change nothing."""
    types = list(types)
    place = _place(site, types[0].source, source_id, types[0].target, target_id)
    wanted = {row.inverse if place.turned else row.id for row in types}
    wanted |= {row.brings for row in map(by_id(site).__getitem__, wanted) if row.brings}
    found = _row(site, place)
    kept = set(found["types"]) if found else set()
    if wanted <= kept:
        return
    id = found["id"] if found else site.next_id(ASSOCIATIONS)
    document = {"id": id, "source": place.source, "target": place.target, "types": sorted(kept | wanted)}
    site.put(ASSOCIATIONS, id, document)


def disconnect(site: Site, source: str, source_id: str, target: str, target_id: str, only: int | None = None) -> None:
    """Unlink two records, or take one type away; nothing to take is no error."""
    place = _place(site, source, source_id, target, target_id)
    found = _row(site, place)
    if found is None:
        return
    gone = by_id(site)[only].inverse if only is not None and place.turned else only
    left = [] if only is None else [type_id for type_id in found["types"] if type_id != gone]
    if left:
        site.put(ASSOCIATIONS, found["id"], found | {"types": left})
    else:
        site.remove(ASSOCIATIONS, found["id"])


def disconnect_all(site: Site, object_type: ObjectType, id: str) -> None:
    """An archived record loses its associations. Our reading."""
    end = f"{object_type.name}/{id}"
    for side in ("source", "target"):
        for document in site.find(ASSOCIATIONS, f"{side} = ?", (end,)):
            site.remove(ASSOCIATIONS, document["id"])


def move_all(site: Site, object_type: ObjectType, id: str, to_id: str) -> None:
    """The links of one record become those of another of its type."""
    end, known = f"{object_type.name}/{id}", by_id(site)
    for side, other in (("source", "target"), ("target", "source")):
        for document in site.find(ASSOCIATIONS, f"{side} = ?", (end,)):
            site.remove(ASSOCIATIONS, document["id"])
            types = [known[type_id] for type_id in document["types"]]
            there = document[other].rpartition("/")[2]
            if document[other] == f"{object_type.name}/{to_id}":
                continue  # the two were linked with each other
            source_id, target_id = (to_id, there) if side == "source" else (there, to_id)
            connect(site, source_id, target_id, types)


def drop_type(site: Site, row: AssociationType) -> None:
    """A type goes from every link that bears it."""
    for document in site.find(ASSOCIATIONS):
        left = [type_id for type_id in document["types"] if type_id not in (row.id, row.inverse)]
        if left and left != document["types"]:
            site.put(ASSOCIATIONS, document["id"], document | {"types": left})
        elif not left:
            site.remove(ASSOCIATIONS, document["id"])


def linked(
    site: Site, source: ObjectType, source_id: str, target: ObjectType
) -> list[tuple[int, list[AssociationType]]]:
    """The records of type `target` that a record is linked with, by id, with the types seen from `source`."""
    known = by_id(site)
    end, there, found = f"{source.name}/{source_id}", f"{target.name}/", []
    for here, other in (("source", "target"), ("target", "source")):
        for document in site.find(ASSOCIATIONS, f"{here} = ?", (end,)):
            if document[other].startswith(there):
                ids = [known[id].inverse if here == "target" else id for id in document["types"]]
                rows = sorted((known[id] for id in ids), key=lambda row: row.id)
                found.append((int(document[other].removeprefix(there)), rows))
    return sorted(found, key=lambda pair: pair[0])


def neighbours(site: Site, source: ObjectType, source_id: str, target: ObjectType) -> list[Document]:
    """The linked records themselves."""
    found = (site.get(target.resource, id) for id, _ in linked(site, source, source_id, target))
    return [document for document in found if document is not None]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a link is kept; `turned` when that is against the direction in which it was asked."""

    source: str
    target: str
    turned: bool


def _place(site: Site, source: str, source_id: str, target: str, target_id: str) -> _Place:
    source_id, target_id = _survivor(site, source, source_id), _survivor(site, target, target_id)
    ends = (f"{source}/{int(source_id)}", f"{target}/{int(target_id)}")
    turned = int(source_id) > int(target_id) if source == target else not faces(source, target)
    return _Place(ends[1], ends[0], True) if turned else _Place(ends[0], ends[1], False)


def _survivor(site: Site, name: str, id: str) -> str:
    """The id of a merged record leads to the one that it went into, here as everywhere."""
    found = site.get(custom_objects.named(site, name).resource, int(id))
    return str(found["mergedInto"]) if found and "mergedInto" in found else id


def _row(site: Site, place: _Place) -> Document | None:
    found = site.find(ASSOCIATIONS, "source = ? AND target = ?", (place.source, place.target))
    return found[0] if found else None
