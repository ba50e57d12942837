"""Transactions that are posted to an order: one plain function for those that bring money in, refunds for the rest."""

from __future__ import annotations

from simulator.kernel.errors import Invalid, Problem
from simulator.kernel.resource import Document
from simulator.shopify import funds
from simulator.shopify.rules import milestones, payments, refunds
from simulator.shopify.shop import Shop


def create(shop: Shop, order: Document, wanted: Document) -> tuple[Document, Document]:
    """Post one; returns the order as it is then, and the transaction."""
    given = payments.read(wanted, order["currency"])
    if given["kind"] is None:
        raise Invalid((Problem("kind", "can't be blank", "BLANK"),))  # Our reading of the text
    if given["kind"] == "refund":
        return _refund(shop, order, given)
    ready = payments.posted(order, given | {"status": "success"})  # an app cannot say how it ended
    transaction = payments.document(shop, order, ready)
    changed = order | {"transactions": [*order.get("transactions", ()), transaction]}
    saved = milestones.save(shop, order, funds.settled(changed))
    payments.tell(shop, saved, transaction)
    return saved, transaction


def _refund(shop: Shop, order: Document, given: Document) -> tuple[Document, Document]:
    """Our reading: money that is paid back this way is a refund without lines. All that is left, if no sum is sent."""
    amount = given["amount"] or _refundable(order, given["parent_id"])
    money = {"parent_id": given["parent_id"], "amount": amount}
    saved, refund = refunds.create(shop, order, {"transactions": [money]})
    return saved, funds.of_refund(saved, refund)[0]


def _refundable(order: Document, parent_id: int | None) -> str:
    suggested = refunds.suggested(order, funds.of(order).net_cents)
    mine = [one for one in suggested if parent_id in (None, one["parent"]["id"])]
    if not mine:
        raise Invalid((Problem("kind", "refund is not a valid transaction"),))  # Our reading
    text: str = mine[0]["amount"]
    return text
