"""The shopper's side of a shop, and what a merchant does outside the API: carts, checkouts, seeding, import.

Views of the control plane; they act as nobody's app, so they spend nobody's quota.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, Response, abort

from simulator.kernel.control import answer, body, site_of
from simulator.kernel.errors import NotFound
from simulator.kernel.resource import Document
from simulator.shopify import seeding, views
from simulator.shopify.kinds import CARTS, CHECKOUTS, CUSTOMERS
from simulator.shopify.rules import checkouts, imports, inputs, privacy, shops
from simulator.shopify.shop import Shop

LONG_AGO = (inputs.Field("as_imported_long_ago", inputs.flag, False),)

CONTROL = Blueprint("shopify", __name__, url_prefix="/_sim/worlds/<world>/shopify/<tenant>")

Act = Callable[..., dict[str, Any]]


def route(method: str, rule: str) -> Callable[[Act], Act]:
    """Serve an act at a path: in one transaction, under the world's lock."""

    def decorate(act: Act) -> Act:
        @wraps(act)
        def view(world: str, tenant: str, **names: str) -> Response:
            site = site_of(world, tenant)
            with site.simulation.lock, site.transaction():
                try:
                    shop = Shop.open(site)
                except IndexError:
                    abort(404, f"there is no shop {tenant!r}")
                return answer(act(shop, **names))

        CONTROL.add_url_rule(rule, act.__name__, view, methods=[method])
        return act

    return decorate


@route("POST", "/carts")
def create_cart(shop: Shop) -> dict[str, Any]:
    """A shopper fills a cart: `{"line_items": [{"variant_id": 1, "quantity": 2}], "note": "..."}`."""
    return {"cart": views.cart(shop, checkouts.create_cart(shop, body()))}


@route("PUT", "/carts/<token>")
def update_cart(shop: Shop, token: str) -> dict[str, Any]:
    """Lines that are sent take the place of all that lay in the cart."""
    cart = checkouts.by_token(shop, CARTS, token)
    return {"cart": views.cart(shop, checkouts.update_cart(shop, cart, body()))}


@route("POST", "/carts/<token>/checkout")
def start_checkout(shop: Shop, token: str) -> dict[str, Any]:
    """The shopper goes to the checkout and may say who they are: `email`, `phone`, `customer`, addresses."""
    cart = checkouts.by_token(shop, CARTS, token)
    return {"checkout": views.checkout(shop, checkouts.start(shop, cart, body()))}


@route("GET", "/checkouts/<token>")
def show_checkout(shop: Shop, token: str) -> dict[str, Any]:
    """A checkout, whatever its state: the API shows abandoned ones alone."""
    return {"checkout": views.checkout(shop, checkouts.by_token(shop, CHECKOUTS, token))}


@route("PUT", "/checkouts/<token>")
def update_checkout(shop: Shop, token: str) -> dict[str, Any]:
    """The shopper fills in more, or changes the lines."""
    checkout = checkouts.by_token(shop, CHECKOUTS, token)
    return {"checkout": views.checkout(shop, checkouts.step(shop, checkout, body()))}


@route("DELETE", "/checkouts/<token>")
def expire_checkout(shop: Shop, token: str) -> dict[str, Any]:
    """Shopify clears an old checkout away."""
    checkouts.expire(shop, checkouts.by_token(shop, CHECKOUTS, token))
    return {}


@route("POST", "/checkouts/<token>/complete")
def complete_checkout(shop: Shop, token: str) -> dict[str, Any]:
    """The shopper pays: the checkout becomes an order."""
    checkout = checkouts.by_token(shop, CHECKOUTS, token)
    return {"order": views.order(shop, checkouts.complete(shop, checkout, body()))}


@route("POST", "/customers/<int:id>/data_request")
def request_data(shop: Shop, id: int) -> dict[str, Any]:
    """The customer asks for what is known; apps hear of it by their configuration."""
    privacy.request_data(shop, _customer(shop, id))
    return {}


@route("POST", "/customers/<int:id>/redact")
def redact(shop: Shop, id: int) -> dict[str, Any]:
    """The merchant asks to forget the customer; apps hear of it ten days later at the earliest."""
    return {"after_ms": privacy.redact(shop, _customer(shop, id))}


def _customer(shop: Shop, id: int) -> Document:
    found = shop.get(CUSTOMERS, min(id, 2**63 - 1))
    if found is None:
        raise NotFound(f"customer {id}")
    return found


@route("POST", "/seed")
def seed(shop: Shop) -> dict[str, Any]:
    """Records that were there before anybody listened: in the past, without webhooks."""
    return {"seeded": seeding.seed(shop, seeding.read(body()))}


@route("POST", "/import/<any(products, customers, orders):kind>")
def bring(shop: Shop, kind: str) -> dict[str, Any]:
    """A merchant's import: all or none, with the rules and webhooks of the API.

    `as_imported_long_ago` lets customers share an e-mail address, as they do in older shops.
    """
    sent = body()
    long_ago = inputs.read(sent, LONG_AGO).get("as_imported_long_ago", False)
    return {kind: imports.bring(shop.site, kind, sent.get(kind), long_ago)}


@route("PUT", "/shop")
def change_shop(shop: Shop) -> dict[str, Any]:
    """What the merchant, or Shopify, does to the shop: `{"state": "frozen", "presentment_rates": {"JPY": "151.2"}}`.

    Also `name`, `email`, `phone` and address, and `webhook_hosts`: hosts off this machine that webhooks may go to.
    """
    return {"shop": views.shop_itself(shop, shops.change(shop, body()))}
