"""A customer whose e-mail address changes."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario("A customer's new e-mail renames the same contact", spec="A7 I1 S11")
def customer_changes_email(drill: Drill) -> None:
    """
    Given a customer with an order, whom HubSpot shows
    When the customer's e-mail is changed in Shopify, and the customer orders again
    Then the same contact has the new e-mail and both orders, and there is no second contact
    """
    mug = drill.shop.product("Mug", "12.50", "MUG")
    ada = drill.shop.customer(email="ada@example.com", first_name="Ada")
    drill.shop.order(mug, customer=ada)
    drill.settles()
    before = drill.portal.contact("ada@example.com")

    drill.shop.update_customer(ada, email="byron@example.com")
    order = drill.shop.order(mug, customer=ada)
    drill.settles()

    after, sale = drill.portal.contact("byron@example.com"), drill.portal.sale(order)
    expect("the same contact", after and after.id, before and before.id)
    expect("contacts", drill.portal.count("contacts"), 1)
    expect("contacts of the new order", drill.portal.contacts_of(sale) if sale else None, ["byron@example.com"])
