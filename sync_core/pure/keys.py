"""Our names of HubSpot records: which Shopify record each comes from.

A checkout and the order that it becomes share one deal (A23-A26, I2), so in "deals" an order takes its checkout's key.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from sync_core.pure.model import Integration, Kind, ObjectType, Ref, Settings

OBJECT_TYPES: Mapping[tuple[Integration, Kind], ObjectType] = {
    ("deals", "customer"): "contacts",
    ("deals", "product"): "products",
    ("deals", "order"): "deals",
    ("deals", "checkout"): "deals",
    ("data-sync", "customer"): "contacts",
    ("data-sync", "product"): "products",
    ("data-sync", "order"): "orders",
    ("data-sync", "checkout"): "carts",
}


def ref_of(kind: Kind, id_: str, document: Mapping[str, Any] | None, settings: Settings) -> Ref:
    """The HubSpot record that this Shopify record becomes."""
    object_type = OBJECT_TYPES[settings.integration, kind]
    token = document.get("checkout_token") if document else None
    if object_type == "deals" and kind == "order" and token:
        return Ref(object_type, f"{settings.shop}/checkout/{token}")
    return Ref(object_type, f"{settings.shop}/{kind}/{id_}")


def source_of(ref: Ref) -> tuple[Kind, str] | None:
    """The Shopify record that a record's key names; None for a line item and for a contact without a customer.

    A deal that was a checkout names that: its order is found by the checkout's token.
    """
    _, _, path = ref.key.partition("/")
    kind, _, id_ = path.partition("/")
    return (kind, id_) if kind in get_args(Kind) and "/" not in id_ else None  # type: ignore[return-value]


def guest_ref(email: str, settings: Settings) -> Ref:
    """The contact of an abandoned checkout that has an e-mail but no customer (A6)."""
    return Ref("contacts", f"{settings.shop}/email/{email}")


def line_ref(parent: Ref, line_key: str) -> Ref:
    return Ref("line_items", f"{parent.key}/line/{line_key}")
