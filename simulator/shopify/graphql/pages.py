"""Connections: a page of a list, its cursors, and what Shopify says to a client that asks for an impossible one.

A cursor is base64 JSON of the last record's id and of the value that the list is sorted by [DP].
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from simulator.shopify.graphql.things import GraphQLRefusal, Thing

LARGEST_PAGE = 250  # [DP]

Place = tuple[Any, int]  # what the list is sorted by, and the id


@dataclass(frozen=True, slots=True)
class Asked:
    """Which page is asked for. `backwards` counts from the end, as `last` does."""

    size: int
    backwards: bool
    after: Place | None
    before: Place | None


@dataclass(frozen=True, slots=True)
class Page:
    """Things in their order, each with its place."""

    things: Sequence[Thing]
    places: Sequence[Place]
    has_next: bool
    has_previous: bool

    def cursors(self) -> list[str]:
        return [cursor(place) for place in self.places]


def read(args: Mapping[str, Any]) -> Asked:
    first, last = args.get("first"), args.get("last")
    if first is None and last is None:
        raise GraphQLRefusal("you must provide one of first or last", "BAD_REQUEST")  # [DP]
    if first is not None and last is not None:
        raise GraphQLRefusal("providing both first and last is not supported", "BAD_REQUEST")  # [DP]
    size = first if first is not None else last
    if not 0 <= size <= LARGEST_PAGE:
        # Our reading of the text: the maximum is documented, its sentence is not.
        name = "first" if first is not None else "last"
        raise GraphQLRefusal(f"{name} must be between 0 and {LARGEST_PAGE}", "BAD_REQUEST")
    return Asked(size, first is None, _place(args.get("after")), _place(args.get("before")))


def cursor(place: Place) -> str:
    value, id = place
    return base64.b64encode(orjson.dumps({"last_id": id, "last_value": value})).decode()


def listed(args: Mapping[str, Any], things: Sequence[Thing], place: Callable[[Thing], Place] | None = None) -> Page:
    """A page of a list that is in hand, such as the lines of an order."""
    asked = read(args)
    place = place or _by_id
    ordered = list(things)[::-1] if args.get("reverse") else list(things)
    places = [place(one) for one in ordered]
    begin = _index(places, asked.after) + 1 if asked.after else 0
    end = _index(places, asked.before) if asked.before else len(places)
    low, high = (max(begin, end - asked.size), end) if asked.backwards else (begin, min(end, begin + asked.size))
    high = max(low, high)
    return Page(ordered[low:high], places[low:high], high < len(ordered), low > 0)


def _by_id(it: Thing) -> Place:
    return str(it.id), it.id


def _index(places: Sequence[Place], wanted: Place) -> int:
    """Where a cursor points; one whose record has gone points behind the end."""
    return next((index for index, place in enumerate(places) if place[1] == wanted[1]), len(places))


def _place(sent: str | None) -> Place | None:
    if sent is None:
        return None
    try:
        found = orjson.loads(base64.b64decode(sent, validate=True))
        place = found["last_value"], found["last_id"]
    except (binascii.Error, ValueError, TypeError, KeyError):
        raise GraphQLRefusal("Malformed cursor", "BAD_REQUEST") from None  # [DP]
    value, id = place
    good_id = isinstance(id, int) and not isinstance(id, bool) and abs(id) < 2**63
    if not good_id or not (isinstance(value, str) or (isinstance(value, int) and abs(value) < 2**63)):
        raise GraphQLRefusal("Malformed cursor", "BAD_REQUEST")
    return place


def _edges(page: Page) -> list[dict[str, Any]]:
    return [{"cursor": one, "node": it} for one, it in zip(page.cursors(), page.things, strict=True)]


def _info(page: Page) -> dict[str, Any]:
    cursors = page.cursors()
    return {
        "has_next_page": page.has_next,
        "has_previous_page": page.has_previous,
        "start_cursor": cursors[0] if cursors else None,
        "end_cursor": cursors[-1] if cursors else None,
    }


CONNECTION = {"edges": _edges, "nodes": lambda page: page.things, "pageInfo": _info}
EDGE = {"cursor": lambda edge: edge["cursor"], "node": lambda edge: edge["node"]}
