"""HubSpot writes, and its answer never arrives."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario("An answer lost after the write makes nothing twice", spec="I1 S2")
def answers_lost_after_the_write(drill: Drill) -> None:
    """
    Given a HubSpot that carries every third write out, but whose answer is lost
    When customers, products, orders and carts are made
    Then HubSpot shows every record once
    """
    drill.faults({"effect": "lose_answer", "vendor": "hubspot", "method": "POST", "per_mille": 333})
    mug = drill.shop.product("Mug", "12.50", "MUG")
    for number in range(6):
        customer = drill.shop.customer(email=f"buyer{number}@example.com")
        drill.shop.order(mug, customer=customer)
        drill.shop.cart(mug).checkout(email=f"guest{number}@example.com")
        drill.passes(minutes=1)
    drill.passes(minutes=15)
    expect("answers were lost", drill.heal().get("lose_answer", 0) > 0, True)
    drill.settles()

    expect("contacts", drill.portal.count("contacts"), 12)
    expect("products", drill.portal.count("products"), 1)
    expect("sales and carts", sum(map(drill.portal.count, ("deals", "orders", "carts"))), 12)
