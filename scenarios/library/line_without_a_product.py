"""An order line that has no product (any more)."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario("A line without a product is a line item without a product", spec="A22 A33 S38")
def line_without_a_product(drill: Drill) -> None:
    """
    Given a product that is sold and deleted before anybody syncs it, and a line that never had a product
    When an order has both
    Then the order shows with two line items, and nothing fails
    """
    mug = drill.shop.product("Mug", "12.50", "MUG")
    line = {"variant_id": mug["variants"][0]["id"], "quantity": 2}
    order = drill.shop.order(line_items=[line, {"title": "Engraving", "price": "5.00", "quantity": 1}])
    drill.shop.delete_product(mug)
    drill.settles()

    sale = drill.portal.sale(order)
    if sale is None:
        raise AssertionError("the order does not show")
    shown = sorted((item.get("quantity"), float(item.get("price"))) for item in drill.portal.line_items(sale))
    expect("line items", shown, [("1", 5.0), ("2", 12.5)])
    expect("products", drill.portal.count("products"), 0)
