"""Transactions and refunds: alone, inside orders, and in webhooks; and what a refund would be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.kernel.resource import Document
from simulator.shopify import funds, money
from simulator.shopify.kinds import ORDERS
from simulator.shopify.money import Sides
from simulator.shopify.views.lines import IN_REFUND, LINE_ITEM, line_item, shipping_line
from simulator.shopify.views.shape import Json, gid, shaped

if TYPE_CHECKING:
    from simulator.shopify.shop import Shop

TRANSACTION = (
    "id", "order_id", "kind", "gateway", "status", "message", "created_at", "test", "authorization", "location_id",
    "user_id", "parent_id", "processed_at", "device_id", "error_code", "source_name", "payment_details", "receipt",
    "currency_exchange_adjustment", "amount", "currency", "authorization_expires_at",
    "extended_authorization_attributes", "payment_id", "total_unsettled_set", "manual_payment_gateway",
    "amount_rounding", "admin_graphql_api_id",
)  # fmt: skip
# What a single authorization shows and no list does; what no refund shows; what no refund in an order shows [AJS].
OF_AUTHORIZATIONS = ("authorization_expires_at", "extended_authorization_attributes")
TRANSACTION_IN_LIST = tuple(name for name in TRANSACTION if name not in OF_AUTHORIZATIONS)
TRANSACTION_IN_REFUND = tuple(name for name in TRANSACTION_IN_LIST if name != "currency_exchange_adjustment")
TRANSACTION_IN_ORDER = tuple(
    name
    for name in TRANSACTION_IN_REFUND
    if name not in ("total_unsettled_set", "manual_payment_gateway", "amount_rounding", "payment_details")
)
CARD = {
    "credit_card_bin": None,
    "avs_result_code": None,
    "cvv_result_code": None,
    "credit_card_number": "•••• •••• •••• 4242",
    "credit_card_company": "Visa",
    "buyer_action_info": None,
    "credit_card_name": None,
    "credit_card_wallet": None,
    "credit_card_expiration_month": None,
    "credit_card_expiration_year": None,
    "payment_method_name": "visa",
}  # the card that the test gateway is paid with [AJS]
MANUAL_GATEWAYS = ("manual", "Cash on Delivery (COD)", "Bank Deposit", "Money Order")  # Our reading

REFUND = (
    "id", "order_id", "created_at", "note", "user_id", "processed_at", "duties", "total_duties_set", "return",
    "restock", "additional_fees", "total_additional_fees_set", "refund_shipping_lines", "admin_graphql_api_id",
    "order_adjustments", "refund_line_items", "transactions",
)  # fmt: skip
REFUND_IN_ORDER = tuple(name for name in REFUND if name not in ("return", "refund_shipping_lines"))  # [AJS]
ADJUSTMENT = (
    "id", "order_id", "refund_id", "amount", "tax_amount", "kind", "reason", "amount_set", "tax_amount_set",
)  # fmt: skip


def transaction(shop: Shop, order: Document, document: Document, shape: tuple[str, ...] = TRANSACTION_IN_LIST) -> Json:
    unsettled = sum(funds.left_cents(order, one) for one in funds.good(order, "authorization"))
    authorized = document["kind"] == "authorization" and document["gateway"] == funds.BOGUS
    worked_out = {
        "payment_details": CARD,
        "receipt": {"testcase": True, "authorization": document["authorization"]} if authorized else {},
        "extended_authorization_attributes": {},
        "total_unsettled_set": _unsettled(Sides.of(order), unsettled),
        "manual_payment_gateway": document["gateway"] in MANUAL_GATEWAYS,
        "admin_graphql_api_id": gid("OrderTransaction", document["id"]),
    }
    paid_by_card = document["gateway"] == funds.BOGUS and document["kind"] != "refund"
    left_out = () if paid_by_card else ("payment_details",)
    return shaped(tuple(name for name in shape if name not in left_out), shop, document, worked_out)


def _unsettled(sides: Sides, cents: int) -> Json:
    """Its sides have keys of their own, and amounts without the last zeros [AJS]."""
    found = {}
    for name, side in sides.set(money.text(cents, sides.shop)).items():
        code = side["currency_code"]
        found[name] = {"amount": money.short(money.cents(side["amount"]), code), "currency": code}
    return found


def single_transaction(shop: Shop, order: Document, document: Document) -> Json:
    """An authorization by itself shows when it expires; the fake's never do."""
    return transaction(
        shop, order, document, TRANSACTION if document["kind"] == "authorization" else TRANSACTION_IN_LIST
    )


def transaction_webhook(shop: Shop, document: Document) -> Json:
    """What the list shows, without `currency_exchange_adjustment` [WHM]."""
    found = transaction(shop, _order_of(shop, document), document)
    return {name: found[name] for name in found if name != "currency_exchange_adjustment"}


def refund(shop: Shop, order: Document, document: Document) -> Json:
    return _refund(shop, order, document, REFUND, TRANSACTION_IN_REFUND, IN_REFUND)


def refund_in_order(shop: Shop, order: Document, document: Document) -> Json:
    return _refund(shop, order, document, REFUND_IN_ORDER, TRANSACTION_IN_ORDER, LINE_ITEM)


def refund_webhook(shop: Shop, document: Document) -> Json:
    """The refund as the API shows it [WH]."""
    return refund(shop, _order_of(shop, document), document)


def _order_of(shop: Shop, document: Document) -> Document:
    found = shop.get(ORDERS, document["order_id"])
    assert found is not None
    return found


def _refund(
    shop: Shop,
    order: Document,
    document: Document,
    shape: tuple[str, ...],
    transaction_shape: tuple[str, ...],
    line_shape: tuple[str, ...],
) -> Json:
    sides = Sides.of(order)
    worked_out = _common(sides) | {
        "admin_graphql_api_id": gid("Refund", document["id"]),
        "refund_shipping_lines": [_shipping(shop, order, one) for one in document["refund_shipping_lines"]],
        "order_adjustments": [_adjustment(shop, document, one, sides) for one in document["order_adjustments"]],
        "refund_line_items": [_line(shop, order, one, line_shape) for one in document["refund_line_items"]],
        "transactions": [transaction(shop, order, one, transaction_shape) for one in funds.of_refund(order, document)],
    }
    return shaped(shape, shop, document, worked_out)


def _common(sides: Sides) -> Json:
    nothing = sides.set(money.zero(sides.shop))
    return {
        "duties": [],
        "total_duties_set": nothing,
        "return": None,
        "additional_fees": [],
        "total_additional_fees_set": nothing,
    }


def _line(shop: Shop, order: Document, document: Document, shape: tuple[str, ...]) -> Json:
    """`subtotal` and `total_tax` are numbers here, unlike all other money [WH]."""
    sides = Sides.of(order)
    line = next(one for one in order["line_items"] if one["id"] == document["line_item_id"])
    return {
        "id": document["id"],
        "quantity": document["quantity"],
        "line_item_id": document["line_item_id"],
        "location_id": document["location_id"],
        "restock_type": document["restock_type"],
        "subtotal": float(document["subtotal"]),
        "total_tax": float(document["total_tax"]),
        "subtotal_set": sides.set(document["subtotal"]),
        "total_tax_set": sides.set(document["total_tax"]),
        "line_item": line_item(shop, sides, line, shape),
    }


def _shipping(shop: Shop, order: Document, document: Document) -> Json:
    line = next(one for one in order["shipping_lines"] if one["id"] == document["shipping_line_id"])
    return {
        "id": document.get("id"),
        "shipping_line_id": document["shipping_line_id"],
        "subtotal_amount_set": Sides.of(order).set(document["amount"]),
        "shipping_line": shipping_line(shop, Sides.of(order), line, in_refund=True),
    }


def _adjustment(shop: Shop, refund: Document, document: Document, sides: Sides) -> Json:
    nothing = money.zero(sides.shop)
    worked_out = {
        "order_id": refund["order_id"],
        "refund_id": refund["id"],
        "tax_amount": nothing,
        "amount_set": sides.set(document["amount"]),
        "tax_amount_set": sides.set(nothing),
    }
    return shaped(ADJUSTMENT, shop, document, worked_out)


def calculation(shop: Shop, order: Document, found: Document) -> Json:
    """What `refunds/calculate` answers: money is text here, also in the lines [AJS]."""
    shipping, nothing = found["shipping"], money.zero(order["currency"])
    amount = shipping["amount"] if shipping else nothing
    return _common(Sides.of(order)) | {
        "shipping": {"amount": amount, "tax": nothing, "maximum_refundable": found["maximum_shipping"]},
        "refund_shipping_lines": [_shipping(shop, order, shipping)] if shipping else [],
        "refund_line_items": [_calculated_line(one, order["currency"]) for one in found["lines"]],
        "transactions": [
            {
                "order_id": order["id"],
                "kind": "suggested_refund",
                "gateway": one["parent"]["gateway"],
                "parent_id": one["parent"]["id"],
                "amount": one["amount"],
                "currency": order["currency"],
                "maximum_refundable": one["maximum_refundable"],
            }
            for one in found["transactions"]
        ],
        "currency": order["currency"],
    }


def _calculated_line(line: Document, currency: str) -> Json:
    total = money.text(money.cents(line["price"]) * line["quantity"], currency)
    return {
        "quantity": line["quantity"],
        "line_item_id": line["line_item_id"],
        "location_id": line["sent_to"] if line["restock_type"] != "no_restock" else None,
        "restock_type": line["restock_type"],
        "price": line["price"],
        "subtotal": line["subtotal"],
        "total_tax": line["total_tax"],
        "discounted_price": line["price"],
        "discounted_total_price": total,
        "total_cart_discount_amount": line["discount"],
    }
