"""An abandoned cart that becomes an order after all."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario("An abandoned cart becomes an order later", spec="A23 A26 I2 S6")
def abandoned_cart_completes_later(drill: Drill) -> None:
    """
    Given an abandoned cart that HubSpot shows
    When the shopper comes back after an hour and pays
    Then the same deal moves on to Processed, and no second deal exists (2023)
    Or the cart is recovered and associated with the new order (2024)
    """
    cart = drill.shop.cart(drill.shop.product("Mug", "12.50", "MUG")).checkout(email="cleo@example.com").leave()
    drill.settles()
    left = drill.portal.basket(cart)
    drill.passes(hours=1)

    order = cart.complete()
    drill.settles()

    sale = drill.portal.sale(order)
    if left is None or sale is None:
        raise AssertionError("the abandoned cart or its order does not show")
    expect("stage", drill.portal.stage(sale), "processed")
    expect("contacts", drill.portal.contacts_of(sale), ["cleo@example.com"])
    if drill.integration == "deals":
        expect("the same deal", sale.id, left.id)
        expect("deals", drill.portal.count("deals"), 1)
    else:
        recovered = drill.portal.cart(cart)
        expect("status of the cart", recovered and recovered.get("hs_external_status"), "recovered")
