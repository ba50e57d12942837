"""Transactions: the ones that a new order is sent with, and the ones that are posted to it later."""

from __future__ import annotations

from simulator.kernel.errors import Invalid, Problem
from simulator.kernel.resource import Document
from simulator.shopify import funds, money
from simulator.shopify.funds import BOGUS
from simulator.shopify.rules import events, inputs
from simulator.shopify.rules.inputs import Field
from simulator.shopify.shop import Shop

FORCED_SUCCESS = "Bogus Gateway: Forced success"

# A transaction of a new order, and one that is posted later.
FIELDS = (
    Field("kind", inputs.choice("sale", "capture", "authorization", "void", "refund")),
    Field("status", inputs.choice("success", "pending", "failure", "error"), "success"),
    inputs.price("amount"),
    Field("gateway", inputs.text(), ""),
    Field("parent_id", inputs.identifier),
    Field("authorization", inputs.text()),
    Field("currency", inputs.currency),
    Field("test", inputs.flag, False),
    Field("processed_at", inputs.instant),
)


def read(wanted: Document, currency: str, where: str = "transaction.") -> Document:
    return inputs.defaults(FIELDS) | inputs.read(wanted, FIELDS, where, currency)


def opening(shop: Shop, order: Document, given: list[Document]) -> list[Document]:
    """The transactions that a new order is sent with; a capture without a parent is of the authorization before it."""
    made: list[Document] = []
    for one in given:
        before = [each for each in made if each["kind"] == "authorization"]
        kind = one["kind"] or "sale"
        parent_id = before[-1]["id"] if kind in ("capture", "void") and before else None
        made.append(document(shop, order | {"transactions": made}, one | {"kind": kind, "parent_id": parent_id}))
    return made


def document(shop: Shop, order: Document, given: Document) -> Document:
    """A transaction in its stored form; `given` has its kind, its amount and what else `FIELDS` names."""
    at_ms = shop.now()
    bogus = given["gateway"] == BOGUS
    origin = f"c{order['checkout_id']}" if order["checkout_id"] else order["name"]  # "c901414060.1", "#1001.1" [AJS]
    return {
        "id": shop.next_part_id("transactions"),
        "order_id": order["id"],
        "kind": given["kind"],
        "gateway": given["gateway"] or "",
        "status": given["status"],
        "message": FORCED_SUCCESS if bogus else None,
        "created_at_ms": at_ms,
        "processed_at_ms": given.get("processed_at") or at_ms,
        "test": bool(given["test"] or bogus or order["test"]),
        "authorization": given["authorization"] or (shop.token()[:6] if _authorizes(given) else None),
        "parent_id": given["parent_id"],
        "source_name": str(shop.caller.app_id) if shop.caller.app else order["source_name"],
        "amount": given["amount"] or money.zero(order["currency"]),
        "currency": order["currency"],
        "payment_id": f"{origin}.{len(order.get('transactions', ())) + 1}",
    }


def tell(shop: Shop, order: Document, transaction: Document) -> None:
    """Subscribers hear of a new transaction, and the order's events of an authorization [AJS]."""
    shop.owe("order_transactions/create", transaction)
    if (transaction["kind"], transaction["status"]) == ("authorization", "success"):
        what = (str(transaction["id"]), transaction["amount"], transaction["currency"])
        events.note(shop, "Order", order, "authorization_success", arguments=what)


def _authorizes(given: Document) -> bool:
    return given["kind"] == "authorization" and given["gateway"] == BOGUS


def voided(shop: Shop, order: Document) -> Document:
    """The order with all that is authorized and not captured given free."""
    changed = order | {"transactions": list(order["transactions"])}
    for parent in funds.good(order, "authorization"):
        if funds.left_cents(order, parent) > 0:
            given = {"kind": "void", "parent_id": parent["id"], "gateway": parent["gateway"]}
            changed["transactions"].append(document(shop, changed, inputs.defaults(FIELDS) | given))
    return funds.settled(changed)


# --- one that is posted to an order ---


def posted(order: Document, given: Document) -> Document:
    """What a posted transaction stands for: its parent found, its amount filled in, or a reason why not.

    The kinds that move money forward; a refund is a matter of `refunds`.
    """
    kind = given["kind"]
    if kind == "authorization":
        return given | {"amount": given["amount"] or funds.outstanding(order), "parent_id": None}
    if kind == "sale":
        due_cents = money.cents(funds.outstanding(order))
        if order["financial_status"] not in ("pending", "partially_paid") or not due_cents:
            raise _not_valid(kind)
        return given | {"amount": _within(order, given["amount"], due_cents), "parent_id": None}
    parent = _authorization(order, given)
    if parent is None:
        raise _not_valid(kind)
    left = funds.left_cents(order, parent)
    nothing = money.zero(order["currency"])
    amount = nothing if kind == "void" else _within(order, given["amount"], left)  # a void moves nothing: 0.00 [AJS]
    # the posted authorization key names the parent; a capture has none of its own [AJS]
    return given | {"amount": amount, "parent_id": parent["id"], "gateway": parent["gateway"], "authorization": None}


def _authorization(order: Document, given: Document) -> Document | None:
    """The parent by its id or its key, else the last one that has anything left."""
    open_ones = [one for one in funds.good(order, "authorization") if funds.left_cents(order, one) > 0]
    if given["parent_id"] is not None:
        open_ones = [one for one in open_ones if one["id"] == given["parent_id"]]
    elif given["authorization"]:
        open_ones = [one for one in open_ones if one["authorization"] == given["authorization"]]
    return open_ones[-1] if open_ones else None


def _not_valid(kind: str) -> Invalid:
    return Invalid((Problem("kind", f"{kind} is not a valid transaction"),))  # Our reading: seen in public reports


def _within(order: Document, amount: str | None, most_cents: int) -> str:
    """The amount, all that is left where none was sent."""
    most = money.text(most_cents, order["currency"])
    if amount is None:
        return most
    if money.cents(amount) > most_cents:
        text = f"must be less than or equal to {most}"  # Our reading of the text
        raise Invalid((Problem("amount", text),))
    return amount
