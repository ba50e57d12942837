"""Webhooks: what is told to whom, and how it is delivered.

A webhook is owed in the transaction of the change, one delivery for each subscription to the topic. The payload is
fixed then: a retry shows the state at the trigger, not the state at the retry [VD].
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import orjson

from simulator.kernel.clock import HOUR, SECOND
from simulator.kernel.outbox import IN_FLIGHT_PER_RECEIVER, Message
from simulator.kernel.resource import Document
from simulator.kernel.simulation import Simulation, Site
from simulator.shopify import apps, versions, views
from simulator.shopify.kinds import SUBSCRIPTIONS, VENDOR

if TYPE_CHECKING:
    from simulator.shopify.shop import Shop

# How long after a change its webhook goes out. Our reading: Shopify promises no time, receivers see seconds.
SOONEST_MS, LATEST_MS = 200, 3_000
CONNECT_TIMEOUT_MS = 1 * SECOND  # [VD]
TOTAL_TIMEOUT_MS = 5 * SECOND  # [VD]
RETRIES = 8  # over four hours, exponential; after the last failure the subscription is removed [VD, TR]
RETRIES_TAKE_MS = 4 * HOUR


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic that the fake delivers.

    Args:
        scope: what an app must be allowed to read; "" for everybody.
        payload: the body, from the record.
    """

    name: str
    scope: str
    payload: Callable[[Shop, Document], Mapping[str, Any]]


# Shopify sends products/update for an ordered product as well, whose stock has moved [S]; the fake keeps no stock.
TOPICS = {
    topic.name: topic
    for topic in (
        Topic("app/uninstalled", "", views.shop_itself),
        Topic("bulk_operations/finish", "", views.bulk_operation_webhook),
        Topic("carts/create", "read_orders", views.cart),
        Topic("carts/update", "read_orders", views.cart),
        Topic("checkouts/create", "read_orders", views.checkout_webhook),
        Topic("checkouts/delete", "read_orders", views.checkout_deleted),
        Topic("checkouts/update", "read_orders", views.checkout_webhook),
        Topic("customers/create", "read_customers", views.customer_webhook),
        Topic("customers/delete", "read_customers", views.customer_deleted),
        Topic("customers/update", "read_customers", views.customer_webhook),
        Topic("draft_orders/create", "read_draft_orders", views.draft_order),
        Topic("draft_orders/delete", "read_draft_orders", views.id_alone),
        Topic("draft_orders/update", "read_draft_orders", views.draft_order),
        Topic("fulfillment_events/create", "read_fulfillments", views.fulfillment_event),
        Topic("fulfillment_events/delete", "read_fulfillments", views.id_alone),
        Topic("fulfillments/create", "read_fulfillments", views.fulfillment_webhook),
        Topic("fulfillments/update", "read_fulfillments", views.fulfillment_webhook),
        Topic("orders/cancelled", "read_orders", views.order_webhook),
        Topic("orders/create", "read_orders", views.order_webhook),
        Topic("orders/delete", "read_orders", views.id_alone),
        Topic("orders/fulfilled", "read_orders", views.order_webhook),
        Topic("orders/partially_fulfilled", "read_orders", views.order_webhook),
        Topic("orders/paid", "read_orders", views.order_webhook),
        Topic("orders/updated", "read_orders", views.order_webhook),
        Topic("order_transactions/create", "read_orders", views.transaction_webhook),
        Topic("products/create", "read_products", views.product_webhook),
        Topic("products/delete", "read_products", views.id_alone),
        Topic("products/update", "read_products", views.product_webhook),
        Topic("refunds/create", "read_orders", views.refund_webhook),
    )
}

# Real topics (the enum WebhookSubscriptionTopic [S]) that the fake does not deliver; it refuses them by name.
NOT_SIMULATED = frozenset(
    """
    app/scopes_update app_purchases_one_time/update app_subscriptions/update
    collection_listings/add collection_listings/remove collection_listings/update collections/create
    collections/delete collections/update companies/create companies/delete companies/update
    customer.joined_segment customer.left_segment customer.tags_added customer.tags_removed
    customer_groups/create customer_groups/delete customer_groups/update customer_payment_methods/create
    customer_payment_methods/revoke customer_payment_methods/update customers/disable customers/enable
    customers/merge customers/purchasing_summary customers_email_marketing_consent/update
    customers_marketing_consent/update discounts/create discounts/delete discounts/update disputes/create
    disputes/update domains/create domains/destroy domains/update
    inventory_items/create inventory_items/delete inventory_items/update inventory_levels/connect
    inventory_levels/disconnect inventory_levels/update locales/create locales/update locations/activate
    locations/create locations/deactivate locations/delete locations/update markets/create markets/delete
    markets/update orders/edited orders/risk_assessment_changed
    product_feeds/create product_feeds/full_sync product_listings/add product_listings/remove
    product_listings/update profiles/create profiles/delete profiles/update returns/approve
    returns/cancel returns/close returns/decline returns/reopen returns/request scheduled_product_listings/add
    selling_plan_groups/create selling_plan_groups/delete selling_plan_groups/update shop/update
    subscription_contracts/create subscription_contracts/update tender_transactions/create
    themes/create themes/delete themes/publish themes/update variants/in_stock variants/out_of_stock
    """.split()  # noqa: SIM905  a list of a hundred quoted words reads worse
)


def owe(shop: Shop, topic: str, document: Document, app: str = "") -> None:
    """Owe the topic's subscribers a webhook about `document`; call it inside the transaction of the change.

    Args:
        app: the only app that is told; "" for all.
    """
    outbox = shop.simulation.outbox
    subscriptions = shop.find(SUBSCRIPTIONS, "topic = ? AND ? IN ('', app)", topic, app) if outbox else []
    if outbox is None or not subscriptions:
        return
    payload = TOPICS[topic].payload(shop, document)
    for subscription in subscriptions:
        message = {
            "vendor": VENDOR,
            "tenant": shop.domain,
            "subscription": subscription["id"],
            "topic": topic,
            "url": subscription["address"],
            "headers": _headers(shop, topic, subscription),
            "body": orjson.dumps(_chosen(payload, subscription["fields"])),
            "attempt": 0,
            "triggered_ms": shop.now(),
        }
        outbox.enqueue(message, shop.now() + _delay_ms(shop.simulation))


def signature(body: bytes, secret: str) -> str:
    """X-Shopify-Hmac-Sha256: base64 of the HMAC over the raw body with the app's client secret [WH]."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def courier(simulation: Simulation) -> Delivery:
    return Delivery(simulation)


@dataclass(frozen=True, slots=True)
class Delivery:
    """Shopify's way of delivering, for the outbox."""

    simulation: Simulation
    connect_timeout_ms: int = CONNECT_TIMEOUT_MS
    total_timeout_ms: int = TOTAL_TIMEOUT_MS

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
        """Nothing follows."""

    def gave_up(self, message: Message) -> None:
        """A subscription made over the API is removed [TR]."""
        Site(self.simulation, message.tenant).remove(SUBSCRIPTIONS.resource, message.subscription)


def _headers(shop: Shop, topic: str, subscription: Document) -> dict[str, str]:
    """Headers that stay the same on every attempt [WH]."""
    moment = datetime.fromtimestamp(shop.now() / 1000, UTC)
    return {
        "Content-Type": "application/json",
        "X-Shopify-Topic": topic,
        "X-Shopify-Shop-Domain": shop.domain,
        "X-Shopify-API-Version": versions.served(subscription["api_version"]).name,
        "X-Shopify-Webhook-Id": shop.site.chance.uuid("shopify/deliveries"),
        "X-Shopify-Event-Id": shop.event_id,
        "X-Shopify-Triggered-At": moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }


def _chosen(payload: Mapping[str, Any], fields: list[str]) -> Mapping[str, Any]:
    """Only the top-level keys that the subscription asks for; all of them where it asks for none."""
    return {name: payload[name] for name in payload if name in fields} if fields else payload


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
