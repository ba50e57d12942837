"""Two customers that Shopify makes one."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario("Customers merged in Shopify: the orders move to the contact of the one that is left", spec="A11 A22 I1 S26")
def customers_merged_in_shopify(drill: Drill) -> None:
    """
    Given two customers with an order each, whom HubSpot shows
    When they are merged in Shopify
    Then both orders are associated with the contact of the one that is left, and with no other; the contact of the
    other stays (A11) without orders, and is not made anew when it is deleted in HubSpot
    """
    mug = drill.shop.product("Mug", "12.50", "MUG")
    ada = drill.shop.customer(email="ada@example.com", first_name="Ada")
    bob = drill.shop.customer(email="bob@example.com", first_name="Bob")
    orders = [drill.shop.order(mug, customer=customer) for customer in (ada, bob)]
    drill.settles()

    drill.shop.merge_customers(ada, bob)
    drill.settles()
    drill.passes(minutes=5)
    for order in orders:
        sale = drill.portal.sale(order)
        expect(f"contacts of {order['name']}", sale and drill.portal.contacts_of(sale), ["ada@example.com"])
    expect("contacts", drill.portal.count("contacts"), 2)

    drill.portal.delete_contact("bob@example.com")
    drill.shop.order(mug, customer=ada)
    drill.settles()
    expect("contacts at last", drill.portal.count("contacts"), 1)
