"""The tables of the 2023 integration: orders and checkouts become deals (A18, A28, A31).

Names that HubSpot's documents do not give are ours and begin with `shopify_`.
"""

from __future__ import annotations

from sync_core.mappings.rows import Field, Table
from sync_core.pure.model import KEY_PROPERTY

SOURCE_STORE = Field("@shop", "ip__ecomm_bridge__source_store_id", "text", "A5", "Source store")
KEY = Field("@key", KEY_PROPERTY, "text", "I1", "Shopify sync key", unique=True)

# HubSpot lets only its own app write the drill-downs, and only into a new contact: these are always written (A16). The
# three are one answer, so that a blank of a newer one leaves nothing of an older.
ORIGIN = (
    Field("@origin", "shopify_original_source", "text", "A16", "Original source", erases=True),
    Field(
        "@origin_1",
        "shopify_original_source_data_1",
        "text",
        "A16",
        "Original source drill-down 1",
        long=True,
        erases=True,
    ),
    Field(
        "@origin_2",
        "shopify_original_source_data_2",
        "text",
        "A16",
        "Original source drill-down 2",
        long=True,
        erases=True,
    ),
)

CONTACT = Table(
    "contacts",
    blank_erases=False,  # A10
    fields=(
        # `accepts_marketing` is gone from answers since 2024-07; the consent's state says the same.
        Field(
            "email_marketing_consent.state", "shopify_accepts_marketing", "consent", "A-CONTACT 1", "Accepts marketing"
        ),
        Field("created_at", "shopify_created_at", "instant", "A-CONTACT 2", "Created at"),
        Field("first_name", "firstname", "text", "A-CONTACT 3"),
        Field("last_name", "lastname", "text", "A-CONTACT 4"),
        Field("email", "email", "email", "A-CONTACT 5"),
        Field("phone", "phone", "text", "A-CONTACT 6"),  # the overview's alone, never an address's (A19)
        Field("note", "shopify_note", "text", "A-CONTACT 7", "Note", long=True),
        Field("orders_count", "shopify_orders_count", "number", "A-CONTACT 8", "Orders count"),
        Field("tags", "shopify_tags", "tags", "A-CONTACT 9", "Tags", long=True),
        Field("tax_exempt", "shopify_tax_exempt", "boolean", "A-CONTACT 10", "Tax exempt"),
        Field("verified_email", "shopify_verified_email", "boolean", "A-CONTACT 11", "Verified e-mail"),
        Field(("default_address.address1", "default_address.address2"), "address", "joined", "A-CONTACT 12"),
        Field("default_address.city", "city", "text", "A-CONTACT 13"),
        Field("default_address.country", "country", "text", "A-CONTACT 14"),
        Field("default_address.province", "state", "text", "A-CONTACT 15"),
        Field("default_address.zip", "zip", "text", "A-CONTACT 16"),
        SOURCE_STORE,
        Field("=true", "ip__ecomm_bridge__ecomm_synced", "boolean", "A-BRIDGE", "Ecommerce contact"),
        *ORIGIN,
    ),
)

PRODUCT = Table(
    "products",
    blank_erases=False,  # A10
    fields=(
        Field("title", "name", "text", "A-PRODUCT 1"),
        Field("body_html", "description", "text", "A-PRODUCT 2"),
        Field("created_at", "shopify_created_at", "instant", "A-PRODUCT 3", "Created at"),
        Field("handle", "shopify_handle", "text", "A-PRODUCT 4", "Handle"),
        Field("images.first.src", "ip__ecomm_bridge__image_url", "text", "A-PRODUCT 5", "Image URL"),
        Field("images.*.src", "hs_images", "images", "A-PRODUCT 5"),
        Field("product_type", "shopify_product_type", "text", "A-PRODUCT 6", "Product type"),
        Field("published_at", "shopify_published_at", "instant", "A-PRODUCT 7", "Published at"),
        Field("published_scope", "shopify_published_scope", "text", "A-PRODUCT 8", "Published scope"),
        Field("tags", "shopify_tags", "tags", "A-PRODUCT 9", "Tags", long=True),
        Field("vendor", "shopify_vendor", "text", "A-PRODUCT 10", "Vendor"),
        Field("variants.first.price", "price", "money", "A-PRODUCT 11"),  # A35
        SOURCE_STORE,
        KEY,
    ),
)

# An order and the checkout that it was give their fields of the same name (A28).
DEAL = Table(
    "deals",
    blank_erases=True,  # A10: deals mirror Shopify
    fields=(
        Field(
            "abandoned_checkout_url",
            "ip__ecomm_bridge__abandoned_cart_url",
            "text",
            "A-ORDER 1",
            "Abandoned checkout URL",
        ),
        Field(
            "buyer_accepts_marketing",
            "shopify_buyer_accepts_marketing",
            "boolean",
            "A-ORDER 2",
            "Buyer accepts marketing",
        ),
        Field("customer.id", "shopify_customer_id", "text", "A-ORDER 3", "Customer ID"),
        Field("cancel_reason", "shopify_cancel_reason", "text", "A-ORDER 4", "Cancel reason"),
        Field("cart_token", "shopify_cart_token", "text", "A-ORDER 5", "Cart token"),
        Field("cancelled_at", "shopify_cancelled_at", "instant", "A-ORDER 6", "Cancelled at"),
        Field("created_at", "shopify_created_at", "instant", "A-ORDER 7", "Created at"),
        Field("currency", "deal_currency_code", "text", "A-ORDER 8"),  # the shop's (I7)
        Field("financial_status", "shopify_financial_status", "text", "A-ORDER 9", "Financial status"),
        Field("fulfillment_status", "shopify_fulfillment_status", "text", "A-ORDER 10", "Fulfillment status"),
        Field("landing_site", "shopify_landing_site", "text", "A-ORDER 11", "Landing site", long=True),
        Field("name", "dealname", "text", "A-ORDER 12"),
        Field("note", "shopify_note", "text", "A-ORDER 13", "Note", long=True),
        Field("order_number", "ip__ecomm_bridge__order_number", "text", "A-ORDER 14", "Order number"),
        Field("processing_method", "shopify_processing_method", "text", "A-ORDER 15", "Processing method"),
        Field("referring_site", "shopify_referring_site", "text", "A-ORDER 16", "Referring site", long=True),
        Field("source_name", "shopify_source_name", "text", "A-ORDER 17", "Source name"),
        Field("subtotal_price", "shopify_subtotal_price", "money", "A-ORDER 18", "Subtotal price"),
        Field("taxes_included", "shopify_taxes_included", "boolean", "A-ORDER 19", "Taxes included"),
        Field("token", "shopify_token", "text", "A-ORDER 20", "Token"),
        Field("total_discounts", "ip__ecomm_bridge__discount_amount", "money", "A-ORDER 21", "Total discounts"),
        Field(
            "total_line_items_price", "shopify_total_line_items_price", "money", "A-ORDER 22", "Total line items price"
        ),
        Field("total_price", "amount", "money", "A-ORDER 23"),
        Field("total_tax", "ip__ecomm_bridge__tax_amount", "money", "A-ORDER 24", "Total tax"),
        Field("total_weight", "shopify_total_weight", "number", "A-ORDER 25", "Total weight"),
        Field(("processed_at", "created_at"), "closedate", "instant", "I6"),
        Field("presentment_currency", "shopify_presentment_currency", "text", "I7", "Presentment currency"),
        Field(
            "total_price_set.presentment_money.amount",
            "shopify_presentment_total_price",
            "money",
            "I7",
            "Presentment total price",
        ),
        Field("refunds.*.transactions", "shopify_refund_amount", "refunded", "I7", "Refund amount"),
        Field("@pipeline", "pipeline", "text", "A20"),
        Field("@stage", "dealstage", "text", "A20"),
        SOURCE_STORE,
        Field("=true", "ip__ecomm_bridge__ecomm_synced", "boolean", "A-BRIDGE", "Ecommerce deal"),
        KEY,
    ),
)

# The contact of an abandoned checkout without a customer: its e-mail with the names of its address (A6), no phone
# (A19). Our reading: the shipping address, as the billing address may be a company's.
GUEST = Table(
    "contacts",
    blank_erases=False,
    fields=(
        Field(("shipping_address.first_name", "billing_address.first_name"), "firstname", "text", "A6"),
        Field(("shipping_address.last_name", "billing_address.last_name"), "lastname", "text", "A6"),
        Field("email", "email", "email", "A6"),
        SOURCE_STORE,
        Field("=true", "ip__ecomm_bridge__ecomm_synced", "boolean", "A-BRIDGE", "Ecommerce contact"),
    ),
)

# A line names the bought variant: title + variant title, its price and SKU (A35). HubSpot computes `amount`; the link
# `hs_product_id` is made by the planner, as it needs the product's id there.
LINE = Table(
    "line_items",
    blank_erases=True,
    fields=(
        Field(("title", "variant_title"), "name", "title", "A35"),
        Field("price", "price", "money", "A35"),
        Field("@quantity", "quantity", "number", "A34"),
        Field("sku", "hs_sku", "text", "A35"),
        Field("@currency", "hs_line_item_currency_code", "text", "I7"),
        KEY,
    ),
)
