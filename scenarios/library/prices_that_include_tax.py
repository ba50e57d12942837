"""An order whose prices include the tax."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario("Tax that prices include is not added twice", spec="A28 I7 S31")
def prices_that_include_tax(drill: Drill) -> None:
    """
    Given a shop whose prices include tax
    When an order of 120.00 with 20.00 of tax in it is placed
    Then HubSpot shows a total of 120.00
    """
    lamp = drill.shop.product("Lamp", "120.00", "LAMP")
    order = drill.shop.order(lamp, taxes_included=True, total_tax="20.00")
    drill.settles()

    sale = drill.portal.sale(order)
    total = sale and sale.get("amount" if drill.integration == "deals" else "hs_total_price")
    expect("total", float(total or 0), 120.0)
