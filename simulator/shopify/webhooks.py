"""Webhooks: what is told to whom, and how it is delivered.

A webhook is owed in the transaction of the change, one delivery for each subscription to the topic. The payload is
fixed then: a retry shows the state at the trigger, not the state at the retry [VD].
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import orjson

from simulator.kernel.clock import HOUR, SECOND
from simulator.kernel.outbox import IN_FLIGHT_PER_RECEIVER, Message
from simulator.kernel.resource import Document
from simulator.kernel.simulation import Simulation, Site
from simulator.shopify import apps, filters, protected, versions, views
from simulator.shopify.kinds import INSTALLATIONS, METAFIELDS, SUBSCRIPTIONS, VENDOR
from simulator.shopify.topics import TOPICS, Topic

if TYPE_CHECKING:
    from simulator.shopify.shop import Shop

# How long after a change its webhook goes out. Our reading: Shopify promises no time, receivers see seconds.
SOONEST_MS, LATEST_MS = 200, 3_000
CONNECT_TIMEOUT_MS = 1 * SECOND  # [VD]
TOTAL_TIMEOUT_MS = 5 * SECOND  # [VD]
RETRIES = 8  # over four hours, exponential; after the last failure the subscription is removed [VD, TR]
RETRIES_TAKE_MS = 4 * HOUR
# Where a subscription comes from; what an app's configuration says stays, whatever fails.
BY_API, BY_CONFIGURATION = "api", "configuration"


def owe(shop: Shop, topic: str, document: Document, app: str = "", after_ms: int = 0) -> None:
    """Owe the topic's subscribers a webhook about `document`; call it inside the transaction of the change.

    Args:
        app: the only app that is told; "" for all.
        after_ms: how much later than usual it goes out.
    """
    outbox = shop.simulation.outbox
    subscriptions = _subscribers(shop, topic, app) if outbox else []
    if outbox is None or not subscriptions:
        return
    payload = TOPICS[topic].payload(shop, document)
    for subscription in subscriptions:
        body = _body(shop, TOPICS[topic], document, payload, subscription)
        if not filters.passes(subscription["filter"], body):
            continue
        message = {
            "vendor": VENDOR,
            "tenant": shop.domain,
            "subscription": subscription["id"],
            "topic": topic,
            "url": subscription["address"],
            "headers": _headers(shop, topic, subscription),
            "body": orjson.dumps(body),
            "attempt": 0,
            "triggered_ms": shop.now(),
        }
        outbox.enqueue(message, shop.now() + after_ms + _delay_ms(shop.simulation))


def withdraw(shop: Shop, topic: str, app: str) -> None:
    """Owe an app no longer what it was to be told of a topic later on."""
    ids = [one["id"] for one in shop.find(SUBSCRIPTIONS, "topic = ? AND app = ?", topic, app)]
    if shop.simulation.outbox:
        shop.simulation.outbox.withdraw(VENDOR, shop.domain, topic, ids)


def signature(body: bytes, secret: str) -> str:
    """X-Shopify-Hmac-Sha256: base64 of the HMAC over the raw body with the app's client secret [WH]."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def courier(simulation: Simulation) -> Delivery:
    return Delivery(simulation)


@dataclass(frozen=True, slots=True)
class Delivery:
    """Shopify's way of delivering, for the outbox.

    Args:
        taken_ms: when each subscription's receiver last took something; a restart forgets it.
    """

    simulation: Simulation
    connect_timeout_ms: int = CONNECT_TIMEOUT_MS
    total_timeout_ms: int = TOTAL_TIMEOUT_MS
    taken_ms: dict[tuple[str, int], int] = field(default_factory=dict)

    def body(self, message: Message) -> bytes:
        return message.body

    def signed(self, message: Message) -> Mapping[str, str]:
        secret = _secret(self.simulation, message)
        return dict(message.headers) | {"X-Shopify-Hmac-Sha256": signature(message.body, secret)}

    def retry_after_ms(self, attempts: int) -> int | None:
        """Our reading: each wait is twice the one before, and all of them together are four hours: 56 s to 2 h."""
        if attempts > RETRIES:
            return None
        return RETRIES_TAKE_MS * 2 ** (attempts - 1) // (2**RETRIES - 1)

    def at_once(self, message: Message) -> int:  # noqa: ARG002  the same for all
        return IN_FLIGHT_PER_RECEIVER

    def delivered(self, message: Message) -> None:
        self.taken_ms[message.tenant, message.subscription] = self.simulation.clock.now()

    def gave_up(self, message: Message) -> None:
        """A subscription that an API made is removed [TR], unless its receiver took something else meanwhile."""
        site = Site(self.simulation, message.tenant)
        found = site.get(SUBSCRIPTIONS.resource, message.subscription)
        taken_ms = self.taken_ms.get((message.tenant, message.subscription), -1)
        if found and found["origin"] == BY_API and taken_ms < message.triggered_ms:
            site.remove(SUBSCRIPTIONS.resource, message.subscription)


def _subscribers(shop: Shop, topic: str, app: str) -> list[Document]:
    """The topic's subscriptions of apps that are let in and may read it; a configuration's wait for an app to be."""
    found = shop.find(SUBSCRIPTIONS, "topic = ? AND ? IN ('', app)", topic, app)
    if not found:
        return []
    needs = {TOPICS[topic].scope} - {""}
    let_in = {one["app"]: one["scopes"] for one in shop.find(INSTALLATIONS) if one["uninstalled_at_ms"] is None}
    may_hear = {name for name in {one["app"] for one in found} if needs <= apps.with_implied(let_in.get(name, ()))}
    return [one for one in found if one["app"] in let_in and one["app"] in may_hear]


def _body(
    shop: Shop, topic: Topic, document: Document, payload: Mapping[str, Any], subscription: Document
) -> Mapping[str, Any]:
    """What one subscription is sent: with the metafields that it asks for, cut to the fields that it names [WHF]."""
    wanted = subscription["metafield_namespaces"], subscription["metafields"]
    if topic.owner and any(wanted):
        payload = {**payload, "metafields": _metafields(shop, topic.owner, document["id"], *wanted)}
    return filters.chosen(_approved(shop, subscription, payload), subscription["fields"])


def _metafields(shop: Shop, owner: str, id: int, namespaces: list[str], named: list[Document]) -> list[Any]:
    """Those of whole namespaces and those that are named one by one, in the shape of REST (Our reading)."""
    keys = {(one["namespace"], one["key"]) for one in named}
    found = shop.find(METAFIELDS, "owner_resource = ? AND owner_id = ?", owner, id)
    return [
        views.metafield(shop, one)
        for one in found
        if one["namespace"] in namespaces or (one["namespace"], one["key"]) in keys
    ]


def _approved(shop: Shop, subscription: Document, payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """What of the payload the subscriber may see."""
    app = apps.registered(shop.simulation, subscription["app"])
    return protected.webhook(subscription["topic"], payload, apps.customer_data(app)) if app else payload


def _headers(shop: Shop, topic: str, subscription: Document) -> dict[str, str]:
    """Headers that stay the same on every attempt [WH]."""
    moment = datetime.fromtimestamp(shop.now() / 1000, UTC)
    named = {"X-Shopify-Name": subscription["name"]} if subscription["name"] else {}
    return named | {
        "Content-Type": "application/json",
        "X-Shopify-Topic": topic,
        "X-Shopify-Shop-Domain": shop.domain,
        "X-Shopify-API-Version": versions.served(subscription["api_version"]).name,
        "X-Shopify-Webhook-Id": shop.site.chance.uuid("shopify/deliveries"),
        "X-Shopify-Event-Id": shop.event_id,
        "X-Shopify-Triggered-At": moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }


def _delay_ms(simulation: Simulation) -> int:
    if simulation.calm:
        return 0
    return simulation.chance.stream("shopify/webhook delays").randrange(SOONEST_MS, LATEST_MS + 1)


def _secret(simulation: Simulation, message: Message) -> str:
    """The client secret of the app that subscribed, also where it has unsubscribed or was uninstalled meanwhile."""
    site = Site(simulation, message.tenant)
    subscription: Mapping[str, Any] | None = site.get(SUBSCRIPTIONS.resource, message.subscription)
    if subscription is None:
        past = simulation.store.changes_of(SUBSCRIPTIONS.resource, message.tenant, message.subscription)
        subscription = next(change.document for change in reversed(past) if change.document)
    app = apps.registered(simulation, subscription["app"])
    assert app is not None
    return str(app["client_secret"])
