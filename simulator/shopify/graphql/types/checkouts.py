"""Abandoned checkouts and their lines."""

from __future__ import annotations

from typing import Any

from simulator.shopify.graphql.pages import Page, listed
from simulator.shopify.graphql.things import Thing, attributes_of, bag, bag_of, own_id, row
from simulator.shopify.graphql.types.lines import product, variant
from simulator.shopify.graphql.types.orders import billing, customer, quantity, shipping


def _checkout_lines(it: Thing, **args: Any) -> Page:
    """A checkout's line has no number; our reading: one made of the checkout's and its place."""
    numbered = [one | {"id": it.id * 1000 + place} for place, one in enumerate(it["line_items"], 1)]
    return listed(args, [it.part("AbandonedCheckoutLineItem", one) for one in numbered])


def _checkout_total(it: Thing) -> dict[str, Any]:
    return bag(it["line_price"], it)


TYPES = {
    "AbandonedCheckout": row(
        "name abandonedCheckoutUrl completedAt createdAt updatedAt taxesIncluded taxLines",
        id=own_id,
        customer=customer,
        billingAddress=billing,
        shippingAddress=shipping,
        customAttributes=attributes_of("note_attributes"),
        discountCodes=lambda it: [one["code"] for one in it["discount_codes"]],
        lineItems=_checkout_lines,
        lineItemsQuantity=quantity,
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
        product=product,
        variant=variant,
        components=None,
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
