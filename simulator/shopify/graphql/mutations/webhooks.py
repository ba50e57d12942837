"""Mutations of webhook subscriptions."""

from __future__ import annotations

from simulator.kernel.resource import Document
from simulator.shopify.graphql import translating as t
from simulator.shopify.graphql.mutations.performing import Args, Payload, refuse
from simulator.shopify.graphql.things import by_id, thing
from simulator.shopify.rules import subscriptions
from simulator.shopify.shop import Shop
from simulator.shopify.topics import BY_ENUM

FIELDS = (*subscriptions.FIELDS, *subscriptions.MORE_FIELDS)


def subscription_create(shop: Shop, args: Args) -> Payload:
    sent = args["webhook_subscription"]
    wanted = {"topic": BY_ENUM[args["topic"]]} | t.translated(sent, t.SUBSCRIPTION, "a webhook subscription")
    return {"webhook_subscription": thing(shop, "WebhookSubscription", subscriptions.create(shop, wanted, FIELDS))}


def subscription_update(shop: Shop, args: Args) -> Payload:
    wanted = t.translated(args["webhook_subscription"], t.SUBSCRIPTION, "a webhook subscription")
    changed = subscriptions.update(shop, _subscription(shop, args["id"]), wanted, FIELDS)
    return {"webhook_subscription": thing(shop, "WebhookSubscription", changed)}


def subscription_delete(shop: Shop, args: Args) -> Payload:
    subscriptions.delete(shop, _subscription(shop, args["id"]))
    return {"deleted_webhook_subscription_id": args["id"]}


def _subscription(shop: Shop, id: str) -> Document:
    found = by_id(shop, id, "WebhookSubscription")
    if found is None:
        raise refuse(("id",), "Webhook subscription does not exist")  # Our reading of the text
    return found.document
