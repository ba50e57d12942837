"""Two stores whose orders have the same numbers, on one portal."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill

OTHER = "other-shop.myshopify.com"


@scenario(
    "Two stores on one portal: each order once, and a shared contact once", spec="A5 B6 I1 S24", other_shops=OTHER
)
def two_stores_on_one_portal(drill: Drill) -> None:
    """
    Given two stores on one portal, where a customer of each has an e-mail of their own, and a third buys in both
    When order #1001 is made in both stores, and one of them is changed
    Then HubSpot holds two records, each with its own store's total, and the change reaches only its own
    And the summary tells of each store's records, and counts the shared contact once in the total
    """
    here, there = drill.shop, drill.shops[OTHER]
    ours = here.order(here.product("Mug", "12.50", "MUG"), customer=here.customer(email="ada@example.com"))
    theirs = there.order(there.product("Lamp", "40.00", "LAMP"), customer=there.customer(email="bob@example.com"))
    for store in (here, there):
        store.customer(email="cyd@example.com")
    drill.settles()
    expect("the names of the orders", (ours["name"], theirs["name"]), ("#1001", "#1001"))
    total = "amount" if drill.integration == "deals" else "hs_total_price"

    there.update_order(theirs, note="by the door")
    drill.passes(minutes=10)
    shown = [drill.portal.sale(ours), drill.portals[OTHER].sale(theirs)]
    expect("what they show", [one.get(total) for one in shown], ["12.50", "40.00"])
    note = "shopify_note" if drill.integration == "deals" else "hs_order_note"
    expect("whose note it is", [one.get(note) for one in shown], ["", "by the door"])

    told = drill.sync.call("GET", "/summary")
    contacts = [told["stores"][shop]["contacts"] for shop in (here.domain, OTHER)]
    expect("contacts by store and in all", (contacts, told["total"]["contacts"]), ([2, 2], 3))
    expect("contacts in HubSpot", drill.portal.count("contacts"), 3)
