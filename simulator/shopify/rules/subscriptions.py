"""Webhook subscriptions: which topic goes to which address of which app."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

from simulator.kernel.errors import Invalid, NotSimulated, Problem
from simulator.kernel.resource import Document
from simulator.shopify import webhooks
from simulator.shopify.kinds import SUBSCRIPTIONS
from simulator.shopify.rules import inputs
from simulator.shopify.rules.inputs import Field
from simulator.shopify.shop import Shop

LONGEST_ADDRESS = 65_535  # Our reading
MOST_FIELDS = 500
MOST_SUBSCRIPTIONS = 1_000  # of one app; Our reading


def names(value: Any) -> list[str]:
    if not isinstance(value, list) or len(value) > MOST_FIELDS or not all(isinstance(one, str) for one in value):
        raise ValueError("is invalid")
    return value


FIELDS = (
    Field("topic", inputs.text()),
    Field("address", inputs.text(LONGEST_ADDRESS)),
    Field("format", inputs.choice("json", "xml"), "json"),
    Field("fields", names, []),
    Field("metafield_namespaces", names, []),
)


def mine(shop: Shop) -> tuple[str, tuple[str]]:
    """An app sees its own subscriptions alone."""
    return "app = ?", (shop.caller.app,)


def create(shop: Shop, wanted: Document) -> Document:
    given = inputs.defaults(FIELDS) | inputs.read(wanted, FIELDS)
    _check(shop, given)
    now = shop.now()
    subscription = given | {
        "id": shop.next_id(SUBSCRIPTIONS),
        "app": shop.caller.app,
        "api_version": shop.caller.api_version,
        "created_at_ms": now,
        "updated_at_ms": now,
    }
    return shop.create(SUBSCRIPTIONS, subscription)


def update(shop: Shop, subscription: Document, wanted: Document) -> Document:
    changed = subscription | inputs.read(wanted, FIELDS)
    _check(shop, changed, subscription["id"])
    return shop.update(SUBSCRIPTIONS, changed) if changed != subscription else subscription


def delete(shop: Shop, subscription: Document) -> None:
    shop.delete(SUBSCRIPTIONS, subscription)


def _check(shop: Shop, wanted: Document, own_id: int | None = None) -> None:
    app = shop.caller.app
    if wanted["format"] == "xml":
        raise NotSimulated("a webhook in the format xml")
    if wanted["metafield_namespaces"]:
        raise NotSimulated("a webhook with metafield_namespaces")
    inputs.refuse((*_topic_problems(wanted["topic"], shop.caller.scopes), *_address_problems(shop, wanted["address"])))
    key = (app, wanted["topic"], wanted["address"])
    double = shop.first(SUBSCRIPTIONS, "app = ? AND topic = ? AND address = ?", *key)
    if double and double["id"] != own_id:
        raise Invalid((Problem("address", "for this topic has already been taken", "TAKEN"),))
    if own_id is None and shop.site.count(SUBSCRIPTIONS.resource, "app = ?", (app,)) >= MOST_SUBSCRIPTIONS:
        raise Invalid((Problem("base", f"cannot be more than {MOST_SUBSCRIPTIONS}"),))


def _topic_problems(topic: str | None, scopes: Collection[str]) -> list[Problem]:
    if not topic:
        return [Problem("topic", "can't be blank", "BLANK")]
    if topic in webhooks.NOT_SIMULATED:
        raise NotSimulated(f"the webhook topic {topic}")
    allowed = [one.name for one in webhooks.TOPICS.values() if not one.scope or one.scope in scopes]
    if topic in allowed:
        return []
    # The sentence is in public bug reports of several API clients; the list names what the app may subscribe to.
    text = f"Invalid topic specified: {topic}. Does it exist? Is there a missing access scope? Topics allowed: "
    return [Problem("topic", text + ", ".join(sorted(allowed)))]


def _address_problems(shop: Shop, address: str | None) -> list[Problem]:
    """Deliveries stay on this machine: loopback hosts, and those that the shop's record allows by name.

    Shopify itself refuses http:// everywhere [DP]; on loopback the fake takes it, as a receiver under test has no TLS.
    """
    if not address or not address.strip():
        return [Problem("address", "can't be blank", "BLANK")]
    if address.startswith(("pubsub://", "arn:")):
        raise NotSimulated("a webhook to Google Pub/Sub or Amazon EventBridge")
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        _ = parts.port  # raises where it is no number
    except ValueError:
        return [Problem("address", "is invalid")]
    if host and (_is_loopback(host) or host in shop.record["webhook_hosts"]):
        return [] if parts.scheme in ("http", "https") else [_unsupported(parts.scheme)]
    if parts.scheme and parts.scheme != "https" and host:
        return [_unsupported(parts.scheme)]
    return [Problem("address", "is invalid")]


def _unsupported(scheme: str) -> Problem:
    return Problem("address", f"protocol {scheme}:// is not supported")


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
