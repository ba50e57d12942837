"""What resolvers are handed: a `Thing` is one record in the shape that REST shows, under its GraphQL type.

What can be worked out about a record is worked out once, in `views`; GraphQL takes it from there and from nowhere else,
so that both dialects always say the same. A field's name in REST is its name here in snake case unless a table says
otherwise. Values without an identity (money, tax lines, options) are plain mappings.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from simulator.kernel.errors import Refusal
from simulator.kernel.resource import Document
from simulator.shopify import views
from simulator.shopify.kinds import (
    BULK_OPERATIONS,
    CHECKOUTS,
    CUSTOMERS,
    DRAFT_ORDERS,
    EVENTS,
    FULFILLMENT_ORDERS,
    METAFIELDS,
    ORDERS,
    PRODUCTS,
    SUBSCRIPTIONS,
    Kind,
)
from simulator.shopify.money import Sides
from simulator.shopify.resources import ROWS
from simulator.shopify.rules import bulk, products
from simulator.shopify.shop import Shop

View = Callable[[Shop, Document], Mapping[str, Any]]
How = Callable[..., Any]  # (thing, **arguments) -> value
GID = re.compile(r"gid://shopify/([A-Za-z]+)/([^?\s]+)(?:\?.*)?")
LARGEST_ID = 2**63 - 1


@dataclass(eq=False)
class GraphQLRefusal(Refusal):
    """A top-level error of one field, in Shopify's words."""

    message: str
    code: str
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Thing:
    """A record, or a part of one, on its way out.

    Args:
        type: its GraphQL type.
        document: as it is stored; of a part that only `views` make, as it is shown.
        view: how REST shows it; None where the document is that already.
        owner: the record that it is a part of.
    """

    type: str
    shop: Shop
    document: Document
    view: View | None = None
    owner: Thing | None = None
    _shown: Mapping[str, Any] | None = None

    def __getitem__(self, name: str) -> Any:
        return self.shown[name]

    @property
    def shown(self) -> Mapping[str, Any]:
        if self._shown is None:
            self._shown = self.view(self.shop, self.document) if self.view else self.document
        return self._shown

    @property
    def id(self) -> int:
        found: int = self.document["id"]
        return found

    @property
    def currency(self) -> str:
        """The shop's side of them."""
        return self.sides.shop

    @property
    def sides(self) -> Sides:
        """The currencies in which its money is shown: those of the record that it is a part of."""
        if self.owner:
            return self.owner.sides
        return Sides.of({"currency": self.shop.currency} | self.document)

    def part(self, type_name: str, shown: Document) -> Thing:
        return Thing(type_name, self.shop, shown, None, self)


@dataclass(frozen=True, slots=True)
class Sort:
    """Records that are found by their id.

    Args:
        kind: where they are kept.
        view: how REST shows them; None where it does not, the document is shown then.
        visible: SQL for those that the caller may see, where REST has no row that says so.
    """

    kind: Kind
    view: View | None
    visible: Callable[[Shop], tuple[str, tuple[Any, ...]]] | None = None


def _fulfillment_order(shop: Shop, document: Document) -> Mapping[str, Any]:
    return views.fulfillment_order(shop, order_of(shop, document).document, document)


SORTS = {
    "AbandonedCheckout": Sort(CHECKOUTS, views.checkout),
    "BasicEvent": Sort(EVENTS, views.event),
    "BulkOperation": Sort(BULK_OPERATIONS, None, bulk.mine),
    "Customer": Sort(CUSTOMERS, views.customer),
    "DraftOrder": Sort(DRAFT_ORDERS, views.draft_order),
    "FulfillmentOrder": Sort(FULFILLMENT_ORDERS, _fulfillment_order),
    "Metafield": Sort(METAFIELDS, views.metafield),
    "Order": Sort(ORDERS, views.order),
    "Product": Sort(PRODUCTS, views.product),
    "WebhookSubscription": Sort(SUBSCRIPTIONS, views.subscription),
}
# Parts of orders that have ids of their own: where they lie, and how REST shows one by itself if not as in its order.
ORDER_PARTS: dict[str, tuple[str, Callable[[Shop, Document, Document], Mapping[str, Any]] | None]] = {
    "Fulfillment": ("fulfillments", None),
    "LineItem": ("line_items", None),
    "OrderTransaction": ("transactions", views.single_transaction),
    "Refund": ("refunds", views.refund),
}


@cache
def _visible(type_name: str) -> Callable[[Shop], tuple[str, tuple[Any, ...]]] | None:
    """What REST lets the caller see of these records, GraphQL does as well."""
    sort = SORTS[type_name]
    return sort.visible or next((row.visible for row in ROWS if row.kind is sort.kind), None)


def visible(shop: Shop, type_name: str) -> tuple[str, tuple[Any, ...]]:
    """SQL for the records of a type that the caller may see."""
    found = _visible(type_name)
    return found(shop) if found else ("1", ())


def thing(shop: Shop, type_name: str, document: Document) -> Thing:
    return Thing(type_name, shop, document, SORTS[type_name].view)


def shop_thing(shop: Shop) -> Thing:
    return Thing("Shop", shop, shop.record, views.shop_itself)


def location_thing(shop: Shop) -> Thing:
    """The shop's one location; its row is the shop's."""
    return Thing("Location", shop, dict(views.location(shop, shop.record)))


def order_of(shop: Shop, document: Document) -> Thing:
    """The order that a record of its own is about, whatever its age."""
    found = shop.get(ORDERS, document["order_id"])
    assert found is not None
    return thing(shop, "Order", found)


def order_parts(order: Thing, type_name: str) -> list[Thing]:
    name, view = ORDER_PARTS[type_name]
    if view is None:
        return [order.part(type_name, one) for one in order[name]]
    found = order.document.get(name, ())
    return [order.part(type_name, dict(view(order.shop, order.document, one))) for one in found]


def variant_thing(shop: Shop, product: Document, variant: Document) -> Thing:
    def view(shop: Shop, document: Document) -> Mapping[str, Any]:
        return views.variant(shop, product, document)

    return Thing("ProductVariant", shop, variant, view, thing(shop, "Product", product))


# --- by id ---


def gid(type_name: str, id: int | str) -> str:
    return f"gid://shopify/{type_name}/{id}"


def number(global_id: str, *types: str) -> int:
    """The number in a global id of one of these types; `invalid id` where it is of another [DP]."""
    found = GID.fullmatch(global_id)
    if not found or found[1] not in types or not found[2].isdecimal():
        raise GraphQLRefusal("invalid id", "RESOURCE_NOT_FOUND")
    return min(int(found[2]), LARGEST_ID)


def by_id(shop: Shop, global_id: str, *types: str) -> Thing | None:
    """The record with this id, of one of these types; None where there is none that the caller may see."""
    found = GID.fullmatch(global_id)
    return by_number(shop, found[1] if found else "", number(global_id, *types))


def by_number(shop: Shop, type_name: str, id: int) -> Thing | None:
    if type_name == "Shop":
        return shop_thing(shop) if id == shop.record["id"] else None
    if type_name == "Location":
        return location_thing(shop) if id == shop.record["primary_location_id"] else None
    if type_name in ("ProductVariant", "InventoryItem"):
        return _variant_part(shop, type_name, id)
    if type_name in ORDER_PARTS:
        return _order_part(shop, type_name, id)
    where, params = visible(shop, type_name)
    found = shop.first(SORTS[type_name].kind, f"id = ? AND ({where})", id, *params)
    return thing(shop, type_name, found) if found else None


def _variant_part(shop: Shop, type_name: str, id: int) -> Thing | None:
    if type_name == "ProductVariant":
        found = products.with_variant(shop, id)
        return variant_thing(shop, *found) if found else None
    holding = "EXISTS (SELECT 1 FROM json_each(doc, '$.variants') WHERE json_extract(value, '$.inventory_item_id') = ?)"
    product = shop.first(PRODUCTS, holding, id)
    if product is None:
        return None
    variant = next(one for one in product["variants"] if one["inventory_item_id"] == id)
    return inventory_item(variant_thing(shop, product, variant))


def _order_part(shop: Shop, type_name: str, id: int) -> Thing | None:
    name, (where, params) = ORDER_PARTS[type_name][0], visible(shop, "Order")
    holding = f"EXISTS (SELECT 1 FROM json_each(doc, '$.{name}') WHERE json_extract(value, '$.id') = ?)"  # noqa: S608
    order = shop.first(ORDERS, f"({where}) AND {holding}", *params, id)
    parts = order_parts(thing(shop, "Order", order), type_name) if order else ()
    return next((one for one in parts if one.id == id), None)


def inventory_item(variant: Thing) -> Thing:
    document = variant.document | {"id": variant.document["inventory_item_id"]}
    return Thing("InventoryItem", variant.shop, document, None, variant)


# --- words ---


@cache
def snake(name: str) -> str:
    """ "addressesV2" -> "addresses_v2", "firstName" -> "first_name"."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


@cache
def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def plain(name: str) -> How:
    """The field that REST calls by the same name, in snake case."""
    key = snake(name)
    return lambda it: it[key]


def row(same: str, **how: How | Any) -> dict[str, How]:
    """The fields of one type: those whose name is REST's, and those that a function or a constant makes."""
    return {name: plain(name) for name in same.split()} | {
        name: one if callable(one) else (lambda value: lambda *_, **__: value)(one) for name, one in how.items()
    }


# --- ways that many fields have in common ---


def of(key: str) -> How:
    """The field that REST calls by another name."""
    return lambda it, **_: it[key]


def own_id(it: Thing) -> str:
    return gid(it.type, it.id)


def legacy_id(it: Thing) -> int:
    return it.id


def bag(amount: str, it: Thing) -> dict[str, Any]:
    """An amount in the currencies of the record that it belongs to."""
    return it.sides.set(amount)


def bag_of(key: str) -> How:
    """A MoneyBag of an amount that REST shows without a set."""
    return lambda it, **_: None if it[key] is None else bag(it[key], it)


def money_of(key: str) -> How:
    """The shop's money of a set."""
    return lambda it, **_: it[key]["shop_money"]


def amount_of(key: str) -> How:
    """The shop's amount of a set, as Money."""
    return lambda it, **_: None if it[key] is None else it[key]["shop_money"]["amount"]


def count_of(key: str) -> How:
    return lambda it, **_: exactly(len(it[key]))


def exactly(count: int) -> dict[str, Any]:
    return {"count": count, "precision": "EXACT"}


def tags(it: Thing) -> list[str]:
    return [tag for tag in it["tags"].split(", ") if tag]


def attributes_of(key: str) -> How:
    """`note_attributes` and `properties`: name and value become key and value."""
    return lambda it: [{"key": one["name"], "value": one["value"]} for one in it[key] or ()]


def first_of(make: How) -> How:
    """A list that `first` shortens."""
    return lambda it, first=None: make(it)[: max(first, 0) if first is not None else None]
