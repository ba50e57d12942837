"""Whether a value fulfils a search filter: pure functions over text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fnmatch import fnmatchcase
from typing import Any

from simulator.hubspot import ask, errors, instants, links
from simulator.hubspot.definitions import Definition
from simulator.hubspot.objects import ObjectType, by_spelling
from simulator.hubspot.schema import Schema
from simulator.kernel.errors import NotSimulated
from simulator.kernel.simulation import Site

MOST_VALUES = 100  # of IN and NOT_IN [D24]
ASSOCIATED = "associations."
_WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter, its values checked.

    Args:
        linked_to: for the pseudo-property `associations.<type>`, that type.
    """

    definition: Definition
    operator: str
    values: tuple[str, ...]
    linked_to: ObjectType | None = None


def read(schema: Schema, sent: Mapping[str, Any]) -> Filter:
    """A filter from JSON."""
    name, operator = ask.required(sent, "propertyName", str), ask.required(sent, "operator", str)
    if operator not in _OPERATORS:
        raise errors.bad_request(f"{operator} is not one of the operators {', '.join(_OPERATORS)}")  # our sentence
    if name.startswith(ASSOCIATED):
        return _read_linked(sent, name, operator)
    definition = schema.definitions.get(name)
    if definition is None:
        raise errors.bad_request(f"Filter property {name} does not exist")  # our sentence
    row = Filter(definition, operator, _values(sent, operator))
    if operator in _COMPARING:
        for value in row.values:
            _comparable_or_raise(definition, value)
    return row


def fits(row: Filter, value: str) -> bool:
    return _OPERATORS[row.operator](row, value)


def linked(site: Site, object_type: ObjectType, id: str, row: Filter) -> bool:
    assert row.linked_to is not None
    return any(str(other) == row.values[0] for other, _ in links.linked(site, object_type, id, row.linked_to))


def query_fits(values: Sequence[str], words: Sequence[str]) -> bool:
    """Each word begins some word of the fields that are searched. Our reading; phones are compared as they stand."""
    if not words:
        return True
    text = " ".join(values).lower()
    tokens = [*_WORDS.findall(text), *text.split()]
    return all(any(token.startswith(word) for token in tokens) for word in words)


def comparable(definition: Definition, text: str) -> Any:
    """A value by the order of its type; text without regard to case [D24]."""
    if definition.type == "number":
        number = Decimal(text)
        if not number.is_finite():
            raise ValueError(f"{text} is no number")
        return number
    if definition.type in ("date", "datetime"):
        return instants.read(text)
    return text.lower()


def _read_linked(sent: Mapping[str, Any], name: str, operator: str) -> Filter:
    """`associations.contact` EQ id [D24]."""
    target = by_spelling().get(name.removeprefix(ASSOCIATED))
    if target is None or operator != "EQ":
        raise NotSimulated(f"the search filter {name} {operator}")
    nothing = Definition(name, name, "string", "text", "")
    return Filter(nothing, operator, _values(sent, operator), target)


def _values(sent: Mapping[str, Any], operator: str) -> tuple[str, ...]:
    if operator in ("HAS_PROPERTY", "NOT_HAS_PROPERTY"):
        return ()
    if operator in ("IN", "NOT_IN"):
        values = [_text(value) for value in ask.required(sent, "values", list)]
        if not 1 <= len(values) <= MOST_VALUES:
            raise errors.bad_request(f"{operator} takes 1 to {MOST_VALUES} values")  # our sentence
        return tuple(values)
    names = ("value", "highValue") if operator == "BETWEEN" else ("value",)
    for name in names:
        if sent.get(name) is None:
            raise errors.bad_request(f"Some required fields were not set: [{name}]")
    return tuple(_text(sent[name]) for name in names)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _comparable_or_raise(definition: Definition, value: str) -> None:
    try:
        comparable(definition, value)
    except (ValueError, InvalidOperation):
        message = f"{value} is no value of the {definition.type} property {definition.name}"  # our sentence
        raise errors.bad_request(message) from None


def _equal(row: Filter, value: str) -> bool:
    return bool(value) and comparable(row.definition, value) == comparable(row.definition, row.values[0])


def _ordered(test: Callable[[Any, Any], bool]) -> Callable[[Filter, str], bool]:
    def fulfilled(row: Filter, value: str) -> bool:
        return bool(value) and test(comparable(row.definition, value), comparable(row.definition, row.values[0]))

    return fulfilled


def _between(row: Filter, value: str) -> bool:
    low, high = (comparable(row.definition, bound) for bound in row.values)
    return bool(value) and bool(low <= comparable(row.definition, value) <= high)


def _in(row: Filter, value: str) -> bool:
    """Of text the stored value alone is lower-cased: values with capitals match nothing [D24]."""
    if not value:
        return False
    if row.definition.type == "string":
        return value.lower() in row.values
    return any(comparable(row.definition, value) == comparable(row.definition, wanted) for wanted in row.values)


def _contains(row: Filter, value: str) -> bool:
    """A token, or with `*` a pattern: "*@hubspot.com" [D24]."""
    text, wanted = value.lower(), row.values[0].lower()
    if "*" in wanted:
        pattern = wanted.replace("[", "[[]").replace("?", "[?]")
        return any(fnmatchcase(token, pattern) for token in (text, *text.split(), *_WORDS.findall(text)))
    words, sought = _WORDS.findall(text), _WORDS.findall(wanted)
    starts = range(len(words) - len(sought) + 1)
    return bool(sought) and any(words[at : at + len(sought)] == sought for at in starts)


# NEQ, NOT_IN and NOT_CONTAINS_TOKEN also match records without a value. Our reading.
_OPERATORS: Mapping[str, Callable[[Filter, str], bool]] = {
    "EQ": _equal,
    "NEQ": lambda row, value: not _equal(row, value),
    "LT": _ordered(lambda value, bound: value < bound),
    "LTE": _ordered(lambda value, bound: value <= bound),
    "GT": _ordered(lambda value, bound: value > bound),
    "GTE": _ordered(lambda value, bound: value >= bound),
    "BETWEEN": _between,
    "IN": _in,
    "NOT_IN": lambda row, value: not _in(row, value),
    "HAS_PROPERTY": lambda _, value: bool(value),
    "NOT_HAS_PROPERTY": lambda _, value: not value,
    "CONTAINS_TOKEN": _contains,
    "NOT_CONTAINS_TOKEN": lambda row, value: not _contains(row, value),
}
_COMPARING = ("EQ", "NEQ", "LT", "LTE", "GT", "GTE", "BETWEEN", "IN", "NOT_IN")
