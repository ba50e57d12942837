"""A store that had been trading before the integration was connected."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill

SEEDED = {"products": 12, "customers": 30, "orders": 40, "checkouts": 8}


@scenario("The first import brings a whole store, and marks its contacts", spec="A5 A14 A16 S58", seeded=SEEDED)
def first_import_of_a_store(drill: Drill) -> None:
    """
    Given a store that has traded for a month: products, customers with and without e-mail, orders, abandoned carts
    When the integration is connected
    Then HubSpot shows all of it within ten minutes, and every contact is marked as one of the first import
    When a customer registers afterwards
    Then this contact is not marked so
    """
    drill.settles()
    imported = {contact.get("hs_analytics_source_data_1") for contact in drill.seen[1].all_live("contacts")}
    expect("original source drill-down 1 of the imported", imported, {"INTEGRATION_SYNC"})
    expect("products", drill.portal.count("products"), SEEDED["products"])

    drill.shop.customer(email="late@example.com", first_name="Late")
    drill.settles()

    late = drill.portal.contact("late@example.com")
    marked = late and late.get("hs_analytics_source_data_1") == "INTEGRATION_SYNC"
    expect("the later contact is marked as imported", marked, False)
