"""Orders with their lines, fulfillments and sums."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.kernel.resource import Document
from simulator.shopify import money
from simulator.shopify.kinds import ORDERS
from simulator.shopify.money import Sides
from simulator.shopify.views.customers import CUSTOMER_IN_CHECKOUT, CUSTOMER_IN_ORDER, customer_of, plain_address
from simulator.shopify.views.fulfillments import fulfillment_in_order
from simulator.shopify.views.lines import line_item, shipping_line, tax_line
from simulator.shopify.views.payments import refund_in_order
from simulator.shopify.views.shape import Json, gid, shaped

if TYPE_CHECKING:
    from simulator.shopify.shop import Shop

ORDER = (
    "id", "admin_graphql_api_id", "app_id", "browser_ip", "buyer_accepts_marketing", "cancel_reason", "cancelled_at",
    "cart_token", "checkout_id", "checkout_token", "client_details", "closed_at", "confirmation_number", "confirmed",
    "contact_email", "created_at", "currency", "current_subtotal_price", "current_subtotal_price_set",
    "current_total_additional_fees_set", "current_total_discounts", "current_total_discounts_set",
    "current_total_duties_set", "current_total_price", "current_total_price_set", "current_total_tax",
    "current_total_tax_set", "customer_locale", "device_id", "discount_codes", "duties_included", "email",
    "estimated_taxes", "financial_status", "fulfillment_status", "landing_site", "landing_site_ref", "location_id",
    "merchant_business_entity_id", "merchant_of_record_app_id", "name", "note", "note_attributes", "number",
    "order_number", "order_status_url", "original_total_additional_fees_set", "original_total_duties_set",
    "payment_gateway_names", "phone", "po_number", "presentment_currency", "processed_at", "reference",
    "referring_site", "source_identifier", "source_name", "source_url", "subtotal_price", "subtotal_price_set",
    "tags", "tax_exempt", "tax_lines", "taxes_included", "test", "token",
    "total_cash_rounding_payment_adjustment_set", "total_cash_rounding_refund_adjustment_set", "total_discounts",
    "total_discounts_set", "total_line_items_price", "total_line_items_price_set", "total_outstanding", "total_price",
    "total_price_set", "total_shipping_price_set", "total_tax", "total_tax_set", "total_tip_received", "total_weight",
    "updated_at", "user_id", "billing_address", "customer", "discount_applications", "fulfillments", "line_items",
    "payment_terms", "refunds", "shipping_address", "shipping_lines",
)  # fmt: skip
NO_BUSINESS_ENTITY = "MTU0ODM4MDAwOQ"  # as recorded; the fake's shops have one business entity [AJS]


def order(shop: Shop, document: Document, customer_shape: tuple[str, ...] = CUSTOMER_IN_ORDER) -> Json:
    sides, zero = Sides.of(document), money.zero(document["currency"])
    # The current sums are the first ones until a refund takes something off.
    sums = {
        "subtotal_price": document["subtotal_price"],
        "total_discounts": document["total_discounts"],
        "total_line_items_price": document["total_line_items_price"],
        "total_price": document["total_price"],
        "total_tax": document["total_tax"],
        "current_subtotal_price": document.get("current_subtotal_price", document["subtotal_price"]),
        "current_total_discounts": document.get("current_total_discounts", document["total_discounts"]),
        "current_total_price": document["current_total_price"],
        "current_total_tax": document.get("current_total_tax", document["total_tax"]),
    }
    more_sets = {
        "total_shipping_price": document["total_shipping_price"],
        "total_cash_rounding_payment_adjustment": zero,
        "total_cash_rounding_refund_adjustment": zero,
    }
    worked_out = sums | {
        **{f"{name}_set": sides.set(amount) for name, amount in (sums | more_sets).items()},
        "admin_graphql_api_id": gid(ORDERS.gid, document["id"]),
        "confirmed": True,
        "duties_included": False,
        "estimated_taxes": False,
        "tax_exempt": False,
        "total_tip_received": zero,
        "merchant_business_entity_id": NO_BUSINESS_ENTITY,
        "order_status_url": _status_url(shop, document),
        "presentment_currency": sides.presentment,
        "tax_lines": [tax_line(sides, one) for one in document["tax_lines"]],
        "line_items": [line_item(shop, sides, one) for one in document["line_items"]],
        "billing_address": plain_address(shop, document["billing_address"]),
        "shipping_address": plain_address(shop, document["shipping_address"]),
        "customer": customer_of(shop, document, customer_shape),
        "refunds": [refund_in_order(shop, document, one) for one in document["refunds"]],
        "fulfillments": [fulfillment_in_order(shop, document, one) for one in document["fulfillments"]],
        "shipping_lines": [shipping_line(shop, sides, one) for one in document["shipping_lines"]],
    }
    return shaped(ORDER, shop, document, worked_out)


def order_webhook(shop: Shop, document: Document) -> Json:
    """Like the answer, with a shorter customer, two lists [WH] and a sum [WHM] that only webhooks are known to have."""
    given_back = (one["amount"] for refund in document["refunds"] for one in refund["refund_shipping_lines"])
    shipping_cents = money.cents(document["total_shipping_price"]) - sum(map(money.cents, given_back))
    more = {
        "current_shipping_price_set": Sides.of(document).set(money.text(shipping_cents, document["currency"])),
        "returns": [],
        "line_item_groups": [],
    }
    return order(shop, document, CUSTOMER_IN_CHECKOUT) | more


def _status_url(shop: Shop, document: Document) -> str:
    path = f"{shop.record['id']}/orders/{document['token']}/authenticate?key={document['key']}"
    return f"https://{shop.domain}/{path}"
