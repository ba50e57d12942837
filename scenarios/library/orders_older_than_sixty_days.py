"""An app that Shopify shows the orders of sixty days alone."""

from datetime import UTC, datetime

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill

SEEDED = {"products": 3, "orders": 30, "days": 300}
DAY_MS = 86_400_000


@scenario(
    "Orders that Shopify does not show are reported with the date, not skipped in silence",
    spec="A20 S20",
    seeded=SEEDED,
    withheld="read_all_orders",
)
def orders_older_than_sixty_days(drill: Drill) -> None:
    """
    Given a store that has sold for 300 days, and an app that is not granted read_all_orders
    When the integration is connected
    Then HubSpot shows the orders of the last 60 days, and the sync core tells from which day on, and how many they are
    """
    drill.passes(minutes=10)

    now_ms = drill.now_ms
    placed = [order["created_at"] for order in drill.seen[0].records["order"].values()]
    young = [at for at in placed if at >= now_ms - 60 * DAY_MS]
    expect("orders that are not shown", 0 < len(young) < len(placed), True)
    expect("sales in HubSpot", drill.portal.count("deals" if drill.integration == "deals" else "orders"), len(young))
    (said,) = (words for words in drill.status()["notices"] if "read_all_orders" in words)
    day = datetime.fromtimestamp(drill.orders_from_ms / 1000, UTC).date()  # sixty days before it was connected
    expect("the day is told", f"before {day}" in said, True)
    expect("how many are told", f"{len(young)} orders" in said, True)
