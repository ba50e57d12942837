"""Metafields, and the fields by which every owner leads to its own."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson

from simulator.shopify.graphql import lists
from simulator.shopify.graphql.pages import Page
from simulator.shopify.graphql.searching import Clause
from simulator.shopify.graphql.things import Thing, by_number, legacy_id, own_id, row, thing
from simulator.shopify.graphql.types.connect import listing, with_info
from simulator.shopify.rules import metafields
from simulator.shopify.shop import Shop

# type -> what REST calls it as an owner, and its MetafieldOwnerType
OWNERS = {
    "Customer": ("customer", "CUSTOMER"),
    "DraftOrder": ("draft_order", "DRAFTORDER"),
    "Order": ("order", "ORDER"),
    "Product": ("product", "PRODUCT"),
    "ProductVariant": ("variant", "PRODUCTVARIANT"),
    "Shop": ("shop", "SHOP"),
}
TYPES_OF_OWNERS = {resource: type_name for type_name, (resource, _) in OWNERS.items()}
OWN = "$app"
# Types whose values are JSON inside the text, beside all lists; of others `jsonValue` is the text. Our reading.
AS_JSON = frozenset(
    {"boolean", "dimension", "json", "link", "money", "number_integer", "rating", "rich_text_field", "volume", "weight"}
)


def namespace_of(shop: Shop, name: str | None) -> str:
    """What belongs to the app alone begins with `$app`, as does what names no namespace (shopify.dev, ownership)."""
    name = OWN if name is None else name
    if name != OWN and not name.startswith(f"{OWN}:"):
        return name
    return f"app--{shop.caller.app_id}" + name.removeprefix(OWN).replace(":", "--", 1)


def digest(it: Thing) -> str:
    """Our reading: any text that is another one for another value."""
    return hashlib.sha256(f"{it.document['type']}\n{it.document['value']}".encode()).hexdigest()


def _one(it: Thing, key: str, namespace: str | None = None) -> Thing | None:
    found = metafields.find(it.shop, OWNERS[it.type][0], it.id, namespace_of(it.shop, namespace), key)
    return thing(it.shop, "Metafield", found) if found else None


@with_info
def _every(it: Thing, info: Any, namespace: str | None = None, keys: list[str] | None = None, **args: Any) -> Page:
    """All of an owner's; `keys` are written namespace.key [S]."""
    clauses: list[Clause] = [("owner_resource = ? AND owner_id = ?", (OWNERS[it.type][0], it.id))]
    if namespace is not None:
        clauses.append(("namespace = ?", (namespace_of(it.shop, namespace),)))
    if keys is not None:
        marks = ", ".join("?" * len(keys))
        clauses.append((f"namespace || '.' || key IN ({marks})", tuple(keys)))
    return listing(lists.METAFIELDS, info, args, *clauses)


OWNED: dict[str, Any] = {"metafield": _one, "metafields": _every}


def _owner(it: Thing) -> Thing | None:
    return by_number(it.shop, TYPES_OF_OWNERS[it.document["owner_resource"]], it.document["owner_id"])


def _json(it: Thing) -> Any:
    value, kind = it.document["value"], it.document["type"]
    return orjson.loads(value) if kind in AS_JSON or kind.startswith("list.") else value


TYPES = {
    "Metafield": row(
        "namespace key type description createdAt updatedAt",
        id=own_id,
        legacyResourceId=legacy_id,
        value=lambda it: it.document["value"],
        jsonValue=_json,
        compareDigest=digest,
        sizeInBytes=lambda it: len(it.document["value"].encode()),
        owner=_owner,
        ownerType=lambda it: OWNERS[TYPES_OF_OWNERS[it.document["owner_resource"]]][1],
        definition=None,
    ),
}
