"""What privacy laws ask of an app: to show what it knows of a customer, to forget a customer, to forget a shop.

Only an app's configuration can name these topics. They tell of a request; nothing changes in the shop itself.
"""

from __future__ import annotations

from simulator.kernel.clock import DAY
from simulator.kernel.resource import Document
from simulator.shopify.kinds import ORDERS
from simulator.shopify.shop import Shop

GRACE_MS = 10 * DAY  # between the request and the redaction [WH]
CHARGEBACKS_MS = 60 * DAY  # after the last order a customer is not forgotten [WHM]


def request_data(shop: Shop, customer: Document) -> None:
    """The customer asks what is known; the apps are told at once."""
    request_id = shop.next_part_id("data_requests")
    about = {"customer": customer, "order_ids": _orders(shop, customer)[0], "request_id": request_id}
    shop.owe("customers/data_request", about)


def redact(shop: Shop, customer: Document) -> int:
    """The merchant asks to forget the customer; returns in how many milliseconds the apps are told."""
    ids, last_ms = _orders(shop, customer)
    after_ms = max(GRACE_MS, last_ms + CHARGEBACKS_MS - shop.now() if ids else 0)
    shop.owe("customers/redact", {"customer": customer, "order_ids": ids}, after_ms=after_ms)
    return after_ms


def _orders(shop: Shop, customer: Document) -> tuple[list[int], int]:
    """The customer's orders, and when the last one was placed."""
    orders = shop.find(ORDERS, "customer_id = ?", customer["id"])
    return sorted(one["id"] for one in orders), max((one["created_at_ms"] for one in orders), default=0)
