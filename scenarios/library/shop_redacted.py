"""A merchant who turns the app out; two days later Shopify asks to forget the shop."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario("A shop that is to be forgotten is, and no replay brings its customers back", spec="I10 I11 S43", slow=True)
def shop_redacted(drill: Drill) -> None:
    """
    Given a customer with an order, and one whom HubSpot knew before the shop was connected
    When the first asks what is known of them
    Then the request is listed, with the customer, the order and what HubSpot holds of both
    When the merchant turns the app out and two days later Shopify asks to forget the shop
    Then the first contact is gone, of the second only stays what HubSpot had of its own, the order shows nobody
    When the app is let in again, the customers change, and everything is synced anew
    Then nothing of them comes back
    """
    drill.portal.create_contact(email="bob@example.com", jobtitle="Baker")
    ada = drill.shop.customer(email="ada@example.com", first_name="Ada", note="calls on Fridays")
    bob = drill.shop.customer(email="bob@example.com", first_name="Bob", last_name="Lee")
    order = drill.shop.order(drill.shop.product("Mug"), customer=ada, note="for Ada")
    drill.settles()

    drill.shop.storefront("POST", f"customers/{ada['id']}/data_request", {})
    drill.passes(minutes=5)
    asked = [(one["topic"], one["customer"]) for one in drill.sync.told("/privacy")["requests"]]
    expect("the requests", asked, [("customers/data_request", str(ada["id"]))])
    held = [one["kind"] for one in drill.sync.told(f"/privacy/{ada['id']}")["shopify"]]
    expect("what is held", sorted(held), ["customer", "order"])

    drill.sync.is_turned_out()
    drill.passes(days=2, hours=1)
    expect("the contact that we made", drill.portal.contact("ada@example.com"), None)
    left = drill.portal.contact("bob@example.com")
    shown = [left.get(name) for name in ("jobtitle", "firstname", "lastname")] if left else None
    expect("what is left of the one that was there", shown, ["Baker", "", ""])
    sale = drill.portal.sale(order)
    notes = [sale.get(name) for name in ("shopify_note", "hs_order_note")] if sale else None
    expect("the order's note", notes, ["", ""])

    for customer in (ada, bob):
        drill.forbid_customer(customer)
    drill.portal.delete(left)
    drill.sync.is_let_in()
    for customer in (ada, bob):
        drill.shop.update_customer(customer, last_name="Back")
    drill.passes(minutes=10)
    drill.resync()
    drill.passes(minutes=10)
    expect("contacts at last", drill.portal.count("contacts"), 0)
    expect("how it stands", drill.standing("customer", ada)["reason"], "redacted")
