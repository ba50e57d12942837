"""A contact and a product that HubSpot users make, in a portal that lets them into the store."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario("What HubSpot users make is made in Shopify where the settings say so", spec="I4", integrations=["data-sync"])
def contact_made_in_hubspot(drill: Drill) -> None:
    """
    Given the setting that contacts and products without a link are made in Shopify
    When HubSpot users make a contact with an e-mail, one without, and a product
    Then within ten minutes the shop has one customer, who has consented to nothing, and a draft of the product
    When nobody does anything more
    Then there is one of each on both sides, and nobody writes any more
    """
    drill.sync.set(create_in_shopify=["contacts", "products"])
    drill.portal.create("contacts", email="ada@example.com", firstname="Ada", lastname="King")
    drill.portal.create("contacts", firstname="Nobody")
    drill.portal.create("products", name="Mug", price="12.50", hs_sku="MUG")
    drill.passes(minutes=10)

    (ada,), (mug,) = (list(drill.seen[0].records[kind].values()) for kind in ("customer", "product"))
    expect("the customer", (ada["email"], ada["first_name"], ada["last_name"]), ("ada@example.com", "Ada", "King"))
    expect("her consent", (ada.get("email_marketing_consent") or {}).get("state", "not_subscribed"), "not_subscribed")
    expect("the product", (mug["title"], mug["status"]), ("Mug", "draft"))

    written = len(drill.writes_of_sync), len(drill.changes)
    drill.passes(minutes=30)
    expect("writes when all is agreed", (len(drill.writes_of_sync), len(drill.changes)), written)
    expect("in HubSpot", [drill.portal.count(name) for name in ("contacts", "products")], [2, 1])
