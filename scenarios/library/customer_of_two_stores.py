"""Somebody who buys in two stores of one portal."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill

OTHER = "other-shop.myshopify.com"


@scenario("A customer of two stores is one contact with the orders of both", spec="A7 I5 S23", other_shops=OTHER)
def customer_of_two_stores(drill: Drill) -> None:
    """
    Given a customer with one e-mail in two stores on one portal
    When she orders twice in the first and once in the second
    Then HubSpot holds one contact that names both stores, three sales are associated with it, each of them once
    And where orders are counted on the contact, it says three
    """
    here, there = drill.shop, drill.shops[OTHER]
    buyers = {store: store.customer(email="ada@example.com", first_name="Ada") for store in (here, there)}
    for title, store in (("Mug", here), ("Cup", here), ("Jug", there)):
        store.order(store.product(title, "12.50"), customer=buyers[store])
    drill.settles()

    contact = drill.portal.contact("ada@example.com")
    stores = set(contact.get("ip__ecomm_bridge__source_store_id").split(";"))
    expect("contacts", drill.portal.count("contacts"), 1)
    expect("its stores", stores, {here.domain, OTHER})
    sales = "deals" if drill.integration == "deals" else "orders"
    expect("sales of each store", [portal.count(sales) for portal in (drill.portal, drill.portals[OTHER])], [2, 1])
    expect("sales of the contact", len(drill.seen[1].neighbours(contact, sales)), 3)
    if drill.integration == "deals":
        expect("orders count", contact.get("shopify_orders_count"), "3")
