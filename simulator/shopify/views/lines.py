"""The lines of orders, refunds and fulfillments, and their shipping lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.kernel.resource import Document
from simulator.shopify.money import Sides
from simulator.shopify.views.shape import Json, gid, shaped

if TYPE_CHECKING:
    from simulator.shopify.shop import Shop

LINE_ITEM = (
    "id", "admin_graphql_api_id", "attributed_staffs", "current_quantity", "fulfillable_quantity",
    "fulfillment_service", "fulfillment_status", "gift_card", "grams", "name", "price", "price_set",
    "product_exists", "product_id", "properties", "quantity", "requires_shipping", "sku", "taxable", "title",
    "total_discount", "total_discount_set", "variant_id", "variant_inventory_management", "variant_title", "vendor",
    "tax_lines", "duties", "discount_allocations",
)  # fmt: skip
# A refund or a fulfillment by itself shows a line without these [AJS].
IN_REFUND = tuple(name for name in LINE_ITEM if name not in ("attributed_staffs", "current_quantity"))
SHIPPING_LINE = (
    "id", "carrier_identifier", "code", "discounted_price", "discounted_price_set", "is_removed", "phone", "price",
    "price_set", "requested_fulfillment_service_id", "source", "title", "tax_lines", "discount_allocations",
)  # fmt: skip


def line_item(shop: Shop, sides: Sides, document: Document, shape: tuple[str, ...] = LINE_ITEM) -> Json:
    worked_out = {
        "admin_graphql_api_id": gid("LineItem", document["id"]),
        "attributed_staffs": [],
        "price_set": sides.set(document["price"]),
        "total_discount_set": sides.set(document["total_discount"]),
        "tax_lines": [tax_line(sides, one) for one in document["tax_lines"]],
        "duties": [],
        "discount_allocations": [
            {
                "amount": one["amount"],
                "amount_set": sides.set(one["amount"]),
                "discount_application_index": one["discount_application_index"],
            }
            for one in document["discount_allocations"]
        ],
    }
    return shaped(shape, shop, document, worked_out)


def tax_line(sides: Sides, document: Document) -> Json:
    return document | {"price_set": sides.set(document["price"]), "channel_liable": False}


def shipping_line(shop: Shop, sides: Sides, document: Document, in_refund: bool = False) -> Json:
    price = document["price"]
    worked_out = {
        "discounted_price": price,
        "discounted_price_set": sides.set(price),
        "is_removed": False,
        "price_set": sides.set(price),
        "tax_lines": [tax_line(sides, one) for one in document["tax_lines"]],
        "discount_allocations": [],
    }
    shape = tuple(name for name in SHIPPING_LINE if not (in_refund and name == "is_removed"))  # [AJS]
    return shaped(shape, shop, document, worked_out)
