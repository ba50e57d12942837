"""A customer who is deleted in Shopify."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario("A customer deleted in Shopify stays a contact", spec="A11 S14")
def customer_deleted_in_shopify(drill: Drill) -> None:
    """
    Given a customer without orders who left a cart, as HubSpot shows
    When the customer is deleted in Shopify (which refuses that where there are orders)
    Then the contact stays as it was, with the deal or cart
    """
    cleo = drill.shop.customer(email="cleo@example.com", first_name="Cleo")
    cart = drill.shop.cart(drill.shop.product("Mug", "12.50", "MUG")).checkout(customer={"id": cleo["id"]}).leave()
    drill.settles()

    drill.shop.delete_customer(cleo)
    drill.passes(minutes=20)

    contact, basket = drill.portal.contact("cleo@example.com"), drill.portal.basket(cart)
    expect("first name", contact and contact.get("firstname"), "Cleo")
    expect("contacts of the cart", drill.portal.contacts_of(basket) if basket else None, ["cleo@example.com"])
