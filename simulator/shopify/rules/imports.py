"""What a merchant brings along from another shop: each record is made by the API's own rules, with its webhooks.

An order comes as one thing and is made as the several acts that it was: sold, sent, paid back, cancelled.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from simulator.kernel.errors import Invalid, Malformed, Problem, Refusal
from simulator.kernel.resource import Document
from simulator.kernel.simulation import Site
from simulator.shopify import money
from simulator.shopify.kinds import PRODUCTS
from simulator.shopify.rules import customers, fulfillments, inputs, orders, products, refunds
from simulator.shopify.rules.inputs import Field
from simulator.shopify.shop import Shop

MOST = 50_000  # records of one import

ORDER_FIELDS = (
    Field("cancelled", inputs.flag, False),
    inputs.price("refunded_amount"),
)


def bring(site: Site, kind: str, sent: Any, long_ago: bool = False) -> int:
    """Make all of them, in their order; returns how many. Each is an act of its own, so it has its own event id.

    Args:
        long_ago: customers as older shops hold them, several with one e-mail address, which no API takes today.
    """
    wanted = inputs.mappings(sent, kind)
    if len(wanted) > MOST:
        raise Malformed(f"at most {MOST} {kind} in one import, not {len(wanted)}")
    make, title = KINDS[kind](Shop.open(site))
    if long_ago and kind == "customers":
        make = _old_customer
    for place, one in enumerate(wanted):
        _named(f"{kind}[{place}] {title(one)[:60]!r}", lambda one=one: make(Shop.open(site), one))
    return len(wanted)


Maker = tuple[Callable[[Shop, Document], Any], Callable[[Document], str]]


def _products(_: Shop) -> Maker:
    return products.create, lambda wanted: str(wanted.get("title"))


def _customers(_: Shop) -> Maker:
    return customers.create, lambda wanted: str(wanted.get("email") or wanted.get("phone") or wanted.get("last_name"))


def _old_customer(shop: Shop, wanted: Document) -> Document:
    """A customer whose e-mail another one may have."""
    return customers.create(shop, wanted, alone=False)


def _orders(shop: Shop) -> Maker:
    catalogue = _catalogue(shop)
    return (
        lambda shop, wanted: _order(shop, wanted, catalogue),
        lambda wanted: str(inputs.mapping(wanted.get("order"), "order").get("name")),
    )


# What is imported -> how one of it is made, and what a person calls it.
KINDS: Mapping[str, Callable[[Shop], Maker]] = {"products": _products, "customers": _customers, "orders": _orders}


# --- orders ---


def _order(shop: Shop, wanted: Document, catalogue: Mapping[str, int]) -> None:
    """An order: `{"order": ..., "sent": [places of lines], "refunded_amount": "5.00", "cancelled": true}`."""
    sold = inputs.mapping(wanted.get("order"), "order")
    lines = inputs.mappings(sold.get("line_items"), "line_items")
    order = orders.create(shop, sold | {"line_items": [_linked(line, catalogue) for line in lines]})
    given = inputs.defaults(ORDER_FIELDS) | inputs.read(wanted, ORDER_FIELDS, "", order["currency"])
    if places := wanted.get("sent"):
        order = _send(shop, order, places)
    if given["refunded_amount"]:
        # Money alone: which lines came back an export does not say.
        back = refunds.paying_back(order, money.cents(given["refunded_amount"]))
        order, _ = refunds.create(shop, order, {"transactions": back})
    if given["cancelled"]:
        orders.cancel(shop, order, {})


def _linked(line: Document, catalogue: Mapping[str, int]) -> Document:
    """An export names no variant: the SKU does, where one variant of the shop has it, and else the line's name."""
    id = catalogue.get(f"sku {line.get('sku')}") or catalogue.get(f"name {line.get('title')}")
    if not id or line.get("variant_id"):
        return line
    return {name: value for name, value in line.items() if name != "title"} | {"variant_id": id}


def _catalogue(shop: Shop) -> dict[str, int]:
    """The variants that a SKU, or the name that lines bear, stands for alone."""
    found: dict[str, int] = {}
    for product in shop.find(PRODUCTS):
        for variant in product["variants"]:
            plain = variant["title"] == products.DEFAULT_TITLE
            name = product["title"] if plain else f"{product['title']} - {variant['title']}"
            for key in (f"sku {variant['sku']}" if variant["sku"] else "", f"name {name}"):
                found[key] = 0 if key in found else variant["id"]
    return found


def _send(shop: Shop, order: Document, places: Any) -> Document:
    count = len(order["line_items"])
    if not isinstance(places, list) or not all(type(place) is int and 0 <= place < count for place in places):
        raise Malformed("sent: the places of line items", "sent")
    (planned,) = fulfillments.of_order(shop, order["id"])
    ids = {order["line_items"][place]["id"] for place in places}
    lines = [
        {"id": line["id"], "quantity": line["fulfillable_quantity"]}
        for line in planned["line_items"]
        if line["line_item_id"] in ids
    ]
    asked = {"fulfillment_order_id": planned["id"], "fulfillment_order_line_items": lines}
    return fulfillments.create(shop, {"line_items_by_fulfillment_order": [asked]})[0]


def _named(where: str, make: Callable[[], Any]) -> None:
    """Make a record; a reason why not names its place in the list and its title."""
    try:
        make()
    except Invalid as refusal:
        raise Invalid(tuple(Problem(f"{where} {one.field}", one.message) for one in refusal.problems)) from None
    except Malformed as refusal:
        raise Malformed(f"{where} {refusal.field}: {refusal.message}") from None
    except Refusal as refusal:
        raise Malformed(f"{where}: {refusal}") from None
