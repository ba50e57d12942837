"""A contact that somebody deletes in HubSpot."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario("A contact deleted in HubSpot never comes back", spec="A12 A13 S13")
def contact_deleted_in_hubspot_never_comes_back(drill: Drill) -> None:
    """
    Given a customer with an order, whom HubSpot shows
    When the contact is deleted in HubSpot, and then the customer is changed, orders again, leaves a cart, and
    everything is synced anew
    Then no contact with that e-mail exists, the new order shows without a contact, and the customer stays in Shopify
    """
    mug = drill.shop.product("Mug", "12.50", "MUG")
    ada = drill.shop.customer(email="ada@example.com", first_name="Ada")
    drill.shop.order(mug, customer=ada)
    drill.settles()

    drill.portal.delete_contact("ada@example.com")
    drill.shop.update_customer(ada, first_name="Augusta")
    drill.passes(minutes=10)
    expect("after the update", drill.portal.contact("ada@example.com"), None)
    order = drill.shop.order(mug, customer=ada)
    drill.shop.cart(mug).checkout(email="ada@example.com").leave()
    drill.settles()
    drill.resync()
    drill.passes(hours=1)

    expect("after all", drill.portal.contact("ada@example.com"), None)
    sale = drill.portal.sale(order)
    expect("contacts of the new order", drill.portal.contacts_of(sale) if sale else None, [])
    customer = drill.seen[0].customer(ada["id"])
    expect("the customer in Shopify", customer and customer["first_name"], "Augusta")
