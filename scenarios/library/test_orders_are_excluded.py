"""An order that is only a test."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario("A test order does not sync", spec="I8 S50")
def test_orders_are_excluded(drill: Drill) -> None:
    """
    Given an order that is marked as a test, and a real one
    When both are placed
    Then HubSpot shows the real one alone
    """
    mug = drill.shop.product("Mug", "12.50", "MUG")
    trial, real = drill.shop.order(mug, test=True), drill.shop.order(mug)
    drill.settles()
    drill.passes(minutes=10)

    expect("the test order", drill.portal.sale(trial), None)
    expect("the real order shows", drill.portal.sale(real) is not None, True)
