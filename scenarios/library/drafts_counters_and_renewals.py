"""Orders that come by other ways than a shopper's checkout."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario("A draft shows once it is completed; the counter's orders and renewals show at once", spec="I8 S50")
def drafts_counters_and_renewals(drill: Drill) -> None:
    """
    Given a product
    When somebody drafts an order, sells at the counter to nobody known, and a subscription of a customer is renewed
    Then HubSpot shows the sale and the renewal, the renewal with its contact, and nothing of the draft
    When the draft is completed
    Then HubSpot shows it like any paid order
    """
    coffee = drill.shop.product("Coffee", "12.50", "COFFEE")
    ada = drill.shop.customer(email="ada@example.com", first_name="Ada")
    draft = drill.shop.draft(coffee, customer={"id": ada["id"]})
    counter = drill.shop.order(coffee, source_name="pos")
    renewals = [
        drill.shop.order(coffee, customer=ada, source_name=name)
        for name in ("subscription_contract", "subscription_contract_checkout_one")
    ]
    drill.settles()

    shown = "deals" if drill.integration == "deals" else "orders"
    expect("sales before the draft is completed", drill.portal.count(shown), 3)
    expect("contacts of the counter's", drill.portal.contacts_of(drill.portal.sale(counter)), [])
    for renewal in renewals:
        expect("contacts of a renewal", drill.portal.contacts_of(drill.portal.sale(renewal)), ["ada@example.com"])

    order = drill.shop.complete_draft(draft)
    drill.settles()
    sale = drill.portal.sale(order)
    expect("sales at last", drill.portal.count(shown), 4)
    expect("stage of the completed draft", drill.portal.stage(sale), "processed")
    expect("its contacts", drill.portal.contacts_of(sale), ["ada@example.com"])
