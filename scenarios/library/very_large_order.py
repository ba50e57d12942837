"""An order with more lines and longer texts than anybody expects."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill

LINES, LONGEST = 500, 65_536


@scenario("A very large order lands with all its lines and blocks nobody", spec="A22 S57")
def very_large_order(drill: Drill) -> None:
    """
    Given an order of 500 lines whose note attributes and tags are long
    When it is placed, and an ordinary one after it
    Then HubSpot shows both, the large one with 500 line items
    """
    lines = [{"title": f"Part {number}", "price": "1.00", "quantity": 1} for number in range(LINES)]
    large = drill.shop.order(
        line_items=lines, note="n" * 5_000, tags=", ".join(f"tag {number}" for number in range(200))
    )
    small = drill.shop.order(drill.shop.product("Mug", "12.50", "MUG"))
    drill.settles()

    expect("line items of the large order", len(drill.portal.line_items(drill.portal.sale(large))), LINES)
    expect("line items of the small order", len(drill.portal.line_items(drill.portal.sale(small))), 1)
