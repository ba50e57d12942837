"""A value that is blank in Shopify and not in HubSpot."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario("A blank of Shopify erases nothing of a contact, and is copied to a sale", spec="A10 S53")
def blank_values_keep_hubspots(drill: Drill) -> None:
    """
    Given a HubSpot contact with a last name and a city, and a customer with this e-mail who has neither
    When the customer syncs, orders with a note, and the note is cleared
    Then the contact keeps its last name and city, and takes the first name
    And the deal or order has no note any more
    """
    drill.portal.create_contact(email="ada@example.com", firstname="A.", lastname="Byron", city="London")
    ada = drill.shop.customer(email="ada@example.com", first_name="Ada")
    order = drill.shop.order(drill.shop.product("Mug", "12.50", "MUG"), customer=ada, note="gift wrap")
    drill.settles()
    drill.shop.update_order(order, note="")
    drill.settles()
    drill.passes(minutes=5)

    contact, sale = drill.portal.contact("ada@example.com"), drill.portal.sale(order)
    names = contact and tuple(contact.get(name) for name in ("firstname", "lastname", "city"))
    expect("first name, last name, city", names, ("Ada", "Byron", "London"))
    note = "shopify_note" if drill.integration == "deals" else "hs_order_note"
    expect("note", sale and sale.get(note), "")
