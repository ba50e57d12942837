"""Orders with their lines, payments, refunds and fulfillments; abandoned checkouts."""

from __future__ import annotations

import base64
from typing import Any

from simulator.shopify import funds, money, views
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
    money_of,
    of,
    own_id,
    row,
    tags,
    thing,
)
from simulator.shopify.graphql.types.connect import own_events
from simulator.shopify.graphql.types.people import plain_address

FULFILLMENT = {
    None: "UNFULFILLED",
    "partial": "PARTIALLY_FULFILLED",
    "fulfilled": "FULFILLED",
    "restocked": "RESTOCKED",
}
NOTHING = "0.00"


def cents(it: Thing, amount_cents: int) -> dict[str, Any]:
    return bag(money.text(amount_cents), it.currency)


# --- orders ---


def customer(it: Thing) -> Thing | None:
    return by_number(it.shop, "Customer", it.document["customer_id"]) if it.document["customer_id"] else None


def _billing(it: Thing) -> Thing | None:
    return plain_address(it, "billing_address", 1)


def _shipping(it: Thing) -> Thing | None:
    return plain_address(it, "shipping_address", 2)


def _lines(it: Thing) -> list[Thing]:
    return [it.part("LineItem", one) for one in it["line_items"]]


def _shipping_lines(it: Thing) -> list[Thing]:
    return [it.part("ShippingLine", one) for one in it["shipping_lines"] if not one["is_removed"]]


def _transactions(it: Thing) -> list[Thing]:
    return [transaction(it, one) for one in it.document.get("transactions", ())]


def transaction(order: Thing, document: dict[str, Any]) -> Thing:
    return order.part("OrderTransaction", views.single_transaction(order.shop, order.document, document))


def _chosen_transactions(
    it: Thing, first: int | None = None, capturable: bool | None = None, manually_resolvable: bool | None = None
) -> list[Thing]:
    found = _transactions(it)
    if capturable is not None:
        found = [one for one in found if _capturable(one) == capturable]
    if manually_resolvable is not None:
        found = [one for one in found if not manually_resolvable]
    return found[: max(first, 0) if first is not None else None]


def _capturable(it: Thing) -> bool:
    assert it.owner is not None
    good = it["kind"] == "authorization" and it["status"] == "success"
    return good and funds.left_cents(it.owner.document, it.document) > 0


def _refunds(it: Thing) -> list[Thing]:
    return [it.part("Refund", views.refund(it.shop, it.document, one)) for one in it.document["refunds"]]


def _fulfillments(it: Thing, first: int | None = None, query: str | None = None) -> list[Thing]:  # noqa: ARG001
    return [it.part("Fulfillment", one) for one in it["fulfillments"]][: max(first, 0) if first is not None else None]


def _funds(it: Thing) -> funds.Funds:
    return funds.of(it.document)


def _unpaid(it: Thing) -> bool:
    return it["financial_status"] in ("pending", "authorized", "expired", "voided")


def _markable(it: Thing) -> bool:
    return not it["cancelled_at"] and it["financial_status"] in ("pending", "authorized", "partially_paid", "expired")


def _quantity(it: Thing) -> int:
    return sum(line["quantity"] for line in it["line_items"])


def _refunded_shipping(it: Thing) -> dict[str, Any]:
    lines = [line for refund in it.document["refunds"] for line in refund.get("refund_shipping_lines", ())]
    return cents(it, sum(money.cents(line["amount"]) for line in lines))


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
    return it["app_id"] and {"id": gid("App", it["app_id"]), "name": names.get(it["source_name"], it["source_name"])}


def _applications(it: Thing) -> list[Thing]:
    """Discounts of orders that are made over an API are manual ones [AJS]."""
    found = enumerate(it["discount_applications"])
    return [it.part("ManualDiscountApplication", one | {"id": index, "index": index}) for index, one in found]


def _applications_page(it: Thing, **args: Any) -> Page:
    return listed(args, _applications(it))


def _value(it: Thing) -> dict[str, Any]:
    if it["value_type"] == "percentage":
        return {"__typename": "PricingPercentageValue", "percentage": float(it["value"])}
    return {"__typename": "MoneyV2", "amount": it["value"], "currency_code": it.currency}


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


def _same_address(it: Thing) -> bool:
    return it["billing_address"] == it["shipping_address"]


# --- lines ---


def _product(it: Thing) -> Thing | None:
    return by_number(it.shop, "Product", it["product_id"]) if it["product_id"] else None


def _variant(it: Thing) -> Thing | None:
    return by_number(it.shop, "ProductVariant", it["variant_id"]) if it["variant_id"] else None


def _order_discount(it: Thing) -> int:
    return sum(money.cents(one["amount"]) for one in it["discount_allocations"])


def _line_cents(it: Thing, quantity: int) -> int:
    return money.cents(it["price"]) * quantity


def _line_total(it: Thing) -> dict[str, Any]:
    return cents(it, _line_cents(it, it["quantity"]))


def _discounted(it: Thing, with_code_discounts: bool | None = False) -> dict[str, Any]:
    """Less what was taken off this line alone; discounts of the whole order count where it is asked for [S]."""
    own = money.cents(it["total_discount"])
    more = _order_discount(it) if with_code_discounts else 0
    return cents(it, _line_cents(it, it["quantity"]) - own - more)


def _unit_after_all(it: Thing) -> dict[str, Any]:
    total = _line_cents(it, it["quantity"]) - money.cents(it["total_discount"]) - _order_discount(it)
    return cents(it, total // max(it["quantity"], 1))


def _after_all(it: Thing) -> dict[str, Any]:
    left = it.shown.get("current_quantity", it["quantity"])
    off = money.cents(it["total_discount"]) + _order_discount(it)
    return cents(it, _line_cents(it, left) - off * left // max(it["quantity"], 1))


def _unfulfilled(it: Thing) -> dict[str, Any]:
    return cents(it, _line_cents(it, it["fulfillable_quantity"]))


def _amount(make: Any) -> Any:
    return lambda it: make(it)["shop_money"]["amount"]


def _allocations(it: Thing) -> list[dict[str, Any]]:
    assert it.owner is not None
    every = _applications(it.owner)
    return [
        {
            "allocated_amount": one["amount_set"]["shop_money"],
            "allocated_amount_set": one["amount_set"],
            "discount_application": every[one["discount_application_index"]],
        }
        for one in it["discount_allocations"]
    ]


# --- fulfillments, refunds, transactions ---


def _order(it: Thing) -> Thing | None:
    return it.owner


def _fulfilled_lines(it: Thing, **args: Any) -> Page:
    assert it.owner is not None
    return listed(args, [Thing("FulfillmentLineItem", it.shop, one, None, it) for one in it["line_items"]])


def _tracking(it: Thing, first: int | None = None) -> list[dict[str, Any]]:
    numbers, urls = it["tracking_numbers"], it["tracking_urls"]
    width = max(len(numbers), len(urls))
    pairs = zip([*numbers, *[None] * width][:width], [*urls, *[None] * width][:width], strict=True)
    found = [{"company": it["tracking_company"], "number": number, "url": url} for number, url in pairs]
    return found[: max(first, 0) if first is not None else None]


def _line_of(it: Thing) -> Thing:
    """The order's line that a fulfillment's or a refund's line is about."""
    assert it.owner is not None
    assert it.owner.owner is not None
    line_id = it.document.get("line_item_id", it.document["id"])
    return next(one for one in _lines(it.owner.owner) if one.id == line_id)


def _refunded_lines(it: Thing, **args: Any) -> Page:
    return listed(args, [it.part("RefundLineItem", one) for one in it["refund_line_items"]])


def _refund_transactions(it: Thing, **args: Any) -> Page:
    assert it.owner is not None
    wanted = {one["id"] for one in it["transactions"]}
    return listed(args, [one for one in _transactions(it.owner) if one.id in wanted])


def _refunded(it: Thing) -> dict[str, Any]:
    good = [one for one in it["transactions"] if (one["kind"], one["status"]) == ("refund", "success")]
    return cents(it.owner or it, sum(money.cents(one["amount"]) for one in good))


def _adjustments(it: Thing, **args: Any) -> Page:
    return listed(args, [it.part("OrderAdjustment", one) for one in it["order_adjustments"]])


def _parent(it: Thing) -> Thing | None:
    assert it.owner is not None
    return next((one for one in _transactions(it.owner) if one.id == it["parent_id"]), None)


def _paid_with(it: Thing) -> dict[str, Any] | None:
    card = it.shown.get("payment_details")
    return card and {
        "__typename": "CardPaymentDetails",
        **{name.removeprefix("credit_card_"): value for name, value in card.items()},
    }


def _unsettled(it: Thing) -> dict[str, Any]:
    side = it["total_unsettled_set"]["shop_money"]
    return bag(side["amount"], side["currency"])


# --- checkouts ---


def _checkout_lines(it: Thing, **args: Any) -> Page:
    """A checkout's line has no number; our reading: one made of the checkout's and its place."""
    numbered = [one | {"id": it.id * 1000 + place} for place, one in enumerate(it["line_items"], 1)]
    return listed(args, [it.part("AbandonedCheckoutLineItem", one) for one in numbered])


def _checkout_total(it: Thing) -> dict[str, Any]:
    return bag(it["line_price"], it.currency)


def recent(name: str) -> Any:
    return lambda it: thing(it.shop, name, it.document)


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
        billingAddress=_billing,
        shippingAddress=_shipping,
        displayAddress=lambda it: _shipping(it) or _billing(it),
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
        edited=False,
        fulfillable=lambda it: any(line["fulfillable_quantity"] for line in it["line_items"]),
        requiresShipping=lambda it: any(line["requires_shipping"] for line in it["line_items"]),
        restockable=lambda it: any(line["variant_id"] for line in it["line_items"]),
        merchantEditable=lambda it: not it["cancelled_at"],
        merchantEditableErrors=lambda it: ["Canceled orders can't be edited"] if it["cancelled_at"] else [],
        hasTimelineComment=False,
        discountCode=lambda it: next(iter(_codes(it)), None),
        discountCodes=_codes,
        discountApplications=_applications_page,
        lineItems=lambda it, **args: listed(args, _lines(it)),
        nonFulfillableLineItems=lambda it, **args: listed(
            args, [one for one in _lines(it) if not one["fulfillable_quantity"] and not one["fulfillment_status"]]
        ),
        subtotalLineItemsQuantity=_quantity,
        currentSubtotalLineItemsQuantity=lambda it: sum(line["current_quantity"] for line in it["line_items"]),
        currentTotalWeight=_weight,
        currentTaxLines=of("tax_lines"),
        currentCartDiscountAmountSet=of("current_total_discounts_set"),
        currentShippingPriceSet=of("total_shipping_price_set"),
        cartDiscountAmountSet=of("total_discounts_set"),
        cartDiscountAmount=amount_of("total_discounts_set"),
        originalTotalPriceSet=of("total_price_set"),
        subtotalPrice=amount_of("subtotal_price_set"),
        totalDiscounts=amount_of("total_discounts_set"),
        totalPrice=amount_of("total_price_set"),
        totalShippingPrice=amount_of("total_shipping_price_set"),
        totalTax=amount_of("total_tax_set"),
        totalOutstandingSet=bag_of("total_outstanding"),
        totalTipReceived=lambda it: bag(it["total_tip_received"], it.currency)["shop_money"],
        totalTipReceivedSet=bag_of("total_tip_received"),
        totalReceivedSet=lambda it: cents(it, _funds(it).received_cents),
        totalReceived=lambda it: money.text(_funds(it).received_cents),
        totalRefundedSet=lambda it: cents(it, _funds(it).refunded_cents),
        totalRefunded=lambda it: money.text(_funds(it).refunded_cents),
        totalRefundedShippingSet=_refunded_shipping,
        netPaymentSet=lambda it: cents(it, _net_received(it)),
        netPayment=lambda it: money.text(_net_received(it)),
        totalCapturableSet=lambda it: cents(it, _funds(it).reserved_cents),
        totalCapturable=lambda it: money.text(_funds(it).reserved_cents),
        totalCashRoundingAdjustment=_rounding,
        refundDiscrepancySet=bag_of("total_tip_received"),
        shippingLine=lambda it: next(iter(_shipping_lines(it)), None),
        shippingLines=lambda it, include_removals=False, **args: listed(args, _shipping_lines(it)),  # noqa: ARG005
        fulfillments=_fulfillments,
        fulfillmentsCount=count_of("fulfillments"),
        transactions=_chosen_transactions,
        transactionsCount=lambda it: exactly(len(_transactions(it))),
        refunds=first_of(_refunds),
        statusPageUrl=lambda it, **_: it["order_status_url"],
        app=_app,
        events=own_events,
        referrerUrl=of("referring_site"),
        landingPageUrl=lambda it: it["landing_site"],
        # What a shop has that neither sells on marketplaces nor takes Shopify Payments, returns or business buyers:
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
    "OrderApp": row("id name"),
    "BusinessEntity": row("id companyName displayName primary address", archived=False),
    "BusinessEntityAddress": row("address1 address2 city countryCode province zip"),
    "OrderCancellation": row("staffNote"),
    "CashRoundingAdjustment": row("paymentSet refundSet"),
    "LineItem": row(
        "name title quantity currentQuantity sku vendor taxable requiresShipping totalDiscountSet variantTitle"
        " fulfillableQuantity",
        id=own_id,
        customAttributes=attributes_of("properties"),
        isGiftCard=of("gift_card"),
        product=_product,
        variant=_variant,
        taxLines=first_of(of("tax_lines")),
        originalUnitPriceSet=of("price_set"),
        originalUnitPrice=amount_of("price_set"),
        originalTotalSet=_line_total,
        originalTotal=_amount(_line_total),
        totalDiscount=amount_of("total_discount_set"),
        discountedTotalSet=_discounted,
        discountedTotal=_amount(_discounted),
        discountedUnitPriceSet=of("price_set"),
        discountedUnitPrice=amount_of("price_set"),
        discountedUnitPriceAfterAllDiscountsSet=_unit_after_all,
        priceAfterAllDiscountsBeforeTaxesSet=_after_all,
        discountAllocations=_allocations,
        fulfillmentStatus=lambda it: it["fulfillment_status"] or "unfulfilled",
        unfulfilledQuantity=of("fulfillable_quantity"),
        unfulfilledOriginalTotalSet=_unfulfilled,
        unfulfilledOriginalTotal=_amount(_unfulfilled),
        unfulfilledDiscountedTotalSet=_unfulfilled,
        unfulfilledDiscountedTotal=_amount(_unfulfilled),
        nonFulfillableQuantity=lambda it: it["quantity"] - it["current_quantity"],
        refundableQuantity=of("current_quantity"),
        restockable=lambda it: it["variant_id"] is not None,
        canRestock=lambda it: it["variant_id"] is not None,
        merchantEditable=lambda it: it["fulfillable_quantity"] > 0,
    ),
    "ShippingLine": row(
        "title code source phone carrierIdentifier taxLines isRemoved discountedPriceSet",
        id=own_id,
        custom=lambda it: it["source"] is None,
        deliveryCategory=None,
        shippingRateHandle=None,
        discountAllocations=[],
        currentDiscountedPriceSet=of("discounted_price_set"),
        discountedPrice=money_of("discounted_price_set"),
        originalPriceSet=of("price_set"),
        originalPrice=money_of("price_set"),
        price=amount_of("price_set"),
    ),
    "TaxLine": row(
        "title rate priceSet channelLiable",
        price=amount_of("price_set"),
        ratePercentage=lambda it: round(it["rate"] * 100, 6),
        source=None,
    ),
    "Attribute": row("key value"),
    "DiscountAllocation": row("allocatedAmount allocatedAmountSet discountApplication"),
    "ManualDiscountApplication": row(
        "allocationMethod targetSelection targetType title description index", value=_value
    ),
    "PricingPercentageValue": row("percentage"),
    "OrderTransaction": row(
        "kind status gateway test createdAt processedAt paymentId errorCode manualPaymentGateway",
        authorizationExpiresAt=lambda it: it.shown.get("authorization_expires_at"),
        id=own_id,
        order=_order,
        accountNumber=lambda it: (it.shown.get("payment_details") or {}).get("credit_card_number"),
        amount=of("amount"),
        amountV2=lambda it: bag(it["amount"], it.currency)["shop_money"],
        amountSet=bag_of("amount"),
        authorizationCode=of("authorization"),
        formattedGateway=lambda it: it["gateway"] and it["gateway"].replace("_", " ").capitalize(),
        manuallyCapturable=_capturable,
        multiCapturable=False,
        parentTransaction=_parent,
        paymentDetails=_paid_with,
        receiptJson=of("receipt"),
        totalUnsettledSet=_unsettled,
        totalUnsettledV2=lambda it: _unsettled(it)["shop_money"],
        totalUnsettled=lambda it: _unsettled(it)["shop_money"]["amount"],
        amountRoundingSet=None,
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
        lineItem=_line_of,
        priceSet=lambda it: it["line_item"]["price_set"],
        price=lambda it: it["line_item"]["price"],
        restocked=lambda it: it["restock_type"] != "no_restock",
        subtotal=amount_of("subtotal_set"),
        totalTax=amount_of("total_tax_set"),
        location=None,
    ),
    "OrderAdjustment": row("amountSet taxAmountSet", id=own_id),
    "Fulfillment": row(
        "name status createdAt updatedAt",
        id=own_id,
        legacyResourceId=legacy_id,
        order=_order,
        displayStatus=lambda it: it["shipment_status"] or ("canceled" if it["status"] == "cancelled" else "fulfilled"),
        fulfillmentLineItems=_fulfilled_lines,
        requiresShipping=lambda it: any(line["requires_shipping"] for line in it["line_items"]),
        totalQuantity=lambda it: sum(line["quantity"] for line in it["line_items"]),
        trackingInfo=_tracking,
        deliveredAt=None,
        estimatedDeliveryAt=None,
        inTransitAt=None,
    ),
    "FulfillmentLineItem": row(
        "quantity",
        id=own_id,
        lineItem=_line_of,
        originalTotalSet=lambda it: _line_total(_line_of(it)),
        originalTotal=lambda it: _amount(_line_total)(_line_of(it)),
        discountedTotalSet=lambda it: _discounted(_line_of(it)),
        discountedTotal=lambda it: _amount(_discounted)(_line_of(it)),
    ),
    "FulfillmentTrackingInfo": row("company number url"),
    "AbandonedCheckout": row(
        "name abandonedCheckoutUrl completedAt createdAt updatedAt taxesIncluded taxLines",
        id=own_id,
        customer=customer,
        billingAddress=_billing,
        shippingAddress=_shipping,
        customAttributes=attributes_of("note_attributes"),
        discountCodes=lambda it: [one["code"] for one in it["discount_codes"]],
        lineItems=_checkout_lines,
        lineItemsQuantity=_quantity,
        note=lambda it: it["note"] or "",
        subtotalPriceSet=bag_of("subtotal_price"),
        totalDiscountSet=bag_of("total_discounts"),
        totalDutiesSet=bag_of("total_duties"),
        totalLineItemsPriceSet=bag_of("total_line_items_price"),
        totalPriceSet=bag_of("total_price"),
        totalTaxSet=bag_of("total_tax"),
    ),
    "AbandonedCheckoutLineItem": row(
        "quantity sku title",
        id=own_id,
        product=_product,
        variant=_variant,
        variantTitle=lambda it: it["variant_title"] or None,
        customAttributes=lambda it: [{"key": one["name"], "value": one["value"]} for one in it["properties"] or ()],
        originalUnitPriceSet=bag_of("price"),
        originalTotalPriceSet=_checkout_total,
        discountedUnitPriceSet=bag_of("price"),
        discountedUnitPriceWithCodeDiscount=bag_of("price"),
        discountedTotalPriceSet=_checkout_total,
        discountedTotalPriceWithCodeDiscount=_checkout_total,
    ),
}
