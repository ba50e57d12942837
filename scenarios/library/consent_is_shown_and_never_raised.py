"""Consent to marketing."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario("Consent is shown as Shopify has it, and raised on neither side", spec="A18 S42")
def consent_is_shown_and_never_raised(drill: Drill) -> None:
    """
    Given a customer who is subscribed in Shopify, and one who is not
    When the states of their consent go up and down, in Shopify, by way of pending
    Then what "deals" mirrors says yes for "subscribed" alone
    And HubSpot's own opt-out is never written, and in Shopify nobody but the merchant changed a consent
    """
    subscribed = {"state": "subscribed", "opt_in_level": "single_opt_in"}
    ada = drill.shop.customer(email="ada@example.com", email_marketing_consent=subscribed)
    bob = drill.shop.customer(email="bob@example.com")
    drill.settles()
    _expect_consent(drill, "ada@example.com", "true")
    _expect_consent(drill, "bob@example.com", "false")

    for state, mirror in (
        ("unsubscribed", "false"),
        ("pending", "false"),
        ("subscribed", "true"),
        ("invalid", "false"),
    ):
        drill.shop.update_customer(ada, email_marketing_consent={"state": state, "opt_in_level": "single_opt_in"})
        drill.passes(minutes=5)
        _expect_consent(drill, "ada@example.com", mirror)
        states = [drill.seen[0].customer(one["id"])["email_marketing_consent"]["state"] for one in (ada, bob)]
        expect("consent in Shopify", states, [state, "not_subscribed"])


def _expect_consent(drill: Drill, email: str, mirror: str) -> None:
    contact = drill.portal.contact(email)
    expect(f"opt-out of {email}", contact and contact.get("hs_email_optout"), "")
    if drill.integration == "deals":
        expect(f"mirrored consent of {email}", contact and contact.get("shopify_accepts_marketing"), mirror)
