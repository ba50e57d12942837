"""The lists of what is kept in stock, and where: their rows are those of variants, and of the shop itself."""

from __future__ import annotations

from simulator.shopify.graphql import searching
from simulator.shopify.graphql.lists import BY_ID, IN_PRODUCT, Listing, at, made_variant, of_variant, text, time
from simulator.shopify.graphql.searching import Search
from simulator.shopify.graphql.things import inventory_item, location_thing
from simulator.shopify.kinds import SHOPS, VARIANTS

INVENTORY_ITEMS = Listing(
    "InventoryItem",
    {"ID": BY_ID},
    {
        "default": of_variant("sku"),
        "created_at": of_variant("created_at_ms", read=searching.instant),
        "id": of_variant("inventory_item_id", read=searching.identifier),
        "sku": of_variant("sku"),
        "tracked": Search(
            ("(coalesce(json_extract(v.value, '$.inventory_management'), '') = 'shopify')",),
            searching.truth,
            IN_PRODUCT,
        ),
        "updated_at": of_variant("updated_at_ms", read=searching.instant),
    },
    kind=VARIANTS,
    make=lambda shop, entry: inventory_item(made_variant(shop, entry)),
)

INVENTORY_LEVELS = Listing(
    "InventoryItem",
    {"ID": BY_ID},
    {
        "default": of_variant("sku"),
        "created_at": of_variant("created_at_ms", read=searching.instant),
        "inventory_item_id": of_variant("inventory_item_id", read=searching.identifier),
        "updated_at": of_variant("updated_at_ms", read=searching.instant),
    },
    ("id", "inventory_group_id"),
    kind=VARIANTS,
    make=INVENTORY_ITEMS.make,
)

# The shop's one location stands in the shop's own row.
LOCATIONS = Listing(
    "Location",
    {"ID": BY_ID, "NAME": BY_ID},
    {
        "default": text("address1", "city", "country_name"),
        "active": Search(("1",), searching.truth),
        "address1": text("address1"),
        "city": text("city"),
        "country": text("country_name", "country_code"),
        "created_at": time("created_at_ms"),
        "id": Search(at("primary_location_id"), searching.identifier),
        "legacy": Search(("0",), searching.truth),
        "location_id": Search(at("primary_location_id"), searching.identifier),
        "name": text("address1"),
        "province": text("province"),
        "zip": text("zip"),
    },
    ("address2", "geolocated", "pickup_in_store"),
    default="NAME",
    kind=SHOPS,
    make=lambda shop, _: location_thing(shop),
)
