"""An order that is cancelled."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario("A cancelled order is in the stage Cancelled", spec="A20 B24 S29")
def order_cancelled(drill: Drill) -> None:
    """
    Given a paid order that HubSpot shows in Processed
    When it is cancelled in Shopify
    Then it is in Cancelled, and its total stays
    """
    order = drill.shop.order(drill.shop.product("Mug", "12.50", "MUG"))
    drill.settles()
    sale = drill.portal.sale(order)
    expect("stage before", drill.portal.stage(sale) if sale else None, "processed")

    drill.shop.cancel(order, reason="inventory")
    drill.settles()

    sale = drill.portal.sale(order)
    expect("stage after", drill.portal.stage(sale) if sale else None, "cancelled")
    total = sale and sale.get("amount" if drill.integration == "deals" else "hs_total_price")
    expect("total", float(total or 0), 12.5)
