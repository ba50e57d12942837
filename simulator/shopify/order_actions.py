"""What happens to an order beyond get, create, update and delete: it ends, and money goes back."""

from __future__ import annotations

from simulator.shopify import views
from simulator.shopify.rest import Answer, Ask, Row, record, wrapped
from simulator.shopify.rules import orders, refunds


def cancel(row: Row, ask: Ask, id: int) -> Answer:
    """Cancel an order. Its options stand in the body without a wrapper, or in the query, as ShopifyAPI has it [PY].

    The answer has a notice beside the order [AJS].
    """
    wanted = {**ask.args, **(ask.body if isinstance(ask.body, dict) else {})}
    found = orders.cancel(ask.shop, record(row, ask.shop, id), wanted)
    return Answer({"order": views.order(ask.shop, found), "notice": "Order has been canceled"})


def close(row: Row, ask: Ask, id: int) -> Answer:
    """Close an order."""
    return Answer({"order": views.order(ask.shop, orders.close(ask.shop, record(row, ask.shop, id)))})


def reopen(row: Row, ask: Ask, id: int) -> Answer:
    """Open a closed order again."""
    return Answer({"order": views.order(ask.shop, orders.reopen(ask.shop, record(row, ask.shop, id)))})


def calculate_refund(row: Row, ask: Ask, id: int) -> Answer:
    """What a refund would be, with the transactions that Shopify suggests. Nothing is changed."""
    order = record(row, ask.shop, id)
    return Answer({"refund": views.calculation(ask.shop, order, refunds.calculate(order, wrapped(ask, "refund")))})
