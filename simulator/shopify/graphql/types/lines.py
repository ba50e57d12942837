"""Lines of orders, their taxes and discounts: what each says of its price, and what it worked out to."""

from __future__ import annotations

from typing import Any

from simulator.shopify import money
from simulator.shopify.graphql.things import (
    Thing,
    amount_of,
    attributes_of,
    bag,
    by_number,
    first_of,
    money_of,
    of,
    order_parts,
    own_id,
    row,
)


def cents(it: Thing, amount_cents: int) -> dict[str, Any]:
    return bag(money.text(amount_cents, it.currency), it)


def lines_of(it: Thing) -> list[Thing]:
    return order_parts(it, "LineItem")


def line_of(it: Thing) -> Thing:
    """The order's line that a line of a refund, a fulfillment or a fulfillment order is about."""
    assert it.owner is not None
    assert it.owner.owner is not None
    return next(one for one in lines_of(it.owner.owner) if one.id == it.document["line_item_id"])


def applications(it: Thing) -> list[Thing]:
    """Discounts of orders that are made over an API are manual ones [AJS]."""
    found = enumerate(it["discount_applications"])
    return [it.part("ManualDiscountApplication", one | {"id": index, "index": index}) for index, one in found]


def _value(it: Thing) -> dict[str, Any]:
    if it["value_type"] == "percentage":
        return {"__typename": "PricingPercentageValue", "percentage": float(it["value"])}
    return {"__typename": "MoneyV2", "amount": it["value"], "currency_code": it.currency}


def product(it: Thing) -> Thing | None:
    return by_number(it.shop, "Product", it["product_id"]) if it["product_id"] else None


def variant(it: Thing) -> Thing | None:
    return by_number(it.shop, "ProductVariant", it["variant_id"]) if it["variant_id"] else None


def _order_discount(it: Thing) -> int:
    return sum(money.cents(one["amount"]) for one in it["discount_allocations"])


def _line_cents(it: Thing, quantity: int) -> int:
    return money.cents(it["price"]) * quantity


def line_total(it: Thing) -> dict[str, Any]:
    return cents(it, _line_cents(it, it["quantity"]))


def discounted(it: Thing, with_code_discounts: bool | None = False) -> dict[str, Any]:
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


def amount(make: Any) -> Any:
    return lambda it: make(it)["shop_money"]["amount"]


def _allocations(it: Thing) -> list[dict[str, Any]]:
    assert it.owner is not None
    every = applications(it.owner)
    return [
        {
            "allocated_amount": one["amount_set"]["shop_money"],
            "allocated_amount_set": one["amount_set"],
            "discount_application": every[one["discount_application_index"]],
        }
        for one in it["discount_allocations"]
    ]


TYPES = {
    "LineItem": row(
        "name title quantity currentQuantity sku vendor taxable requiresShipping totalDiscountSet variantTitle"
        " fulfillableQuantity",
        id=own_id,
        customAttributes=attributes_of("properties"),
        isGiftCard=of("gift_card"),
        duties=[],
        lineItemGroup=None,
        product=product,
        variant=variant,
        taxLines=first_of(of("tax_lines")),
        originalUnitPriceSet=of("price_set"),
        originalUnitPrice=amount_of("price_set"),
        originalTotalSet=line_total,
        originalTotal=amount(line_total),
        totalDiscount=amount_of("total_discount_set"),
        discountedTotalSet=discounted,
        discountedTotal=amount(discounted),
        discountedUnitPriceSet=of("price_set"),
        discountedUnitPrice=amount_of("price_set"),
        discountedUnitPriceAfterAllDiscountsSet=_unit_after_all,
        priceAfterAllDiscountsBeforeTaxesSet=_after_all,
        discountAllocations=_allocations,
        fulfillmentStatus=lambda it: it["fulfillment_status"] or "unfulfilled",
        unfulfilledQuantity=of("fulfillable_quantity"),
        unfulfilledOriginalTotalSet=_unfulfilled,
        unfulfilledOriginalTotal=amount(_unfulfilled),
        unfulfilledDiscountedTotalSet=_unfulfilled,
        unfulfilledDiscountedTotal=amount(_unfulfilled),
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
}
