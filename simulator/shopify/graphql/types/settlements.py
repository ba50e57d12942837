"""The money of an order after it is made: transactions and refunds."""

from __future__ import annotations

from typing import Any

from simulator.shopify import funds, money
from simulator.shopify.graphql.pages import Page, listed
from simulator.shopify.graphql.things import Thing, amount_of, bag, bag_of, legacy_id, of, order_parts, own_id, row
from simulator.shopify.graphql.types.lines import cents, line_of


def transactions(it: Thing) -> list[Thing]:
    return order_parts(it, "OrderTransaction")


def capturable(it: Thing) -> bool:
    assert it.owner is not None
    good = it["kind"] == "authorization" and it["status"] == "success"
    return good and funds.left_cents(it.owner.document, it.document) > 0


def refunds(it: Thing) -> list[Thing]:
    return order_parts(it, "Refund")


def fulfillments(it: Thing, first: int | None = None, query: str | None = None) -> list[Thing]:  # noqa: ARG001
    return order_parts(it, "Fulfillment")[: max(first, 0) if first is not None else None]


def _order(it: Thing) -> Thing | None:
    return it.owner


def _refunded_lines(it: Thing, **args: Any) -> Page:
    return listed(args, [it.part("RefundLineItem", one) for one in it["refund_line_items"]])


def _refund_transactions(it: Thing, **args: Any) -> Page:
    assert it.owner is not None
    wanted = {one["id"] for one in it["transactions"]}
    return listed(args, [one for one in transactions(it.owner) if one.id in wanted])


def _refunded(it: Thing) -> dict[str, Any]:
    good = [one for one in it["transactions"] if (one["kind"], one["status"]) == ("refund", "success")]
    return cents(it.owner or it, sum(money.cents(one["amount"]) for one in good))


def _adjustments(it: Thing, **args: Any) -> Page:
    return listed(args, [it.part("OrderAdjustment", one) for one in it["order_adjustments"]])


def _parent(it: Thing) -> Thing | None:
    assert it.owner is not None
    return next((one for one in transactions(it.owner) if one.id == it["parent_id"]), None)


def _reason(it: Thing) -> str | None:
    """Of a refund of shipping, which REST tells as an adjustment too, the enum has none."""
    return "refund_discrepancy" if it["kind"] == "refund_discrepancy" else None


def _refundable(it: Thing) -> dict[str, Any] | None:
    """Of a sale or a capture what can still be given back."""
    if it["kind"] not in funds.RECEIVED:
        return None
    assert it.owner is not None
    left: dict[str, Any] = cents(it, funds.left_cents(it.owner.document, it.document))["shop_money"]
    return left


def _paid_with(it: Thing) -> dict[str, Any] | None:
    card = it.shown.get("payment_details")
    return card and {
        "__typename": "CardPaymentDetails",
        **{name.removeprefix("credit_card_"): value for name, value in card.items()},
    }


def _unsettled(it: Thing) -> dict[str, Any]:
    return {
        name: {"amount": side["amount"], "currency_code": side["currency"]}
        for name, side in it["total_unsettled_set"].items()
    }


TYPES = {
    "OrderTransaction": row(
        "kind status gateway test createdAt processedAt paymentId errorCode manualPaymentGateway",
        authorizationExpiresAt=lambda it: it.shown.get("authorization_expires_at"),
        id=own_id,
        order=_order,
        accountNumber=lambda it: (it.shown.get("payment_details") or {}).get("credit_card_number"),
        amount=of("amount"),
        amountV2=lambda it: bag(it["amount"], it)["shop_money"],
        amountSet=bag_of("amount"),
        authorizationCode=of("authorization"),
        formattedGateway=lambda it: it["gateway"] and it["gateway"].replace("_", " ").capitalize(),
        manuallyCapturable=capturable,
        multiCapturable=False,
        parentTransaction=_parent,
        paymentDetails=_paid_with,
        receiptJson=of("receipt"),
        totalUnsettledSet=_unsettled,
        totalUnsettledV2=lambda it: _unsettled(it)["shop_money"],
        totalUnsettled=lambda it: _unsettled(it)["shop_money"]["amount"],
        amountRoundingSet=None,
        maximumRefundable=lambda it: (_refundable(it) or {}).get("amount"),
        maximumRefundableV2=_refundable,
        fees=[],  # as of gateways other than Shopify Payments
        location=None,
        settlementCurrency=None,
        settlementCurrencyRate=None,
        shopifyPaymentsSet=None,
        user=None,
    ),
    "CardPaymentDetails": row(
        "avsResultCode bin company cvvResultCode expirationMonth expirationYear name number paymentMethodName wallet"
    ),
    "Refund": row(
        "note createdAt processedAt",
        id=own_id,
        legacyResourceId=legacy_id,
        order=_order,
        updatedAt=of("created_at"),
        totalRefundedSet=_refunded,
        totalRefunded=lambda it: _refunded(it)["shop_money"],
        refundLineItems=_refunded_lines,
        transactions=_refund_transactions,
        orderAdjustments=_adjustments,
    ),
    "RefundLineItem": row(
        "quantity subtotalSet totalTaxSet restockType",
        id=own_id,
        lineItem=line_of,
        priceSet=lambda it: it["line_item"]["price_set"],
        price=lambda it: it["line_item"]["price"],
        restocked=lambda it: it["restock_type"] != "no_restock",
        subtotal=amount_of("subtotal_set"),
        totalTax=amount_of("total_tax_set"),
        location=None,
    ),
    "OrderAdjustment": row("amountSet taxAmountSet", id=own_id, reason=_reason),
}
