"""A webhook about a new order that arrives after the one about its update."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario("A late creation does not undo an update", spec="I3 S4")
def update_arrives_before_creation(drill: Drill) -> None:
    """
    Given creation webhooks that are three minutes late
    When an order is made and changed at once, so that the update arrives first
    Then HubSpot shows one record with the newer state, and the late creation changes nothing
    """
    mug = drill.shop.product("Mug", "12.50", "MUG")
    drill.settles()
    drill.faults({"effect": "delay", "vendor": "shopify", "path": "orders/create", "delay_ms": 180_000})

    order = drill.shop.order(mug, financial_status="pending")
    drill.passes(seconds=2)
    drill.shop.cancel(order)
    drill.settles()
    drill.passes(minutes=10)

    sale = drill.portal.sale(order)
    expect("stage", drill.portal.stage(sale) if sale else None, "cancelled")
