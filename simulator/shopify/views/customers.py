"""Customers and addresses: alone, inside orders and checkouts, and in webhooks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from simulator.kernel.resource import Document
from simulator.shopify.kinds import CUSTOMERS
from simulator.shopify.views.shape import Json, gid, shaped

if TYPE_CHECKING:
    from simulator.shopify.shop import Shop

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
PLAIN_ADDRESS = (
    "first_name", "address1", "phone", "city", "zip", "province", "country", "last_name", "address2", "company",
    "latitude", "longitude", "name", "country_code", "province_code",
)  # fmt: skip
ADDRESSES_SHOWN = 10  # the most recent ones (UNVERIFIED in the reference)


def customer(shop: Shop, document: Document, shape: tuple[str, ...] = CUSTOMER) -> Json:
    addresses = [address(shop, document, one) for one in document["addresses"]]
    default = [one for one in addresses if one["default"]]
    worked_out = {
        "addresses": addresses[-ADDRESSES_SHOWN:],
        "email_marketing_consent": consent(shop, document["email_marketing_consent"]),
        "sms_marketing_consent": consent(shop, document["sms_marketing_consent"], {"consent_collected_from": "OTHER"}),
        "admin_graphql_api_id": gid(CUSTOMERS.gid, document["id"]),
        "default_address": default[0] if default else None,
    }
    found = shaped(shape, shop, document, worked_out)
    if not default and "default_address" in found:
        del found["default_address"]  # a customer without addresses has no such key [AJS]
    return found


def customer_webhook(shop: Shop, document: Document) -> Json:
    """Like the answer, without some of its fields [WH]."""
    return customer(shop, document, CUSTOMER_WEBHOOK)


def customer_deleted(shop: Shop, document: Document) -> Json:  # noqa: ARG001  payloads share one signature
    """The id, its gid and an empty list of tax exemptions [WH]."""
    id = document["id"]
    return {"id": id, "tax_exemptions": [], "admin_graphql_api_id": gid(CUSTOMERS.gid, id)}


def address(shop: Shop, owner: Document, document: Document) -> Json:
    worked_out = {
        "customer_id": owner["id"],
        "name": _name(document),
        "country_name": document["country"],
        "default": document["id"] == owner["default_address_id"],
    }
    return shaped(ADDRESS, shop, document, worked_out)


def _name(person: Document) -> str:
    return " ".join(part for part in (person["first_name"], person["last_name"]) if part)


def consent(shop: Shop, document: Document | None, more: Mapping[str, Any] | None = None) -> Json | None:
    if document is None:
        return None
    shape = ("state", "opt_in_level", "consent_updated_at")
    return shaped(shape, shop, document, {}) | dict(more or {})


def customer_of(shop: Shop, document: Document, shape: tuple[str, ...]) -> Json | None:
    found = shop.get(CUSTOMERS, document["customer_id"]) if document["customer_id"] else None
    return customer(shop, found, shape) if found else None


def plain_address(shop: Shop, document: Document | None) -> Json | None:
    """An address without an id. Where it lies on the globe the fake does not know: null, as for API orders [AJS]."""
    return shaped(PLAIN_ADDRESS, shop, document, {"name": _name(document)}) if document else None
