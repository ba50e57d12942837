"""Orders: the record itself and the sums of it that REST does not show."""

from __future__ import annotations

import base64
from typing import Any

from simulator.shopify import funds, money
from simulator.shopify.graphql.pages import Page, listed
from simulator.shopify.graphql.things import (
    Thing,
    amount_of,
    attributes_of,
    bag,
    bag_of,
    by_number,
    count_of,
    exactly,
    first_of,
    gid,
    legacy_id,
    of,
    own_id,
    row,
    tags,
)
from simulator.shopify.graphql.types.connect import own_events
from simulator.shopify.graphql.types.lines import applications, cents, lines_of
from simulator.shopify.graphql.types.metafields import OWNED
from simulator.shopify.graphql.types.people import plain_address
from simulator.shopify.graphql.types.settlements import fulfillments, refunds, transactions
from simulator.shopify.graphql.types.shipping import planned_for

FULFILLMENT = {
    None: "UNFULFILLED",
    "partial": "PARTIALLY_FULFILLED",
    "fulfilled": "FULFILLED",
    "restocked": "RESTOCKED",
}


def customer(it: Thing) -> Thing | None:
    return by_number(it.shop, "Customer", it.document["customer_id"]) if it.document["customer_id"] else None


def billing(it: Thing) -> Thing | None:
    return plain_address(it, "billing_address", 1)


def shipping(it: Thing) -> Thing | None:
    return plain_address(it, "shipping_address", 2)


def _shipping_lines(it: Thing) -> list[Thing]:
    return [it.part("ShippingLine", one) for one in it["shipping_lines"] if not one["is_removed"]]


def _chosen_transactions(
    it: Thing, first: int | None = None, capturable: bool | None = None, manually_resolvable: bool | None = None
) -> list[Thing]:
    found = transactions(it)
    if capturable is not None:
        found = [one for one in found if capturable(one) == capturable]
    if manually_resolvable is not None:
        found = [one for one in found if not manually_resolvable]
    return found[: max(first, 0) if first is not None else None]


def _funds(it: Thing) -> funds.Funds:
    return funds.of(it.document)


def _unpaid(it: Thing) -> bool:
    return it["financial_status"] in ("pending", "authorized", "expired", "voided")


def _markable(it: Thing) -> bool:
    return not it["cancelled_at"] and it["financial_status"] in ("pending", "authorized", "partially_paid", "expired")


def quantity(it: Thing) -> int:
    return sum(line["quantity"] for line in it["line_items"])


def _refunded_shipping(it: Thing) -> dict[str, Any]:
    lines = [line for refund in it.document["refunds"] for line in refund.get("refund_shipping_lines", ())]
    return cents(it, sum(money.cents(line["amount"]) for line in lines))


def _refund_discrepancy(it: Thing) -> dict[str, Any]:
    """What the refunds are worth less what they paid back: negative in the customer's favour [S]."""
    found = [one for refund in it.document["refunds"] for one in refund.get("order_adjustments", ())]
    return cents(it, sum(money.cents(one["amount"]) for one in found if one["kind"] == "refund_discrepancy"))


def _net_received(it: Thing) -> int:
    return _funds(it).net_cents


def _cancellation(it: Thing) -> dict[str, Any] | None:
    return {"staff_note": it.document.get("staff_note")} if it["cancelled_at"] else None


def _codes(it: Thing) -> list[str]:
    return [one["code"] for one in it["discount_codes"]]


def _weight(it: Thing) -> int:
    return sum(line["grams"] * line.get("current_quantity", line["quantity"]) for line in it["line_items"])


def _app(it: Thing) -> dict[str, Any] | None:
    names = {"web": "Online Store"}
    name = names.get(it["source_name"], it["source_name"])
    return it["app_id"] and {"id": gid("App", it["app_id"]), "name": name, "icon": _icon(it["app_id"])}


def _icon(app_id: int) -> dict[str, Any]:
    """Our reading: without an id, and the address is of the form of Shopify's own; nothing is served there."""
    url = f"https://cdn.shopify.com/s/applications/uploaded_icons/{app_id}.png"
    return {"id": None, "alt_text": None, "url": url, "width": None, "height": None}


def _applications_page(it: Thing, **args: Any) -> Page:
    return listed(args, applications(it))


def _rounding(it: Thing) -> dict[str, Any]:
    return {
        "payment_set": it["total_cash_rounding_payment_adjustment_set"],
        "refund_set": it["total_cash_rounding_refund_adjustment_set"],
    }


def _business(it: Thing) -> dict[str, Any]:
    """The shop itself: the fake's shops have one business entity."""
    number = base64.b64decode(it["merchant_business_entity_id"] + "==").decode()
    shop = it.shop.record
    return {
        "id": gid("BusinessEntity", number),
        "company_name": None,
        "display_name": shop["name"],
        "primary": True,
        "address": {name: shop[name] for name in ("address1", "address2", "city", "country_code", "province", "zip")},
    }


def _first_total(it: Thing) -> dict[str, Any]:
    """Before any edit."""
    return bag(it.document.get("original_total_price", it["total_price"]), it)


def _same_address(it: Thing) -> bool:
    return it["billing_address"] == it["shipping_address"]


TYPES = {
    "Order": row(
        "name note confirmed createdAt updatedAt processedAt closedAt cancelledAt cancelReason confirmationNumber"
        " customerLocale dutiesIncluded estimatedTaxes taxesIncluded taxExempt taxLines test poNumber"
        " paymentGatewayNames cartToken checkoutToken sourceIdentifier sourceName currentSubtotalPriceSet"
        " currentTotalAdditionalFeesSet currentTotalDiscountsSet currentTotalDutiesSet currentTotalPriceSet"
        " currentTotalTaxSet originalTotalAdditionalFeesSet originalTotalDutiesSet subtotalPriceSet totalDiscountsSet"
        " totalPriceSet totalShippingPriceSet totalTaxSet totalWeight phone",
        id=own_id,
        legacyResourceId=legacy_id,
        tags=tags,
        number=of("order_number"),
        email=lambda it: it["email"] or None,
        customAttributes=attributes_of("note_attributes"),
        customer=customer,
        customerAcceptsMarketing=of("buyer_accepts_marketing"),
        billingAddress=billing,
        shippingAddress=shipping,
        displayAddress=lambda it: shipping(it) or billing(it),
        billingAddressMatchesShippingAddress=_same_address,
        currencyCode=of("currency"),
        presentmentCurrencyCode=of("presentment_currency"),
        displayFinancialStatus=of("financial_status"),
        displayFulfillmentStatus=lambda it: FULFILLMENT[it["fulfillment_status"]],
        fullyPaid=lambda it: not _unpaid(it) and it["financial_status"] != "partially_paid",
        unpaid=_unpaid,
        canMarkAsPaid=_markable,
        canNotifyCustomer=lambda it: bool(it["email"]),
        capturable=lambda it: _funds(it).reserved_cents > 0,
        refundable=lambda it: _net_received(it) > 0,
        closed=lambda it: it["closed_at"] is not None,
        cancellation=_cancellation,
        clientIp=of("browser_ip"),
        edited=lambda it: bool(it.document.get("edited")),
        fulfillable=lambda it: any(line["fulfillable_quantity"] for line in it["line_items"]),
        requiresShipping=lambda it: any(line["requires_shipping"] for line in it["line_items"]),
        restockable=lambda it: any(line["variant_id"] for line in it["line_items"]),
        merchantEditable=lambda it: not it["cancelled_at"],
        merchantEditableErrors=lambda it: ["Canceled orders can't be edited"] if it["cancelled_at"] else [],
        hasTimelineComment=False,
        discountCode=lambda it: next(iter(_codes(it)), None),
        discountCodes=_codes,
        discountApplications=_applications_page,
        lineItems=lambda it, **args: listed(args, lines_of(it)),
        nonFulfillableLineItems=lambda it, **args: listed(
            args, [one for one in lines_of(it) if not one["fulfillable_quantity"] and not one["fulfillment_status"]]
        ),
        subtotalLineItemsQuantity=quantity,
        currentSubtotalLineItemsQuantity=lambda it: sum(line["current_quantity"] for line in it["line_items"]),
        currentTotalWeight=_weight,
        currentTaxLines=of("tax_lines"),
        currentCartDiscountAmountSet=of("current_total_discounts_set"),
        currentShippingPriceSet=of("total_shipping_price_set"),
        cartDiscountAmountSet=of("total_discounts_set"),
        cartDiscountAmount=amount_of("total_discounts_set"),
        originalTotalPriceSet=_first_total,
        subtotalPrice=amount_of("subtotal_price_set"),
        totalDiscounts=amount_of("total_discounts_set"),
        totalPrice=amount_of("total_price_set"),
        totalShippingPrice=amount_of("total_shipping_price_set"),
        totalTax=amount_of("total_tax_set"),
        totalOutstandingSet=bag_of("total_outstanding"),
        totalTipReceived=lambda it: bag(it["total_tip_received"], it)["shop_money"],
        totalTipReceivedSet=bag_of("total_tip_received"),
        totalReceivedSet=lambda it: cents(it, _funds(it).received_cents),
        totalReceived=lambda it: money.text(_funds(it).received_cents, it.currency),
        totalRefundedSet=lambda it: cents(it, _funds(it).refunded_cents),
        totalRefunded=lambda it: money.text(_funds(it).refunded_cents, it.currency),
        totalRefundedShippingSet=_refunded_shipping,
        netPaymentSet=lambda it: cents(it, _net_received(it)),
        netPayment=lambda it: money.text(_net_received(it), it.currency),
        totalCapturableSet=lambda it: cents(it, _funds(it).reserved_cents),
        totalCapturable=lambda it: money.text(_funds(it).reserved_cents, it.currency),
        totalCashRoundingAdjustment=_rounding,
        refundDiscrepancySet=_refund_discrepancy,
        shippingLine=lambda it: next(iter(_shipping_lines(it)), None),
        shippingLines=lambda it, include_removals=False, **args: listed(args, _shipping_lines(it)),  # noqa: ARG005
        fulfillments=fulfillments,
        fulfillmentsCount=count_of("fulfillments"),
        transactions=_chosen_transactions,
        transactionsCount=lambda it: exactly(len(transactions(it))),
        refunds=first_of(refunds),
        statusPageUrl=lambda it, **_: it["order_status_url"],
        app=_app,
        events=own_events,
        **OWNED,
        fulfillmentOrders=planned_for,
        referrerUrl=of("referring_site"),
        landingPageUrl=lambda it: it["landing_site"],
        # What a shop has that neither sells on marketplaces nor takes Shopify Payments, returns or business buyers:
        customerJourneySummary=None,
        additionalFees=[],
        channelInformation=None,
        disputes=[],
        shopifyProtect=None,
        merchantOfRecordApp=None,
        productNetwork=False,
        registeredSourceUrl=None,
        retailLocation=None,
        merchantBusinessEntity=_business,
        returnStatus="NO_RETURN",
    ),
    "OrderApp": row("id name icon"),
    "BusinessEntity": row("id companyName displayName primary address", archived=False),
    "BusinessEntityAddress": row("address1 address2 city countryCode province zip"),
    "OrderCancellation": row("staffNote"),
    "CashRoundingAdjustment": row("paymentSet refundSet"),
}
