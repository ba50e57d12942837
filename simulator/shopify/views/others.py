"""What is small: the shop, subscriptions, events, and payloads that are an id alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from simulator.kernel.resource import Document
from simulator.shopify.kinds import BULK_OPERATIONS, METAFIELDS
from simulator.shopify.views.shape import Json, gid, shaped

if TYPE_CHECKING:
    from simulator.shopify.shop import Shop

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

BULK_OPERATION = ("admin_graphql_api_id", "completed_at", "created_at", "error_code", "status", "type")  # [WH]
METAFIELD = (
    "id", "namespace", "key", "value", "description", "owner_id", "created_at", "updated_at", "owner_resource", "type",
    "admin_graphql_api_id",
)  # fmt: skip
SHOWN_AS_JSON = ("number_integer", "boolean")  # other values are text [AJS]


def metafield(shop: Shop, document: Document) -> Json:
    value = document["value"]
    worked_out = {
        "value": orjson.loads(value) if document["type"] in SHOWN_AS_JSON else value,
        "admin_graphql_api_id": gid(METAFIELDS.gid, document["id"]),
    }
    return shaped(METAFIELD, shop, document, worked_out)


def shop_itself(shop: Shop, document: Document) -> Json:
    """The shop's own record."""
    return shaped(SHOP, shop, document, {})


def subscription(shop: Shop, document: Document) -> Json:
    return shaped(WEBHOOK, shop, document, {"private_metafield_namespaces": []})


def event(shop: Shop, document: Document) -> Json:
    return shaped(EVENT, shop, document, {})


def bulk_operation_webhook(shop: Shop, document: Document) -> Json:
    """That a bulk operation has ended, and how; not where its result is."""
    return shaped(BULK_OPERATION, shop, document, {"admin_graphql_api_id": gid(BULK_OPERATIONS.gid, document["id"])})


def id_alone(shop: Shop, document: Document) -> Json:  # noqa: ARG001  payloads share one signature
    """The id and nothing else."""
    return {"id": document["id"]}
