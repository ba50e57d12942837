"""Draft orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.kernel.resource import Document
from simulator.shopify import funds, money
from simulator.shopify.kinds import DRAFT_ORDERS
from simulator.shopify.money import Sides
from simulator.shopify.views.customers import CUSTOMER, CUSTOMER_IN_CHECKOUT, customer_of, plain_address
from simulator.shopify.views.shape import Json, gid, shaped

if TYPE_CHECKING:
    from simulator.shopify.shop import Shop

DRAFT = (
    "id", "note", "email", "taxes_included", "currency", "invoice_sent_at", "created_at", "updated_at", "tax_exempt",
    "completed_at", "name", "allow_discount_codes_in_checkout?", "b2b?", "status", "line_items", "api_client_id",
    "shipping_address", "billing_address", "invoice_url", "created_on_api_version", "applied_discount", "order_id",
    "shipping_line", "tax_lines", "tags", "note_attributes", "total_price", "subtotal_price", "total_tax",
    "payment_terms", "presentment_currency", "total_line_items_price_set", "total_price_set", "subtotal_price_set",
    "total_tax_set", "total_discounts_set", "total_shipping_price_set", "total_additional_fees_set",
    "total_duties_set", "amount_due_now_set", "amount_due_later_set", "admin_graphql_api_id", "customer",
)  # fmt: skip
LINE = (
    "id", "variant_id", "product_id", "title", "variant_title", "sku", "vendor", "quantity", "requires_shipping",
    "taxable", "gift_card", "fulfillment_service", "grams", "tax_lines", "applied_discount", "name", "properties",
    "custom", "price", "admin_graphql_api_id",
)  # fmt: skip
# A webhook has no sets and calls the version's field by another name [WHM].
NOT_IN_WEBHOOKS = ("created_on_api_version", "presentment_currency")
WEBHOOK = tuple(name for name in DRAFT if name not in NOT_IN_WEBHOOKS and not name.endswith("_set"))
CUSTOMER_IN_DRAFT = tuple(name for name in CUSTOMER if name != "addresses")  # [AJS]


def draft_order(shop: Shop, document: Document, customer_shape: tuple[str, ...] = CUSTOMER_IN_DRAFT) -> Json:
    currency, sides = document["currency"], Sides.of(document)
    nothing = money.zero(currency)
    found = funds.of_draft(document)
    total = money.text(found.total_cents, currency)
    sums = {
        "total_line_items_price": money.text(found.lines_cents, currency),
        "total_price": total,
        "subtotal_price": money.text(found.lines_cents - found.off_cents, currency),
        "total_tax": nothing,
        "total_discounts": money.text(found.off_cents, currency),
        "total_shipping_price": money.text(found.shipping_cents, currency),
        "total_additional_fees": nothing,
        "total_duties": nothing,
        "amount_due_now": total,
        "amount_due_later": nothing,
    }
    customer = customer_of(shop, document, customer_shape)
    worked_out = sums | {
        **{f"{name}_set": sides.set(amount) for name, amount in sums.items()},
        "allow_discount_codes_in_checkout?": False,
        "b2b?": False,
        "line_items": [_line(shop, one) for one in document["line_items"]],
        "shipping_address": plain_address(shop, document["shipping_address"]),
        "billing_address": plain_address(shop, document["billing_address"]),
        "invoice_url": f"https://{shop.domain}/{shop.record['id']}/invoices/{document['token']}",
        "tax_lines": [],
        "presentment_currency": currency,
        "admin_graphql_api_id": gid(DRAFT_ORDERS.gid, document["id"]),
        "customer": customer,
    }
    shape = DRAFT if customer else tuple(name for name in DRAFT if name != "customer")  # none has no such key [AJS]
    return shaped(shape, shop, document, worked_out)


def completed_draft_order(shop: Shop, document: Document) -> Json:
    """What completing answers: the customer is as reduced there as in a checkout [AJS]."""
    return draft_order(shop, document, CUSTOMER_IN_CHECKOUT)


def draft_order_webhook(shop: Shop, document: Document) -> Json:
    """Like the answer, without sets and with a shorter customer [WHM]."""
    found = draft_order(shop, document, CUSTOMER_IN_CHECKOUT)
    shown = {name: found[name] for name in WEBHOOK if name in found}
    return shown | {"created_on_api_version_handle": found["created_on_api_version"]}


def _line(shop: Shop, document: Document) -> Json:
    worked_out = {
        "gift_card": False,
        "fulfillment_service": "manual",
        "tax_lines": [],
        "admin_graphql_api_id": gid("DraftOrderLineItem", document["id"]),
    }
    return shaped(LINE, shop, document, worked_out)
