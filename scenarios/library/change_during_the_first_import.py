"""Trade that goes on while the store is imported."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill

SEEDED = {"products": 10, "customers": 60, "orders": 60}


@scenario("A change during the first import is neither lost nor overwritten", spec="B10 I3 S22", seeded=SEEDED)
def change_during_the_first_import(drill: Drill) -> None:
    """
    Given a store of some hundred records whose import has just begun
    When customers are changed, an order is placed and another is deleted while it runs
    Then within ten minutes of its end HubSpot shows the newest state of all of them
    """
    customers = [one for one in drill.shop.read("customers", limit="50")["customers"] if one["email"]]
    orders = drill.shop.read("orders", status="any", limit="5")["orders"]
    for number, customer in enumerate(customers[:10]):
        drill.shop.update_customer(customer, last_name=f"Changed {number}")
        drill.passes(seconds=1)
    drill.shop.delete_order(orders[-1])
    bought = drill.shop.order(drill.shop.read("products", limit="1")["products"][0], customer=customers[0])
    drill.settles(within_minutes=20)

    names = [drill.portal.contact(one["email"]).get("lastname") for one in customers[:10]]
    expect("last names", names, [f"Changed {number}" for number in range(10)])
    expect("the deleted order", drill.portal.sale(orders[-1]), None)
    expect("contacts of the new order", drill.portal.contacts_of(drill.portal.sale(bought)), [customers[0]["email"]])
