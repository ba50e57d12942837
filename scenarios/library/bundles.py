"""Bundles: one thing to the buyer, several lines to the shop."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill

BUNDLES = 12


@scenario("A bundle shows as the lines that Shopify sells, and a bad one fails alone", spec="A22 S39")
def bundles(drill: Drill) -> None:
    """
    Given a gift set that Shopify sells as its parts: a lamp for 31.00, two mugs for 9.50 each, and a free card
    When a dozen of them are ordered at once, one of them in a currency that the portal lacks
    Then each of the other eleven shows with three line items and none for the set, worth 50.00 together
    """
    parts = (("Lamp", "40.00", "31.00", 1), ("Mug", "12.50", "9.50", 2), ("Card", "2.00", "0.00", 1))
    lines = []
    for title, price, allotted, quantity in parts:
        variant = drill.shop.product(title, price, title.upper())["variants"][0]
        lines.append({"variant_id": variant["id"], "price": allotted, "quantity": quantity})
    bad = f"#SET{BUNDLES // 2}"
    drill.shop.bring("orders", *({"order": _order(f"#SET{number}", lines, bad)} for number in range(BUNDLES)))
    drill.passes(minutes=10)

    orders = drill.shop.read("orders", status="any")["orders"]
    expect("orders in Shopify", len(orders), BUNDLES)
    shown = {order["name"]: drill.portal.sale(order) for order in orders}
    expect("not shown", [name for name, sale in shown.items() if sale is None], [bad])
    for name, sale in shown.items():
        if sale:
            items = sorted((float(one.get("price")), int(one.get("quantity"))) for one in drill.portal.line_items(sale))
            expect(f"line items of {name}", items, [(0.0, 1), (9.5, 2), (31.0, 1)])
            expect(f"their worth in {name}", sum(price * count for price, count in items), 50.0)
    (order,) = (order for order in orders if order["name"] == bad)
    drill.shop.delete_order(order)


def _order(name: str, lines: list[dict], bad: str) -> dict:
    currency = "ISK" if name == bad else "USD"
    return {"name": name, "line_items": lines, "financial_status": "paid", "currency": currency}
