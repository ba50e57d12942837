"""A customer whom HubSpot knows already."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario("A customer whom HubSpot knows is the same contact", spec="A7 A9 A10")
def existing_contact_is_updated(drill: Drill) -> None:
    """
    Given a HubSpot contact that a user made
    When a customer with the same e-mail in another letter case registers in Shopify
    Then the contact is updated, and there is no second one
    """
    drill.portal.create_contact(email="ada@example.com", firstname="A.", jobtitle="Analyst")
    drill.shop.customer(email="Ada@Example.com", first_name="Ada", last_name="Byron")
    drill.settles()

    contact = drill.portal.contact("ada@example.com")
    shown = contact and tuple(contact.get(name) for name in ("firstname", "lastname", "jobtitle"))
    expect("first name, last name, job title", shown, ("Ada", "Byron", "Analyst"))
    expect("contacts", drill.portal.count("contacts"), 1)
