"""What of a Shopify record, and of its image in HubSpot, is about a person (I10). Redacted records are without it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from sync_core.pure.convert import email
from sync_core.pure.model import Kind, ObjectType

# Fields of an order or a checkout that name, address or describe the buyer, or lead to them [RR].
PERSONAL_FIELDS = (
    "abandoned_checkout_url",
    "billing_address",
    "browser_ip",
    "client_details",
    "contact_email",
    "customer",
    "customer_locale",
    "email",
    "landing_site",
    "note",
    "note_attributes",
    "order_status_url",
    "phone",
    "referring_site",
    "shipping_address",
)

ADDRESS = ("firstname", "lastname", "email", "phone", "street", "city", "state", "postal_code", "country")

# Properties that hold them in HubSpot. `shopify_customer_id` is Shopify's number of nobody who is known any more.
PERSONAL_PROPERTIES: Mapping[ObjectType, tuple[str, ...]] = {
    "deals": (
        "ip__ecomm_bridge__abandoned_cart_url",
        "shopify_customer_id",
        "shopify_landing_site",
        "shopify_note",
        "shopify_referring_site",
    ),
    "orders": (
        *(f"hs_{kind}_address_{part}" for kind in ("billing", "shipping") for part in ("name", *ADDRESS)),
        "hs_order_note",
        "hs_shipping_tracking_number",
    ),
    "carts": ("hs_cart_url",),
}


def scrubbed(document: Mapping[str, Any]) -> dict[str, Any]:
    """An order or a checkout without what is about its buyer; fields that it lacks stay lacking."""
    return {name: None if name in PERSONAL_FIELDS else value for name, value in document.items()} | (
        {"fulfillments": [{**each, "tracking_number": None} for each in document["fulfillments"]]}
        if document.get("fulfillments")
        else {}
    )


def fingerprints(kind: Kind, document: Mapping[str, Any], shop: str) -> frozenset[str]:
    """By which a record of a redacted customer is known: of the customer's id and of e-mail addresses."""
    customer = document if kind == "customer" else buyer(document)
    ids = {f"id/{customer['id']}"} if customer.get("id") else set()
    emails = {address(one) for one in (customer, document)} - {""}
    return frozenset(fingerprint(shop, what) for what in (*ids, *(f"email/{one}" for one in emails)))


def buyer(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The customer of an order or a checkout; empty where there is none, or where the document is in another shape."""
    found = document.get("customer")
    return found if isinstance(found, Mapping) else {}


def address(document: Mapping[str, Any]) -> str:
    """The e-mail as it is compared; "" for none."""
    found = document.get("email")
    return email(found) if isinstance(found, str) else ""


def fingerprint(shop: str, what: str) -> str:
    """A hash from which nobody learns what it is of, unless they know it already."""
    return hashlib.sha256(f"{shop}/{what}".encode()).hexdigest()
