"""A batch of a hundred in which one record is bad."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill

BATCH = 100


@scenario("One bad record of a batch does not keep the other ninety-nine out", spec="B10 S19")
def bad_record_in_a_batch(drill: Drill) -> None:
    """
    Given a customer's e-mail address that Shopify takes and HubSpot refuses
    When a hundred customers are brought at once, this one among them
    Then HubSpot shows the other ninety-nine, and the sync core tells of the bad one with HubSpot's words
    When the merchant corrects the address
    Then HubSpot shows the hundredth contact as well
    """
    good = [{"email": f"buyer-{number}@example.com", "last_name": f"Buyer {number}"} for number in range(BATCH - 1)]
    bad = {"email": "nobody@example.c", "last_name": "Nobody"}
    drill.shop.bring("customers", *good[:50], bad, *good[50:])
    drill.passes(minutes=10)

    expect("contacts", drill.portal.count("contacts"), BATCH - 1)
    (refused,) = drill.shop.read("customers/search", query=f"email:{bad['email']}")["customers"]
    standing = drill.standing("customer", refused)
    expect("how the bad one stands", standing["status"], "failing")
    expect("in whose words", "email" in standing["words"].lower(), True)

    drill.shop.update_customer(refused, email="nobody@example.com")
    drill.settles()
    expect("contacts at last", drill.portal.count("contacts"), BATCH)
