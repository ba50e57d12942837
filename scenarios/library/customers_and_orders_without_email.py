"""Customers and orders that have no e-mail address."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario("Customers without e-mail make no contacts, their orders still sync", spec="A8 A29 S8 S9")
def customers_and_orders_without_email(drill: Drill) -> None:
    """
    Given a customer who has only a phone number
    When this customer orders, a guest orders, and somebody orders whom only the order's own e-mail names
    Then all three orders show in HubSpot without a contact, and no contact is made
    """
    mug = drill.shop.product("Mug", "12.50", "MUG")
    phone_only = drill.shop.customer(phone="+16135550777", first_name="Bo")
    orders = [drill.shop.order(mug, customer=phone_only), drill.shop.order(mug)]
    drill.settles()
    drill.shop.update_customer(phone_only, note="prefers calls")
    drill.passes(minutes=10)
    drill.settles()

    expect("contacts", drill.portal.count("contacts"), 0)
    for order in orders:
        sale = drill.portal.sale(order)
        expect(f"contacts of {order['name']}", drill.portal.contacts_of(sale) if sale else None, [])
