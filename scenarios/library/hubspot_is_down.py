"""HubSpot fails for half an hour."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario("What happens while HubSpot is down shows when it is up again", spec="B10")
def hubspot_is_down(drill: Drill) -> None:
    """
    Given a HubSpot that answers every call with 503 for half an hour
    When orders are placed, changed and deleted meanwhile
    Then within ten minutes after the outage HubSpot shows all of it
    """
    mug = drill.shop.product("Mug", "12.50", "MUG")
    kept, deleted = drill.shop.order(mug), drill.shop.order(mug)
    drill.settles()
    drill.faults({"effect": "break", "vendor": "hubspot", "status": 503})

    drill.shop.update_order(kept, note="gift wrap")
    drill.shop.delete_order(deleted)
    new = drill.shop.order(mug, customer=drill.shop.customer(email="ada@example.com"))
    drill.passes(minutes=30)
    drill.heal()
    drill.settles(within_minutes=10)

    expect("the deleted order", drill.portal.sale(deleted), None)
    sale = drill.portal.sale(new)
    expect("contacts of the new order", drill.portal.contacts_of(sale) if sale else None, ["ada@example.com"])
