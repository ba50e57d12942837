"""Records in the shapes of the REST Admin API 2026-07, as answers and as webhooks show them.

A shape is a tuple of field names in the recorded order [AJS]; `_shaped` takes each from what was worked out here, else
from the stored document, else leaves null. A webhook's shape is the answer's less the fields that [WH] does not have.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from simulator.kernel.resource import Document
from simulator.shopify.kinds import CUSTOMERS, ORDERS, PRODUCTS
from simulator.shopify.money import money_set, text
from simulator.shopify.rules import totals

if TYPE_CHECKING:
    from simulator.shopify.shop import Shop

Json = dict[str, Any]


def gid(type_name: str, id: int) -> str:
    return f"gid://shopify/{type_name}/{id}"


def _shaped(shape: tuple[str, ...], shop: Shop, document: Document, worked_out: Mapping[str, Any]) -> Json:
    """One record in its shape; `created_at` is the stored `created_at_ms` in the shop's time."""
    found: Json = {}
    for name in shape:
        if name in worked_out:
            found[name] = worked_out[name]
        elif name.endswith("_at"):
            found[name] = shop.iso(document.get(f"{name}_ms"))
        else:
            found[name] = document.get(name)
    return found


# --- customers ---

CUSTOMER = (
    "id", "email", "created_at", "updated_at", "first_name", "last_name", "orders_count", "state", "total_spent",
    "last_order_id", "note", "verified_email", "multipass_identifier", "tax_exempt", "tags", "last_order_name",
    "currency", "phone", "addresses", "tax_exemptions", "email_marketing_consent", "sms_marketing_consent",
    "admin_graphql_api_id", "default_address",
)  # fmt: skip
ADDRESS = (
    "id", "customer_id", "first_name", "last_name", "company", "address1", "address2", "city", "province", "country",
    "zip", "phone", "name", "province_code", "country_code", "country_name", "default",
)  # fmt: skip
# Inside an order a customer lacks what would change with every order [AJS]; inside a checkout, and in webhooks about
# either, tags and consent as well [AJS, WH].
NOT_IN_ORDERS = ("addresses", "orders_count", "total_spent", "last_order_id", "last_order_name")
NOT_IN_WEBHOOKS = ("tags", "email_marketing_consent", "sms_marketing_consent")
CUSTOMER_IN_ORDER = tuple(name for name in CUSTOMER if name not in NOT_IN_ORDERS)
CUSTOMER_IN_CHECKOUT = tuple(name for name in CUSTOMER_IN_ORDER if name not in NOT_IN_WEBHOOKS)
CUSTOMER_WEBHOOK = tuple(name for name in CUSTOMER if name not in {*NOT_IN_ORDERS, *NOT_IN_WEBHOOKS} - {"addresses"})
ADDRESSES_SHOWN = 10  # the most recent ones (UNVERIFIED in the reference)


def customer(shop: Shop, document: Document, shape: tuple[str, ...] = CUSTOMER) -> Json:
    addresses = [address(shop, document, one) for one in document["addresses"]]
    default = [one for one in addresses if one["default"]]
    worked_out = {
        "addresses": addresses[-ADDRESSES_SHOWN:],
        "email_marketing_consent": _consent(shop, document["email_marketing_consent"]),
        "sms_marketing_consent": _consent(shop, document["sms_marketing_consent"], {"consent_collected_from": "OTHER"}),
        "admin_graphql_api_id": gid(CUSTOMERS.gid, document["id"]),
        "default_address": default[0] if default else None,
    }
    found = _shaped(shape, shop, document, worked_out)
    if not default and "default_address" in found:
        del found["default_address"]  # Our reading: a customer without addresses has no such key
    return found


def customer_webhook(shop: Shop, document: Document) -> Json:
    return customer(shop, document, CUSTOMER_WEBHOOK)


def customer_deleted(shop: Shop, document: Document) -> Json:  # noqa: ARG001  payloads share one signature
    """Not the id alone [WH]."""
    id = document["id"]
    return {"id": id, "tax_exemptions": [], "admin_graphql_api_id": gid(CUSTOMERS.gid, id)}


def address(shop: Shop, owner: Document, document: Document) -> Json:
    worked_out = {
        "customer_id": owner["id"],
        "name": _name(document),
        "country_name": document["country"],
        "default": document["id"] == owner["default_address_id"],
    }
    return _shaped(ADDRESS, shop, document, worked_out)


def _name(person: Document) -> str:
    return " ".join(part for part in (person["first_name"], person["last_name"]) if part)


def _consent(shop: Shop, document: Document | None, more: Mapping[str, Any] | None = None) -> Json | None:
    if document is None:
        return None
    shape = ("state", "opt_in_level", "consent_updated_at")
    return _shaped(shape, shop, document, {}) | dict(more or {})


def _customer_of(shop: Shop, document: Document, shape: tuple[str, ...]) -> Json | None:
    found = shop.get(CUSTOMERS, document["customer_id"]) if document["customer_id"] else None
    return customer(shop, found, shape) if found else None


# --- products ---

PRODUCT = (
    "id", "title", "body_html", "vendor", "product_type", "created_at", "handle", "updated_at", "published_at",
    "template_suffix", "published_scope", "tags", "status", "admin_graphql_api_id", "variants", "options", "images",
    "image",
)  # fmt: skip
VARIANT = (
    "id", "product_id", "title", "price", "position", "inventory_policy", "compare_at_price", "option1", "option2",
    "option3", "created_at", "updated_at", "taxable", "barcode", "fulfillment_service", "grams",
    "inventory_management", "requires_shipping", "sku", "weight", "weight_unit", "inventory_item_id",
    "inventory_quantity", "old_inventory_quantity", "presentment_prices", "admin_graphql_api_id", "image_id",
)  # fmt: skip
NOT_IN_VARIANT_WEBHOOKS = (
    "grams", "weight", "weight_unit", "requires_shipping", "inventory_management", "fulfillment_service",
    "presentment_prices",
)  # fmt: skip
VARIANT_WEBHOOK = tuple(name for name in VARIANT if name not in NOT_IN_VARIANT_WEBHOOKS)
IMAGE = (
    "id", "alt", "position", "product_id", "created_at", "updated_at", "admin_graphql_api_id", "width", "height",
    "src", "variant_ids",
)  # fmt: skip


def product(shop: Shop, document: Document, variant_shape: tuple[str, ...] = VARIANT) -> Json:
    images = [image(shop, document, one) for one in document["images"]]
    worked_out = {
        "admin_graphql_api_id": gid(PRODUCTS.gid, document["id"]),
        "variants": [variant(shop, document, one, variant_shape) for one in document["variants"]],
        "images": images,
        "image": images[0] if images else None,
    }
    return _shaped(PRODUCT, shop, document, worked_out)


def product_webhook(shop: Shop, document: Document) -> Json:
    """Like the answer, with narrower variants and some keys of GraphQL's world [WH]."""
    found = product(shop, document, VARIANT_WEBHOOK)
    gids = [
        {"admin_graphql_api_id": one["admin_graphql_api_id"], "updated_at": one["updated_at"]}
        for one in found["variants"]
    ]
    media = [_media(one) for one in found["images"]]
    more = {"media": media, "variant_gids": gids, "has_variants_that_requires_components": False, "category": None}
    return found | more


def variant(shop: Shop, owner: Document, document: Document, shape: tuple[str, ...] = VARIANT) -> Json:  # noqa: ARG001
    prices = [
        {
            "price": {"amount": document["price"], "currency_code": shop.currency},
            "compare_at_price": document["compare_at_price"]
            and {"amount": document["compare_at_price"], "currency_code": shop.currency},
        }
    ]
    worked_out = {"presentment_prices": prices, "admin_graphql_api_id": gid("ProductVariant", document["id"])}
    return _shaped(shape, shop, document, worked_out)


def image(shop: Shop, owner: Document, document: Document) -> Json:
    worked_out = {
        "admin_graphql_api_id": gid("MediaImage", document["media_id"]),
        "variant_ids": [one["id"] for one in owner["variants"] if one["image_id"] == document["id"]],
    }
    return _shaped(IMAGE, shop, document, worked_out)


def _media(shown: Json) -> Json:
    """An image as a medium. Our reading of its keys: the sample in [WH] is known by its name alone."""
    preview = {"width": shown["width"], "height": shown["height"], "src": shown["src"], "status": "READY"}
    return {
        "id": int(shown["admin_graphql_api_id"].rsplit("/", 1)[-1]),
        "product_id": shown["product_id"],
        "position": shown["position"],
        "created_at": shown["created_at"],
        "updated_at": shown["updated_at"],
        "alt": shown["alt"],
        "status": "READY",
        "media_content_type": "IMAGE",
        "preview_image": preview,
        "variant_ids": shown["variant_ids"],
        "admin_graphql_api_id": shown["admin_graphql_api_id"],
    }


# --- orders ---

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
LINE_ITEM = (
    "id", "admin_graphql_api_id", "attributed_staffs", "current_quantity", "fulfillable_quantity",
    "fulfillment_service", "fulfillment_status", "gift_card", "grams", "name", "price", "price_set",
    "product_exists", "product_id", "properties", "quantity", "requires_shipping", "sku", "taxable", "title",
    "total_discount", "total_discount_set", "variant_id", "variant_inventory_management", "variant_title", "vendor",
    "tax_lines", "duties", "discount_allocations",
)  # fmt: skip
PLAIN_ADDRESS = (
    "first_name", "address1", "phone", "city", "zip", "province", "country", "last_name", "address2", "company",
    "latitude", "longitude", "name", "country_code", "province_code",
)  # fmt: skip
FULFILLMENT = (
    "id", "admin_graphql_api_id", "created_at", "location_id", "name", "order_id", "origin_address", "receipt",
    "service", "shipment_status", "status", "tracking_company", "tracking_number", "tracking_numbers",
    "tracking_url", "tracking_urls", "updated_at", "line_items",
)  # fmt: skip
SHIPPING_LINE = (
    "id", "carrier_identifier", "code", "discounted_price", "discounted_price_set", "is_removed", "phone", "price",
    "price_set", "requested_fulfillment_service_id", "source", "title", "tax_lines", "discount_allocations",
)  # fmt: skip
NO_BUSINESS_ENTITY = "MTU0ODM4MDAwOQ"  # as recorded; the fake's shops have one business entity [AJS]


def order(shop: Shop, document: Document, customer_shape: tuple[str, ...] = CUSTOMER_IN_ORDER) -> Json:
    currency, zero = document["currency"], "0.00"
    lines = [_line_item(shop, currency, one) for one in document["line_items"]]
    # Without edits and refunds, which are not simulated, the current sums are the sums at the start.
    sums = {
        "subtotal_price": document["subtotal_price"],
        "total_discounts": document["total_discounts"],
        "total_line_items_price": document["total_line_items_price"],
        "total_price": document["total_price"],
        "total_tax": document["total_tax"],
        "current_subtotal_price": document["subtotal_price"],
        "current_total_discounts": document["total_discounts"],
        "current_total_price": document["current_total_price"],
        "current_total_tax": document["total_tax"],
    }
    more_sets = {
        "total_shipping_price": document["total_shipping_price"],
        "total_cash_rounding_payment_adjustment": zero,
        "total_cash_rounding_refund_adjustment": zero,
    }
    worked_out = sums | {
        **{f"{name}_set": money_set(amount, currency) for name, amount in (sums | more_sets).items()},
        "admin_graphql_api_id": gid(ORDERS.gid, document["id"]),
        "confirmed": True,
        "duties_included": False,
        "estimated_taxes": False,
        "tax_exempt": False,
        "total_tip_received": zero,
        "merchant_business_entity_id": NO_BUSINESS_ENTITY,
        "order_status_url": _status_url(shop, document),
        "presentment_currency": currency,
        "tax_lines": [_tax_line(currency, one) for one in document["tax_lines"]],
        "line_items": lines,
        "billing_address": _plain_address(shop, document["billing_address"]),
        "shipping_address": _plain_address(shop, document["shipping_address"]),
        "customer": _customer_of(shop, document, customer_shape),
        "fulfillments": [_fulfillment(shop, one, lines) for one in document["fulfillments"]],
        "shipping_lines": [_shipping_line(shop, currency, one) for one in document["shipping_lines"]],
    }
    return _shaped(ORDER, shop, document, worked_out)


def order_webhook(shop: Shop, document: Document) -> Json:
    """The answer with the customer of a webhook and two lists that only webhooks are known to have [WH]."""
    return order(shop, document, CUSTOMER_IN_CHECKOUT) | {"returns": [], "line_item_groups": []}


def id_alone(shop: Shop, document: Document) -> Json:  # noqa: ARG001  payloads share one signature
    return {"id": document["id"]}


def _status_url(shop: Shop, document: Document) -> str:
    path = f"{shop.record['id']}/orders/{document['token']}/authenticate?key={document['key']}"
    return f"https://{shop.domain}/{path}"


def _line_item(shop: Shop, currency: str, document: Document) -> Json:
    worked_out = {
        "admin_graphql_api_id": gid("LineItem", document["id"]),
        "attributed_staffs": [],
        "price_set": money_set(document["price"], currency),
        "total_discount_set": money_set(document["total_discount"], currency),
        "tax_lines": [_tax_line(currency, one) for one in document["tax_lines"]],
        "duties": [],
        "discount_allocations": [
            {
                "amount": one["amount"],
                "amount_set": money_set(one["amount"], currency),
                "discount_application_index": one["discount_application_index"],
            }
            for one in document["discount_allocations"]
        ],
    }
    return _shaped(LINE_ITEM, shop, document, worked_out)


def _tax_line(currency: str, document: Document) -> Json:
    return document | {"price_set": money_set(document["price"], currency), "channel_liable": False}


def _plain_address(shop: Shop, document: Document | None) -> Json | None:
    """An address without an id. Where it lies on the globe the fake does not know: null, as for API orders [AJS]."""
    return _shaped(PLAIN_ADDRESS, shop, document, {"name": _name(document)}) if document else None


def _fulfillment(shop: Shop, document: Document, lines: list[Json]) -> Json:
    worked_out = {
        "admin_graphql_api_id": gid("Fulfillment", document["id"]),
        "origin_address": {},
        "receipt": {},
        "tracking_numbers": [],
        "tracking_urls": [],
        "line_items": lines,
    }
    return _shaped(FULFILLMENT, shop, document, worked_out)


def _shipping_line(shop: Shop, currency: str, document: Document) -> Json:
    price = document["price"]
    worked_out = {
        "discounted_price": price,
        "discounted_price_set": money_set(price, currency),
        "is_removed": False,
        "price_set": money_set(price, currency),
        "tax_lines": [_tax_line(currency, one) for one in document["tax_lines"]],
        "discount_allocations": [],
    }
    return _shaped(SHIPPING_LINE, shop, document, worked_out)


# --- carts and checkouts ---

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
    worked_out = {
        "shipping_lines": [],
        "taxes_included": False,
        "total_weight": sum(line["grams"] * line["quantity"] for line in document["line_items"]),
        "currency": shop.currency,
        "presentment_currency": shop.currency,
        "line_items": [_checkout_line(shop, one) for one in document["line_items"]],
        "abandoned_checkout_url": f"https://{shop.domain}/{shop.record['id']}/checkouts/{document['token']}/recover",
        "discount_codes": [],
        "tax_lines": [],
        "source_name": "web",
        "buyer_accepts_sms_marketing": False,
        "total_discounts": text(sums.discount_cents),
        "total_line_items_price": text(sums.lines_cents),
        "total_price": text(sums.total_cents),
        "total_tax": text(sums.tax_cents),
        "subtotal_price": text(sums.subtotal_cents),
        "billing_address": _plain_address(shop, document["billing_address"]),
        "shipping_address": _plain_address(shop, document["shipping_address"]),
        "customer": _customer_of(shop, document, CUSTOMER_IN_CHECKOUT) if "customer" in shape else None,
    }
    found = _shaped(shape, shop, document, worked_out)
    for name in ("billing_address", "shipping_address", "customer"):
        if name in found and found[name] is None:
            del found[name]  # Our reading: what a shopper has not come to yet is not there
    return found


def checkout_webhook(shop: Shop, document: Document) -> Json:
    return checkout(shop, document, CHECKOUT_WEBHOOK)


def checkout_deleted(shop: Shop, document: Document) -> Json:
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
    return _shaped(CHECKOUT_LINE, shop, document, worked_out)


def _cart_line(shop: Shop, document: Document) -> Json:
    price, line_price = document["price"], document["line_price"]
    amounts = {
        "discounted_price": price,
        "line_price": line_price,
        "original_line_price": line_price,
        "price": price,
        "total_discount": "0.00",
    }
    sets = {f"{name}_set": money_set(amount, shop.currency) for name, amount in amounts.items()}
    more = {"id": document["variant_id"], "original_price": price, "discounts": []}
    return _shaped(CART_LINE, shop, document, amounts | sets | more)


# --- the rest ---

SHOP = (
    "id", "name", "email", "domain", "province", "country", "address1", "zip", "city", "source", "phone", "latitude",
    "longitude", "primary_locale", "address2", "created_at", "updated_at", "country_code", "country_name", "currency",
    "customer_email", "timezone", "iana_timezone", "shop_owner", "money_format", "money_with_currency_format",
    "weight_unit", "province_code", "taxes_included", "auto_configure_tax_inclusivity", "tax_shipping",
    "county_taxes", "plan_display_name", "plan_name", "has_discounts", "has_gift_cards", "myshopify_domain",
    "google_apps_domain", "google_apps_login_enabled", "money_in_emails_format",
    "money_with_currency_in_emails_format", "eligible_for_payments", "requires_extra_payments_agreement",
    "password_enabled", "has_storefront", "finances", "primary_location_id", "checkout_api_supported",
    "multi_location_enabled", "setup_required", "pre_launch_enabled", "enabled_presentment_currencies",
    "marketing_sms_consent_enabled_at_checkout", "transactional_sms_disabled",
)  # fmt: skip
WEBHOOK = (
    "id", "address", "topic", "created_at", "updated_at", "format", "fields", "metafield_namespaces", "api_version",
    "private_metafield_namespaces",
)  # fmt: skip
EVENT = (
    "id", "subject_id", "created_at", "subject_type", "verb", "arguments", "body", "message", "author", "description",
    "path",
)  # fmt: skip


def shop_itself(shop: Shop, document: Document) -> Json:
    return _shaped(SHOP, shop, document, {})


def subscription(shop: Shop, document: Document) -> Json:
    return _shaped(WEBHOOK, shop, document, {"private_metafield_namespaces": []})


def event(shop: Shop, document: Document) -> Json:
    return _shaped(EVENT, shop, document, {})
