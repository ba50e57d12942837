"""HubSpot's webhooks: hints that something was changed there, so that the net that looks for it is cast at once.

Nothing of an event but its kind is used, and nothing depends on it: a lost, doubled or late one costs or saves time.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from werkzeug.datastructures import Headers

from sync_core.pure.model import ObjectType
from sync_core.shell.storage.ledger import Ledger

OLDEST_MS = 300_000  # HubSpot's own figure: an older request is refused [D request-validation]
INDEXED_MS = 10_000  # the nets search, and HubSpot's search lags by some seconds
APART_MS = 30_000  # our own writes are told of as well: a net is not cast more often than this

# Orders and carts are told of as "object" with a type alone [S].
OBJECTS: Mapping[str, ObjectType] = {
    "contact": "contacts",
    "product": "products",
    "line_item": "line_items",
    "0-123": "orders",
    "0-142": "carts",
}
DELETIONS = ("deletion", "privacyDeletion")


def is_signed(body: bytes, headers: Headers, url: str, secret: str, now_ms: int) -> bool:
    """X-HubSpot-Signature-v3: base64 of the HMAC-SHA256 of method, address, body and time [D request-validation]."""
    at = headers.get("X-HubSpot-Request-Timestamp", "")
    if not secret or not at.isdecimal() or abs(now_ms - int(at)) > OLDEST_MS:
        return False
    signed = f"POST{url}".encode() + body + at.encode()
    expected = base64.b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest())
    return hmac.compare_digest(expected, headers.get("X-HubSpot-Signature-v3", "").encode("latin-1", "replace"))


def hurry(ledger: Ledger, events: Iterable[Any], now_ms: int) -> bool:
    """Have the nets cast soon that look for what was changed; False where no event is about them."""
    wanted = {_net(event) for event in events if str(event.get("portalId")) == ledger.connection.tenant}
    found = [cursor for name, cursor in ledger.cursors().items() if name in wanted]
    for cursor in found:
        soon_ms = max(now_ms + INDEXED_MS, cursor.started_at_ms + APART_MS)
        if cursor.due_at_ms > soon_ms:
            ledger.save_cursor(replace(cursor, due_at_ms=soon_ms))
    return bool(found)


def _net(event: Mapping[str, Any]) -> str:
    """The net that looks for such changes."""
    thing, _, what = str(event["subscriptionType"]).partition(".")
    name = OBJECTS.get(str(event.get("objectTypeId")) if thing == "object" else thing, "")
    if what in DELETIONS:
        return "recycle bin" if name == "contacts" else f"deleted {name}"
    return f"changes of {name}"
