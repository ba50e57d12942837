"""What an HTTP answer means for whoever must decide whether to try again, and when.

"All fields should be treated as optional in error parsing" (HubSpot's manual), so every body gets an outcome; a class
of error is found by `category` where there is one and else by the status (hubspot-api.md section 11).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FIRST_BACKOFF_MS = 500  # one call's time: shorter would only add load
LONGEST_BACKOFF_MS = 60_000  # several tries fit into the promised ten minutes (B10)


@dataclass(frozen=True, slots=True)
class Throttled:
    """Too fast; nothing is wrong with the record, and the attempt does not count.

    Args:
        policy: "DAILY", "TEN_SECONDLY_ROLLING", "SECONDLY" (search) or "".
        retry_after_ms: as the answer says, which HubSpot's seldom do.
    """

    policy: str
    retry_after_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Transient:
    """The vendor or the wire failed: whether the call was carried out is open."""

    words: str
    retry_after_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """This record or request cannot be taken as it is.

    Args:
        words: the vendor's own.
        properties: (name, code) of the properties that it names, such as ("phone", "INVALID_LONG").
    """

    words: str
    properties: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Gone:
    """There is no such record (any more)."""

    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conflict:
    """Another record is in the way; its id where the words tell it."""

    existing_id: str
    words: str


@dataclass(frozen=True, slots=True)
class AuthLost:
    """The token is refused, or lacks a scope: a matter of the connection, never of a record."""

    scope: str
    words: str


Outcome = Throttled | Transient | Rejected | Gone | Conflict | AuthLost

# Categories that decide whatever the status is; a partial answer (207) has nothing else for each record.
STATUS_OF_CATEGORY: Mapping[str, int] = {
    "VALIDATION_ERROR": 400,
    "INVALID_AUTHENTICATION": 401,
    "EXPIRED_AUTHENTICATION": 401,
    "MISSING_SCOPES": 403,
    "BANNED": 403,
    "OBJECT_NOT_FOUND": 404,
    "CONFLICT": 409,
    "OBJECT_ALREADY_EXISTS": 409,
    "RATE_LIMITS": 429,
}

NO_ANSWER = 0  # timeout, connection lost
TRANSIENT = {NO_ANSWER, 408, 423, 477}  # 423: locked for 2 s, 477: the account is being moved
AUTH_LOST = {401, 402, 403}  # 402: Shopify's frozen shop


def classify(status: int, body: object = None, retry_after: str | None = None) -> Outcome:
    """The meaning of an answer that is no success.

    Args:
        status: of the answer; `NO_ANSWER` where there was none.
        body: its JSON; None where it has none, such as a proxy's page.
        retry_after: the header, in seconds.
    """
    fields: Mapping[str, Any] = body if isinstance(body, Mapping) else {}
    category = str(fields.get("category") or "")
    status = STATUS_OF_CATEGORY.get(category, status)
    words = _words(status, fields)
    if status == 429:
        return Throttled(_policy(fields), _milliseconds(retry_after))
    if status in TRANSIENT or status >= 500:
        return Transient(words, _milliseconds(retry_after))
    if status in AUTH_LOST:
        return AuthLost(_scope(fields, words), words)
    if status == 409:
        existing = re.search(r"Existing ID: (\d+)", words)
        return Conflict(existing.group(1) if existing else "", words)
    # An unknown route answers with a page (Jetty): our mistake, and no sign that a record is gone.
    if status in (404, 410) and fields:
        return Gone(_texts(fields.get("context"), "ids"))
    return Rejected(words, _named_properties(fields))


# HubSpot's properties of currencies: their options are those that the portal has enabled.
CURRENCIES = frozenset({"deal_currency_code", "hs_currency_code", "hs_line_item_currency_code"})


def reason_of(failure: Rejected | Conflict) -> str:
    """Why a record is failing, in one word; HubSpot's own stand beside it. Money is never converted (I7)."""
    if isinstance(failure, Rejected) and any(name in CURRENCIES for name, _ in failure.properties):
        return "currency_not_enabled"
    return type(failure).__name__.lower()


def backoff_ms(attempts: int, draw: float) -> int:
    """How long to wait after so many failed attempts: full jitter, so that many clients do not come back at once.

    Args:
        attempts: 0 after the first failure.
        draw: from [0, 1).
    """
    ceiling_ms = min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** min(attempts, 30))
    return 1 + int(draw * ceiling_ms)


# --- reading bodies ---


def _words(status: int, fields: Mapping[str, Any]) -> str:
    """HubSpot's `message` or Shopify's `errors`, else the status alone."""
    found = fields.get("message") or fields.get("errors")
    if found is None:
        return f"HTTP {status}" if status else "no answer"
    return found if isinstance(found, str) else json.dumps(found, ensure_ascii=False, sort_keys=True)


def _policy(fields: Mapping[str, Any]) -> str:
    if fields.get("policyName"):
        return str(fields["policyName"]).upper()
    named = re.search(r"your (\w+) limit", str(fields.get("message") or ""))
    return named.group(1).upper() if named else ""


def _milliseconds(retry_after: str | None) -> int | None:
    try:
        return max(0, round(float(retry_after or "") * 1000))
    except (ValueError, OverflowError):
        return None


def _scope(fields: Mapping[str, Any], words: str) -> str:
    """HubSpot lists the scopes beside the message; Shopify names one in its sentence."""
    for error in _errors(fields):
        granular = _texts(error.get("context"), "requiredGranularScopes")
        if granular:
            return granular[0]
    named = re.search(r"\b(?:read|write)_\w+", words)
    return named.group(0) if named else ""


def _named_properties(fields: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """From `errors`, else from the list that HubSpot writes as JSON into its message."""
    found = [
        (name, str(error.get("code") or ""))
        for error in _errors(fields)
        for name in _texts(error.get("context"), "propertyName")
    ]
    return tuple(found or _properties_in(str(fields.get("message") or "")))


def _properties_in(message: str) -> list[tuple[str, str]]:
    start = message.find("[")
    try:
        listed = json.loads(message[start:]) if start >= 0 else []
    except ValueError:
        return []
    items = [each for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []
    return [(str(each["name"]), str(each.get("error") or "")) for each in items if each.get("name")]


def _errors(fields: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    errors = fields.get("errors")
    return [each for each in errors if isinstance(each, Mapping)] if isinstance(errors, list) else []


def _texts(context: object, name: str) -> tuple[str, ...]:
    values = context.get(name) if isinstance(context, Mapping) else None
    return tuple(str(value) for value in values) if isinstance(values, list) else ()
