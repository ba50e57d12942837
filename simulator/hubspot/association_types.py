"""The kinds of links between records: HubSpot's own, with their numbers, and those that a portal has added.

A type has a number in each direction. HubSpot's own are the rows below; a portal adds labels, and every custom object
adds the plain types to those that it goes with. Both kinds of numbers stand on the same links, so a portal's own begin
far above HubSpot's: our reading, real portals count both from 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from simulator.hubspot.objects import by_spelling
from simulator.kernel.resource import Column, Document, Resource
from simulator.kernel.simulation import Site

HUBSPOT_DEFINED, USER_DEFINED = "HUBSPOT_DEFINED", "USER_DEFINED"
CATEGORIES = (HUBSPOT_DEFINED, USER_DEFINED)
FIRST_OWN_ID = 10_001
# A portal's own: {"id": the number from source to target, "inverse": the way back, ...}.
ASSOCIATION_TYPES = Resource(
    "hubspot", "association_types", (Column("source"), Column("target")), first_id=FIRST_OWN_ID
)


@dataclass(frozen=True, slots=True)
class AssociationType:
    """One type, seen from one side.

    Args:
        id: the number from `source` to `target`; `inverse` the way back.
        label, inverse_label: what a user sees on either side.
        brings: another type that comes with it: the primary company is also an unlabelled one [D24].
        word: the name of a portal's own type.
    """

    source: str
    target: str
    id: int
    inverse: int
    label: str | None = None
    brings: int | None = None
    inverse_label: str | None = None
    category: str = HUBSPOT_DEFINED
    word: str = ""

    @property
    def name(self) -> str:
        """The v3 name. Of the two types with companies the unlabelled one has the longer name [X]."""
        if self.word:
            return self.word
        words = f"{by_spelling()[self.source].singular}_to_{by_spelling()[self.target].singular}"
        companies = "companies" in (self.source, self.target) and self.source != self.target
        return f"{words}_unlabeled" if companies and not self.label and self.id in _WITH_PRIMARY else words

    def turned(self, brings: int | None) -> AssociationType:
        """The same from the other side, where it brings that type."""
        labels = (self.inverse_label or self.label, self.label)
        ends = (self.target, self.source, self.inverse, self.id)
        return AssociationType(*ends, labels[0], brings, labels[1], self.category, self.word)


ROWS: tuple[AssociationType, ...] = (  # reference 5.1 [PY][D24][X]; the first row of a pair is its default
    AssociationType("contacts", "companies", 279, 280),
    AssociationType("contacts", "companies", 1, 2, "Primary", brings=279),
    AssociationType("contacts", "deals", 4, 3),
    AssociationType("deals", "companies", 341, 342),
    AssociationType("deals", "companies", 5, 6, "Primary", brings=341),
    AssociationType("deals", "line_items", 19, 20),
    AssociationType("contacts", "tickets", 15, 16),
    AssociationType("deals", "tickets", 27, 28),
    AssociationType("tickets", "companies", 339, 340),  # Our reading of the two ids, and of the primary ones below
    AssociationType("tickets", "companies", 26, 25, "Primary", brings=339),
    AssociationType("orders", "tickets", 525, 526),
    AssociationType("carts", "tickets", 594, 595),  # the way back: our reading
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
_WITH_PRIMARY = (279, 280, 339, 340, 341, 342)


def between(site: Site, source: str, target: str) -> tuple[AssociationType, ...]:
    """The types from one object type to another, the default first."""
    return tuple(row for row in _of(site) if (row.source, row.target) == (source, target))


def by_id(site: Site) -> Mapping[int, AssociationType]:
    """Every type by its number."""
    own = _own(site)
    return _standard_by_id() | {row.id: row for row in own} if own else _standard_by_id()


def faces(source: str, target: str) -> bool:
    """Whether links of this pair are kept in this direction: that of its row, else that of the alphabet."""
    if any((row.source, row.target) == (source, target) for row in ROWS):
        return True
    return source < target and not any((row.source, row.target) == (target, source) for row in ROWS)


def add(
    site: Site, source: str, target: str, word: str, label: str | None = None, inverse_label: str | None = None
) -> AssociationType:
    """A type of the portal's own. A labelled one brings the plain type of its pair: our reading."""
    id = site.next_id(ASSOCIATION_TYPES)
    one_way = source == target and inverse_label is None
    plain = between(site, source, target)
    document: Document = {
        "id": id,
        "source": source,
        "target": target,
        "inverse": id if one_way else site.next_id(ASSOCIATION_TYPES),
        "label": label,
        "inverse_label": inverse_label,
        "brings": plain[0].id if label and plain else None,
        "word": word,
        "createdAt": site.now(),
        "updatedAt": site.now(),
    }
    site.put(ASSOCIATION_TYPES, id, document)
    return by_id(site)[id]


def stored(site: Site, id: int) -> Document | None:
    """The row of a portal's own type, by either of its numbers."""
    found = site.find(ASSOCIATION_TYPES)
    return next((document for document in found if id in (document["id"], document["inverse"])), None)


def _of(site: Site) -> tuple[AssociationType, ...]:
    return _standard() + _own(site)


def _own(site: Site) -> tuple[AssociationType, ...]:
    rows = tuple(_from(document) for document in site.find(ASSOCIATION_TYPES))
    return _both_ways(rows, {row.id: row for row in (*ROWS, *rows)}) if rows else ()


def _from(document: Document) -> AssociationType:
    names = ("source", "target", "id", "inverse", "label", "brings", "inverse_label", "word")
    return AssociationType(**{name: document[name] for name in names}, category=USER_DEFINED)


def _both_ways(rows: Sequence[AssociationType], known: Mapping[int, AssociationType]) -> tuple[AssociationType, ...]:
    turned = [
        row.turned(_inverse_of(row.brings, known)) for row in rows if row.source != row.target or row.id != row.inverse
    ]
    return (*rows, *turned)


def _inverse_of(brings: int | None, known: Mapping[int, AssociationType]) -> int | None:
    """The way back of a type that is known from either side."""
    for row in known.values():
        if brings == row.id:
            return row.inverse
        if brings == row.inverse:
            return row.id
    return None


@cache
def _standard() -> tuple[AssociationType, ...]:
    return _both_ways(ROWS, {row.id: row for row in ROWS})


@cache
def _standard_by_id() -> dict[int, AssociationType]:
    return {row.id: row for row in _standard()}
