"""Two customers become one: fields by choice, tags, notes and addresses joined, orders moved, one id gone.

Our reading: the first one stays unless the choice says otherwise of a field, a field that it lacks is the other's, and
of the one that is gone only customers/merge tells.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.kernel.errors import Invalid, Problem
from simulator.kernel.resource import Document
from simulator.shopify.kinds import CHECKOUTS, CUSTOMERS, DRAFT_ORDERS, METAFIELDS, ORDERS
from simulator.shopify.rules import customers, inputs, metafields, milestones
from simulator.shopify.rules.inputs import Field
from simulator.shopify.shop import Shop

SAME = "Customers IDs should not match"  # [DP]
# field -> what goes with it
CHOSEN = {
    "first_name": (),
    "last_name": (),
    "email": ("email_marketing_consent", "verified_email"),
    "phone": ("sms_marketing_consent",),
}
JOINED = (Field("note", inputs.text(inputs.LONGEST_NOTE)), Field("tags", inputs.tags))


def merge(shop: Shop, kept: Document, gone: Document, wanted: Mapping[str, Any], job_id: str) -> Document:
    """The customer that is left.

    Args:
        wanted: `first_name`, `last_name`, `email`, `phone` and `default_address` -> the id of the customer whose it
            is to be; `note` and `tags` as they are to be.
    """
    if kept["id"] == gone["id"]:
        raise Invalid((Problem("base", SAME, "INVALID_CUSTOMER_ID"),))
    given = inputs.read(wanted, JOINED)
    _move(shop, kept["id"], gone["id"])
    kept, gone = (_again(shop, one) for one in (kept, gone))
    shop.delete(CUSTOMERS, gone, tell=False)  # before the other takes its e-mail address
    merged = shop.update(CUSTOMERS, kept | _fields(kept, gone, wanted) | _joined(kept, gone, wanted) | given)
    told = {"kept_id": kept["id"], "deleted_id": gone["id"], "job_id": job_id, "status": "completed", "errors": []}
    shop.owe("customers/merge", told)
    return merged


def _move(shop: Shop, kept_id: int, gone_id: int) -> None:
    for order in shop.find(ORDERS, "customer_id = ?", gone_id):
        milestones.save(shop, order, order | {"customer_id": kept_id})
    for draft in shop.find(DRAFT_ORDERS, "customer_id = ?", gone_id):
        shop.update(DRAFT_ORDERS, draft | {"customer_id": kept_id})
    for checkout in shop.find(CHECKOUTS, "json_extract(doc, '$.customer_id') = ?", gone_id):
        shop.update(CHECKOUTS, checkout | {"customer_id": kept_id}, tell=False)
    for one in metafields.all_of(shop, "customer", gone_id):
        if metafields.find(shop, "customer", kept_id, one["namespace"], one["key"]):
            shop.delete(METAFIELDS, one)
        else:
            shop.update(METAFIELDS, one | {"owner_id": kept_id})


def _again(shop: Shop, customer: Document) -> Document:
    """As it is now that its orders have moved."""
    found = shop.get(CUSTOMERS, customer["id"])
    assert found is not None
    return found


def _fields(kept: Document, gone: Document, wanted: Mapping[str, Any]) -> Document:
    found: Document = {}
    for name, companions in CHOSEN.items():
        chosen = wanted.get(name)
        of = gone if chosen == gone["id"] or (chosen is None and not kept[name]) else kept
        found |= {one: of[one] for one in (name, *companions)}
    return found


def _joined(kept: Document, gone: Document, wanted: Mapping[str, Any]) -> Document:
    addresses = [*kept["addresses"], *gone["addresses"]]
    inputs.refuse(customers.too_many(addresses))
    first = gone if wanted.get("default_address") == gone["id"] else kept
    return {
        "note": "\n".join(one["note"] for one in (kept, gone) if one["note"]) or None,
        "tags": inputs.tags([tag for one in (kept, gone) for tag in one["tags"].split(", ")]),
        "addresses": addresses,
        "default_address_id": first["default_address_id"] or kept["default_address_id"] or gone["default_address_id"],
    }
