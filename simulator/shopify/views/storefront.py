"""Carts and checkouts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.kernel.resource import Document
from simulator.shopify.money import Sides, text, zero
from simulator.shopify.rules import totals
from simulator.shopify.views.customers import CUSTOMER_IN_CHECKOUT, customer_of, plain_address
from simulator.shopify.views.shape import Json, shaped

if TYPE_CHECKING:
    from simulator.shopify.shop import Shop

CHECKOUT = (
    "id", "token", "cart_token", "email", "gateway", "buyer_accepts_marketing", "created_at", "updated_at",
    "landing_site", "note", "note_attributes", "referring_site", "shipping_lines", "taxes_included", "total_weight",
    "currency", "completed_at", "closed_at", "user_id", "location_id", "source_identifier", "source_url", "device_id",
    "phone", "customer_locale", "line_items", "name", "source", "abandoned_checkout_url", "discount_codes",
    "tax_lines", "source_name", "presentment_currency", "buyer_accepts_sms_marketing", "sms_marketing_phone",
    "total_discounts", "total_line_items_price", "total_price", "total_tax", "subtotal_price", "total_duties",
    "reservation_token", "billing_address", "shipping_address", "customer",
)  # fmt: skip
CHECKOUT_LINE = (
    "applied_discounts", "discount_allocations", "key", "destination_location_id", "fulfillment_service", "gift_card",
    "grams", "origin_location_id", "presentment_title", "presentment_variant_title", "product_id", "properties",
    "quantity", "requires_shipping", "sku", "tax_lines", "taxable", "title", "variant_id", "variant_title",
    "variant_price", "vendor", "user_id", "unit_price_measurement", "rank", "compare_at_price", "line_price", "price",
)  # fmt: skip
CHECKOUT_DELETED = (
    "id", "presentment_currency", "buyer_accepts_sms_marketing", "sms_marketing_phone", "total_discounts",
    "total_line_items_price", "total_price", "total_tax", "subtotal_price", "cart_token", "total_duties",
    "reservation_token",
)  # fmt: skip
CHECKOUT_WEBHOOK = tuple(name for name in CHECKOUT if name != "id")  # the sample of 2026-07 has none [WH]
CART_LINE = (
    "id", "properties", "quantity", "variant_id", "key", "discounted_price", "discounts", "gift_card", "grams",
    "line_price", "original_line_price", "original_price", "price", "product_id", "sku", "taxable", "title",
    "total_discount", "vendor", "discounted_price_set", "line_price_set", "original_line_price_set", "price_set",
    "total_discount_set", "parent_relationship",
)  # fmt: skip


def checkout(shop: Shop, document: Document, shape: tuple[str, ...] = CHECKOUT) -> Json:
    sums = totals.of_checkout(document)
    currency = shop.currency
    worked_out = {
        "shipping_lines": [],
        "taxes_included": False,
        "total_weight": sum(line["grams"] * line["quantity"] for line in document["line_items"]),
        "currency": currency,
        "presentment_currency": currency,
        "line_items": [_checkout_line(shop, one) for one in document["line_items"]],
        "abandoned_checkout_url": f"https://{shop.domain}/{shop.record['id']}/checkouts/{document['token']}/recover",
        "discount_codes": [],
        "tax_lines": [],
        "source_name": "web",
        "buyer_accepts_sms_marketing": False,
        "total_discounts": text(sums.discount_cents, currency),
        "total_line_items_price": text(sums.lines_cents, currency),
        "total_price": text(sums.total_cents, currency),
        "total_tax": text(sums.tax_cents, currency),
        "subtotal_price": text(sums.subtotal_cents, currency),
        "billing_address": plain_address(shop, document["billing_address"]),
        "shipping_address": plain_address(shop, document["shipping_address"]),
        "customer": customer_of(shop, document, CUSTOMER_IN_CHECKOUT) if "customer" in shape else None,
    }
    found = shaped(shape, shop, document, worked_out)
    for name in ("billing_address", "shipping_address", "customer"):
        if name in found and found[name] is None:
            del found[name]  # Our reading: what a shopper has not come to yet is not there
    return found


def checkout_webhook(shop: Shop, document: Document) -> Json:
    """Like the answer, without an id and some other fields."""
    return checkout(shop, document, CHECKOUT_WEBHOOK)


def checkout_deleted(shop: Shop, document: Document) -> Json:
    """A few fields of the checkout."""
    return checkout(shop, document, CHECKOUT_DELETED)


def cart(shop: Shop, document: Document) -> Json:
    """A cart knows no customer [WH]; its id is its token."""
    return {
        "id": document["token"],
        "token": document["token"],
        "line_items": [_cart_line(shop, one) for one in document["line_items"]],
        "note": document["note"],
        "updated_at": shop.iso(document["updated_at_ms"]),
        "created_at": shop.iso(document["created_at_ms"]),
    }


def _checkout_line(shop: Shop, document: Document) -> Json:
    worked_out = {
        "applied_discounts": [],
        "discount_allocations": [],
        "fulfillment_service": "manual",
        "presentment_title": document["title"],
        "presentment_variant_title": document["variant_title"],
        "tax_lines": [],
    }
    return shaped(CHECKOUT_LINE, shop, document, worked_out)


def _cart_line(shop: Shop, document: Document) -> Json:
    price, line_price = document["price"], document["line_price"]
    amounts = {
        "discounted_price": price,
        "line_price": line_price,
        "original_line_price": line_price,
        "price": price,
        "total_discount": zero(shop.currency),
    }
    sides = Sides(shop.currency, shop.currency)
    sets = {f"{name}_set": sides.set(amount) for name, amount in amounts.items()}
    more = {"id": document["variant_id"], "original_price": price, "discounts": []}
    return shaped(CART_LINE, shop, document, amounts | sets | more)
