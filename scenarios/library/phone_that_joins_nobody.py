"""A phone number that somebody else has in HubSpot."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario("A phone number never matches another person", spec="A7 A19 S51")
def phone_that_joins_nobody(drill: Drill) -> None:
    """
    Given a HubSpot contact with a phone number, and another whose number is no number at all
    When a customer with that phone number and another e-mail address registers
    Then HubSpot shows a new contact with the number, and both others are as they were
    """
    drill.portal.create_contact(email="first@example.com", phone="+4545454545", firstname="First")
    drill.portal.create_contact(email="second@example.com", phone="ext. 123", firstname="Second")
    drill.passes(seconds=10)

    drill.shop.customer(email="ada@example.com", phone="+45 4545 4545", first_name="Ada")
    drill.settles()

    names = ("first", "second", "ada")
    told = {name: drill.portal.contact(f"{name}@example.com") for name in names}
    expect("first names", [told[name].get("firstname") for name in names], ["First", "Second", "Ada"])
    expect("phones", [told[name].get("phone") for name in names], ["+4545454545", "ext. 123", "+4545454545"])
