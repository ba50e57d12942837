"""A store whose user wants nothing deleted in HubSpot."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario("What is deleted in Shopify stays in HubSpot where the user says so", spec="I9")
def kept_when_deleted_in_shopify(drill: Drill) -> None:
    """
    Given the setting that products and orders are never deleted in HubSpot
    When a product and an order are deleted in Shopify
    Then both stay in HubSpot, and the order keeps its line item
    When the setting is taken back
    Then both leave HubSpot
    """
    sales = "deals" if drill.integration == "deals" else "orders"
    mug = drill.shop.product("Mug", "12.50", "MUG")
    order = drill.shop.order(mug)
    drill.settles()

    drill.sync.set(never_delete=["products", sales])
    drill.shop.delete_product(mug)
    drill.shop.delete_order(order)
    drill.passes(minutes=15)
    expect("kept", [drill.portal.count(name) for name in ("products", sales, "line_items")], [1, 1, 1])

    drill.sync.set(never_delete=[])
    drill.settles()
    expect("left", [drill.portal.count(name) for name in ("products", sales)], [0, 0])
