"""A document under a mapping table -> the properties that HubSpot should hold.

A blank is a value: "". A field that the document does not have at all is not given, and not a blank (A10): it is left
out, so that HubSpot keeps what it has when an API stops giving a field.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from sync_core.mappings import TABLES, Field, Table
from sync_core.pure.convert import MOST_CHARACTERS, convert
from sync_core.pure.model import Integration, Source


class _NotGiven:
    """The value of a path whose field the document lacks."""


NOT_GIVEN = _NotGiven()


def image(
    table: Table, document: Mapping[str, Any], facts: Mapping[str, Any]
) -> tuple[dict[str, str], tuple[str, ...]]:
    """The properties, and warnings in words for whoever looks at the record.

    Args:
        facts: what "@" paths name: shop, key, pipeline, stage ...
    """
    properties: dict[str, str] = {}
    warnings: list[str] = []
    for row in table.fields:
        values = [_reader(path)(document, facts) for path in row.sources]
        given = tuple([None if value is NOT_GIVEN else value for value in values])
        if values.count(NOT_GIVEN) == len(values):
            continue
        try:
            properties[row.target] = _cut(row, convert(row.convert, given), warnings)
        except ValueError as error:
            warnings.append(f"{row.target} is left as it is: {error}")
    return properties, tuple(warnings)


def not_given(integration: Integration, source: Source) -> tuple[str, ...]:
    """The fields of its table that a record lacks: an API has stopped giving them (scenario 60).

    A checkout shares its table with the order that it may become, and gives but a part of it.
    """
    if source.document is None or source.kind == "checkout":
        return ()
    return tuple(name for name in _own_names(TABLES[integration][source.kind]) if name not in source.document)


CHECKOUT_ONLY = {"abandoned_checkout_url"}  # A-ORDER 1 is never an order's own field


@cache
def _own_names(table: Table) -> tuple[str, ...]:
    """The fields of the document itself that a table reads."""
    paths = (path for row in table.fields for path in row.sources)
    return tuple(path for path in paths if path.isidentifier() and path not in CHECKOUT_ONLY)


def _cut(row: Field, text: str, warnings: list[str]) -> str:
    if len(text) <= MOST_CHARACTERS:
        return text
    warnings.append(f"{row.target} is cut from {len(text)} to {MOST_CHARACTERS} characters")
    return text[:MOST_CHARACTERS]


# --- paths ---


@cache
def _reader(path: str) -> Callable[[Mapping[str, Any], Mapping[str, Any]], Any]:
    """What gives the value of a path in a document and its facts; each path of the tables is read once."""
    if path.isidentifier():
        return lambda document, _: document.get(path, NOT_GIVEN)
    name, steps = path[1:], path.split(".")
    if path.startswith("="):
        return lambda *_: name
    if path.startswith("@"):
        return lambda _, facts: facts.get(name, NOT_GIVEN)
    return lambda document, _: _walk(document, steps)


def _walk(value: Any, steps: Sequence[str]) -> Any:
    """What lies at the end of the steps; None where the way ends early."""
    if not steps or value is None:
        return value
    if steps[0] == "*":
        return [_walk(each, steps[1:]) for each in _in_order(value)]
    if steps[0] == "first":
        return _walk(next(iter(_in_order(value)), None), steps[1:])
    return _walk(value.get(steps[0]) if isinstance(value, dict) else None, steps[1:])


def _in_order(value: Any) -> list[Any]:
    """By Shopify's own position where there is one (variants, images), else as they come."""
    items = list(value) if isinstance(value, list | tuple) else []
    return sorted(items, key=lambda item: (item.get("position") or 0) if isinstance(item, dict) else 0)
