"""A merchant who uninstalls the app, and hours later installs it again."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario(
    "An app that is turned out pauses, deletes nothing, and goes on when it is let in again",
    spec="B6 I11 S55",
    seeded={"products": 3, "customers": 30, "orders": 40, "checkouts": 3},
)
def app_turned_out_and_let_in_again(drill: Drill) -> None:
    """
    Given a store with records that HubSpot shows
    When the merchant uninstalls the app, and trade goes on for hours
    Then the sync says that it is paused, and HubSpot neither gains nor loses anything
    When the merchant installs the app again and the store is connected
    Then the old connection goes on, and HubSpot shows everything, once
    """
    drill.settles()
    drill.sync.is_turned_out()
    drill.passes(minutes=5)
    expect("whether it says that it is paused", bool(drill.sync.told()["paused"]), True)
    before = len(drill.changes)
    mug = drill.shop.product("Mug", "12.50", "MUG")
    ada = drill.shop.customer(email="ada@example.com", first_name="Ada")
    drill.shop.order(mug, customer=ada)
    drill.passes(hours=3)
    written = [row for row in drill.changes[before:] if row["vendor"] == "hubspot"]
    expect("what was written to HubSpot meanwhile", written, [])

    drill.sync.is_let_in()
    drill.settles()
    expect("whether it is paused still", drill.sync.told()["paused"], None)
    drill.shop.update_customer(ada, first_name="Augusta")
    drill.settles()
