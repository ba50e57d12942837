"""The money of an order: what its transactions add up to, and the financial status that follows from them.

Plain sums over an order's document. The status is never set by hand once money has moved: it is what they say.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from simulator.kernel.resource import Document
from simulator.shopify import money

BOGUS = "bogus"  # Shopify's gateway for tests, with which the storefront of the fake is paid [AJS]
RECEIVED = ("sale", "capture")


@dataclass(frozen=True, slots=True)
class Funds:
    """What happened to an order's money so far; failed and pending transactions do not count.

    Args:
        received_cents: by sales and captures, whatever was given back later.
        reserved_cents: authorized, and neither captured nor voided.
    """

    received_cents: int
    refunded_cents: int
    reserved_cents: int
    voided: bool

    @property
    def net_cents(self) -> int:
        return self.received_cents - self.refunded_cents


def of(order: Document) -> Funds:
    return Funds(
        _sum(order, *RECEIVED),
        _sum(order, "refund"),
        sum(left_cents(order, one) for one in good(order, "authorization")),
        bool(good(order, "void")),
    )


def status(order: Document) -> str:
    """The financial status that the transactions say."""
    found = of(order)
    if found.refunded_cents:
        return "partially_refunded" if found.net_cents > 0 else "refunded"
    if found.received_cents:
        # [AJS] 50.00 of 199.00 is partially_paid
        return "paid" if found.received_cents >= money.cents(order["current_total_price"]) else "partially_paid"
    if found.reserved_cents:
        return "authorized"
    return "voided" if found.voided else "pending"


def first_status(order: Document) -> str:
    """Of a new order: one without any transactions is taken as paid [AJS]."""
    return status(order) if order["transactions"] else "paid"


def outstanding(order: Document) -> str:
    """What is still to be paid; money that is reserved counts as paid, money that was given back does not [AJS]."""
    found = of(order)
    left = money.cents(order["current_total_price"]) - found.net_cents - found.reserved_cents
    return money.text(max(0, left), order["currency"])


def settled(order: Document) -> Document:
    """The order after its transactions have changed."""
    return order | {
        "financial_status": status(order),
        "total_outstanding": outstanding(order),
        "payment_gateway_names": gateways(order["transactions"]),
    }


def gateways(transactions: Iterable[Document]) -> list[str]:
    return list(dict.fromkeys(one["gateway"] or "" for one in transactions))


def left_cents(order: Document, transaction: Document) -> int:
    """Of an authorization what can be captured, of a sale or a capture what can be refunded."""
    taken_by = ("capture", "void") if transaction["kind"] == "authorization" else ("refund",)
    followers = [one for one in good(order, *taken_by) if one["parent_id"] == transaction["id"]]
    if any(one["kind"] == "void" for one in followers):
        return 0
    return money.cents(transaction["amount"]) - sum(money.cents(one["amount"]) for one in followers)


def good(order: Document, *kinds: str) -> list[Document]:
    """The transactions of these kinds that went through. An older document may not have the list."""
    return [one for one in order.get("transactions", ()) if one["kind"] in kinds and one["status"] == "success"]


def by_id(order: Document, id: int | None) -> Document | None:
    return next((one for one in order.get("transactions", ()) if one["id"] == id), None)


@dataclass(frozen=True, slots=True)
class DraftSums:
    """What a draft order costs; it has no taxes."""

    lines_cents: int
    off_cents: int
    shipping_cents: int

    @property
    def total_cents(self) -> int:
        return self.lines_cents - self.off_cents + self.shipping_cents


def of_draft(draft: Document) -> DraftSums:
    lines = draft["line_items"]
    given = [*(line["applied_discount"] for line in lines), draft["applied_discount"]]
    return DraftSums(
        sum(money.cents(line["price"]) * line["quantity"] for line in lines),
        sum(money.cents(one["amount"]) for one in given if one),
        money.cents(draft["shipping_line"]["price"]) if draft["shipping_line"] else 0,
    )


def of_refund(order: Document, refund: Document) -> list[Document]:
    """The transactions that pay a refund back."""
    return [one for one in order["transactions"] if one["id"] in refund["transaction_ids"]]


def _sum(order: Document, *kinds: str) -> int:
    return sum(money.cents(one["amount"]) for one in good(order, *kinds))
