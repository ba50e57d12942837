"""A product that is taken out of a cart."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario("A product taken out of a cart leaves the deal or cart", spec="A34 S35")
def cart_line_removed(drill: Drill) -> None:
    """
    Given an abandoned cart with two products, as HubSpot shows
    When the shopper comes back, takes one out and leaves again
    Then its line item is gone, and the total is that of the other one
    """
    mug, tee = drill.shop.product("Mug", "12.50", "MUG"), drill.shop.product("Tee", "20.00", "TEE")
    cart = drill.shop.cart(mug, tee).checkout(email="cleo@example.com").leave()
    drill.settles()

    cart.remove_line(tee).leave()
    drill.settles()

    basket = drill.portal.basket(cart)
    if basket is None:
        raise AssertionError("the cart does not show")
    expect("line items", [item.get("hs_sku") for item in drill.portal.line_items(basket)], ["MUG"])
    total = basket.get("amount" if drill.integration == "deals" else "hs_total_price")
    expect("total", float(total), 12.5)
    expect("live line items", drill.portal.count("line_items"), 1)
