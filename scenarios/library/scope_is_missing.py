"""An app that may not read customers, until the merchant grants it."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill

CUSTOMERS = "read_customers write_customers read_customer_merge write_customer_merge"


@scenario(
    "An object whose scope is missing is blocked by its name, the others continue",
    spec="S54",
    seeded={"products": 2, "customers": 5, "orders": 5},
    withheld=CUSTOMERS,
)
def scope_is_missing(drill: Drill) -> None:
    """
    Given a store whose app was not granted read_customers
    When customers order
    Then the orders are in HubSpot, there is no contact, and the object is blocked under the scope's name
    When the merchant grants the scope
    Then HubSpot shows the customers, old and new, and their orders with them
    """
    ada = drill.shop.customer(email="ada@example.com", first_name="Ada")
    order = drill.shop.order(drill.shop.product("Mug", "12.50", "MUG"), customer=ada)
    drill.passes(minutes=10)
    objects = drill.sync.told()["objects"]
    expect("what is blocked", {name: one["blocked"] for name, one in objects.items() if one["blocked"]}, BLOCKED)
    expect("contacts", drill.portal.count("contacts"), 0)
    expect("how the order stands", drill.standing("order", order)["status"], "in_sync")

    (scopes,) = [app["scopes"] for app in drill.shop.storefront("GET", "apps")["apps"] if app["name"] == "dev"]
    drill.shop.storefront("POST", "apps/sync/install", {"scopes": scopes})
    drill.settles()
    expect("the buyer", drill.portal.contacts_of(drill.portal.sale(order)), ["ada@example.com"])


BLOCKED = {"contacts": "read_customers"}
