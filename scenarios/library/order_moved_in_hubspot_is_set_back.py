"""An order that another app moves, edits and deletes in HubSpot."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill, VerbError


@scenario("What is changed on an order in HubSpot is set back", spec="B37 B38 B39 S46", integrations=["data-sync"])
def order_moved_in_hubspot_is_set_back(drill: Drill) -> None:
    """
    Given a paid order that HubSpot shows as processed
    When a user edits it, this is refused
    When another app moves it to another stage and changes its total, changes its line item, and deletes it at last
    Then each time HubSpot shows Shopify's values again within ten minutes, and nothing is ever written to Shopify
    """
    order = drill.shop.order(drill.shop.product("Mug", "12.50", "MUG"))
    drill.settles()
    shown = drill.portal.sale(order)
    stage, total = shown.get("hs_pipeline_stage"), shown.get("hs_total_price")

    try:
        drill.portal.edit_by_hand(shown, hs_total_price="1.00")
        raise AssertionError("a user may edit an order of a store")
    except VerbError as refused:
        expect("the user is refused", "403" in str(refused), True)

    drill.portal.edit(shown, hs_pipeline_stage="4b27b500-f031-4927-9811-68a0b525cbae", hs_total_price="1.00")
    drill.passes(minutes=10)
    expect("the stage", drill.portal.sale(order).get("hs_pipeline_stage"), stage)
    expect("the total", drill.portal.sale(order).get("hs_total_price"), total)

    (line,) = drill.portal.line_items(drill.portal.sale(order))
    drill.portal.edit(line, quantity="7")
    drill.passes(minutes=10)
    (line,) = drill.portal.line_items(drill.portal.sale(order))
    expect("the quantity of the line item", line.get("quantity"), "1")

    drill.portal.delete(line)
    drill.portal.delete(drill.portal.sale(order))
    drill.passes(minutes=10)
    expect("the stage of the order that was deleted", drill.portal.sale(order).get("hs_pipeline_stage"), stage)
    expect("its line items", len(drill.portal.line_items(drill.portal.sale(order))), 1)
