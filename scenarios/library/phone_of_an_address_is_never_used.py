"""A customer whose only phone number stands in the address."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario("The phone number of an address is never used", spec="A19 S52")
def phone_of_an_address_is_never_used(drill: Drill) -> None:
    """
    Given a contact that has a phone number in HubSpot
    When Shopify has a customer with this e-mail, no phone number of its own, and one in the address
    Then HubSpot keeps its number, and takes over the address
    """
    drill.portal.create_contact(email="ada@example.com", phone="+16135550100")
    address = {"address1": "1 Main St", "city": "Ottawa", "country": "Canada", "phone": "+16135550999"}
    drill.shop.customer(email="ada@example.com", first_name="Ada", addresses=[address])
    drill.settles()

    contact = drill.portal.contact("ada@example.com")
    expect("phone", contact and contact.get("phone"), "+16135550100")
    expect("city", contact and contact.get("city"), "Ottawa")
    expect("contacts", drill.portal.count("contacts"), 1)
