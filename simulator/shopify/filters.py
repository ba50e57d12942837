"""Which webhooks of its topic a subscription gets, and how much of each.

A filter is a text in the search syntax, held against the body as it would be sent: a field that the body has not, or
that `fields` leaves out, holds for nothing. Unlike in a search, case counts [WHF].
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from simulator.shopify import search
from simulator.shopify.search import All, Either, Node, Not, Term


def passes(text: str | None, body: Mapping[str, Any]) -> bool:
    """Whether a body is sent to a subscription with this filter."""
    return not text or _holds(_tree(text), body)


def names_fields(text: str) -> bool:
    """Whether every condition says which field it is about; else the filter is refused [DP]."""
    terms = list(search.terms(_tree(text)))
    return bool(terms) and all(term.field for term in terms)


def chosen(body: Mapping[str, Any], fields: Iterable[str]) -> Mapping[str, Any]:
    """The body with these fields alone, all of it where none is named; "variants.price" reaches into what is nested."""
    paths = [name.split(".") for name in fields]
    found: Mapping[str, Any] = _cut(body, paths) if paths else body
    return found


def _cut(value: Any, paths: list[list[str]]) -> Any:
    if isinstance(value, list):
        return [_cut(one, paths) for one in value]
    if not isinstance(value, Mapping):
        return value
    below: dict[str, list[list[str]]] = {}
    for name, *rest in paths:
        below.setdefault(name, []).append(rest)
    return {
        name: inner if [] in below[name] else _cut(inner, below[name]) for name, inner in value.items() if name in below
    }


# --- conditions ---


@lru_cache(maxsize=1_000)
def _tree(text: str) -> Node:
    return search.parse(text)


def _holds(node: Node, body: Mapping[str, Any]) -> bool:
    """Our reading: conditions about the items of a list hold each for itself, not all for the same item."""
    match node:
        case Term():
            return any(_fits(node, value) for value in _values(body, node.field.split(".")))
        case Not():
            return not _holds(node.node, body)
        case All():
            return all(_holds(one, body) for one in node.nodes)
        case Either():
            return any(_holds(one, body) for one in node.nodes)


def _values(value: Any, path: list[str]) -> Iterator[Any]:
    """What stands at the end of a path; of a list every item's. The reader of the syntax writes fields small."""
    if isinstance(value, list):
        for one in value:
            yield from _values(one, path)
    elif not path:
        yield value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            if name.lower() == path[0]:
                yield from _values(inner, path[1:])


def _fits(term: Term, value: Any) -> bool:
    if value is None or term.match == "exists":
        return value is not None
    if term.operator != "=":
        return _compared(term.operator, value, term.value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(value) == _number(term.value)
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if term.match == "prefix":
        return text.startswith(term.value)
    return term.value == text or term.value in text.split(", ")  # Our reading: one of several tags is enough


def _compared(operator: str, value: Any, bound: str) -> bool:
    """Numbers, also those that are written as text, and instants; anything else cannot be compared."""
    left, right = (_number(value), _number(bound))
    if left is None or right is None:
        left, right = _instant(value), _instant(bound)  # type: ignore[assignment]
    if left is None or right is None:
        return False
    return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[operator]


def _number(value: Any) -> Decimal | None:
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _instant(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
