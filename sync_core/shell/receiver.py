"""The receiver: a webhook is answered 200 only once the ledger has it; and two pages for whoever watches.

Nothing of a webhook is believed before its signature over the raw body is checked.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import orjson
from flask import Flask, Response, request

from sync_core.shell.intake import Seen, intake
from sync_core.shell.ledger import Ledger
from sync_core.shell.settings import CoreSettings, Wake
from sync_core.shell.sweep import source_id
from sync_core.shell.topics import TOPICS, Topic

if TYPE_CHECKING:
    from sync_core.shell.core import SyncCore

log = logging.getLogger(__name__)

LARGEST_BODY = 8 * 1024 * 1024  # bytes; a product of 2,048 variants is far smaller
LINGER_MS = 1_000  # one click in Shopify makes several webhooks; together they are one write
LONGEST_ID = 200  # characters of a webhook's id or a record's: a UUID has 36
LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})


def receiver(core: SyncCore, settings: CoreSettings, ledger: Ledger, now: Callable[[], int], wake: Wake) -> Flask:
    """The WSGI application."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY

    @app.post("/webhooks/shopify")
    def webhook() -> Response:
        body = request.get_data()
        if not _is_signed(body, request.headers.get("X-Shopify-Hmac-Sha256", ""), settings.shopify_secret):
            return _answer(401, {"error": "the signature does not fit"})
        if request.headers.get("X-Shopify-Shop-Domain", "").lower() != settings.shop.lower():
            return _answer(401, {"error": "this is another shop's webhook"})
        return _take(body, request.headers, ledger, now, wake)

    @app.get("/status")
    def status() -> Response:
        return _answer(200, core.status()) if _is_local(request.host) else _answer(403, NOT_LOCAL)

    @app.get("/records/<kind>/<path:id_>")
    def records(kind: str, id_: str) -> Response:
        if not _is_local(request.host):
            return _answer(403, NOT_LOCAL)
        explained = core.explain(kind, id_)
        return _answer(404, {"error": f"no {kind} {id_} was seen"}) if explained is None else _answer(200, explained)

    return app


NOT_LOCAL = {"error": "this page is for hosts on this machine"}


def _take(body: bytes, headers: Mapping[str, str], ledger: Ledger, now: Callable[[], int], wake: Wake) -> Response:
    """Store what a genuine webhook says."""
    name = headers.get("X-Shopify-Topic", "")
    topic = TOPICS.get(name)
    if topic is None:
        return _answer(200, {"ignored": f"nothing is synced from {name or 'a webhook without a topic'}"})
    try:
        seen = _seen(topic, orjson.loads(body), headers.get("X-Shopify-Triggered-At", ""))
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        log.warning("a webhook of %s is malformed", name)
        return _answer(400, {"error": "the body is no such record"})
    if ledger.connection.phase == "connecting":
        return _answer(503, {"error": "not connected yet"})  # Shopify tries again, and the import reads it anyway
    with ledger.transaction():
        webhook_id = headers.get("X-Shopify-Webhook-Id", "")[:LONGEST_ID]
        if webhook_id and not ledger.receive(webhook_id, name, seen.id, seen.triggered_at, now()):
            return _answer(200, {"ignored": "this webhook was taken before"})
        intake(ledger, [seen], now(), linger_ms=LINGER_MS)
    wake("engine", now() + LINGER_MS)
    return _answer(200, {"taken": True})


def _seen(topic: Topic, body: Any, triggered_at: str) -> Seen:
    if not isinstance(body, dict):
        raise TypeError("a record is an object")
    id_ = source_id(topic.kind, body)
    if not id_ or len(id_) > LONGEST_ID or (topic.kind != "checkout" and not id_.isdigit()):
        raise ValueError("a record has an id")
    return Seen(topic.kind, id_, None if topic.gone else body, "webhook", triggered_at)


def _is_signed(body: bytes, signature: str, secret: str) -> bool:
    """X-Shopify-Hmac-Sha256: base64 of the HMAC-SHA256 of the raw body under the app's client secret [WH]."""
    expected = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest())
    return hmac.compare_digest(expected, signature.encode("latin-1", "replace"))


def _is_local(host: str) -> bool:
    """Whether a `Host` is this machine: other names may be another site's that resolves here (DNS rebinding)."""
    name = host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]
    return name.lower() in LOOPBACK


def _answer(status: int, body: Mapping[str, Any]) -> Response:
    return Response(orjson.dumps(body), status=status, content_type="application/json")
