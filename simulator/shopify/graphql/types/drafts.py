"""Draft orders and their lines."""

from __future__ import annotations

from typing import Any

from simulator.shopify import money
from simulator.shopify.graphql.pages import Page, cursor, listed
from simulator.shopify.graphql.things import (
    Thing,
    amount_of,
    attributes_of,
    bag,
    bag_of,
    by_number,
    legacy_id,
    of,
    own_id,
    row,
    tags,
)
from simulator.shopify.graphql.types.connect import own_events
from simulator.shopify.graphql.types.lines import cents, line_total, product, variant
from simulator.shopify.graphql.types.metafields import OWNED
from simulator.shopify.graphql.types.orders import billing, customer, shipping
from simulator.shopify.graphql.types.shipping import service


def _lines(it: Thing) -> list[Thing]:
    return [it.part("DraftOrderLineItem", one) for one in it["line_items"]]


def _lines_page(it: Thing, **args: Any) -> Page:
    return listed(args, _lines(it))


def _applied(it: Thing) -> Thing | None:
    found = it["applied_discount"]
    return it.part("DraftOrderAppliedDiscount", found) if found else None


def _off_cents(it: Thing) -> int:
    return money.cents(it["applied_discount"]["amount"]) if it["applied_discount"] else 0


def _discounted_total(it: Thing) -> dict[str, Any]:
    return cents(it, money.cents(it["price"]) * it["quantity"] - _off_cents(it))


def _discounted_unit(it: Thing) -> dict[str, Any]:
    return cents(it, money.cents(it["price"]) - _off_cents(it) // max(it["quantity"], 1))


def _shipping_line(it: Thing) -> Thing | None:
    """Our reading: it has no id of its own; one is made of the draft's."""
    found = it["shipping_line"]
    if not found:
        return None
    price = bag(found["price"], it)
    named = {"id": it.id, "title": found["title"], "code": found["handle"] or "custom", "source": None, "phone": None}
    prices = {"price_set": price, "discounted_price_set": price}
    return it.part("ShippingLine", named | prices | {"tax_lines": [], "is_removed": False, "carrier_identifier": None})


def _order(it: Thing) -> Thing | None:
    return by_number(it.shop, "Order", it["order_id"]) if it["order_id"] else None


def _weight(it: Thing) -> int:
    return sum((line["grams"] or 0) * line["quantity"] for line in it["line_items"])


TYPES = {
    "DraftOrder": row(
        "name status completedAt createdAt updatedAt invoiceSentAt invoiceUrl taxExempt taxesIncluded taxLines"
        " amountDueLaterSet amountDueNowSet subtotalPriceSet totalDiscountsSet totalLineItemsPriceSet totalPriceSet"
        " totalShippingPriceSet totalTaxSet",
        id=own_id,
        legacyResourceId=legacy_id,
        defaultCursor=lambda it: cursor((str(it.id), it.id)),
        appliedDiscount=_applied,
        billingAddress=billing,
        shippingAddress=shipping,
        billingAddressMatchesShippingAddress=lambda it: it["billing_address"] == it["shipping_address"],
        currencyCode=of("currency"),
        presentmentCurrencyCode=of("presentment_currency"),
        customAttributes=attributes_of("note_attributes"),
        customer=customer,
        discountCodes=[],
        email=of("email"),
        events=own_events,
        **OWNED,
        hasTimelineComment=False,
        invoiceEmailTemplateSubject=lambda it: f"Draft Order {it['name']}",
        lineItems=_lines_page,
        lineItemsSubtotalPrice=of("subtotal_price_set"),
        note2=of("note"),
        order=_order,
        ready=True,  # nothing that is worked out is left for later
        shippingLine=_shipping_line,
        subtotalPrice=amount_of("subtotal_price_set"),
        totalPrice=amount_of("total_price_set"),
        totalShippingPrice=amount_of("total_shipping_price_set"),
        totalTax=amount_of("total_tax_set"),
        tags=tags,
        totalQuantityOfLineItems=lambda it: sum(line["quantity"] for line in it["line_items"]),
        totalWeight=_weight,
        # What the fake's drafts have not:
        allVariantPricesOverridden=False,
        anyVariantPricesOverridden=False,
        acceptAutomaticDiscounts=False,
        allowDiscountCodesInCheckout=False,
        phone=None,
        platformDiscounts=[],
        poNumber=None,
        reserveInventoryUntil=None,
        transformerFingerprint=None,
        visibleToCustomer=False,
    ),
    "DraftOrderAppliedDiscount": row(
        "title valueType",
        amount=of("amount"),
        amountSet=bag_of("amount"),
        amountV2=lambda it: bag(it["amount"], it)["shop_money"],
        description=lambda it: it["description"] or "",
        value=lambda it: float(it["value"]),
    ),
    "DraftOrderLineItem": row(
        "name title quantity custom grams requiresShipping sku taxLines taxable vendor variantTitle",
        id=own_id,
        uuid=lambda it: str(it.id),  # Our reading: any text that is the line's own
        appliedDiscount=_applied,
        approximateDiscountedUnitPriceSet=_discounted_unit,
        components=[],
        customAttributes=attributes_of("properties"),
        discountedTotal=lambda it: _discounted_total(it)["shop_money"]["amount"],
        discountedTotalSet=_discounted_total,
        discountedUnitPrice=lambda it: _discounted_unit(it)["shop_money"]["amount"],
        discountedUnitPriceSet=_discounted_unit,
        fulfillmentService=service,
        isGiftCard=of("gift_card"),
        originalTotal=lambda it: line_total(it)["shop_money"]["amount"],
        originalTotalSet=line_total,
        originalUnitPrice=of("price"),
        originalUnitPriceSet=bag_of("price"),
        originalUnitPriceWithCurrency=lambda it: bag(it["price"], it)["shop_money"],
        priceOverride=None,
        product=product,
        totalDiscount=lambda it: money.text(_off_cents(it), it.currency),
        totalDiscountSet=lambda it: cents(it, _off_cents(it)),
        variant=variant,
        weight=lambda it: None if it["grams"] is None else {"unit": "GRAMS", "value": float(it["grams"])},
    ),
}
