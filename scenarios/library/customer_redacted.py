"""A customer who asks the merchant to be forgotten."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario(
    "A customer who is to be forgotten is, the others stay, and no replay brings anything back",
    spec="I10 S43",
    slow=True,
    nets="webhooks",  # nothing is lost here, and ten days of polls would find nothing
)
def customer_redacted(drill: Drill) -> None:
    """
    Given a customer who has left a cart and has never bought, and another one with an order
    When the first asks the merchant to be forgotten
    Then for ten days, while the merchant may take it back, all stays as it is
    And then her contact is gone, her cart is there and shows nobody, and the other one's records are untouched
    When she is changed in Shopify and everything is synced anew
    Then nothing of her comes back
    """
    mug = drill.shop.product("Mug", "12.50", "MUG")
    ada = drill.shop.customer(email="ada@example.com", first_name="Ada", note="calls on Fridays")
    bob = drill.shop.customer(email="bob@example.com", first_name="Bob")
    order = drill.shop.order(mug, customer=bob, note="for Bob")
    cart = drill.shop.cart(mug).checkout(customer={"id": ada["id"]}, email="ada@example.com").leave()
    drill.settles()
    expect("her cart's buyer", drill.portal.contacts_of(drill.portal.basket(cart)), ["ada@example.com"])

    drill.shop.storefront("POST", f"customers/{ada['id']}/redact", {})
    drill.passes(days=9)
    expect("her contact on the ninth day", drill.portal.contact("ada@example.com") is not None, True)
    drill.passes(days=1, hours=1)
    drill.forbid_customer(ada)
    expect("her contact", drill.portal.contact("ada@example.com"), None)
    expect("what is left of her", _traces(drill), [])
    expect("her cart", drill.portal.basket(cart) is not None, True)
    expect("the other buyer", drill.portal.contacts_of(drill.portal.sale(order)), ["bob@example.com"])

    drill.shop.update_customer(ada, note="calls on Mondays")
    drill.passes(minutes=10)
    drill.resync()
    drill.passes(minutes=10)
    expect("contacts at last", drill.portal.count("contacts"), 1)
    expect("what has come back of her", _traces(drill), [])
    expect("how she stands", drill.standing("customer", ada)["reason"], "redacted")


def _traces(drill: Drill) -> list[str]:
    """Records of the portal that name her, or lead to her cart."""
    dump = drill.records("hubspot")
    return [
        f"{name} {record['id']}"
        for name in ("contacts", "deals", "orders", "carts")
        for record in dump[name]
        if not record["archived"] and any(word in str(record["properties"]) for word in ("Ada", "ada@", "/recover"))
    ]
