"""Refunds: lines taken back, shipping given back, money paid back; each of them may happen without the others.

What a refund of lines is worth is worked out (`calculate`); what is paid back is what the refund's transactions say.
The difference is an order adjustment, "refund_discrepancy".
"""

from __future__ import annotations

from typing import Any

from simulator.kernel.errors import Invalid, Problem
from simulator.kernel.resource import Document
from simulator.shopify import funds, money
from simulator.shopify.rules import fulfillments, inputs, milestones, payments
from simulator.shopify.rules.inputs import Field
from simulator.shopify.shop import Shop

MOST_LINES = 1000  # Our reading, as for an order's lines
FIELDS = (
    Field("note", inputs.text(inputs.LONGEST_NOTE)),
    Field("processed_at", inputs.instant),
    Field("restock", inputs.flag, False),
)
LINE_FIELDS = (
    Field("line_item_id", inputs.identifier),
    Field("quantity", inputs.whole, 1),
    Field("restock_type", inputs.choice("no_restock", "cancel", "return", "legacy_restock", None)),
    Field("location_id", inputs.identifier),
)
SHIPPING_FIELDS = (Field("full_refund", inputs.flag, False), inputs.price("amount"))
TRANSACTION_FIELDS = (Field("parent_id", inputs.identifier), inputs.price("amount"))
NOT_SIMULATED = ("duties", "refund_duties", "additional_fees", "refund_methods")
MORE_THAN_PURCHASED = "cannot refund more items than were purchased"


def create(shop: Shop, order: Document, wanted: Document) -> tuple[Document, Document]:
    """Refund; returns the order as it is then, and its refund."""
    inputs.not_simulated(wanted, NOT_SIMULATED, "a refund")
    given = inputs.defaults(FIELDS) | inputs.read(wanted, FIELDS)
    lines, shipping = _lines(order, wanted, given["restock"]), _shipping(order, wanted.get("shipping"))
    paid = _transactions(order, wanted.get("transactions"))
    if not (lines or shipping or paid):
        raise Invalid((Problem("base", "Refund must have at least one of lines, shipping or transactions"),))
    refund = _document(shop, order, given, lines, shipping)
    changed = order | {"transactions": list(order.get("transactions", ()))}
    for one in paid:
        changed["transactions"].append(payments.document(shop, changed, one))
    refund["transaction_ids"] = [one["id"] for one in changed["transactions"][len(order.get("transactions", ())) :]]
    refund["order_adjustments"] = _adjustments(shop, refund, changed)
    changed = _taken_back(changed, refund)
    if paid:
        changed = funds.settled(changed)
    saved = milestones.save(shop, order, changed)
    fulfillments.follow(shop, saved)
    for transaction in funds.of_refund(saved, refund):
        payments.tell(shop, saved, transaction)
    shop.owe("refunds/create", refund)
    return saved, refund


def calculate(order: Document, wanted: Document) -> Document:
    """What a refund would be: the same lines and shipping, with the transactions that Shopify suggests."""
    inputs.not_simulated(wanted, NOT_SIMULATED, "a refund")
    lines, shipping = _lines(order, wanted, False), _shipping(order, wanted.get("shipping"))
    worth = _worth_cents(lines) + (money.cents(shipping["amount"]) if shipping else 0)
    return {
        "lines": lines,
        "shipping": shipping,
        "maximum_shipping": money.text(_refundable_shipping_cents(order), order["currency"]),
        "transactions": suggested(order, worth),
    }


def suggested(order: Document, amount_cents: int) -> list[Document]:
    """`amount_cents` shared out over the sales and captures that have any left, the first ones first."""
    found, currency = [], order["currency"]
    for parent in funds.good(order, *funds.RECEIVED):
        most = funds.left_cents(order, parent)
        share = min(most, amount_cents)
        if share > 0:
            amounts = {"amount": share, "maximum_refundable": most}
            found.append({"parent": parent} | {name: money.text(one, currency) for name, one in amounts.items()})
            amount_cents -= share
    return found


def paying_back(order: Document, amount_cents: int) -> list[Document]:
    """Transactions as they would be sent to give `amount_cents` back."""
    back = suggested(order, amount_cents)
    transactions = [{"parent_id": one["parent"]["id"], "amount": one["amount"]} for one in back]
    short = amount_cents - sum(money.cents(one["amount"]) for one in transactions)
    if short:  # more than was paid: refused by the refund, in its own words
        transactions.append({"amount": money.text(short, order["currency"])})
    return transactions


def every_line(order: Document) -> list[Document]:
    """All that is left of an order, as it would be sent: what cancelling with an amount takes back [AJS]."""
    left = [(line, line["quantity"] - _gone(line)) for line in order["line_items"]]
    return [{"line_item_id": line["id"], "quantity": count} for line, count in left if count]


# --- what is sent ---


def _lines(order: Document, wanted: Document, restock: bool) -> list[Document]:
    """The lines that go back, each with what it is worth."""
    sent = inputs.mappings(wanted.get("refund_line_items"), "refund_line_items")
    if len(sent) > MOST_LINES:
        raise Invalid((Problem("refund_line_items", f"cannot be more than {MOST_LINES}"),))
    found: list[Document] = []
    for place, one in enumerate(sent):
        where = f"refund_line_items.{place}."
        given = inputs.defaults(LINE_FIELDS) | inputs.read(one, LINE_FIELDS, where)
        line = next((line for line in order["line_items"] if line["id"] == given["line_item_id"]), None)
        if line is None:
            raise Invalid((Problem(f"{where}line_item", "does not exist"),))  # Our reading of the text
        before = _gone(line) + sum(x["quantity"] for x in found if x["line_item_id"] == line["id"])
        if not given["quantity"] or before + given["quantity"] > line["quantity"]:
            # GraphQL's sentence is recorded [DP]; the key that REST puts it under is our reading.
            raise Invalid((Problem(f"{where}quantity", MORE_THAN_PURCHASED),))
        kind = given["restock_type"] or ("legacy_restock" if restock else "no_restock")
        found.append(
            piece(order, line, before, given["quantity"]) | {"restock_type": kind, "sent_to": given["location_id"]}
        )
    return found


def piece(order: Document, line: Document, before: int, quantity: int) -> Document:
    """A share of the line's price less its discounts, and of its taxes; the shares of all its pieces add up to it."""
    off = sum(money.cents(one["amount"]) for one in line["discount_allocations"])
    tax = sum(money.cents(one["price"]) for one in line["tax_lines"])
    whole = money.cents(line["price"]) * line["quantity"] - off

    def share(cents: int) -> str:
        count = line["quantity"]
        return money.text(cents * (before + quantity) // count - cents * before // count, order["currency"])

    return {
        "line_item_id": line["id"],
        "quantity": quantity,
        "subtotal": share(whole),
        "total_tax": share(tax),
        "discount": share(off),
        "price": line["price"],
    }


def _shipping(order: Document, value: Any) -> Document | None:
    """The shipping that is given back. Our reading: it is taken off the order's first shipping line."""
    if value is None:
        return None
    given = inputs.read(inputs.mapping(value, "shipping"), SHIPPING_FIELDS, "shipping.", order["currency"])
    most = _refundable_shipping_cents(order)
    amount = most if given.get("full_refund") else money.cents(given.get("amount") or "0")
    if amount > most:
        text = f"must be less than or equal to {money.text(most, order['currency'])}"  # Our reading of the text
        raise Invalid((Problem("shipping.amount", text),))
    if not amount:
        return None
    return {"shipping_line_id": order["shipping_lines"][0]["id"], "amount": money.text(amount, order["currency"])}


def _transactions(order: Document, value: Any) -> list[Document]:
    """The money that is paid back, each sum out of the sale or capture that it names, or out of the only one."""
    found, currency = [], order["currency"]
    left = {one["id"]: funds.left_cents(order, one) for one in funds.good(order, *funds.RECEIVED)}
    sent = inputs.mappings(value, "transactions")
    total = 0
    for one in sent:
        given = inputs.read(one, TRANSACTION_FIELDS, "transactions.", currency)
        amount, net = money.cents(given.get("amount") or "0"), funds.of(order).net_cents
        total += amount
        if total > net:
            # GraphQL's sentence [DP], which names no field; that REST puts it under "base" is our reading.
            asked, received = money.text(total, currency), money.text(net, currency)
            text = f"Refund amount ${asked} is greater than net payment received ${received}"
            raise Invalid((Problem("base", text),))
        parent_id = given.get("parent_id") or next((id for id in left if left[id] >= amount), None)
        if parent_id not in left or left[parent_id] < amount:
            raise Invalid((Problem("transactions.parent_id", "is invalid"),))  # Our reading of the text
        left[parent_id] -= amount
        parent = funds.by_id(order, parent_id)
        assert parent is not None
        refund = {"kind": "refund", "parent_id": parent_id, "gateway": parent["gateway"]}
        paid = {"amount": money.text(amount, currency)}
        found.append(inputs.defaults(payments.FIELDS) | refund | paid)
    return found


# --- what is stored ---


def _document(
    shop: Shop, order: Document, given: Document, lines: list[Document], shipping: Document | None
) -> Document:
    at_ms = shop.now()
    return {
        "id": shop.next_part_id("refunds"),
        "order_id": order["id"],
        "created_at_ms": at_ms,
        "processed_at_ms": given["processed_at"] or at_ms,
        "note": given["note"],
        "restock": any(one["restock_type"] != "no_restock" for one in lines),
        "refund_line_items": [_stored_line(shop, one) for one in lines],
        "refund_shipping_lines": [shipping | {"id": shop.next_part_id("refund_shipping_lines")}] if shipping else [],
    }


def _stored_line(shop: Shop, line: Document) -> Document:
    """What is put back into stock goes to a place, the shop's own where none is named; else to none [AJS]."""
    place = None if line["restock_type"] == "no_restock" else line["sent_to"] or shop.record["primary_location_id"]
    names = ("line_item_id", "quantity", "restock_type", "subtotal", "total_tax", "discount")
    return {"id": shop.next_part_id("refund_line_items"), "location_id": place, **{name: line[name] for name in names}}


def _adjustments(shop: Shop, refund: Document, order: Document) -> list[Document]:
    """Refunded shipping, and money that is not what the lines and the shipping are worth [AJS].

    Our reading: a refund that pays nothing back, of an order that nobody has paid, has no discrepancy.
    """
    shipping_cents = sum(money.cents(one["amount"]) for one in refund["refund_shipping_lines"])
    paid_cents = sum(money.cents(one["amount"]) for one in funds.of_refund(order, refund))
    found = [("shipping_refund", "Shipping refund", -shipping_cents)]
    if refund["transaction_ids"]:
        worth = _worth_cents(refund["refund_line_items"]) + shipping_cents
        found.append(("refund_discrepancy", "Refund discrepancy", worth - paid_cents))
    return [
        {
            "id": shop.next_part_id("order_adjustments"),
            "kind": kind,
            "reason": reason,
            "amount": money.text(cents, order["currency"]),
        }
        for kind, reason, cents in found
        if cents
    ]


def _taken_back(order: Document, refund: Document) -> Document:
    """The order with the refund in it: current quantities and current sums go down, the first ones stay [AJS]."""
    changed = order | {"refunds": [*order["refunds"], refund]}
    gone: dict[int, list[Document]] = {}
    for one in refund["refund_line_items"]:
        gone.setdefault(one["line_item_id"], []).append(one)
    changed["line_items"] = [_less(line, gone.get(line["id"], [])) for line in order["line_items"]]
    if order["fulfillments"]:
        changed["fulfillment_status"] = fulfillments.status(changed)
    shipping = sum(money.cents(one["amount"]) for one in refund["refund_shipping_lines"])
    return lessened(changed, refund["refund_line_items"], shipping)


def lessened(order: Document, pieces: list[Document], shipping_cents: int = 0) -> Document:
    """The order whose current sums lack these pieces of its lines, and so much of its shipping."""
    subtotal, tax, off = (
        sum(money.cents(one[name]) for one in pieces) for name in ("subtotal", "total_tax", "discount")
    )
    changed = dict(order)
    for name, first, less in (
        ("current_subtotal_price", "subtotal_price", subtotal),
        ("current_total_tax", "total_tax", tax),
        ("current_total_discounts", "total_discounts", off),
        ("current_total_price", "total_price", subtotal + shipping_cents + (0 if order["taxes_included"] else tax)),
    ):
        changed[name] = money.text(money.cents(order.get(name, order[first])) - less, order["currency"])
    return changed


def _less(line: Document, gone: list[Document]) -> Document:
    """A line without the pieces that went back; what is returned was sent out before, the rest never will be."""
    if not gone:
        return line
    count = sum(one["quantity"] for one in gone)
    unsent = sum(one["quantity"] for one in gone if one["restock_type"] != "return")
    return line | {
        "current_quantity": line["current_quantity"] - count,
        "fulfillable_quantity": max(0, line["fulfillable_quantity"] - unsent),
    }


# --- helpers ---


def _worth_cents(lines: list[Document]) -> int:
    return sum(money.cents(one["subtotal"]) + money.cents(one["total_tax"]) for one in lines)


def _gone(line: Document) -> int:
    """The pieces that were refunded before, or taken away by an edit."""
    gone: int = line["quantity"] - line["current_quantity"]
    return gone


def _refundable_shipping_cents(order: Document) -> int:
    given = (one for refund in order["refunds"] for one in refund["refund_shipping_lines"])
    return money.cents(order["total_shipping_price"]) - sum(money.cents(one["amount"]) for one in given)
