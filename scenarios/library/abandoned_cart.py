"""A cart that is left at the checkout."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario("A cart left at the checkout shows in HubSpot", spec="A6 A22 A23 A24 A26 B16")
def abandoned_cart(drill: Drill) -> None:
    """
    Given a shop with two products
    When a shopper takes both to the checkout, gives an e-mail address and leaves
    Then for ten minutes HubSpot shows a deal in Checkout Pending (2023), or nothing (2024)
    And then a deal in Checkout Abandoned, or an abandoned cart, with both lines and the shopper's contact
    """
    cart = drill.shop.cart(drill.shop.product("Mug", "12.50", "MUG"), drill.shop.product("Tee", "20.00", "TEE"))
    cart.checkout(email="cleo@example.com", shipping_address={"first_name": "Cleo", "last_name": "Shaw"})
    drill.settles()
    deals = drill.integration == "deals"
    young = drill.portal.basket(cart)
    expect(
        "stage of the young checkout",
        drill.portal.stage(young) if young else None,
        "checkout pending" if deals else None,
    )

    cart.leave()
    drill.settles()

    left = drill.portal.basket(cart)
    if left is None:
        raise AssertionError("the abandoned cart does not show")
    if deals:
        expect("stage", drill.portal.stage(left), "checkout abandoned")
        expect("the same deal", left.id, young.id if young else None)
    expect("line items", sorted(item.get("hs_sku") for item in drill.portal.line_items(left)), ["MUG", "TEE"])
    expect("contacts", drill.portal.contacts_of(left), ["cleo@example.com"])
    contact = drill.portal.contact("cleo@example.com")
    expect("name", contact and (contact.get("firstname"), contact.get("lastname")), ("Cleo", "Shaw"))
