"""A shop and a portal that live on different days."""

from scenarios.oracle.records import ms_of
from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill

# Auckland is at UTC+13 in summer, Los Angeles at UTC-8 in winter. Each row is an order by the shop's clock and the
# same instant in UTC: late in the evening, in the hour that summer time skips, and in both hours that its end doubles.
EVENINGS = {
    "2026-01-31T23:30:00+13:00": "2026-01-31T10:30:00Z",
    "2025-09-28T01:59:59+12:00": "2025-09-27T13:59:59Z",
    "2025-09-28T03:00:00+13:00": "2025-09-27T14:00:00Z",
    "2026-04-05T02:30:00+13:00": "2026-04-04T13:30:00Z",
    "2026-04-05T02:30:00+12:00": "2026-04-04T14:30:00Z",
}


@scenario(
    "Instants are the same on both sides, however far apart the clocks are",
    spec="I6 S44",
    shop_timezone="Pacific/Auckland",
    portal_timezone="America/Los_Angeles",
)
def far_apart_time_zones(drill: Drill) -> None:
    """
    Given a shop at UTC+13 and a portal at UTC-8
    When orders are processed late in the evening, around the hour that summer time skips, and in the doubled one
    Then HubSpot shows each at the very instant of Shopify, and none lands on the portal's day or the day before
    """
    mug = drill.shop.product("Mug", "12.50", "MUG")
    orders = {at: drill.shop.order(mug, processed_at=at) for at in EVENINGS}
    drill.settles()

    name = "closedate" if drill.integration == "deals" else "hs_processed_date"
    for at, instant in EVENINGS.items():
        shown = drill.portal.sale(orders[at]).get(name)
        expect(f"when the order of {at} was processed", ms_of(shown), ms_of(instant))
        local = drill.shop.read(f"orders/{orders[at]['id']}")["order"]["processed_at"]
        expect("by the shop's clock", local, at)
