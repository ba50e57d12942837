"""Filter branches of lists: read once, checked against the portal's properties, then asked which records fit.

A branch is asked for all records of its type at once, never for one: an ASSOCIATION branch first finds the records on
the far side that fit, and goes back over the links, so that "contacts with a deal with a line item of product X" costs
three passes over three tables however many records there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from simulator.hubspot import (
    ask,
    association_types,
    custom_objects,
    errors,
    links,
    list_operations,
    list_times,
    portal,
    records,
    wire_form,
)
from simulator.hubspot.association_types import AssociationType
from simulator.hubspot.list_operations import Fits, Seen
from simulator.hubspot.objects import ObjectType
from simulator.hubspot.portal import ASSOCIATIONS
from simulator.hubspot.records import Desk
from simulator.kernel.errors import NotSimulated
from simulator.kernel.resource import Document
from simulator.kernel.simulation import Grant, Site

DEEPEST = 8  # branches inside branches: our bound, no source gives HubSpot's
MOST_FILTERS = 250  # likewise


@dataclass(frozen=True, slots=True)
class Filter:
    """One PROPERTY filter."""

    name: str
    fits: Fits


@dataclass(frozen=True, slots=True)
class Branch:
    """Filters and branches over records of one type, joined by AND or OR.

    Args:
        over: of an ASSOCIATION branch the way from the records that are asked for to those that are filtered.
    """

    object_type: ObjectType
    every: bool
    filters: tuple[Filter, ...]
    branches: tuple[Branch, ...]
    over: AssociationType | None = None


def read(among: Population, object_type: ObjectType, sent: Mapping[str, Any]) -> Branch:
    """The filters of a list: an OR of ANDs at the top [D lists-filters]."""
    if sent.get("filterBranchType") != "OR":
        raise errors.bad_request("The root of a filterBranch must be of the type OR")  # our sentence
    if any(
        not isinstance(one, dict) or one.get("filterBranchType") != "AND" for one in _listed(sent, "filterBranches")
    ):
        raise errors.bad_request("The branches of the root must be of the type AND")  # our sentence
    return _Reader(among).branch(object_type, sent, 0)


class Population:
    """The live records of a portal at one moment, each table read once and only if it is asked for."""

    def __init__(self, grant: Grant, now: datetime) -> None:
        self.grant, self.now = grant, now
        self._desks: dict[str, Desk] = {}
        self._records: dict[str, list[Document]] = {}

    def desk(self, object_type: ObjectType) -> Desk:
        if object_type.name not in self._desks:
            self._desks[object_type.name] = records.desk(self.grant, object_type)
        return self._desks[object_type.name]

    def records(self, object_type: ObjectType) -> list[Document]:
        if object_type.name not in self._records:
            self._records[object_type.name] = self.grant.site.find(object_type.resource, "archived = 0")
        return self._records[object_type.name]

    def linked(self, way: AssociationType, targets: set[int]) -> set[int]:
        """The records at the beginning of `way` that are linked with one of `targets`."""
        forward = self._links(way.source, way.target, way.id)
        back = self._links(way.target, way.source, way.inverse)
        pairs = [*forward, *((here, there) for there, here in back)]
        return {here for here, there in pairs if there in targets}

    def _links(self, source: str, target: str, type_id: int) -> list[tuple[int, int]]:
        """The two ends of the links that are kept in this direction."""
        where = "source >= ? AND source < ? AND target >= ? AND target < ?"
        bounds = [f"{name}{mark}" for name in (source, target) for mark in ("/", "0")]  # "0" follows "/"
        rows = self.grant.site.find(ASSOCIATIONS, where, tuple(bounds))
        ends = [(row["source"], row["target"]) for row in rows if type_id in row["types"]]
        return [(int(one[len(source) + 1 :]), int(other[len(target) + 1 :])) for one, other in ends]


def population(grant: Grant) -> Population:
    """The portal as it is now."""
    zone = ZoneInfo(portal.settings(grant.site).timezone)
    return Population(grant, list_times.local(grant.site.now(), zone))


def members(branch: Branch, among: Population) -> set[int]:
    """The ids of the records that fit."""
    sets = [_filtered(branch, among)] if branch.filters or not branch.branches else []
    sets += [_far(one, among) if one.over else members(one, among) for one in branch.branches]
    return set.intersection(*sets) if branch.every else set.union(*sets)


def _far(branch: Branch, among: Population) -> set[int]:
    assert branch.over is not None
    return among.linked(branch.over, members(branch, among))


def _filtered(branch: Branch, among: Population) -> set[int]:
    """Those that fit the branch's own filters; where there are none, every record of an AND and none of an OR."""
    joined, desk = (all if branch.every else any), among.desk(branch.object_type)
    computed = _computed(branch.object_type)

    def value(document: Document, name: str) -> str:
        if name in computed:
            return wire_form.values(desk, document, [name])[name] or ""
        return str(document["properties"].get(name, ""))

    def fits(document: Document, row: Filter) -> bool:
        seen = Seen(row.name, value(document, row.name), document, among.now)
        return row.fits(seen, lambda other: value(document, other))

    found = among.records(branch.object_type)
    return {int(document["id"]) for document in found if joined(fits(document, row) for row in branch.filters)}


def _computed(object_type: ObjectType) -> frozenset[str]:
    """Properties that are not stored with a record: its times and its id, counts over associations."""
    return frozenset({row.name for row in object_type.rollups} | set(object_type.system))


def _listed(sent: Mapping[str, Any], name: str) -> Sequence[Any]:
    found: list[Any] = ask.optional(sent, name, list)
    return found


@dataclass(slots=True)
class _Reader:
    """Reads branches, and counts their filters."""

    among: Population
    filters: int = field(default=0)

    def branch(self, object_type: ObjectType, sent: Mapping[str, Any], depth: int) -> Branch:
        kind = ask.required(sent, "filterBranchType", str)
        if kind not in _KINDS:
            raise NotSimulated(f"list branches of the type {kind}")
        if depth > DEEPEST:
            raise errors.bad_request(f"A filterBranch is at most {DEEPEST} branches deep")  # our sentence
        over, every = None, kind != "OR"
        if kind == "ASSOCIATION":
            over = _way(self.among.grant.site, object_type, sent)
            object_type = custom_objects.named(self.among.grant.site, over.target)
        return Branch(
            object_type,
            every,
            tuple(self._filter(object_type, one) for one in self._objects(sent, "filters")),
            tuple(self.branch(object_type, one, depth + 1) for one in self._objects(sent, "filterBranches")),
            over,
        )

    def _filter(self, object_type: ObjectType, sent: Mapping[str, Any]) -> Filter:
        self.filters += 1
        if self.filters > MOST_FILTERS:
            raise errors.bad_request(f"A list takes at most {MOST_FILTERS} filters")  # our sentence
        kind = ask.required(sent, "filterType", str)
        if kind != "PROPERTY":
            raise NotSimulated(f"list filters of the type {kind}")
        name = ask.required(sent, "property", str)
        if name not in self.among.desk(object_type).schema.definitions:
            raise errors.bad_request(f"Filter property {name} does not exist")  # our sentence
        return Filter(name, list_operations.read(ask.required(sent, "operation", dict)))

    def _objects(self, sent: Mapping[str, Any], name: str) -> Iterable[Mapping[str, Any]]:
        for one in _listed(sent, name):
            if not isinstance(one, dict):
                raise errors.bad_request(f"{name} takes objects alone")  # our sentence
            yield one


def _way(site: Site, source: ObjectType, sent: Mapping[str, Any]) -> AssociationType:
    """The association that a branch follows."""
    if ask.optional(sent, "operator", str) not in ("", "IN_LIST"):
        raise NotSimulated(f"the operator {sent['operator']} of a list's association branch")
    category = ask.required(sent, "associationCategory", str)
    if category not in association_types.CATEGORIES:
        raise NotSimulated(f"list branches over associations of the category {category}")
    way = links.type_of(site, source, ask.required(sent, "associationTypeId", int), category)
    if ask.object_type_of(site, ask.required(sent, "objectTypeId", str)).name != way.target:
        message = f"The association type {way.id} does not lead to {sent['objectTypeId']}"  # our sentence
        raise errors.bad_request(message)
    return way


_KINDS = ("OR", "AND", "ASSOCIATION")
