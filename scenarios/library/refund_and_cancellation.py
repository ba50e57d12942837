"""An order that is paid back whole and cancelled, in either order."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario("A full refund and a cancellation end in Cancelled, whichever comes first", spec="I7 B24 S29")
def refund_and_cancellation(drill: Drill) -> None:
    """
    Given two paid orders of 40.00
    When the one is paid back and then cancelled, the other cancelled and then paid back
    Then both are in Cancelled, with 40.00 refunded and a total of 40.00, as Shopify has it
    """
    lamp = drill.shop.product("Lamp", "40.00", "LAMP")
    paid = [{"kind": "sale", "status": "success", "amount": "40.00"}]
    first, second = (drill.shop.order(lamp, transactions=paid) for _ in range(2))
    drill.settles()

    drill.shop.refund(first, "40.00")
    drill.shop.cancel(second)
    drill.settles()
    expect("stage of the refunded", drill.portal.stage(drill.portal.sale(first)), "processed")
    expect("stage of the cancelled", drill.portal.stage(drill.portal.sale(second)), "cancelled")

    drill.shop.cancel(first)
    drill.shop.refund(second, "40.00")
    drill.settles()
    expect("the refunded one", _shown(drill, first), ("cancelled", 40.0, 40.0))
    expect("the cancelled one", _shown(drill, second), ("cancelled", 40.0, 40.0))


def _shown(drill: Drill, order: dict) -> tuple[str, float, float]:
    """Stage, total, refunded."""
    sale = drill.portal.sale(order)
    total, refunded = (
        ("amount", "shopify_refund_amount") if drill.integration == "deals" else ("hs_total_price", "hs_refund_amount")
    )
    return drill.portal.stage(sale), float(sale.get(total)), float(sale.get(refunded))
