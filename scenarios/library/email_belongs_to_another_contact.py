"""A customer whose new e-mail address another HubSpot contact has."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario("An e-mail that another contact has leaves both as they are", spec="A7 I1 S12")
def email_belongs_to_another_contact(drill: Drill) -> None:
    """
    Given a customer whom HubSpot shows, and a contact that a HubSpot user made
    When the customer takes the e-mail address of that contact
    Then neither contact is changed, and the record is failing with words that name both ids
    When a user merges the two contacts
    Then the customer is in sync with the one that is left
    """
    ada = drill.shop.customer(email="ada@example.com", first_name="Ada")
    drill.portal.create_contact(email="grace@example.com", firstname="Grace", jobtitle="Admiral")
    drill.settles()
    linked, other = (drill.portal.contact(email) for email in ("ada@example.com", "grace@example.com"))
    assert linked
    assert other

    drill.shop.update_customer(ada, email="grace@example.com", first_name="Augusta")
    drill.passes(minutes=5)
    kept = [(one.get("email"), one.get("firstname")) for one in drill.seen[1].all_live("contacts")]
    expect("the contacts", sorted(kept), [("ada@example.com", "Ada"), ("grace@example.com", "Grace")])
    if drill.world["sync"]:
        standing = drill.standing("customer", ada)
        named = [id for id in (linked.id, other.id) if id in standing["words"]]
        expect("the standing", (standing["status"], named), ("failing", [linked.id, other.id]))

    drill.portal.merge(linked, other)
    drill.passes(hours=1)
    drill.settles()
    contact = drill.portal.contact("grace@example.com")
    expect("the contact that is left", contact and (contact.id, contact.get("firstname")), (linked.id, "Augusta"))
    expect("its job title", contact and contact.get("jobtitle"), "Admiral")
