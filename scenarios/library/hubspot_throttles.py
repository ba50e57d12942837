"""HubSpot answers 429 for minutes."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario("A storm of 429 loses and doubles nothing", spec="B10 S18")
def hubspot_throttles(drill: Drill) -> None:
    """
    Given a HubSpot that throttles nine of ten calls for five minutes
    When orders are placed meanwhile
    Then all of them show within ten minutes after the storm, each once
    """
    now_ms = drill.now_ms
    drill.faults(
        {"effect": "throttle", "vendor": "hubspot", "per_mille": 900, "until_ms": now_ms + 300_000},
    )
    mug = drill.shop.product("Mug", "12.50", "MUG")
    for number in range(5):
        drill.shop.order(mug, customer=drill.shop.customer(email=f"buyer{number}@example.com"))
        drill.passes(minutes=1)
    drill.settles(within_minutes=10)

    expect("calls were throttled", drill.heal().get("throttle", 0) > 0, True)
    expect("orders", drill.portal.count("deals" if drill.integration == "deals" else "orders"), 5)
    expect("contacts", drill.portal.count("contacts"), 5)
