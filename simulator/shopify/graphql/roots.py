"""The fields of QueryRoot: records by id, lists and counts, and what stands alone."""

from __future__ import annotations

from typing import Any

from simulator.kernel.errors import NotSimulated
from simulator.shopify import versions
from simulator.shopify.graphql import lists, stock_lists
from simulator.shopify.graphql.things import (
    GID,
    ORDER_PARTS,
    SORTS,
    GraphQLRefusal,
    How,
    Thing,
    by_id,
    shop_thing,
    thing,
    visible,
)
from simulator.shopify.graphql.types import bulk
from simulator.shopify.graphql.types.connect import Context, count, every, listing, none, with_info
from simulator.shopify.graphql.types.shipping import planned
from simulator.shopify.graphql.types.stock import all_locations, one_level, one_location
from simulator.shopify.graphql.types.store import api_version, deletion_events, installation
from simulator.shopify.kinds import CUSTOMERS, PRODUCTS
from simulator.shopify.rules import customers
from simulator.shopify.topics import BY_ENUM

NODES = (*SORTS, *ORDER_PARTS, "ProductVariant", "InventoryItem", "Location", "Shop")  # what `node` finds
# Real types whose records the fake has, but not by their id alone; others are null, as an unknown id is.
NODES_NOT_SIMULATED = ("AppInstallation", "MailingAddress", "MediaImage", "ProductOption", "App", "Domain",
                       "ProductOptionValue")  # fmt: skip
MOST_IDS = 250  # [DP]


def one(type_name: str) -> How:
    """A record by its id."""

    @with_info
    def resolve(_: Any, info: Any, id: str) -> Thing | None:
        return by_id(info.context.shop, id, type_name)

    return resolve


@with_info
def node(_: Any, info: Any, id: str) -> Thing | None:
    return _node(info.context, id)


@with_info
def nodes(_: Any, info: Any, ids: list[str]) -> list[Thing | None]:
    if len(ids) > MOST_IDS:
        text = f"The input array size of {len(ids)} is greater than the maximum allowed of {MOST_IDS}."
        raise GraphQLRefusal(text, "MAX_INPUT_SIZE_EXCEEDED")  # [DP]
    return [_node(info.context, id) for id in ids]


def _node(context: Context, id: str) -> Thing | None:
    type_name = id.removeprefix("gid://shopify/").partition("/")[0]
    if type_name in NODES_NOT_SIMULATED:
        raise NotSimulated(f"node of the type {type_name}")
    return by_id(context.shop, id, *NODES) if type_name in NODES else None


@with_info
def _customer_by(_: Any, info: Any, identifier: dict[str, Any]) -> Thing | None:
    return customer_by(info.context.shop, identifier)


def customer_by(shop: Any, identifier: dict[str, Any]) -> Thing | None:
    (name, value), *_ = identifier.items()
    if name == "id":
        return by_id(shop, value, "Customer")
    if name == "customId":
        raise NotSimulated("an identifier by metafield")
    if name in ("emailAddress", "email"):
        found = shop.first(CUSTOMERS, "email_key = ?", value.strip().lower())
    else:
        found = shop.first(CUSTOMERS, "phone = ?", _phone(value))
    return thing(shop, "Customer", found) if found else None


def _phone(value: str) -> str | None:
    try:
        return customers.phone(value)
    except ValueError:
        return None


@with_info
def _order_by(_: Any, info: Any, identifier: dict[str, Any]) -> Thing | None:
    if "id" not in identifier:
        raise NotSimulated("an identifier by metafield")
    return by_id(info.context.shop, identifier["id"], "Order")


@with_info
def _product_by(_: Any, info: Any, identifier: dict[str, Any]) -> Thing | None:
    return product_by(info.context.shop, identifier)


def product_by(shop: Any, identifier: dict[str, Any]) -> Thing | None:
    if identifier.get("customId"):
        raise NotSimulated("an identifier by metafield")
    if identifier.get("id"):
        return by_id(shop, identifier["id"], "Product")
    return _by_handle(shop, identifier["handle"])


@with_info
def _product_by_handle(_: Any, info: Any, handle: str) -> Thing | None:
    return _by_handle(info.context.shop, handle)


def _by_handle(shop: Any, handle: str) -> Thing | None:
    found = shop.first(PRODUCTS, "handle = ?", handle)
    return thing(shop, "Product", found) if found else None


@with_info
def _variant_by(_: Any, info: Any, identifier: dict[str, Any]) -> Thing | None:
    if "id" not in identifier:
        raise NotSimulated("an identifier by metafield")
    return by_id(info.context.shop, identifier["id"], "ProductVariant")


@with_info
def _subscriptions(_: Any, info: Any, **args: Any) -> Any:
    """Its arguments beside those of every list: `topics`, `uri` and `callbackUrl`, `format`."""
    clauses: list[tuple[str, tuple[Any, ...]]] = []
    topics = args.pop("topics", None)
    if topics is not None:
        marks = ", ".join("?" * len(topics))
        clauses.append((f"topic IN ({marks})", tuple(BY_ENUM[name] for name in topics)))
    for name in ("uri", "callback_url"):
        address = args.pop(name, None)
        if address is not None:
            clauses.append(("address = ?", (address,)))
    kind = args.pop("format", None)
    if kind is not None:
        clauses.append(("json_extract(doc, '$.format') = ?", (kind.lower(),)))
    return listing(lists.SUBSCRIPTIONS, info, args, *clauses)


@with_info
def _pending(_: Any, info: Any) -> Any:
    """Orders that are open and not paid. Our reading of "pending"."""
    where, params = visible(info.context.shop, "Order")
    shop = info.context.shop
    open_ones = f"({where}) AND closed_at_ms IS NULL AND cancelled_at_ms IS NULL AND financial_status = 'pending'"
    return {"count": shop.site.count(SORTS["Order"].kind.resource, open_ones, params), "precision": "EXACT"}


def _job(_: Any, id: str) -> dict[str, Any] | None:
    """Every job is done when it is asked for: the fake does what was promised at once, and keeps no list of it."""
    found = GID.fullmatch(id)
    return {"id": id, "done": True} if found and found[1] == "Job" else None


QUERY: dict[str, How] = {
    "bulkOperation": one("BulkOperation"),
    "bulkOperations": bulk.operations,
    "currentBulkOperation": bulk.current,
    "shop": with_info(lambda _, info: shop_thing(info.context.shop)),
    "node": node,
    "nodes": nodes,
    "customer": one("Customer"),
    "customerByIdentifier": _customer_by,
    "customers": every(lists.CUSTOMERS),
    "customersCount": count(lists.CUSTOMERS),
    "order": one("Order"),
    "orderByIdentifier": _order_by,
    "orders": every(lists.ORDERS),
    "ordersCount": count(lists.ORDERS),
    "pendingOrdersCount": _pending,
    "product": one("Product"),
    "productByIdentifier": _product_by,
    "productByHandle": _product_by_handle,
    "products": every(lists.PRODUCTS),
    "productsCount": count(lists.PRODUCTS),
    "productVariant": one("ProductVariant"),
    "productVariantByIdentifier": _variant_by,
    "productVariants": every(lists.VARIANTS_LISTING),
    "productVariantsCount": count(lists.VARIANTS_LISTING),
    "inventoryItem": one("InventoryItem"),
    "inventoryItems": every(stock_lists.INVENTORY_ITEMS),
    "inventoryLevel": one_level,
    "location": one_location,
    "locations": all_locations,
    "draftOrder": one("DraftOrder"),
    "draftOrders": every(lists.DRAFT_ORDERS),
    "draftOrdersCount": count(lists.DRAFT_ORDERS),
    "job": _job,
    "fulfillment": one("Fulfillment"),
    "fulfillmentOrder": one("FulfillmentOrder"),
    "fulfillmentOrders": planned,
    "refund": one("Refund"),
    "metafieldDefinitions": none,
    "collection": lambda *_, **__: None,
    "collections": none,
    "abandonedCheckouts": every(lists.CHECKOUTS),
    "abandonedCheckoutsCount": count(lists.CHECKOUTS),
    "webhookSubscription": one("WebhookSubscription"),
    "webhookSubscriptions": _subscriptions,
    "webhookSubscriptionsCount": count(lists.SUBSCRIPTIONS),
    "event": one("BasicEvent"),
    "events": every(lists.EVENTS),
    "eventsCount": count(lists.EVENTS),
    "deletionEvents": deletion_events,
    "currentAppInstallation": installation,
    "publicApiVersions": lambda _: [api_version(one.name) for one in versions.VERSIONS if one.state != "retired"],
}
