"""An order that is deleted while no webhook arrives."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario("An order deleted while webhooks are down leaves HubSpot all the same", spec="A27 B10 S15")
def order_deleted_while_webhooks_are_lost(drill: Drill) -> None:
    """
    Given an order that HubSpot shows, and webhooks that are lost
    When the order is deleted in Shopify
    Then within ten minutes its deal or order is archived
    """
    order = drill.shop.order(drill.shop.product("Mug", "12.50", "MUG"))
    drill.settles()
    drill.faults({"effect": "lose", "vendor": "shopify"})

    drill.shop.delete_order(order)
    drill.settles(within_minutes=10)

    expect("the deleted order", drill.portal.sale(order), None)
