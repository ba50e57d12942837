"""Webhook bodies that are no record as the API shows it: what happened, in a few words.

Those that came with GraphQL write names in camel case, ids as gids, and times in UTC [WHM].
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from simulator.kernel.resource import Document
from simulator.shopify.kinds import CUSTOMERS, ORDERS
from simulator.shopify.views.customers import consent
from simulator.shopify.views.shape import Json, gid, shaped

if TYPE_CHECKING:
    from simulator.shopify.shop import Shop

EDIT = ("id", "app_id", "created_at", "committed_at", "notify_customer", "order_id", "staff_note", "user_id")


def customer_tags(shop: Shop, document: Document) -> Json:
    """The customer's gid, and the tags that came or went."""
    customer, tags = document["customer"], document["tags"]
    return {"customerId": gid(CUSTOMERS.gid, customer["id"]), "tags": tags, "occurredAt": _utc(shop.now())}


def purchasing_summary(shop: Shop, customer: Document) -> Json:
    """How often a customer has bought, for how much, and the last order."""
    last = customer["last_order_id"]
    return {
        "customerId": gid(CUSTOMERS.gid, customer["id"]),
        "numberOfOrders": customer["orders_count"],
        "amountSpent": {"amount": customer["total_spent"], "currencyCode": shop.currency},
        "lastOrderId": gid(ORDERS.gid, last) if last else None,
        "occurredAt": _utc(shop.now()),
    }


def email_consent(shop: Shop, customer: Document) -> Json:
    """The consent beside the address that it is for."""
    given = consent(shop, customer["email_marketing_consent"])
    return {"customer_id": customer["id"], "email_address": customer["email"], "email_marketing_consent": given}


def sms_consent(shop: Shop, customer: Document) -> Json:
    """The consent beside the number that it is for; who collected it is in small letters here [WHM]."""
    given = consent(shop, customer["sms_marketing_consent"], {"consent_collected_from": "other"})
    return {"id": customer["id"], "phone": customer["phone"], "sms_marketing_consent": given}


def customers_merged(shop: Shop, document: Document) -> Json:  # noqa: ARG001  payloads share one signature
    """The customer that is left, the one that is gone, and the job that did it.

    Reads `kept_id`, `deleted_id`, `job_id` (a UUID or None), `status` ("completed", "failed") and `errors`.
    """
    job = document["job_id"]
    return {
        "admin_graphql_api_customer_kept_id": gid(CUSTOMERS.gid, document["kept_id"]),
        "admin_graphql_api_customer_deleted_id": gid(CUSTOMERS.gid, document["deleted_id"]),
        "admin_graphql_api_job_id": f"gid://shopify/Job/{job}" if job else None,
        "status": document["status"],
        "errors": document["errors"],
    }


def order_edited(shop: Shop, document: Document) -> Json:
    """What an edit added and took away."""
    nothing: Json = {"additions": [], "removals": []}
    changes = {
        "line_items": {name: document[name] for name in ("additions", "removals")},
        "discounts": {"line_item": nothing},
        "shipping_lines": nothing,
    }
    return {"order_edit": shaped(EDIT, shop, document, {}) | changes}


def scopes_changed(shop: Shop, document: Document) -> Json:
    """What the app was granted before, and what it is now. Reads `app_id`, `previous` and `current`."""
    return {
        "id": document["app_id"],
        "shop_id": gid("Shop", shop.record["id"]),
        "previous": sorted(document["previous"]),
        "current": sorted(document["current"]),
        "updated_at": _utc(shop.now()),
    }


# --- privacy ---


def data_request(shop: Shop, document: Document) -> Json:
    """Whose data is asked for, with the orders."""
    return _about(shop, document, "orders_requested") | {"data_request": {"id": document["request_id"]}}


def customer_redact(shop: Shop, document: Document) -> Json:
    """Whose data is to be forgotten, with the orders."""
    return _about(shop, document, "orders_to_redact")


def shop_redact(shop: Shop, document: Document) -> Json:
    """The shop's id and domain."""
    return {"shop_id": document["id"], "shop_domain": shop.domain}


def _about(shop: Shop, document: Document, orders: str) -> Json:
    customer = {name: document["customer"][name] for name in ("id", "email", "phone")}
    return shop_redact(shop, shop.record) | {"customer": customer, orders: document["order_ids"]}


def _utc(at_ms: int) -> str:
    """ "2005-05-05T06:00:00.000Z" """
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at_ms % 1000:03d}Z"
