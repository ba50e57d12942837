"""HubSpot answers 429 while a merchant changes hundreds of records at once."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill

CUSTOMERS = 300
BATCH = 100
STORM_S = 120
WINDOW_S = 10
NETS_SEARCH = 6  # data-sync looks every three minutes for what HubSpot's users have changed


@scenario("A storm of 429 is waited out, and the mass edit takes few calls", spec="B10 S18", sync_as="private")
def hubspot_throttles_a_mass_edit(drill: Drill) -> None:
    """
    Given three hundred customers that HubSpot has, and a HubSpot that throttles every call for two minutes
    When all of them are changed at once
    Then the sync core asks again once in a window at most, as these answers carry no Retry-After
    When HubSpot recovers
    Then it shows every change, written by hundreds, without a search for any of them, and refused
    nothing for a rate of our own
    """
    drill.shop.bring("customers", *({"email": f"c{number}@example.com"} for number in range(CUSTOMERS)))
    drill.settles()
    customers = [one for page in pages(drill) for one in page]
    storm = {"effect": "throttle", "vendor": "hubspot", "app": "sync", "until_ms": drill.now_ms + STORM_S * 1_000}
    drill.faults(storm)
    for customer in customers:
        drill.shop.update_customer(customer, last_name="Lee")
    before = drill.calls_of_sync("hubspot", "/crm/v3/objects/contacts/batch/update")
    drill.passes(seconds=STORM_S)
    refused = drill.heal()["throttle"]
    drill.settles(within_minutes=3)

    expect("calls in the storm are at most one a window", refused <= STORM_S / WINDOW_S + 1, True)
    written = drill.calls_of_sync("hubspot", "/crm/v3/objects/contacts/batch/update") - before - refused
    expect("calls that wrote three hundred contacts", written <= 2 * CUSTOMERS // BATCH, True)
    searches = drill.calls_of_sync("hubspot", "/crm/v3/objects/contacts/search")
    expect("searches for contacts are those of the nets alone", searches <= NETS_SEARCH, True)
    expect("calls that were refused for our own rate", drill.refused("hubspot"), 0)


def pages(drill: Drill) -> list:
    """All customers, by id."""
    found, last = [], 0
    while page := drill.shop.read("customers", limit="250", since_id=str(last))["customers"]:
        found.append(page)
        last = page[-1]["id"]
    return found
