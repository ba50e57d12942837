"""A customer without e-mail who gets one later."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario("A customer who gains an e-mail becomes a contact, with all earlier orders", spec="A9 A29 S10")
def customer_gains_an_email(drill: Drill) -> None:
    """
    Given a customer without e-mail and two orders, which HubSpot shows without a contact
    When the customer gets an e-mail address
    Then a contact is made, and both orders are associated with it
    """
    mug = drill.shop.product("Mug", "12.50", "MUG")
    bo = drill.shop.customer(phone="+16135550777", first_name="Bo")
    orders = [drill.shop.order(mug, customer=bo), drill.shop.order(mug, customer=bo)]
    drill.settles()
    expect("contacts before", drill.portal.count("contacts"), 0)

    drill.shop.update_customer(bo, email="bo@example.com")
    drill.settles()

    expect("contacts after", drill.portal.count("contacts"), 1)
    for order in orders:
        sale = drill.portal.sale(order)
        expect(f"contacts of {order['name']}", drill.portal.contacts_of(sale) if sale else None, ["bo@example.com"])
