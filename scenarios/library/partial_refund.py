"""An order of which a part is paid back."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario("A partial refund shows, and the total and the stage stay", spec="I7 B24 S28")
def partial_refund(drill: Drill) -> None:
    """
    Given a paid order of 40.00 that HubSpot shows as processed
    When 15.50 of it are paid back
    Then HubSpot shows 15.50 as refunded, and 40.00 and Processed as before
    When the rest is paid back and the order is cancelled
    Then it is in Cancelled, with 40.00 refunded and a total of 40.00
    """
    total, refunded = _names(drill)
    paid = [{"kind": "sale", "status": "success", "amount": "40.00"}]
    order = drill.shop.order(drill.shop.product("Lamp", "40.00", "LAMP"), transactions=paid)
    drill.settles()

    drill.shop.refund(order, "15.50")
    drill.settles()
    sale = drill.portal.sale(order)
    expect("refunded", float(sale.get(refunded) or 0), 15.5)
    expect("total", float(sale.get(total)), 40.0)
    expect("stage", drill.portal.stage(sale), "processed")

    drill.shop.refund(order, "24.50")
    drill.shop.cancel(order)
    drill.settles()
    sale = drill.portal.sale(order)
    expect("refunded at last", float(sale.get(refunded) or 0), 40.0)
    expect("total at last", float(sale.get(total)), 40.0)
    expect("stage at last", drill.portal.stage(sale), "cancelled")


def _names(drill: Drill) -> tuple[str, str]:
    if drill.integration == "deals":
        return "amount", "shopify_refund_amount"
    return "hs_total_price", "hs_refund_amount"
