"""The tables of the 2024 integration: orders become orders, abandoned checkouts become carts (B8, B16).

`hs_` names are HubSpot's own (hubspot-api.md sections 6.3 to 6.5).
"""

from __future__ import annotations

from sync_core.mappings.deals import KEY, ORIGIN, SOURCE_STORE
from sync_core.mappings.rows import Field, Table

# Default mapping: e-mail, names, phone, default address (requirements, below table B-ORDER).
CONTACT = Table(
    "contacts",
    blank_erases=False,  # A10
    fields=(
        Field("first_name", "firstname", "text", "B-CONTACT", back="first_name"),
        Field("last_name", "lastname", "text", "B-CONTACT", back="last_name"),
        Field("email", "email", "email", "B-CONTACT", back="email"),
        Field("phone", "phone", "text", "B-CONTACT", back="phone"),  # the overview's alone (A19)
        Field(
            ("default_address.address1", "default_address.address2"),
            "address",
            "joined",
            "B-CONTACT",
            back="default_address.address1",
        ),
        Field("default_address.city", "city", "text", "B-CONTACT", back="default_address.city"),
        Field("default_address.country", "country", "text", "B-CONTACT", back="default_address.country"),
        Field("default_address.province", "state", "text", "B-CONTACT", back="default_address.province"),
        Field("default_address.zip", "zip", "text", "B-CONTACT", back="default_address.zip"),
        SOURCE_STORE,
        *ORIGIN,
    ),
)

# Name, description, price and SKU of the first variant are all that HubSpot's own sync writes [X live: F10].
PRODUCT = Table(
    "products",
    blank_erases=False,  # A10
    fields=(
        Field("title", "name", "text", "B-PRODUCT", back="title"),
        Field("body_html", "description", "text", "B-PRODUCT", back="body_html"),
        Field("variants.first.price", "price", "money", "B-PRODUCT", back="variants.first.price"),
        Field("variants.first.sku", "hs_sku", "text", "B-PRODUCT", back="variants.first.sku"),
        SOURCE_STORE,
        KEY,
    ),
)

ADDRESS_PARTS: tuple[tuple[str | tuple[str, ...], str, str], ...] = (
    ("name", "name", "text"),
    ("phone", "phone", "text"),
    (("address1", "address2"), "street", "joined"),
    ("city", "city", "text"),
    ("province", "state", "text"),
    ("zip", "postal_code", "text"),
    ("country", "country", "text"),
)


def address(kind: str) -> tuple[Field, ...]:
    """The seven rows that the billing and the shipping address have in common."""
    return tuple(
        Field(
            f"{kind}_address.{part}" if isinstance(part, str) else tuple(f"{kind}_address.{each}" for each in part),
            f"hs_{kind}_address_{target}",
            convert,
            "B-ORDER",
        )
        for part, target, convert in ADDRESS_PARTS
    )


ORDER = Table(
    "orders",
    blank_erases=True,  # A10: orders mirror Shopify
    fields=(
        Field("name", "hs_order_name", "text", "B-ORDER"),
        Field("id", "hs_external_order_id", "text", "B-ORDER"),
        Field(("cancelled_at", "closed_at"), "hs_external_order_status", "order_status", "B-ORDER"),
        Field(("@shop", "id"), "hs_external_order_url", "order_url", "B-ORDER"),
        Field("created_at", "hs_external_created_date", "instant", "B-ORDER"),
        Field("processed_at", "hs_processed_date", "instant", "B-ORDER"),
        Field("updated_at", "hs_external_modified_date", "instant", "B-ORDER"),
        Field("cancelled_at", "hs_external_canceled_date", "instant", "B-ORDER"),
        Field("cancel_reason", "hs_cancellation_reason", "cancellation_reason", "B-ORDER"),
        Field("cart_token", "hs_external_cart_id", "text", "B-ORDER"),
        Field("checkout_id", "hs_external_checkout_id", "text", "B-ORDER"),
        Field("@shop", "hs_source_store", "text", "B-ORDER"),
        Field("currency", "hs_currency_code", "text", "B-ORDER"),
        Field("total_price", "hs_total_price", "money", "B-ORDER"),
        Field("subtotal_price", "hs_subtotal_price", "money", "B-ORDER"),
        Field("total_tax", "hs_tax", "money", "B-ORDER"),
        Field("total_discounts", "hs_order_discount", "money", "B-ORDER"),
        Field("discount_codes.*.code", "hs_discount_codes", "joined", "B-ORDER"),
        Field("total_shipping_price_set.shop_money.amount", "hs_shipping_cost", "money", "B-ORDER"),
        Field("refunds.*.transactions", "hs_refund_amount", "refunded", "B-ORDER"),
        Field("financial_status", "hs_payment_status", "payment_label", "B-ORDER"),
        Field("fulfillment_status", "hs_fulfillment_status", "fulfillment_label", "B-ORDER"),
        Field("fulfillments.*.tracking_number", "hs_shipping_tracking_number", "joined", "B-ORDER"),
        *address("billing"),
        Field("email", "hs_billing_address_email", "text", "B-ORDER"),  # our reading: addresses have no e-mail
        *address("shipping"),
        Field("note", "hs_order_note", "text", "B-ORDER"),
        Field("tags", "hs_tags", "tags", "B-ORDER"),
        Field("buyer_accepts_marketing", "hs_buyer_accepts_marketing", "boolean", "B-ORDER"),
        Field("@pipeline", "hs_pipeline", "text", "B24"),
        Field("@stage", "hs_pipeline_stage", "text", "B24"),
        Field("presentment_currency", "shopify_presentment_currency", "text", "I7", "Presentment currency"),
        Field(
            "total_price_set.presentment_money.amount",
            "shopify_presentment_total_price",
            "money",
            "I7",
            "Presentment total price",
        ),
        KEY,
    ),
)

CART = Table(
    "carts",
    blank_erases=True,  # A10: carts mirror Shopify
    fields=(
        Field("name", "hs_cart_name", "text", "B-CART"),
        Field("token", "hs_external_cart_id", "text", "B-CART"),
        Field("@status", "hs_external_status", "text", "B-CART"),  # abandoned or recovered (I2)
        Field("abandoned_checkout_url", "hs_cart_url", "text", "B-CART"),
        Field("created_at", "shopify_created_at", "instant", "B-CART", "Created at"),
        Field("id", "shopify_checkout_id", "text", "B-CART", "Checkout ID"),  # webhooks carry none
        Field("@shop", "hs_source_store", "text", "B-CART"),
        Field("currency", "hs_currency_code", "text", "B-CART"),
        Field("total_price", "hs_total_price", "money", "B-CART"),
        Field("subtotal_price", "hs_subtotal_price", "money", "B-CART"),
        Field("total_tax", "hs_tax", "money", "B-CART"),
        Field("total_discounts", "hs_cart_discount", "money", "B-CART"),
        Field("shipping_lines.*.price", "hs_shipping_cost", "total", "B-CART"),
        KEY,
    ),
)

GUEST = Table(
    "contacts",
    blank_erases=False,
    fields=(
        Field(("shipping_address.first_name", "billing_address.first_name"), "firstname", "text", "A6"),
        Field(("shipping_address.last_name", "billing_address.last_name"), "lastname", "text", "A6"),
        Field("email", "email", "email", "A6"),
        SOURCE_STORE,
    ),
)
