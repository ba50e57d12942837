"""An order with a discount and a tax."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario("A discount is taken off before tax, and totals are copied", spec="A28 I7 S30")
def discount_before_tax(drill: Drill) -> None:
    """
    Given a product of 100.00
    When it is bought with a discount of 20.00 and 10 % of tax
    Then HubSpot shows a total of 88.00, and 8.00 of tax, as Shopify does
    When three lines are bought with a tax line each, which do not divide evenly
    Then HubSpot shows the total and the tax to the cent
    """
    total, tax = (
        ("amount", "ip__ecomm_bridge__tax_amount") if drill.integration == "deals" else ("hs_total_price", "hs_tax")
    )
    lamp = drill.shop.product("Lamp", "100.00", "LAMP")
    order = drill.shop.order(
        lamp,
        discount_codes=[{"code": "TWENTY", "amount": "20.00", "type": "fixed_amount"}],
        tax_lines=[{"title": "VAT", "price": "8.00", "rate": 0.1}],
    )
    lines = [
        {"title": title, "price": price, "quantity": 1, "tax_lines": [{"title": "VAT", "price": of_it, "rate": 0.0825}]}
        for title, price, of_it in (("Pen", "3.33", "0.27"), ("Ink", "6.67", "0.55"), ("Pad", "0.99", "0.08"))
    ]
    other = drill.shop.order(line_items=lines)
    drill.settles()

    sale, second = drill.portal.sale(order), drill.portal.sale(other)
    expect("total", float(sale.get(total)), 88.0)
    expect("tax", float(sale.get(tax)), 8.0)
    expect("total of three lines", second.get(total), "11.89")
    expect("tax of three lines", second.get(tax), "0.90")
