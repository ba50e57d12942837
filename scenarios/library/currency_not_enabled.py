"""A portal that does not know the shop's currency."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario("A sale in a currency that the portal lacks is failing, and never converted", spec="I7 S33", currency="DKK")
def currency_not_enabled(drill: Drill) -> None:
    """
    Given a shop in kroner, and a portal that knows dollars alone
    When a customer buys
    Then HubSpot shows the contact and no sale, and the order is failing as currency_not_enabled, in HubSpot's words
    When the currency is enabled in HubSpot
    Then the sale shows within the hour in which it is tried again, in kroner
    """
    ada = drill.shop.customer(email="ada@example.com", first_name="Ada")
    order = drill.shop.order(drill.shop.product("Mug", "99.95", "MUG"), customer=ada)
    drill.passes(minutes=10)

    expect("the contact", drill.portal.contact("ada@example.com") is not None, True)
    expect("the sale", drill.portal.sale(order), None)
    standing = drill.standing("order", order)
    expect("how the order stands", (standing["status"], standing["reason"]), ("failing", "currency_not_enabled"))
    expect("in HubSpot's words", "DKK" in standing["words"], True)

    drill.portal.enable_currencies(DKK=0.145)
    drill.passes(minutes=61)
    sale = drill.portal.sale(order)
    names = ("amount", "deal_currency_code") if drill.integration == "deals" else ("hs_total_price", "hs_currency_code")
    expect("the sale at last", (float(sale.get(names[0])), sale.get(names[1])), (99.95, "DKK"))
