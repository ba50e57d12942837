"""Shopify answers 429 for minutes while a large store is read."""

from scenarios.lag import PROMISE_MS
from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill

SEEDED = {"products": 20, "customers": 600, "orders": 500}
ORDERS = 6


@scenario("A large import that Shopify throttles starves no live change and loses nothing", spec="B10 S17")
def shopify_throttles_a_large_import(drill: Drill) -> None:
    """
    Given a store whose integration has to read more than a thousand records that it did not know
    When Shopify answers nine of ten of its calls with 429 for five minutes, and orders are placed meanwhile
    Then each of the new orders shows within ten minutes, though the import is not over
    When Shopify recovers
    Then HubSpot shows the whole store, nothing twice, and no call was refused for a rate of our own
    """
    mug = drill.shop.product("Mug", "12.50", "MUG")
    drill.settles()
    drill.shop.seed(**SEEDED)
    from_ms, until_ms = drill.now_ms, drill.now_ms + 300_000
    drill.faults({"effect": "throttle", "vendor": "shopify", "app": "sync", "per_mille": 900, "until_ms": until_ms})
    drill.resync()
    placed = []
    for number in range(ORDERS):
        placed.append(drill.shop.order(mug, customer=drill.shop.customer(email=f"live{number}@example.com")))
        drill.passes(minutes=1)
    drill.settles(within_minutes=15)

    ids = {str(order["id"]) for order in placed}
    took_ms = [lag.took_ms for lag in drill.lags(from_ms) if lag.kind == "order" and lag.id in ids]
    expect("orders that were placed and took longer than ten minutes", [ms for ms in took_ms if ms > PROMISE_MS], [])
    expect("orders that were measured", len(took_ms), ORDERS)
    expect("calls that Shopify throttled", drill.heal().get("throttle", 0) > 10, True)
    expect("calls that were refused for our own rate", drill.refused("shopify"), 0)
