"""A day with the sync turned off, and a sync that is deleted and set up anew."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill

CHANGES = 30  # of each kind


@scenario("A sync that was off or deleted catches up exactly", spec="A13 B12 B13 B14 B15 S48", slow=True)
def sync_off_and_on_again(drill: Drill) -> None:
    """
    Given customers and orders that HubSpot shows, and one contact that was deleted there
    When every sync is off for a day with changes, additions and deletions
    Then HubSpot does not change meanwhile
    When all are on again
    Then HubSpot shows everything, once
    When all are deleted and set up anew
    Then every record is found again, none is doubled, and the deleted contact stays away
    """
    objects = sorted(drill.sync.told()["objects"])
    mug = drill.shop.product("Mug", "12.50", "MUG")
    customers = [drill.shop.customer(email=f"buyer-{number}@example.com", last_name="Lee") for number in range(CHANGES)]
    orders = [drill.shop.order(mug, customer=one) for one in customers]
    drill.settles()
    drill.portal.delete_contact("buyer-0@example.com")
    drill.passes(minutes=10)

    for name in objects:
        drill.sync.turn(name, "off")
    before = len(drill.changes)
    for number, one in enumerate(customers):
        drill.shop.update_customer(one, first_name=f"Ada {number}")
        drill.shop.order(mug, customer=one, note="while it is off")
    for order in orders[::3]:
        drill.shop.delete_order(order)
    drill.shop.update_product(mug, title="Beaker")
    drill.passes(hours=24)
    written = [row for row in drill.changes[before:] if row["vendor"] == "hubspot"]
    expect("what was written to HubSpot", written, [])

    for name in objects:
        drill.sync.turn(name, "on")
    drill.settles()

    counts = {name: drill.portal.count(name) for name in objects}
    for name in objects:
        drill.sync.turn(name, "off")
    for name in objects:
        drill.sync.turn(name, "deleted")
    drill.passes(hours=1)
    for name in objects:
        drill.sync.turn(name, "on")
    drill.settles()
    drill.passes(minutes=10)
    expect("how many records there are", {name: drill.portal.count(name) for name in objects}, counts)
