"""Points in time as a list's filters name them: a date, "30 days before today", "the last 2 months".

Days, weeks and months are those of the portal's time zone unless the filter names another. Field names [S]; where a day
begins and what "last" leaves out is our reading.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from simulator.hubspot import ask, errors
from simulator.kernel.errors import NotSimulated

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WEEKDAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
_MONTHS = (
    *("JANUARY", "FEBRUARY", "MARCH", "APRIL", "MAY", "JUNE"),
    *("JULY", "AUGUST", "SEPTEMBER", "OCTOBER", "NOVEMBER", "DECEMBER"),
)
# What an offset may count: two hundred years of each unit, so that no sum of them leaves the calendar. Our bounds.
_FURTHEST = {"years": 200, "quarters": 800, "months": 2_400, "weeks": 10_000, "days": 73_000, "hours": 1_750_000}
_FURTHEST |= dict.fromkeys(("minutes", "seconds", "milliseconds"), 100_000_000)

Moment = Callable[[datetime], datetime]  # the portal's now -> a point in time


def local(now_ms: int, zone: ZoneInfo) -> datetime:
    return (_EPOCH + timedelta(milliseconds=now_ms)).astimezone(zone)


def millis(at: datetime) -> int:
    """Also of the calendar's first and last days, which are none in UTC."""
    since = at.replace(tzinfo=UTC) - _EPOCH - (at.utcoffset() or timedelta())
    return since // timedelta(milliseconds=1)


def point(sent: Mapping[str, Any]) -> Moment:
    """A time point of a TIME_POINT or TIME_RANGED operation, to be asked for with the present time."""
    kind = ask.required(sent, "timeType", str)
    zone = _zone(sent)
    if kind == "DATE":
        parts = {name: ask.required(sent, name, int) for name in ("year", "month", "day")} | _clock(sent)
        at = _built(parts)
        return lambda now: at.replace(tzinfo=zone or now.tzinfo)
    if kind == "INDEXED":
        reference, offset = ask.required(sent, "indexReference", dict), _offset(ask.optional(sent, "offset", dict))
        begin = _REFERENCES.get(ask.required(reference, "referenceType", str))
        if begin is None:
            raise NotSimulated(f"the time reference {reference['referenceType']}")
        clock = _clock(reference)
        return lambda now: offset(begin(now.astimezone(zone) if zone else now, reference).replace(**clock))
    raise NotSimulated(f"time points of the type {kind}")


def date(sent: Mapping[str, Any]) -> Moment:
    """The day of a DATE operation, whose month is a word."""
    month = ask.required(sent, "month", str)
    if month not in _MONTHS:
        raise errors.bad_request(f"month is one of {', '.join(_MONTHS)}, not {month}")  # our sentence
    parts = {"year": ask.required(sent, "year", int), "day": ask.required(sent, "day", int)}
    at = _built(parts | {"month": _MONTHS.index(month) + 1})
    return lambda now: at.replace(tzinfo=now.tzinfo)


def calendar(sent: Mapping[str, Any]) -> Callable[[datetime], tuple[datetime, datetime]]:
    """The span of a CALENDAR_DATE operation: its first instant, and the first one behind it."""
    operator, unit = ask.required(sent, "operator", str), ask.required(sent, "timeUnit", str)
    if unit not in _REFERENCES or unit not in _STEPS:
        raise errors.bad_request(f"timeUnit is one of {', '.join(_STEPS)}, not {unit}")  # our sentence
    if operator not in _SPANS:
        raise NotSimulated(f"the list operator CALENDAR_DATE {operator}")
    if ask.optional(sent, "useFiscalYear", bool) and sent.get("fiscalYearStart", "JANUARY") != "JANUARY":
        raise NotSimulated("fiscal years that do not begin in January")
    count = ask.whole(sent.get("timeUnitCount") or 1, "timeUnitCount", 1, _FURTHEST[f"{unit.lower()}s"])
    first, behind = _SPANS[operator](count)

    def span(now: datetime) -> tuple[datetime, datetime]:
        current = _REFERENCES[unit](now, {})
        end = now + timedelta(milliseconds=1) if behind is None else _moved(current, unit, behind)
        return _moved(current, unit, first), end

    return span


def _built(parts: Mapping[str, int]) -> datetime:
    try:
        return datetime(**parts)  # noqa: DTZ001  the zone is the portal's, known only when the filter is asked
    except (ValueError, OverflowError, TypeError) as error:
        raise errors.bad_request(f"there is no such date: {error}") from None


def _zone(sent: Mapping[str, Any]) -> ZoneInfo | None:
    name = ask.optional(sent, "zoneId", str)
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        raise errors.bad_request(f"{name[:60]} is not a time zone") from None


def _clock(sent: Mapping[str, Any]) -> dict[str, int]:
    """The time of day that a point names."""
    highest = {"hour": 23, "minute": 59, "second": 59}
    found = {name: ask.whole(sent[name], name, 0, most) for name, most in highest.items() if sent.get(name) is not None}
    if sent.get("millisecond") is not None:
        found["microsecond"] = ask.whole(sent["millisecond"], "millisecond", 0, 999) * 1000
    return found


def _offset(sent: Mapping[str, Any]) -> Moment:
    """Years and months first, then what has a fixed length."""
    counts = {unit: ask.optional(sent, unit, int) for unit in _FURTHEST}
    for unit, most in _FURTHEST.items():
        if abs(counts[unit]) > most:
            raise errors.bad_request(f"an offset goes up to {most} {unit}, not {counts[unit]}")  # our sentence
    months = 12 * counts["years"] + 3 * counts["quarters"] + counts["months"]
    days = timedelta(weeks=counts["weeks"], days=counts["days"])
    rest = timedelta(**{unit: counts[unit] for unit in ("hours", "minutes", "seconds", "milliseconds")})

    def moved(at: datetime) -> datetime:
        wall = _by_months(at, months) + days  # the same time of day, also across a change of the clocks
        return (wall.astimezone(UTC) + rest).astimezone(at.tzinfo)

    return moved


def _by_months(at: datetime, months: int) -> datetime:
    """The same day of another month, or its last one."""
    year, month = divmod(at.year * 12 + at.month - 1 + months, 12)
    first = at.replace(year=year, month=month + 1, day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    return first.replace(day=min(at.day, (following - timedelta(days=1)).day))


def _moved(at: datetime, unit: str, count: int) -> datetime:
    days, months = _STEPS[unit]
    return _by_months(at, months * count) + timedelta(days=days * count)


def _midnight(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def _week(at: datetime, reference: Mapping[str, Any]) -> datetime:
    day = reference.get("dayOfWeek") or "MONDAY"
    if day not in _WEEKDAYS:
        raise errors.bad_request(f"dayOfWeek is one of {', '.join(_WEEKDAYS)}, not {day}")  # our sentence
    return _midnight(at) + timedelta(days=_WEEKDAYS.index(day) - at.weekday())


def _month(at: datetime, reference: Mapping[str, Any]) -> datetime:
    day = ask.whole(reference.get("day") or 1, "day", 1, 28)
    return _midnight(at).replace(day=day)


def _quarter(at: datetime, reference: Mapping[str, Any]) -> datetime:
    return _month(at.replace(day=1, month=at.month - (at.month - 1) % 3), reference)


def _year(at: datetime, reference: Mapping[str, Any]) -> datetime:
    month = ask.whole(reference.get("month") or 1, "month", 1, 12)
    return _month(at.replace(day=1, month=month), reference)


# Where a reference stands in time: the instant itself, or the first one of the day, week, month, quarter, year.
_REFERENCES: Mapping[str, Callable[[datetime, Mapping[str, Any]], datetime]] = {
    "NOW": lambda at, _: at,
    "TODAY": lambda at, _: _midnight(at),
    "DAY": lambda at, _: _midnight(at),
    "WEEK": _week,
    "MONTH": _month,
    "QUARTER": _quarter,
    "YEAR": _year,
}
_STEPS: Mapping[str, tuple[int, int]] = {  # unit -> days, months
    "DAY": (1, 0),
    "WEEK": (7, 0),
    "MONTH": (0, 1),
    "QUARTER": (0, 3),
    "YEAR": (0, 12),
}
# Operator -> where the span of n units begins and ends, counted from the unit that runs; None ends it now.
_SPANS: Mapping[str, Callable[[int], tuple[int, int | None]]] = {
    "IN_LAST_TIME_UNIT": lambda n: (-n, 0),
    "IN_LAST_TIME_UNIT_SO_FAR": lambda n: (-n, None),
    "IN_THIS_TIME_UNIT": lambda _: (0, 1),
    "IN_THIS_TIME_UNIT_SO_FAR": lambda _: (0, None),
    "IN_NEXT_TIME_UNIT": lambda n: (1, n + 1),
}
