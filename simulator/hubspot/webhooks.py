"""Webhooks: events of a portal's records, gathered into batches and delivered to the apps that are let in there.

An event is owed in the transaction of its write. It joins the batch that waits for the same app and portal; a batch
that goes out is closed, and what is told later goes into the next one.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import orjson

from simulator.hubspot import apps, auth, events
from simulator.hubspot.apps import SUBSCRIPTIONS
from simulator.hubspot.events import Event
from simulator.kernel.clock import HOUR, SECOND
from simulator.kernel.outbox import Message
from simulator.kernel.resource import Change, Document
from simulator.kernel.simulation import Simulation, Site

MOST_IN_A_BATCH = 100  # [D24]
TIMEOUT_MS = 5 * SECOND  # for all of it [D24]
RETRIES = 10  # "up to 10 times over the next 24 hours", with delays that vary [D24]
RETRIES_TAKE_MS = 24 * HOUR
AT_ONCE = 10  # requests of an app in a portal, unless its settings say otherwise [X]
# How long after a write its events go out. Our reading: HubSpot promises no time.
SOONEST_MS, LATEST_MS = 500, 3_000

_DECODED = {  # of a URL before it is signed by v3 [D request-validation]; what follows "?" first stays a "?"
    "%3A": ":",
    "%2F": "/",
    "%3F": "?",
    "%40": "@",
    "%21": "!",
    "%24": "$",
    "%27": "'",
    "%28": "(",
    "%29": ")",
    "%2A": "*",
    "%2C": ",",
    "%3B": ";",
}


def signature_v1(secret: str, body: bytes) -> str:
    """X-HubSpot-Signature of version v1, for webhooks of CRM objects [D request-validation]."""
    return hashlib.sha256(secret.encode() + body).hexdigest()


def signature_v2(secret: str, method: str, url: str, body: bytes) -> str:
    """X-HubSpot-Signature of version v2, for what workflows and CRM cards send."""
    return hashlib.sha256(f"{secret}{method}{url}".encode() + body).hexdigest()


def signature_v3(secret: str, method: str, url: str, body: bytes, at_ms: int) -> str:
    """X-HubSpot-Signature-v3, beside the older one."""
    for encoded, plain in _DECODED.items():
        url = url.replace(encoded, plain).replace(encoded.lower(), plain)
    signed = f"{method}{url}".encode() + body + str(at_ms).encode()
    return base64.b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest()).decode()


def courier(simulation: Simulation) -> Delivery:
    """HubSpot's way of delivering; from now on every write of its records is looked at."""
    simulation.store.watch("hubspot", lambda change, before: _owe(simulation, change, before))
    return Delivery(simulation)


@dataclass(frozen=True, slots=True)
class Delivery:
    """HubSpot's way of delivering, for the outbox."""

    simulation: Simulation
    connect_timeout_ms: int = TIMEOUT_MS
    total_timeout_ms: int = TIMEOUT_MS

    def body(self, message: Message) -> bytes:
        """The events in an order that means nothing, each with the number of this attempt [D24]."""
        told = [orjson.loads(line) | {"attemptNumber": message.attempt} for line in message.body.splitlines()]
        if not self.simulation.calm:
            self.simulation.chance.stream("hubspot/webhook order").shuffle(told)
        return orjson.dumps(told)

    def signed(self, message: Message) -> Mapping[str, str]:
        app, now = _app(self.simulation, message.subscription), self.simulation.clock.now()
        secret, body = app["client_secret"], message.body
        older: Mapping[str, Callable[[], str]] = {
            "v1": lambda: signature_v1(secret, body),
            "v2": lambda: signature_v2(secret, "POST", message.url, body),
        }
        return dict(message.headers) | {
            "X-HubSpot-Signature-Version": app["signature"],
            "X-HubSpot-Signature": older[app["signature"]](),
            "X-HubSpot-Request-Timestamp": str(now),
            "X-HubSpot-Signature-v3": signature_v3(secret, "POST", message.url, body, now),
        }

    def retry_after_ms(self, attempts: int) -> int | None:
        """Our reading: each wait is up to twice the one before, half of it chance, and all together stay in a day."""
        if attempts > RETRIES:
            return None
        longest_ms = RETRIES_TAKE_MS * 2 ** (attempts - 1) // (2**RETRIES - 1)
        return self.simulation.chance.stream("hubspot/webhook retries").randint(longest_ms // 2, longest_ms)

    def at_once(self, message: Message) -> int:
        settings = _app(self.simulation, message.subscription)["webhooks"]
        return settings["maxConcurrentRequests"] if settings else AT_ONCE

    def delivered(self, message: Message) -> None:
        """Nothing follows."""

    def gave_up(self, message: Message) -> None:
        """The events are lost; the subscription stays."""


def _owe(simulation: Simulation, change: Change, before: Document | None) -> None:
    """Owe every app that has subscribed what a write tells."""
    if simulation.outbox is None:
        return
    subscriptions = apps.developer(simulation).find(SUBSCRIPTIONS)
    if not any(one["active"] for one in subscriptions):
        return
    site = Site(simulation, change.tenant)
    for event in events.told_by(site, change, before):
        for subscription in subscriptions:
            app = _app(simulation, subscription["app"])
            if app["webhooks"] and _wants(subscription, event) and _may_know(site, app, event):
                _join(site, app, subscription, event)


def _wants(subscription: Document, event: Event) -> bool:
    subject, _, verb = subscription["eventType"].partition(".")
    about = subscription["objectTypeId"] if subject == events.GENERIC else events.SUBJECTS[subject]
    return (
        bool(subscription["active"])
        and verb == event.verb
        and about in (event.object_type.name, event.object_type.type_id)
        and subscription["propertyName"] in (None, event.name)
    )


def _may_know(site: Site, app: Document, event: Event) -> bool:
    """Whether the portal has let the app in, with a scope that reads such records."""
    needed = auth.scopes_for(event.object_type, "objects.read")
    return any(grant.app == app["name"] and not grant.scopes.isdisjoint(needed) for grant in site.apps("hubspot"))


def _join(site: Site, app: Document, subscription: Document, event: Event) -> None:
    outbox, now = site.simulation.outbox, site.now()
    assert outbox is not None
    generic = subscription["eventType"].startswith(f"{events.GENERIC}.")
    told = {
        "eventId": site.chance.stream("hubspot/webhook events").randrange(1, 2**32),
        "subscriptionId": subscription["id"],
        "portalId": int(site.tenant),
        "appId": app["id"],
        "occurredAt": now,
        "subscriptionType": subscription["eventType"],
        "attemptNumber": 0,
        **({"objectTypeId": event.object_type.type_id} if generic else {}),  # [GK]
        "changeSource": "CRM",
        **event.fields,
    }
    message = {
        "vendor": "hubspot",
        "tenant": site.tenant,
        "subscription": app["id"],
        "topic": subscription["eventType"],
        "url": app["webhooks"]["targetUrl"],
        "headers": {"Content-Type": "application/json"},
        "body": orjson.dumps(told),
        "attempt": 0,
        "triggered_ms": now,
    }
    outbox.join(message, now + _delay_ms(site), MOST_IN_A_BATCH)


def _delay_ms(site: Site) -> int:
    if site.simulation.calm:
        return 0
    return site.chance.stream("hubspot/webhook delays").randrange(SOONEST_MS, LATEST_MS + 1)


def _app(simulation: Simulation, id: int) -> Document:
    found = apps.developer(simulation).get(apps.APPS, id)
    assert found is not None, f"nobody registered the app {id}"
    return found
