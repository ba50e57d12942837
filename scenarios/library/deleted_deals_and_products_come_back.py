"""A deal and a product that somebody deletes in HubSpot."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario("Deals and products deleted in HubSpot are made anew", spec="I9", integrations=["deals"])
def deleted_deals_and_products_come_back(drill: Drill) -> None:
    """
    Given two orders that HubSpot shows as deals, and the product that they sell
    When the deal of the first, a line item of the second and the product are deleted in HubSpot
    Then they stay away as long as nothing changes in Shopify
    When the first order changes
    Then its deal is back, with its line item and its contact
    When the sync core compares everything
    Then the line item and the product are back too, and each stands once
    """
    mug = drill.shop.product("Mug", "12.50", "MUG")
    ada = drill.shop.customer(email="ada@example.com")
    first, second = (drill.shop.order(mug, customer=ada) for _ in range(2))
    drill.settles()

    drill.portal.delete(drill.portal.sale(first))
    (line,) = drill.portal.line_items(drill.portal.sale(second))
    drill.portal.delete(line)
    drill.portal.delete(drill.portal.product("Mug"))
    drill.passes(minutes=10)
    expect("the deal", drill.portal.sale(first), None)

    drill.shop.update_order(first, note="gift wrap")
    drill.passes(minutes=2)
    deal = drill.portal.sale(first)
    expect("line items of the deal", len(drill.portal.line_items(deal)), 1)
    expect("its contact", drill.portal.contacts_of(deal), ["ada@example.com"])

    drill.resync()
    drill.settles()
    expect("line items of the second deal", len(drill.portal.line_items(drill.portal.sale(second))), 1)
    expect("products", drill.portal.count("products"), 1)
    expect("deals", drill.portal.count("deals"), 2)
