"""A field that has vanished from Shopify's API."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario("A vanished field is blank, said once, and erases nothing", spec="A10 A28 S60", integrations=["deals"])
def field_that_shopify_no_longer_gives(drill: Drill) -> None:
    """
    Given deals of three orders, whose processing method Shopify no longer gives, one of which has it from older days
    When the orders change
    Then the others have it blank, the old value stays, and the sync core says once for all what Shopify does not give
    """
    mug = drill.shop.product("Mug", "12.50", "MUG")
    orders = [drill.shop.order(mug) for _ in range(3)]
    drill.settles()
    drill.portal.edit(drill.portal.sale(orders[0]), shopify_processing_method="direct")

    for order in orders:
        drill.shop.update_order(order, note="gift wrap")
    drill.settles()

    shown = [drill.portal.sale(order).get("shopify_processing_method") for order in orders]
    expect("processing methods", shown, ["direct", "", ""])
    expect("warnings of the orders", {drill.standing("order", order)["words"] for order in orders}, {""})
    said = [words for words in drill.status()["notices"] if "processing_method" in words]
    expect("how often it is said", len(said), 1)
