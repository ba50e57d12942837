"""The receiver: a webhook is answered 200 only once the ledger has it; and two pages for whoever watches.

Nothing of a webhook is believed before its signature over the raw body is checked.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

import orjson
from flask import Flask, Response, request
from sqlalchemy.exc import InternalError, OperationalError
from werkzeug.datastructures import Headers

from sync_core.shell.incoming import hints, privacy
from sync_core.shell.incoming.deliveries import Delivery
from sync_core.shell.incoming.intake import Seen
from sync_core.shell.incoming.sweep import source_id
from sync_core.shell.incoming.topics import TOPICS, UNINSTALLED, Topic
from sync_core.shell.oauth import pages
from sync_core.shell.operator import answer, is_local, serve
from sync_core.shell.running.settings import Wake
from sync_core.shell.storage.database import LostLease

if TYPE_CHECKING:
    from sync_core.shell.oversight.metrics import Metrics
    from sync_core.shell.running.connection import Connection
    from sync_core.shell.running.core import SyncCore

log = logging.getLogger(__name__)

LARGEST_BODY = 8 * 1024 * 1024  # bytes; a product of 2,048 variants is far smaller
WEBHOOKS = "/webhooks/shopify"
STANDING_BY = ("/status", "/records/", "/metrics")  # pages that show no more than what stands in the ledger
LONGEST_ID = 200  # characters of a webhook's id or a record's: a UUID has 36


def receiver(core: SyncCore, now: Callable[[], int], wake: Wake) -> Flask:
    """The WSGI application."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY

    @app.before_request
    def look_again() -> Response | None:
        """Where another process works, this one looks anew before each answer, calls nobody and changes nothing."""
        if core.works:
            return None
        core.reload()
        if request.path.startswith((WEBHOOKS, *STANDING_BY)):
            return None
        if not is_local(request.host):
            return answer(403, NOT_LOCAL)
        return answer(409, {"error": f"another process works on this ledger: ask {core.owner()}"})

    @app.errorhandler(OperationalError)
    @app.errorhandler(InternalError)
    @app.errorhandler(LostLease)
    def unwritten(error: Exception) -> Response:
        """The disk is full, or the database away: nothing was taken, and Shopify tries again for hours [VD]."""
        log.error("the ledger cannot be written: %s", getattr(error, "orig", "another process has taken over"))
        return answer(503, {"error": "the ledger cannot be written just now"})

    @app.post(WEBHOOKS)
    def webhook() -> Response:
        body = request.get_data()
        connection = core.connections.get(request.headers.get("X-Shopify-Shop-Domain", "").lower())
        secret = (connection or core).settings.shopify_secret
        if not _is_signed(body, request.headers.get("X-Shopify-Hmac-Sha256", ""), secret):
            return answer(401, {"error": "the signature does not fit"})
        if connection is None:
            return answer(401, {"error": "this is another shop's webhook"})
        return _take(body, request.headers, core, connection, now, wake)

    @app.post("/webhooks/hubspot")
    def hint() -> Response:
        return _hinted(request.get_data(), request.headers, core, now, wake)

    def woken() -> None:
        for name in ("setup", "sweep", "engine", "survey"):
            wake(name, now())

    serve(app, core, core.settings.operator_key, now, woken)
    pages.serve(app, core, core.settings.operator_key, now)
    _watched(app, core, now)
    return app


def _hinted(body: bytes, headers: Headers, core: SyncCore, now: Callable[[], int], wake: Wake) -> Response:
    """HubSpot tells of changes: the nets look for them at once."""
    url = f"{core.settings.receiver_url.rstrip('/')}/webhooks/hubspot"
    if not hints.is_signed(body, headers, url, core.settings.hubspot_secret, now()):
        return answer(401, {"error": "the signature does not fit"})
    try:
        events = orjson.loads(body)
        hurried = [hints.hurry(one.ledger, events, now()) for one in list(core.connections.values())]
    except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError):
        log.warning("HubSpot's webhook is malformed")
        return answer(400, {"error": "the body is no list of events"})
    if any(hurried):
        wake("sweep", now() + hints.INDEXED_MS)
    return answer(200, {"taken": any(hurried)})


def _watched(app: Flask, core: SyncCore, now: Callable[[], int]) -> None:
    """The pages for whoever watches from this machine: they need no key, and hold nothing of a person but `explain`."""

    @cache
    def measured() -> Metrics:
        """Made for the first that asks: the library takes a moment to load."""
        from sync_core.shell.oversight.metrics import Metrics

        return Metrics(core, now)

    @app.get("/status")
    def status() -> Response:
        shop = request.args.get("shop", "")
        if not is_local(request.host):
            return answer(403, NOT_LOCAL)
        return answer(200, core.status(shop)) if _is_known(core, shop) else answer(404, NO_SHOP)

    @app.get("/metrics")
    def metrics() -> Response:
        """For Prometheus on this machine."""
        if not is_local(request.host):
            return answer(403, NOT_LOCAL)
        return Response(measured().text(), content_type=CONTENT_TYPE)

    @app.get("/records/<kind>/<path:id_>")
    def records(kind: str, id_: str) -> Response:
        if not is_local(request.host):
            return answer(403, NOT_LOCAL)
        shop = request.args.get("shop", "")
        if not _is_known(core, shop):
            return answer(404, NO_SHOP)
        explained = core.explain(kind, id_, shop)
        return answer(404, {"error": f"no {kind} {id_} was seen"}) if explained is None else answer(200, explained)


CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"  # of Prometheus' text format
NOT_LOCAL = {"error": "this page is for hosts on this machine"}
NO_SHOP = {"error": "shop: no such shop is connected"}


def _is_known(core: SyncCore, shop: str) -> bool:
    """No name means the first shop."""
    return not shop or shop in core.connections


def _take(
    body: bytes,
    headers: Headers,
    core: SyncCore,
    connection: Connection,
    now: Callable[[], int],
    wake: Wake,
) -> Response:
    """Store what a genuine webhook says; only then it is answered."""
    ledger, name = connection.ledger, headers.get("X-Shopify-Topic", "")
    webhook_id = headers.get("X-Shopify-Webhook-Id", "")[:LONGEST_ID]
    if name == UNINSTALLED:
        with ledger.transaction():
            if ledger.receive([(webhook_id, name, "", "")], now()):  # a late retry is not believed twice
                connection.pause("the app was uninstalled")
        return answer(200, {"taken": True})
    if name in privacy.TOPICS:
        return _asked(body, name, webhook_id, connection, now, wake)
    topic = TOPICS.get(name)
    if topic is None:
        return answer(200, {"ignored": f"nothing is synced from {name or 'a webhook without a topic'}"})
    try:
        seen = _seen(topic, orjson.loads(body), headers.get("X-Shopify-Triggered-At", ""))
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        log.warning("a webhook of %s is malformed", name)
        return answer(400, {"error": "the body is no such record"})
    if seen is None:
        return answer(200, {"ignored": "nothing was done"})
    if ledger.connection.phase == "connecting":
        return answer(503, {"error": "not connected yet"})  # Shopify tries again, and the import reads it anyway
    delivery = Delivery(ledger, webhook_id, name, seen, connection.pace.linger_ms)
    if not core.take(delivery):
        return answer(200, {"ignored": "this webhook was taken before"})
    wake("engine", now() + delivery.linger_ms)
    return answer(200, {"taken": True})


def _asked(
    body: bytes, topic: str, webhook_id: str, connection: Connection, now: Callable[[], int], wake: Wake
) -> Response:
    """What a law asks for is noted at once and carried out by a worker (I10)."""
    ledger = connection.ledger
    try:
        wanted = orjson.loads(body)
        with ledger.transaction():
            if ledger.receive([(webhook_id, topic, "", "")], now()):
                privacy.take(ledger, topic, wanted, now())
    except (orjson.JSONDecodeError, AttributeError, TypeError, ValueError):
        log.warning("a webhook of %s is malformed", topic)
        return answer(400, {"error": "the body is no such request"})
    wake("privacy", now())
    return answer(200, {"taken": True})


def _seen(topic: Topic, body: Any, triggered_at: str) -> Seen | None:
    """What the body says; None where it tells of something that was not done after all."""
    if not isinstance(body, dict):
        raise TypeError("a record is an object")
    if topic.done is not None and body[topic.done[0]] != topic.done[1]:
        return None
    named = topic.gone or topic.hint
    id_ = str(body[topic.id_field]).rsplit("/", 1)[-1] if named else source_id(topic.kind, body)
    if not id_ or len(id_) > LONGEST_ID or "\0" in id_ or (topic.kind != "checkout" and not id_.isdigit()):
        raise ValueError("a record has an id")
    document = None if topic.gone else {} if topic.hint else body  # without a version: it is read by its id
    return Seen(topic.kind, id_, document, "webhook", triggered_at)


def _is_signed(body: bytes, signature: str, secret: str) -> bool:
    """X-Shopify-Hmac-Sha256: base64 of the HMAC-SHA256 of the raw body under the app's client secret [WH]."""
    expected = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest())
    return hmac.compare_digest(expected, signature.encode("latin-1", "replace"))
