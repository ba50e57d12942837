"""HubSpot's way of writing time: ISO 8601 in UTC with milliseconds, or milliseconds since 1970."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_CALENDAR_MS = range(-62_135_596_800_000, 253_402_300_800_000)  # the years 1 to 9999, all that can be written


def iso(at_ms: int) -> str:
    """As a Java Instant prints itself: three digits, or none when the milliseconds are 0 [REC]."""
    seconds, millis = divmod(at_ms, 1000)
    text = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{text}.{millis:03d}Z" if millis else f"{text}Z"


def read(text: str) -> int:
    """Milliseconds of ISO 8601 text or of epoch milliseconds; ValueError where it is neither."""
    if text.lstrip("-").isdecimal():
        at_ms = int(text)
        if at_ms not in _CALENDAR_MS:
            raise ValueError(f"{text} is outside the years 1 to 9999")
        return at_ms
    at = datetime.fromisoformat(text)
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
