"""What somebody else has changed in HubSpot on a record of ours: values that differ in meaning, not in spelling."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation

from sync_core.pure.model import Properties


def drifted(written: Properties, held: Mapping[str, str | None]) -> dict[str, str]:
    """The values that HubSpot holds where we last wrote another one; a property that was not asked for has not drifted.

    Args:
        written: as we last wrote it.
        held: as HubSpot gives it; None is blank.
    """
    found = {name: held[name] or "" for name in written if name in held}
    return {name: value for name, value in found.items() if not alike(value, written[name])}


def alike(one: str, other: str) -> bool:
    """HubSpot gives a number, an instant and a text back in a form of its own: "418.90" as "418.9"."""
    if one == other or one.strip() == other.strip():
        return True
    return any(a is not None and a == b for a, b in ((_number(one), _number(other)), (_instant(one), _instant(other))))


def _number(text: str) -> Decimal | None:
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _instant(text: str) -> datetime | None:
    """ISO 8601, or the milliseconds since the epoch that HubSpot takes for an instant as well."""
    if text.isdecimal() and len(text) == MILLISECONDS:
        return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=int(text))
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


MILLISECONDS = 13  # digits of an instant between the years 2001 and 2286
