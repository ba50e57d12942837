"""Whether a property takes a value, and the text in which HubSpot keeps it. All values are text [REC]."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from simulator.hubspot import instants
from simulator.hubspot.definitions import Definition
from simulator.kernel.errors import Malformed, Problem

LONGEST_TEXT = 65_536  # documented for note bodies [X citing D]; the same for all text is our reading
MOST_DIGITS = 30  # before or behind the point; far more than money needs, and sums stay exact. Our reading
DAY_MS = 86_400_000
_EMAIL = re.compile(r"[^\s@,;<>()]+@[^\s@,;<>()]+\.[^\s@,;<>().]{2,}")


def text_of(name: str, value: Any) -> str | None:
    """A JSON value as text; None for null, which counts as not sent. Our reading."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    raise Malformed(f"Cannot deserialize value of type `java.lang.String` from the value of property {name}")


def check(definition: Definition, text: str) -> str | Problem:
    """The text to keep, or what is wrong with it. Empty text clears a property."""
    if text == "":
        return ""
    return _CHECKS[definition.type](definition, text)


def does_not_exist(name: str) -> Problem:
    return Problem(name, f'Property "{name}" does not exist', "PROPERTY_DOESNT_EXIST")


def read_only(definition: Definition) -> Problem:
    """The sentence for a value that is read-only without being calculated is our reading."""
    kind = "calculated" if definition.calculated else "read only"
    message = f'"{definition.name}" is a {kind} property; its value cannot be set.'
    return Problem(definition.name, message, "READ_ONLY_VALUE")


def not_an_option(definition: Definition, value: str) -> Problem:
    allowed = ", ".join(f'label: "{option.label}"\nvalue: "{option.value}"\n' for option in definition.options)
    message = f"{value} was not one of the allowed options: [{allowed}]"
    return Problem(definition.name, message, "INVALID_OPTION")


def email(definition: Definition, text: str) -> str | Problem:
    """Addresses are kept in lower case [GK]."""
    address = text.strip().lower()
    if not _EMAIL.fullmatch(address) or len(address) > 254:
        return Problem(definition.name, f"Email address {text} is invalid", "INVALID_EMAIL")
    return address


def _text(definition: Definition, text: str) -> str | Problem:
    if len(text) > LONGEST_TEXT:
        message = f"{definition.name} is {len(text)} characters long; the limit is {LONGEST_TEXT}."
        return Problem(definition.name, message, "INVALID_STRING_LENGTH")
    return text


def _number(definition: Definition, text: str) -> str | Problem:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number.adjusted()) > MOST_DIGITS:
        return _no_number(definition, text)
    return text.strip()


def _no_number(definition: Definition, text: str) -> Problem:
    """The recorded answer was about an app's own property [REC], the documented one about HubSpot's discount [D];
    that this is what tells them apart is our reading."""
    if definition.hubspot_defined:
        return Problem(definition.name, f"{definition.name} was not a valid number", "INVALID_INTEGER")
    return Problem(definition.name, f"{text} was not a valid long.", "INVALID_LONG")


def _bool(definition: Definition, text: str) -> str | Problem:
    return text.lower() if text.lower() in ("true", "false") else not_an_option(definition, text)


def _enumeration(definition: Definition, text: str) -> str | Problem:
    """Several options of a checkbox are joined by ";"."""
    if definition.unchecked:
        return _text(definition, text)
    allowed = {option.value for option in definition.options}
    chosen = text.split(";") if definition.field_type == "checkbox" else [text]
    wrong = [word for word in chosen if word not in allowed]
    return not_an_option(definition, wrong[0]) if wrong else text


def _datetime(definition: Definition, text: str) -> str | Problem:
    at_ms = _instant(text)
    return _no_date(definition, text) if at_ms is None else instants.iso(at_ms)


def _date(definition: Definition, text: str) -> str | Problem:
    """A date is midnight in UTC [X][GK]."""
    at_ms = _instant(text)
    if at_ms is None or at_ms % DAY_MS:
        return _no_date(definition, text)
    return instants.iso(at_ms)[:10]


def _instant(text: str) -> int | None:
    try:
        return instants.read(text.strip())
    except (ValueError, OverflowError):
        return None


def _no_date(definition: Definition, text: str) -> Problem:
    return Problem(definition.name, f"{text} was not a valid date.", "INVALID_DATE")


_CHECKS: Mapping[str, Callable[[Definition, str], str | Problem]] = {
    "string": _text,
    "phone_number": _text,
    "number": _number,
    "bool": _bool,
    "enumeration": _enumeration,
    "datetime": _datetime,
    "date": _date,
}
