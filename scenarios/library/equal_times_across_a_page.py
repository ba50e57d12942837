"""More records of one instant than a page of Shopify's lists holds."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill

PAGE = 250  # what Shopify's lists give at once, at most


@scenario("A poll skips nothing where a page ends among equal times", spec="B10 I3 S45", integrations=["data-sync"])
def equal_times_across_a_page(drill: Drill) -> None:
    """
    Given webhooks that are lost, so that polls alone tell of changes
    When more customers than a page holds are imported at one instant, and one more registers in the same second
    Then HubSpot shows every one of them within ten minutes
    """
    drill.faults({"effect": "lose", "vendor": "shopify"})
    drill.shop.bring("customers", *({"email": f"buyer-{number}@example.com"} for number in range(PAGE + 5)))
    drill.shop.customer(email="one-more@example.com")
    drill.passes(minutes=10)

    expect("contacts", drill.portal.count("contacts"), PAGE + 6)
    times = {one["updated_at"] for one in drill.shop.read("customers", limit=str(PAGE))["customers"]}
    expect("instants among them", len(times), 1)
