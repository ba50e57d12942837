"""A script that deletes a shop's orders."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario(
    "A mass deletion in Shopify waits for a person's word before it reaches HubSpot",
    spec="A27 I9",
    seeded={"products": 2, "customers": 5, "orders": 30},
)
def shop_emptied_by_mistake(drill: Drill) -> None:
    """
    Given a store with 30 orders, and a brake at 10 deletions an hour
    When somebody deletes 3 orders, and then a script deletes 20
    Then the 3 leave HubSpot, the 20 stay, and the status says that so many wait
    When a person confirms it
    Then the 20 leave HubSpot too
    """
    sales = "deals" if drill.integration == "deals" else "orders"
    drill.settles()
    drill.sync.set(brake_deletions=10)
    orders = sorted(drill.seen[0].records["order"].values(), key=lambda order: int(order["id"]))
    before = drill.portal.count(sales)

    for order in orders[:3]:
        drill.shop.delete_order(order)
    drill.settles()
    expect("after three", drill.portal.count(sales), before - 3)

    for order in orders[3:23]:
        drill.shop.delete_order(order)
    drill.passes(minutes=15)
    kept = drill.portal.count(sales)
    waiting = drill.sync.told("/brake")["brake"][sales]
    expect("the brake", (waiting["on"], waiting["waiting"]), (True, kept - (before - 23)))

    expect("confirmed", drill.sync.ask("POST", "/brake/release", {})["released"], {sales: waiting["waiting"]})
    drill.settles()
    expect("after all", drill.portal.count(sales), before - 23)
