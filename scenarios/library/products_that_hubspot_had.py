"""Products that HubSpot had before the shop's."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario(
    "A product that HubSpot has is linked by SKU or by name, not doubled", spec="A30 S37", integrations=["data-sync"]
)
def products_that_hubspot_had(drill: Drill) -> None:
    """
    Given HubSpot products that a user made: one with a SKU, one with a name alone
    When Shopify gets a product with that SKU and another name, and one with that name and no SKU
    Then each is the product that was there, with Shopify's values, and the one found by name is flagged
    When Shopify gets a second product with the same SKU
    Then it takes nobody's product: HubSpot has one more
    """
    old = {
        "Old mug": drill.portal.create(
            "products", name="Old mug", hs_sku="MUG", price="1.00", hs_cost_of_goods_sold="4"
        )
    }
    old["Plate"] = drill.portal.create("products", name="Plate", price="2.00")
    drill.passes(seconds=30)

    drill.shop.product("Mug", "12.50", "MUG")
    plate = drill.shop.product("Plate", "8.00")
    drill.settles()
    mug, dish = drill.portal.product("Mug"), drill.portal.product("Plate")
    shown = mug and (mug.id, mug.get("price"), mug.get("hs_cost_of_goods_sold"))
    expect("the mug", shown, (old["Old mug"], "12.50", "4"))
    expect("the plate", dish and (dish.id, dish.get("price")), (old["Plate"], "8.00"))
    expect("products", drill.portal.count("products"), 2)
    if drill.world["sync"]:
        standing = drill.standing("product", plate)
        expect("the flag", (standing["status"], old["Plate"] in standing["words"]), ("in_sync", True))

    drill.shop.product("Big mug", "15.00", "MUG")
    drill.settles()
    expect("products at last", drill.portal.count("products"), 3)
    expect("the first mug", drill.portal.product("Mug").id, old["Old mug"])
