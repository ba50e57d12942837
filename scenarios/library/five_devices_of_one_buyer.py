"""One buyer who starts a checkout on five devices."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario("Five checkouts of one buyer are five carts of one contact", spec="A7 A23 S41")
def five_devices_of_one_buyer(drill: Drill) -> None:
    """
    Given a buyer with five devices
    When the buyer leaves a checkout on each
    Then HubSpot shows five deals or carts, all of one contact
    """
    mug = drill.shop.product("Mug", "12.50", "MUG")
    carts = [drill.shop.cart(mug).checkout(email=email) for email in ("cleo@example.com", "Cleo@Example.com") * 2]
    carts.append(drill.shop.cart(mug).checkout(email="CLEO@EXAMPLE.COM").leave())
    drill.settles()

    expect("contacts", drill.portal.count("contacts"), 1)
    baskets = [drill.portal.basket(cart) for cart in carts]
    expect("deals or carts", len({basket.id for basket in baskets if basket}), 5)
