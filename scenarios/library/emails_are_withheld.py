"""An app that Shopify has not approved to see its customers' e-mail addresses."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill

WITHOUT_EMAIL = ["customer", "name", "address", "phone"]
PERMISSION = "protected customer data: email"


@scenario(
    "Customers whose e-mail is withheld are blocked by the permission's name, and not taken for customers without one",
    spec="S54",
    seeded={"products": 2, "customers": 3, "orders": 0},
)
def emails_are_withheld(drill: Drill) -> None:
    """
    Given an app that Shopify shows no e-mail address of customers any more
    When a customer comes and orders
    Then the order is in HubSpot without a contact, and the customer is blocked under the permission's name
    When Shopify approves the app
    Then HubSpot shows the customer, and the order with its buyer
    """
    drill.shop.storefront("PUT", "apps/sync", {"customer_data": WITHOUT_EMAIL})
    ada = drill.shop.customer(email="ada@example.com", first_name="Ada")
    order = drill.shop.order(drill.shop.product("Mug", "12.50", "MUG"), customer=ada)
    drill.passes(minutes=10)
    objects = drill.sync.told()["objects"]
    lacking = {name: one["blocked"] for name, one in objects.items() if one["blocked"]}
    expect("what is blocked", lacking, {"contacts": PERMISSION})
    standing = drill.standing("customer", ada)
    expect("how she stands", (standing["status"], standing["words"]), ("blocked", PERMISSION))
    expect("her contact", drill.portal.contact("ada@example.com"), None)
    expect("how the order stands", drill.standing("order", order)["status"], "in_sync")
    expect("its buyer", drill.portal.contacts_of(drill.portal.sale(order)), [])

    drill.shop.storefront("PUT", "apps/sync", {"customer_data": None})
    drill.settles()
    expect("the buyer", drill.portal.contacts_of(drill.portal.sale(order)), ["ada@example.com"])
    expect("how she stands at last", drill.standing("customer", ada)["status"], "in_sync")
