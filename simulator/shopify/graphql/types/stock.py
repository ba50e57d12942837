"""Where a shop keeps what it sells: its one location, inventory items, and how much of each lies there."""

from __future__ import annotations

from typing import Any

from simulator.shopify.graphql import stock_lists
from simulator.shopify.graphql.pages import Page, listed
from simulator.shopify.graphql.things import (
    GID,
    GraphQLRefusal,
    Thing,
    by_number,
    exactly,
    gid,
    legacy_id,
    location_thing,
    number,
    of,
    own_id,
    row,
)
from simulator.shopify.graphql.types.connect import listing, none, with_info
from simulator.shopify.kinds import FULFILLMENT_ORDERS, VARIANTS

UNITS = {"g": "GRAMS", "kg": "KILOGRAMS", "oz": "OUNCES", "lb": "POUNDS"}
COUNTED = ("available", "on_hand")  # the states of stock that a variant's quantity is in; all others are nought
STATES = (*COUNTED, "committed", "damaged", "incoming", "quality_control", "reserved", "safety_stock")  # [S]
AWAITING = "json_extract(doc, '$.status') IN ('open', 'in_progress')"


# --- locations ---


@with_info
def one_location(_: Any, info: Any, id: str | None = None) -> Thing | None:
    """By its id; without one the primary location [S]."""
    shop = info.context.shop
    return location_thing(shop) if id is None else by_number(shop, "Location", number(id, "Location"))


@with_info
def all_locations(
    _: Any, info: Any, include_inactive: bool = False, include_legacy: bool = False, **args: Any  # noqa: ARG001
) -> Page:  # fmt: skip
    """The fake's shops have neither inactive nor legacy locations."""
    return listing(stock_lists.LOCATIONS, info, args)


def _address(it: Thing) -> dict[str, Any]:
    names = ("address1", "address2", "city", "country_code", "phone", "province", "province_code", "zip")
    place = {name: it[name] for name in names} | {"country": it["country_name"]}
    town = " ".join(place[name] for name in ("city", "province_code", "zip") if place[name])
    lines = [place["address1"], place["address2"], town, place["country"]]
    return place | {"formatted": [line for line in lines if line], "latitude": None, "longitude": None}


@with_info
def _levels_at(it: Thing, info: Any, include_inactive: bool = False, **args: Any) -> Page:  # noqa: ARG001
    """Everything that the shop sells is kept at its one location."""
    found = listing(stock_lists.INVENTORY_LEVELS, info, args)
    return Page([level(one) for one in found.things], found.places, found.has_next, found.has_previous)


def _level_at(it: Thing, inventory_item_id: str, include_inactive: bool = False) -> Thing | None:  # noqa: ARG001
    item = by_number(it.shop, "InventoryItem", number(inventory_item_id, "InventoryItem"))
    return level(item) if item else None


# --- levels ---


def level(item: Thing) -> Thing:
    return item.part("InventoryLevel", {"id": item.id})


@with_info
def one_level(_: Any, info: Any, id: str) -> Thing | None:
    """Our reading of the id: gid://shopify/InventoryLevel/<item>?inventory_item_id=<item>."""
    if not GID.fullmatch(id):
        raise GraphQLRefusal("invalid id", "RESOURCE_NOT_FOUND")
    item = by_number(info.context.shop, "InventoryItem", number(id, "InventoryLevel"))
    return level(item) if item else None


def _item(it: Thing) -> Thing:
    assert it.owner is not None
    return it.owner


def _level_id(it: Thing) -> str:
    return f"{gid('InventoryLevel', it.id)}?inventory_item_id={it.id}"


def _quantities(it: Thing, names: list[str]) -> list[dict[str, Any]]:
    """How many there are by state; a name that is none is refused."""
    for name in names:
        if name not in STATES:
            # Our reading of the text
            raise GraphQLRefusal(f"The quantity name {name} is not valid", "BAD_REQUEST")
    item = _item(it)
    return [
        {
            "id": f"{gid('InventoryQuantity', it.id)}?inventory_item_id={it.id}&name={name}",
            "name": name,
            "quantity": item.document["inventory_quantity"] if name in COUNTED else 0,
            "updated_at": item.document["updated_at_ms"] if name in COUNTED else None,
        }
        for name in names
    ]


# --- items ---


def _levels(it: Thing, include_inactive: bool = False, query: str | None = None, **args: Any) -> Page:  # noqa: ARG001
    return listed(args, [level(it)])


def _level(it: Thing, location_id: str, include_inactive: bool = False) -> Thing | None:  # noqa: ARG001
    place = by_number(it.shop, "Location", number(location_id, "Location"))
    return level(it) if place else None


def _weight(it: Thing) -> dict[str, Any]:
    return {"weight": {"value": it.document["weight"], "unit": UNITS[it.document["weight_unit"]]}}


TYPES = {
    "Location": row(
        "name createdAt updatedAt",
        id=own_id,
        legacyResourceId=legacy_id,
        address=_address,
        isActive=of("active"),
        isPrimary=True,
        fulfillsOnlineOrders=True,
        shipsInventory=True,
        hasActiveInventory=lambda it: it.shop.first(VARIANTS, "1") is not None,
        hasUnfulfilledOrders=lambda it: it.shop.first(FULFILLMENT_ORDERS, AWAITING) is not None,
        inventoryLevel=_level_at,
        inventoryLevels=_levels_at,
        # What cannot be done with a shop's only location, and what it has not:
        activatable=False,
        addressVerified=False,
        deactivatable=False,
        deactivatedAt=None,
        deletable=False,
        fulfillmentService=None,
        isFulfillmentService=False,
        localPickupSettingsV2=None,
        suggestedAddresses=[],
    ),
    "LocationAddress": row(
        "address1 address2 city country countryCode formatted latitude longitude phone province provinceCode zip"
    ),
    "InventoryItem": row(
        "sku",
        id=own_id,
        legacyResourceId=legacy_id,
        createdAt=lambda it: it.document["created_at_ms"],
        updatedAt=lambda it: it.document["updated_at_ms"],
        requiresShipping=of("requires_shipping"),
        tracked=lambda it: it["inventory_management"] == "shopify",
        variant=lambda it: it.owner,
        variants=lambda it, **args: listed(args, [it.owner]),
        measurement=_weight,
        inventoryLevel=_level,
        inventoryLevels=_levels,
        locationsCount=lambda _: exactly(1),
        countryCodeOfOrigin=None,
        countryHarmonizedSystemCodes=none,
        provinceCodeOfOrigin=None,
        harmonizedSystemCode=None,
        unitCost=None,
    ),
    "InventoryItemMeasurement": row("weight"),
    "InventoryLevel": row(
        "",
        id=_level_id,
        createdAt=lambda it: _item(it).document["created_at_ms"],
        updatedAt=lambda it: _item(it).document["updated_at_ms"],
        item=_item,
        location=lambda it: location_thing(it.shop),
        isActive=True,
        canDeactivate=False,
        deactivationAlert=None,
        quantities=_quantities,
    ),
    "InventoryQuantity": row("id name quantity updatedAt"),
    "Weight": row("unit value"),
}
