"""Associations: which records may be linked, by HubSpot's numeric types, and the links that are.

A link is one row for both directions. It is kept in the direction of the type's row below; asked from the other side,
its type ids are those of the other column.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from simulator.hubspot import errors, records
from simulator.hubspot.objects import ObjectType, by_spelling
from simulator.hubspot.portal import ASSOCIATIONS
from simulator.kernel.resource import Document
from simulator.kernel.simulation import Site


@dataclass(frozen=True, slots=True)
class AssociationType:
    """One HUBSPOT_DEFINED type, seen from one side.

    Args:
        id: the number from `source` to `target`; `inverse` the way back.
        brings: another type that comes with it: the primary company is also an unlabelled one [D24].
    """

    source: str
    target: str
    id: int
    inverse: int
    label: str | None = None
    brings: int | None = None

    @property
    def name(self) -> str:
        """The v3 name. Of the two types with companies the unlabelled one has the longer name [X]."""
        words = f"{by_spelling()[self.source].singular}_to_{by_spelling()[self.target].singular}"
        companies = "companies" in (self.source, self.target) and self.source != self.target
        return f"{words}_unlabeled" if companies and not self.label and self.id in _WITH_PRIMARY else words

    def turned(self) -> AssociationType:
        brought = next((row.inverse for row in ROWS if row.id == self.brings), None)
        return AssociationType(self.target, self.source, self.inverse, self.id, self.label, brought)


ROWS: tuple[AssociationType, ...] = (  # reference 5.1 [PY][D24][X]; the first row of a pair is its default
    AssociationType("contacts", "companies", 279, 280),
    AssociationType("contacts", "companies", 1, 2, "Primary", brings=279),
    AssociationType("contacts", "deals", 4, 3),
    AssociationType("deals", "companies", 341, 342),
    AssociationType("deals", "companies", 5, 6, "Primary", brings=341),
    AssociationType("deals", "line_items", 19, 20),
    AssociationType("contacts", "contacts", 449, 449),
    AssociationType("companies", "companies", 450, 450),
    AssociationType("deals", "deals", 451, 451),
    AssociationType("orders", "contacts", 507, 508),
    AssociationType("orders", "companies", 509, 510),
    AssociationType("orders", "deals", 512, 511),
    AssociationType("orders", "line_items", 513, 514),
    AssociationType("orders", "carts", 593, 592),
    AssociationType("carts", "contacts", 586, 587),
    AssociationType("carts", "line_items", 590, 591),
)
_WITH_PRIMARY = (279, 280, 341, 342)


@cache
def between(source: str, target: str) -> tuple[AssociationType, ...]:
    """The types from one object type to another, the default first."""
    return tuple(row for row in _both_ways() if (row.source, row.target) == (source, target))


@cache
def _both_ways() -> tuple[AssociationType, ...]:
    turned = tuple(row.turned() for row in ROWS if row.source != row.target)
    return ROWS + turned


@cache
def by_id() -> Mapping[int, AssociationType]:
    return {row.id: row for row in _both_ways()}


def type_of(source: ObjectType, type_id: int) -> AssociationType:
    """The type of this number, which must begin at `source`."""
    row = by_id().get(type_id)
    if row is None:
        raise errors.bad_request(f"One or more association types are invalid: {type_id}")  # our reading
    if row.source != source.name:
        expected = by_spelling()[row.source].type_id
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
    place = _place(types[0].source, source_id, types[0].target, target_id)
    wanted = {row.inverse if place.turned else row.id for row in types}
    wanted |= {row.brings for row in map(by_id().__getitem__, wanted) if row.brings}
    found = _row(site, place)
    kept = set(found["types"]) if found else set()
    if wanted <= kept:
        return
    id = found["id"] if found else site.next_id(ASSOCIATIONS)
    document = {"id": id, "source": place.source, "target": place.target, "types": sorted(kept | wanted)}
    site.put(ASSOCIATIONS, id, document)


def disconnect(site: Site, source: str, source_id: str, target: str, target_id: str, only: int | None = None) -> None:
    """Unlink two records, or take one type away; nothing to take is no error."""
    place = _place(source, source_id, target, target_id)
    found = _row(site, place)
    if found is None:
        return
    gone = by_id()[only].inverse if only is not None and place.turned else only
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


def linked(
    site: Site, source: ObjectType, source_id: str, target: ObjectType
) -> list[tuple[int, list[AssociationType]]]:
    """The records of type `target` that a record is linked with, by id, with the types seen from `source`."""
    end, there, found = f"{source.name}/{source_id}", f"{target.name}/", []
    for here, other in (("source", "target"), ("target", "source")):
        for document in site.find(ASSOCIATIONS, f"{here} = ?", (end,)):
            if document[other].startswith(there):
                ids = [by_id()[id].inverse if here == "target" else id for id in document["types"]]
                rows = sorted((by_id()[id] for id in ids), key=lambda row: row.id)
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


def _place(source: str, source_id: str, target: str, target_id: str) -> _Place:
    ends = (f"{source}/{int(source_id)}", f"{target}/{int(target_id)}")
    forward = any((row.source, row.target) == (source, target) for row in ROWS)
    turned = not forward or (source == target and int(source_id) > int(target_id))
    return _Place(ends[1], ends[0], True) if turned else _Place(ends[0], ends[1], False)


def _row(site: Site, place: _Place) -> Document | None:
    found = site.find(ASSOCIATIONS, "source = ? AND target = ?", (place.source, place.target))
    return found[0] if found else None
