"""What a list's filter says of one property: an operation type, an operator, and what it compares with.

Every row of the table reads the operation once and gives a test of a value. Operators that look back ("has ever been")
are the same tests over all versions of the value; types and operators [S], their exact meaning is our reading.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from simulator.hubspot import ask, errors, instants, list_times, records
from simulator.kernel.clock import DAY
from simulator.kernel.errors import NotSimulated
from simulator.kernel.resource import Document

Test = Callable[[str, datetime], bool]  # a value that is set, the portal's now -> whether it fits

MOST_VALUES = 1_000
_WITH_HISTORY = ("STRING", "MULTISTRING", "NUMBER", "BOOL", "ENUMERATION")  # types whose operators look back too [S]
_EVER, _NEVER = "HAS_EVER_", "HAS_NEVER_"
# What an operator that looks back asks of each version of the value.
_LOOKING_BACK = {
    "BEEN_EQUAL_TO": "IS_EQUAL_TO",
    "CONTAINED": "CONTAINS",
    "BEEN_ANY_OF": "IS_ANY_OF",
    "BEEN_EXACTLY": "IS_EXACTLY",
    "CONTAINED_ALL": "CONTAINS_ALL",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """A property of one record as the operations see it; `value` is "" where unset."""

    name: str
    value: str
    document: Document
    now: datetime

    @property
    def versions(self) -> list[tuple[str, int]]:
        """Every value that it ever had and since when, the newest first."""
        return [(value, at_ms) for value, at_ms, _ in records.versions(self.document, self.name)]


Fits = Callable[[Seen, Callable[[str], str]], bool]  # the property, and how to look at another one of the record


def read(sent: Mapping[str, Any]) -> Fits:
    """An operation from JSON."""
    kind, operator = ask.required(sent, "operationType", str), ask.required(sent, "operator", str)
    if kind not in _TYPES and kind not in _WHOLE:
        raise NotSimulated(f"list filters of the operation type {kind}")
    blank = ask.optional(sent, "includeObjectsWithNoValueSet", bool)
    if operator not in operators()[kind]:
        raise NotSimulated(f"the list operator {kind} {operator}")
    if kind in _WHOLE:
        return _WHOLE[kind][0](sent, operator, blank)
    for beginning in (_EVER, _NEVER):
        if operator.startswith(beginning):
            return _looking_back(sent, kind, operator, beginning)
    test = _test(sent, kind, operator)
    return lambda seen, _: test(seen.value, seen.now) if seen.value else blank


@cache
def operators() -> Mapping[str, tuple[str, ...]]:
    """The operators of every operation type, those that look back too."""
    found = {kind: names for kind, (_, names) in _WHOLE.items()}
    for kind, (_, rules) in _TYPES.items():
        back = [word for word, now in _LOOKING_BACK.items() if now in rules and kind in _WITH_HISTORY]
        found[kind] = (*rules, *(f"{beginning}{word}" for beginning in (_EVER, _NEVER) for word in back))
    return found


def _looking_back(sent: Mapping[str, Any], kind: str, operator: str, beginning: str) -> Fits:
    test, wanted = _test(sent, kind, _LOOKING_BACK[operator.removeprefix(beginning)]), beginning == _EVER

    def fits(seen: Seen, _: Any) -> bool:
        return any(value and test(value, seen.now) for value, _ in seen.versions) == wanted

    return fits


def _test(sent: Mapping[str, Any], kind: str, operator: str) -> Test:
    make, rules = _TYPES[kind]
    return make(sent, rules[operator])


# --- texts, numbers, options ---


def _text(sent: Mapping[str, Any], compare: Callable[[str, str], bool]) -> Test:
    """Without regard to case, as search."""
    wanted = ask.required(sent, "value", str).lower()
    return lambda value, _: compare(value.lower(), wanted)


def _texts(sent: Mapping[str, Any], rule: tuple[Callable[[Any], bool], Callable[[str, str], bool]]) -> Test:
    together, compare = rule
    wanted = [word.lower() for word in _values(sent)]
    return lambda value, _: together(compare(value.lower(), word) for word in wanted)


def _number(sent: Mapping[str, Any], compare: Callable[[Decimal, Decimal], bool]) -> Test:
    bound = _decimal(sent, "value")
    return lambda value, _: (number := _as_number(value)) is not None and compare(number, bound)


def _numbers(sent: Mapping[str, Any], inside: bool) -> Test:
    low, high = _decimal(sent, "lowerBound"), _decimal(sent, "upperBound")
    return lambda value, _: (number := _as_number(value)) is not None and (low <= number <= high) == inside


def _truth(sent: Mapping[str, Any], same: bool) -> Test:
    wanted = str(ask.required(sent, "value", bool)).lower()
    return lambda value, _: (value.lower() == wanted) == same


def _options(sent: Mapping[str, Any], compare: Callable[[set[str], set[str]], bool]) -> Test:
    wanted = set(_values(sent))
    return lambda value, _: compare(set(value.split(";")), wanted)


def _values(sent: Mapping[str, Any]) -> list[str]:
    values = ask.words(sent, "values")
    if not 1 <= len(values) <= MOST_VALUES:
        raise errors.bad_request(f"values takes 1 to {MOST_VALUES} texts")  # our sentence
    return values


def _decimal(sent: Mapping[str, Any], name: str) -> Decimal:
    value = sent.get(name)
    number = _as_number(str(value)) if isinstance(value, int | float | str) and not isinstance(value, bool) else None
    if number is None:
        raise errors.bad_request(f"Some required fields were not set: [{name}]")
    return number


def _as_number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


# --- times ---


def _at(value: str) -> int | None:
    try:
        return instants.read(value)
    except ValueError:
        return None


def _point(sent: Mapping[str, Any], after: bool) -> Test:
    """The point itself belongs to neither side unless `endpointBehavior` is INCLUSIVE."""
    point = list_times.point(ask.required(sent, "timePoint", dict))
    return _beyond(point, after, sent.get("endpointBehavior") == "INCLUSIVE")


def _beyond(point: list_times.Moment, after: bool, inclusive: bool) -> Test:
    def test(value: str, now: datetime) -> bool:
        at_ms, bound_ms = _at(value), list_times.millis(point(now))
        if at_ms is None:
            return False
        return (inclusive and at_ms == bound_ms) or (at_ms > bound_ms if after else at_ms < bound_ms)

    return test


def _span(sent: Mapping[str, Any], inside: bool) -> Test:
    """Both ends belong to it unless they are EXCLUSIVE."""
    bounds = [
        _beyond(
            list_times.point(ask.required(sent, f"{end}BoundTimePoint", dict)),
            end == "lower",
            sent.get(f"{end}BoundEndpointBehavior") != "EXCLUSIVE",
        )
        for end in ("lower", "upper")
    ]
    return lambda value, now: all(test(value, now) for test in bounds) == inside


def _instants(sent: Mapping[str, Any], inside: bool) -> Test:
    low, high = ask.required(sent, "lowerBound", int), ask.required(sent, "upperBound", int)
    return lambda value, _: (at_ms := _at(value)) is not None and (low <= at_ms <= high) == inside


def _instant(sent: Mapping[str, Any], compare: Callable[[int, int], bool]) -> Test:
    bound_ms = ask.required(sent, "timestamp", int)
    return lambda value, _: (at_ms := _at(value)) is not None and compare(at_ms, bound_ms)


def _day(sent: Mapping[str, Any], compare: Callable[[str, str], bool]) -> Test:
    """By the calendar of the portal; a date has no time of day, and is no other day elsewhere."""
    wanted = list_times.date(sent)

    def test(value: str, now: datetime) -> bool:
        at_ms = _at(value)
        if at_ms is None:
            return False
        day = value if len(value) == len("2026-05-28") else list_times.local(at_ms, now.tzinfo).date().isoformat()  # type: ignore[arg-type]
        return compare(day, wanted(now).date().isoformat())

    return test


def _rolling(sent: Mapping[str, Any], rule: tuple[int, bool]) -> Test:
    """Whole days of 24 hours from now; "less than 30 days ago" is neither earlier nor still to come."""
    way, near = rule
    reach_ms = ask.whole(sent.get("numberOfDays"), "numberOfDays", 0, 100_000) * DAY

    def test(value: str, now: datetime) -> bool:
        at_ms = _at(value)
        if at_ms is None:
            return False
        distance_ms = (at_ms - list_times.millis(now)) * way
        return 0 <= distance_ms < reach_ms if near else distance_ms > reach_ms

    return test


def _calendar(sent: Mapping[str, Any], _: Any) -> Test:
    span = list_times.calendar(sent)

    def test(value: str, now: datetime) -> bool:
        at_ms, (begins, ends) = _at(value), span(now)
        return at_ms is not None and list_times.millis(begins) <= at_ms < list_times.millis(ends)

    return test


# --- operations that look at more than a value that is set ---


def _known(_: Mapping[str, Any], operator: str, __: bool) -> Fits:
    return lambda seen, _: bool(seen.value) == (operator == "IS_KNOWN")


def _updated(sent: Mapping[str, Any], operator: str, __: bool) -> Fits:
    reach_ms = ask.whole(sent.get("numberOfDays"), "numberOfDays", 0, 100_000) * DAY
    wanted = operator == "UPDATED_IN_LAST_X_DAYS"

    def fits(seen: Seen, _: Any) -> bool:
        versions, now_ms = seen.versions, list_times.millis(seen.now)
        return (bool(versions) and now_ms - versions[0][1] < reach_ms) == wanted

    return fits


def _comparative(sent: Mapping[str, Any], operator: str, blank: bool) -> Fits:
    name, after = ask.required(sent, "comparisonPropertyName", str), operator == "IS_AFTER"

    def fits(seen: Seen, other: Callable[[str], str]) -> bool:
        one_ms, other_ms = _at(seen.value), _at(other(name))
        if one_ms is None or other_ms is None:
            return blank
        return one_ms > other_ms if after else one_ms < other_ms

    return fits


# Operation types that look at more than a value that is set: how they are read, and their operators.
_WHOLE: Mapping[str, tuple[Callable[[Mapping[str, Any], str, bool], Fits], tuple[str, ...]]] = {
    "ALL_PROPERTY": (_known, ("IS_KNOWN", "IS_UNKNOWN")),
    "ROLLING_PROPERTY_UPDATED": (_updated, ("UPDATED_IN_LAST_X_DAYS", "NOT_UPDATED_IN_LAST_X_DAYS")),
    "COMPARATIVE_DATE": (_comparative, ("IS_BEFORE", "IS_AFTER")),
}
_TEXTUAL: Mapping[str, Callable[[str, str], bool]] = {
    "IS_EQUAL_TO": lambda value, wanted: value == wanted,
    "IS_NOT_EQUAL_TO": lambda value, wanted: value != wanted,
    "CONTAINS": lambda value, wanted: wanted in value,
    "DOES_NOT_CONTAIN": lambda value, wanted: wanted not in value,
    "STARTS_WITH": lambda value, wanted: value.startswith(wanted),
    "ENDS_WITH": lambda value, wanted: value.endswith(wanted),
}
_ORDERED: Mapping[str, Callable[[Any, Any], bool]] = {
    "IS_EQUAL_TO": lambda value, bound: value == bound,
    "IS_NOT_EQUAL_TO": lambda value, bound: value != bound,
    "IS_GREATER_THAN": lambda value, bound: value > bound,
    "IS_GREATER_THAN_OR_EQUAL_TO": lambda value, bound: value >= bound,
    "IS_LESS_THAN": lambda value, bound: value < bound,
    "IS_LESS_THAN_OR_EQUAL_TO": lambda value, bound: value <= bound,
}
_IN_TIME: Mapping[str, Callable[[Any, Any], bool]] = {
    "IS_EQUAL_TO": lambda value, bound: value == bound,
    "IS_BEFORE": lambda value, bound: value < bound,
    "IS_AFTER": lambda value, bound: value > bound,
}
_BETWEEN = {"IS_BETWEEN": True, "IS_NOT_BETWEEN": False}
_SIDES = {"IS_BEFORE": False, "IS_AFTER": True}

# THE TABLE: operation type -> how it is read, and what each of its operators hands to that.
_TYPES: Mapping[str, tuple[Callable[[Mapping[str, Any], Any], Test], Mapping[str, Any]]] = {
    "STRING": (_text, _TEXTUAL),
    "MULTISTRING": (
        _texts,
        {name: (all if "NOT" in name else any, compare) for name, compare in _TEXTUAL.items()},
    ),
    "NUMBER": (_number, _ORDERED),
    "NUMBER_RANGED": (_numbers, _BETWEEN),
    "BOOL": (_truth, {"IS_EQUAL_TO": True, "IS_NOT_EQUAL_TO": False}),
    "ENUMERATION": (
        _options,
        {
            "IS_ANY_OF": lambda held, wanted: bool(held & wanted),
            "IS_NONE_OF": lambda held, wanted: not held & wanted,
            "IS_EXACTLY": lambda held, wanted: held == wanted,
            "IS_NOT_EXACTLY": lambda held, wanted: held != wanted,
            "CONTAINS_ALL": lambda held, wanted: held >= wanted,
            "DOES_NOT_CONTAIN_ALL": lambda held, wanted: not held >= wanted,
        },
    ),
    "TIME_POINT": (_point, _SIDES),
    "TIME_RANGED": (_span, _BETWEEN),
    "RANGED_DATE": (_instants, _BETWEEN),
    "DATETIME": (_instant, _IN_TIME),
    "DATE": (_day, _IN_TIME),
    "ROLLING_DATE_RANGE": (
        _rolling,
        {
            "IS_LESS_THAN_X_DAYS_AGO": (-1, True),
            "IS_MORE_THAN_X_DAYS_AGO": (-1, False),
            "IS_LESS_THAN_X_DAYS_FROM_NOW": (1, True),
            "IS_MORE_THAN_X_DAYS_FROM_NOW": (1, False),
        },
    ),
    "CALENDAR_DATE": (
        _calendar,
        dict.fromkeys(
            (
                "IN_LAST_TIME_UNIT",
                "IN_LAST_TIME_UNIT_SO_FAR",
                "IN_THIS_TIME_UNIT",
                "IN_THIS_TIME_UNIT_SO_FAR",
                "IN_NEXT_TIME_UNIT",
            )
        ),
    ),
}
