"""How a changed order is saved: with its customer's sums, and the topics that tell of a state that it has reached."""

from __future__ import annotations

from simulator.kernel.resource import Document
from simulator.shopify.kinds import ORDERS
from simulator.shopify.rules import customers
from simulator.shopify.shop import Shop

# topic -> the field that it watches, and what it must have become
MILESTONES = (
    ("orders/paid", "financial_status", lambda value: value == "paid"),
    ("orders/partially_fulfilled", "fulfillment_status", lambda value: value == "partial"),
    ("orders/fulfilled", "fulfillment_status", lambda value: value == "fulfilled"),
    ("orders/cancelled", "cancelled_at_ms", lambda value: value is not None),
)


def save(shop: Shop, before: Document, changed: Document) -> Document:
    """Our reading: a change that changes nothing leaves updated_at alone and tells nobody."""
    if changed == before:
        return before
    saved = shop.update(ORDERS, changed)
    customers.count_order(shop, before, saved)
    tell(shop, before, saved)
    return saved


def tell(shop: Shop, before: Document | None, after: Document) -> None:
    """Owe the topics of the states that the order was not in before; None for a new order."""
    for topic, field, reached in MILESTONES:
        if reached(after[field]) and not (before and reached(before[field])):
            shop.owe(topic, after)
