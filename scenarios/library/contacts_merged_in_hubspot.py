"""Two contacts that a HubSpot user makes one."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario("Contacts merged in HubSpot: updates go to the one that is left", spec="A7 A13 I5 S27")
def contacts_merged_in_hubspot(drill: Drill) -> None:
    """
    Given a customer with an order, whom HubSpot shows, and a contact that a HubSpot user made
    When the customer's contact is merged into the other one, and then the customer is changed and orders again
    Then the contact that is left shows the change and both orders, and keeps its own e-mail as the primary one
    And nobody makes a new contact for the secondary e-mail, nor by a cart that is left with it
    """
    mug = drill.shop.product("Mug", "12.50", "MUG")
    ada = drill.shop.customer(email="ada@example.com", first_name="Ada")
    first = drill.shop.order(mug, customer=ada)
    drill.portal.create_contact(email="countess@example.com", firstname="Countess")
    drill.settles()
    kept, gone = (drill.portal.contact(email) for email in ("countess@example.com", "ada@example.com"))
    assert kept
    assert gone

    drill.portal.merge(kept, gone)
    drill.shop.update_customer(ada, first_name="Augusta", last_name="King")
    second = drill.shop.order(mug, customer=ada)
    drill.shop.cart(mug).checkout(email="ada@example.com").leave()
    drill.settles()

    expect("contacts", drill.portal.count("contacts"), 1)
    contact = drill.portal.contact("ada@example.com")
    shown = tuple(contact.get(name) for name in ("email", "firstname", "lastname")) if contact else ()
    expect(
        "the contact that is left",
        (contact and contact.id, *shown),
        (kept.id, "countess@example.com", "Augusta", "King"),
    )
    for order in (first, second):
        sale = drill.portal.sale(order)
        expect(f"contacts of {order['name']}", sale and drill.portal.contacts_of(sale), ["countess@example.com"])
