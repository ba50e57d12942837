"""An order that the merchant edits."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario("An edited order loses the removed line and gains the added one", spec="A34 S34")
def order_edited(drill: Drill) -> None:
    """
    Given an order of a mug and a lamp that HubSpot shows with two line items
    When the merchant takes the mug out of it and adds a chair
    Then HubSpot shows the lamp and the chair, each linked to its product, no mug, and the total that Shopify now gives
    """
    names = ("Mug", "12.50"), ("Lamp", "40.00"), ("Chair", "99.90")
    mug, lamp, chair = (drill.shop.product(title, price, title.upper()) for title, price in names)
    order = drill.shop.order(mug, lamp)
    drill.settles()
    expect("prices before", _prices(drill, order), [12.5, 40.0])

    (cup,) = (line for line in order["line_items"] if line["sku"] == "MUG")
    edited = drill.shop.edit_order(order, chair, removed=[cup])
    drill.settles()
    expect("prices after", _prices(drill, order), [40.0, 99.9])
    expect("in Shopify", (edited["current_total_price"], edited["total_price"]), ("139.90", "152.40"))
    sale = drill.portal.sale(order)
    total = sale.get("amount" if drill.integration == "deals" else "hs_total_price")
    expect("total", float(total), 152.4)


def _prices(drill: Drill, order: dict) -> list[float]:
    return sorted(float(item.get("price")) for item in drill.portal.line_items(drill.portal.sale(order)))
