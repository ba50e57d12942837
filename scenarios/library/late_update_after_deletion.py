"""A webhook about an order that arrives after the order was deleted."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario("A late update does not bring a deleted order back", spec="A27 I3 S16")
def late_update_after_deletion(drill: Drill) -> None:
    """
    Given an order that HubSpot shows, and update webhooks that are five minutes late
    When the order is changed and then deleted, so that the update arrives after the deletion
    Then the deal or order is archived and stays so
    """
    order = drill.shop.order(drill.shop.product("Mug", "12.50", "MUG"))
    drill.settles()
    drill.faults({"effect": "delay", "vendor": "shopify", "path": "orders/updated", "delay_ms": 300_000})

    drill.shop.update_order(order, note="gift wrap")
    drill.shop.delete_order(order)
    drill.settles()
    drill.passes(minutes=30)

    expect("the deleted order", drill.portal.sale(order), None)
