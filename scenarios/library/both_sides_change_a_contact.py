"""Contacts and products that are changed in HubSpot."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario(
    "What both sides change ends the same on both, and Shopify wins", spec="B9 I4 S49", integrations=["data-sync"]
)
def both_sides_change_a_contact(drill: Drill) -> None:
    """
    Given a customer and a product that HubSpot shows
    When a HubSpot user changes the contact's last name and city, and the product's price
    Then within ten minutes Shopify has them too
    When both sides change the first name within one cycle, and HubSpot another field
    Then both have Shopify's first name and HubSpot's other field
    When the last name is cleared in HubSpot
    Then it is not erased in Shopify, and stands in HubSpot again
    And a property that is not mapped is as the user left it, and nobody writes any more
    """
    home = {"address1": "1 Main St", "city": "Ottawa", "country": "Canada", "zip": "K1A 0A1"}
    ada = drill.shop.customer(email="ada@example.com", first_name="Ada", last_name="Byron", addresses=[home])
    mug = drill.shop.product("Mug", "12.50", "MUG")
    drill.settles()

    drill.portal.edit(drill.portal.contact("ada@example.com"), lastname="King", city="Toronto", jobtitle="Countess")
    drill.portal.edit(drill.portal.product("Mug"), price="15.00")
    drill.passes(minutes=10)
    expect("the customer", _customer(drill, ada), ("Ada", "King", "Toronto"))
    expect("the contact", _contact(drill), ("Ada", "King", "Toronto"))
    expect("the price", drill.seen[0].records["product"][str(mug["id"])]["variants"][0]["price"], "15.00")

    drill.portal.edit(drill.portal.contact("ada@example.com"), firstname="Annabella", city="London")
    drill.shop.update_customer(ada, first_name="Augusta")
    drill.passes(minutes=10)
    expect("the customer after a conflict", _customer(drill, ada), ("Augusta", "King", "London"))
    expect("the contact after a conflict", _contact(drill), ("Augusta", "King", "London"))

    drill.portal.edit(drill.portal.contact("ada@example.com"), lastname="")
    drill.passes(minutes=10)
    expect("the customer after a blank", _customer(drill, ada), ("Augusta", "King", "London"))
    expect("the contact after a blank", _contact(drill), ("Augusta", "King", "London"))
    expect("the job title", drill.portal.contact("ada@example.com").get("jobtitle"), "Countess")

    written = len(drill.writes_of_sync), len(drill.changes)
    drill.passes(minutes=30)
    expect("writes when all is agreed", (len(drill.writes_of_sync), len(drill.changes)), written)


def _customer(drill: Drill, customer: dict) -> tuple[str, ...]:
    shown = drill.seen[0].customer(customer["id"])
    return shown["first_name"], shown["last_name"], shown["default_address"]["city"]


def _contact(drill: Drill) -> tuple[str, ...]:
    shown = drill.portal.contact("ada@example.com")
    return tuple(shown.get(name) for name in ("firstname", "lastname", "city"))
