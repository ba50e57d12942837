"""Protected customer data in REST and in webhooks: what an app is not approved for is null [PCD].

Which fields are what is the schema's `isProtected`, in the names of REST [S]; a merchant's own data is no customer's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.shopify import apps

# A key of REST -> what it is of a customer, wherever it stands in a customer's data.
FIELDS = {
    "first_name": "name",
    "last_name": "name",
    "customer_first_name": "name",
    "credit_card_name": "name",
    "order_status_url": "name",
    "email": "email",
    "contact_email": "email",
    "email_address": "email",
    "phone": "phone",
    "address1": "address",
    "address2": "address",
    "zip": "address",
    "latitude": "address",
    "longitude": "address",
}
OF_ADDRESSES = {"name": "name"}  # elsewhere it is the name of an order or of a product
# Of the shop, of products and of places: no customer's.
MERCHANTS = frozenset(
    """shop location locations origin_address origin_location assigned_location product products variant variants
    image images webhook webhooks event events metafield metafields count access_scopes user users""".split()  # noqa: SIM905
)
MERCHANTS_TOPICS = ("app", "shop", "products", "variants", "locations", "bulk_operations", "domains", "themes")


def answer(body: Any, approved: frozenset[str]) -> Any:
    """A body of REST as an app may see it."""
    usable = apps.usable(approved)
    return body if usable == frozenset(apps.CUSTOMER_DATA) else _shown(body, usable)


def webhook(topic: str, payload: Mapping[str, Any], approved: frozenset[str]) -> Mapping[str, Any]:
    """The payload of a topic as an app may see it."""
    if topic.partition("/")[0] in MERCHANTS_TOPICS:
        return payload
    shown: Mapping[str, Any] = answer(payload, approved)
    return shown


def _shown(value: Any, usable: frozenset[str]) -> Any:
    if isinstance(value, list):
        return [_shown(one, usable) for one in value]
    if not isinstance(value, Mapping):
        return value
    kinds = FIELDS | OF_ADDRESSES if "address1" in value else FIELDS
    return {key: _field(key, one, kinds.get(key), usable) for key, one in value.items()}


def _field(key: str, value: Any, kind: str | None, usable: frozenset[str]) -> Any:
    if kind:
        return value if kind in usable else None
    return value if key in MERCHANTS else _shown(value, usable)
