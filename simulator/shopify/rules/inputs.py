"""Reading what a client sends: a table of fields in, checked values or every reason why not out.

Like Shopify, the rules pass over fields that they do not know; a field that Shopify knows and the fake does not is
refused by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from simulator.kernel.errors import Invalid, Malformed, NotSimulated, Problem
from simulator.shopify import money

LONGEST_TEXT = 255  # "is too long (maximum is 255 characters)" [DP]
LONGEST_NOTE = 5000  # [DP]
MOST_TAGS = 250  # [DP]
LONGEST_HTML = 512 * 1024  # characters of a product's description; Our reading, no limit is published
LARGEST_COUNT = 10**9

# How Ruby calls what JSON can hold, for "expected String to be a Hash". Our reading: seen in public reports.
RUBY = {dict: "Hash", list: "Array", str: "String", int: "Integer", float: "Float", bool: "TrueClass"}


@dataclass(frozen=True, slots=True)
class Field:
    """One writable field.

    Args:
        read: turns JSON into the stored value; a ValueError is the reason why it is refused.
        default: what a new record has where nothing was sent.
        of_money: `read` must know the currency besides.
    """

    name: str
    read: Callable[..., Any]
    default: Any = None
    of_money: bool = False


def price(name: str) -> Field:
    """An amount of money from 0 on."""
    return Field(name, amount, of_money=True)


def read(wanted: Mapping[str, Any], fields: Iterable[Field], where: str = "", currency: str = "") -> dict[str, Any]:
    """The fields that were sent, checked.

    Args:
        where: leads the names of the fields in the reasons.
        currency: of the fields of money; none may be read without.
    """
    found: dict[str, Any] = {}
    problems = []
    for one in fields:
        if one.name not in wanted:
            continue
        try:
            sent = wanted[one.name]
            found[one.name] = one.read(sent, currency) if one.of_money else one.read(sent)
        except ValueError as error:
            problems.append(Problem(where + one.name, str(error)))
    refuse(problems)
    return found


def defaults(fields: Iterable[Field]) -> dict[str, Any]:
    return {one.name: one.default for one in fields}


def refuse(problems: Iterable[Problem]) -> None:
    """Raise Invalid if there is any reason to."""
    reasons = tuple(problems)
    if reasons:
        raise Invalid(reasons)


def not_simulated(wanted: Mapping[str, Any], names: Iterable[str], what: str) -> None:
    """Refuse by name what Shopify would do something with and the fake would not."""
    for name in names:
        if wanted.get(name):
            raise NotSimulated(f"{what} with {name}")


def mapping(value: Any, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Malformed(f"expected {_ruby(value)} to be a Hash", name)
    return value


def mappings(value: Any, name: str) -> list[dict[str, Any]]:
    """A list of objects; null is an empty one."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise Malformed(f"expected {_ruby(value)} to be a Array", name)
    return [mapping(item, name) for item in value]


def by_id(known: Iterable[Mapping[str, Any]], wanted: Mapping[str, Any]) -> dict[str, Any] | None:
    """The record of a list that an entry with an `id` means; None for a new one."""
    return next((dict(one) for one in known if one["id"] == wanted.get("id")), None)


# --- readers of one value ---


def text(longest: int = LONGEST_TEXT) -> Callable[[Any], str | None]:
    def read_text(value: Any) -> str | None:
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise ValueError("is invalid")
        if len(str(value)) > longest:
            raise ValueError(f"is too long (maximum is {longest} characters)")
        return str(value)

    return read_text


def choice(*allowed: str | None) -> Callable[[Any], str | None]:
    def read_choice(value: Any) -> str | None:
        if value not in allowed:
            raise ValueError("is not included in the list")
        return value  # type: ignore[no-any-return]

    return read_choice


def flag(value: Any) -> bool:
    if value in (True, "true", "1"):
        return True
    if value in (False, None, "false", "0"):
        return False
    raise ValueError("is invalid")


def whole(value: Any) -> int | None:
    """A whole number from 0 on."""
    if value is None:
        return None
    try:
        number = int(str(value)) if not isinstance(value, bool) else -1
    except ValueError:
        raise ValueError("is not a number") from None
    if not 0 <= number <= LARGEST_COUNT:
        raise ValueError("must be greater than or equal to 0" if number < 0 else "is too large")
    return number


def identifier(value: Any) -> int | None:
    if value is None:
        return None
    digits = "" if isinstance(value, bool) else str(value)
    if not digits.isdecimal() or len(digits) > 19 or int(digits) >= 2**63:
        raise ValueError("is invalid")
    return int(digits)


def amount(value: Any, currency: str) -> str | None:
    """An amount of money from 0 on, as text."""
    if value is None or value == "":
        return None
    found = money.read(value, currency)
    if found < 0:
        raise ValueError("must be greater than or equal to 0")
    return money.text(found, currency)


def figure(value: Any) -> str | None:
    """A sum or a percentage from 0 on, as it was sent: another field says which of them it is."""
    if value is None or value == "":
        return None
    found = money.number(value)
    if found < 0:
        raise ValueError("must be greater than or equal to 0")
    return str(found)


def currency(value: Any) -> str | None:
    """A code of ISO 4217 that Shopify knows."""
    if value is None:
        return None
    if not isinstance(value, str) or value.upper() not in money.DECIMALS:
        raise ValueError("is invalid")  # Our reading of the text
    return value.upper()


def number(value: Any) -> float:
    if isinstance(value, bool):
        raise ValueError("is not a number")
    try:
        found = float(value or 0)
    except (TypeError, ValueError):
        raise ValueError("is not a number") from None
    if not 0 <= found <= LARGEST_COUNT:
        raise ValueError("must be greater than or equal to 0")
    return found


def tags(value: Any) -> str:
    """Tags as one string joined by ", ": without doubles, in alphabetical order [DP]."""
    parts = value.split(",") if isinstance(value, str) else value or []
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise ValueError("is invalid")
    found = {part.strip().lower(): part.strip() for part in reversed(parts) if part.strip()}
    if len(found) > MOST_TAGS:
        raise ValueError(f"cannot be more than {MOST_TAGS}")
    if any(len(part) > LONGEST_TEXT for part in found):
        raise ValueError(f"is too long (maximum is {LONGEST_TEXT} characters)")
    return ", ".join(found[key] for key in sorted(found))


def texts(value: Any) -> list[str]:
    """A list of short texts."""
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > MOST_TAGS or not all(isinstance(one, str) for one in value):
        raise ValueError("is invalid")
    if any(len(one) > LONGEST_TEXT for one in value):
        raise ValueError(f"is too long (maximum is {LONGEST_TEXT} characters)")
    return value


def instant(value: Any) -> int | None:
    """An ISO 8601 time as milliseconds; without an offset it is UTC."""
    if value is None:
        return None
    found = read_time(str(value), ZoneInfo("UTC"))
    if found is None:
        raise ValueError("is invalid")
    return found


def read_time(value: str, zone: ZoneInfo) -> int | None:
    """Milliseconds of a time in any ISO spelling; one without an offset is in `zone`. None where it is no time.

    A "+" that was not escaped in a query arrives as a blank. Our reading: it is taken for what was meant.
    """
    try:
        moment = datetime.fromisoformat(re.sub(r"(T[\d:.]+) (\d\d:?\d\d)$", r"\1+\2", value.strip()))
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    try:
        return int(moment.astimezone(UTC).timestamp() * 1000)
    except (OverflowError, ValueError):
        return None


def name_values(value: Any) -> list[dict[str, str]]:
    """`note_attributes` and `properties`: a list of {name, value}."""
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, dict) and item.get("name") for item in value):
        raise ValueError("is invalid")
    return [{"name": str(item["name"]), "value": str(item.get("value", ""))} for item in value]


def _ruby(value: Any) -> str:
    return "NilClass" if value is None else "FalseClass" if value is False else RUBY.get(type(value), "Object")
