"""An order that is deleted in Shopify."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario("An order deleted in Shopify leaves HubSpot", spec="A27 I9")
def order_deleted_in_shopify(drill: Drill) -> None:
    """
    Given two orders of one customer that HubSpot shows
    When one of them is deleted in Shopify
    Then its deal or order is archived, and the other one, the contact and the product stay
    """
    ada = drill.shop.customer(email="ada@example.com", first_name="Ada")
    mug = drill.shop.product("Mug", "12.50", "MUG")
    first, second = drill.shop.order(mug, customer=ada), drill.shop.order(mug, customer=ada)
    drill.settles()

    drill.shop.delete_order(first)
    drill.settles()

    expect("the deleted order", drill.portal.sale(first), None)
    expect("the other order shows", drill.portal.sale(second) is not None, True)
    expect("the contact shows", drill.portal.contact("ada@example.com") is not None, True)
    expect("the product shows", drill.portal.product("Mug") is not None, True)
