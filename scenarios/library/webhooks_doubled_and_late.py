"""Webhooks that arrive twice, late and out of order."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario("Webhooks that come twice and late make one record each", spec="I1 I3 S1 S3 S4")
def webhooks_doubled_and_late(drill: Drill) -> None:
    """
    Given webhooks of which half come twice and some come four minutes late
    When customers, products and orders are made and changed several times a minute
    Then HubSpot shows every record once, in its newest state
    """
    drill.faults(
        {"effect": "delay", "vendor": "shopify", "per_mille": 300, "delay_ms": 240_000},
        {"effect": "double", "vendor": "shopify", "per_mille": 700},
    )
    mug = drill.shop.product("Mug", "12.50", "MUG")
    for number in range(8):
        customer = drill.shop.customer(email=f"buyer{number}@example.com", first_name="Buyer")
        order = drill.shop.order(mug, customer=customer, financial_status="pending")
        drill.passes(seconds=10)
        drill.shop.update_customer(customer, first_name=f"Buyer {number}")
        drill.shop.update_order(order, note=f"parcel {number}")
        drill.shop.update_product(mug, title=f"Mug {number}")
        drill.passes(seconds=10)
        drill.shop.update_order(order, tags="packed")
    drill.settles()
    drill.passes(minutes=10)

    expect("contacts", drill.portal.count("contacts"), 8)
    expect("products", drill.portal.count("products"), 1)
    expect("orders", drill.portal.count("deals" if drill.integration == "deals" else "orders"), 8)
