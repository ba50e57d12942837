"""A shop that sells in euros to buyers who pay in yen and in dinars."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill

RATES = {"JPY": "160.5", "KWD": "0.331"}  # for one euro


@scenario("Money is the shop's everywhere; what the buyer paid stands apart", spec="A28 I7 S32", currency="EUR")
def buyers_of_other_currencies(drill: Drill) -> None:
    """
    Given a shop in euros whose buyers may pay in yen (no decimals) and in dinars (three), and a portal that has euros
    When each of them buys a mug of 12.50 with 4.90 of shipping and 2.00 of tax
    Then HubSpot shows 19.40 EUR, shipping and line items in euros too, and beside it what the buyer paid, exactly
    """
    drill.portal.enable_currencies(EUR=1.08)
    drill.shop.sells_in(**RATES)
    mug = drill.shop.product("Mug", "12.50", "MUG")
    orders = {code: _order(drill, mug, code) for code in RATES}
    drill.settles()

    for code, paid in {"JPY": "3114", "KWD": "6.421"}.items():  # 19.40 x 160.5 = 3113.7, and x 0.331 = 6.4214
        sale = drill.portal.sale(orders[code])
        expect(f"what the {code} buyer paid", sale.get("shopify_presentment_total_price"), paid)
        expect(f"the {code} buyer's currency", sale.get("shopify_presentment_currency"), code)
        expect(f"shown of the {code} order", _money(drill, sale), _euros(drill))
        (line,) = drill.portal.line_items(sale)
        shown = (float(line.get("price")), line.get("hs_line_item_currency_code"))
        expect(f"line item of the {code} order", shown, (12.5, "EUR"))


def _order(drill: Drill, mug: dict, code: str) -> dict:
    return drill.shop.order(
        mug,
        presentment_currency=code,
        shipping_lines=[{"title": "Post", "price": "4.90"}],
        tax_lines=[{"title": "VAT", "price": "2.00", "rate": 0.16}],
    )


def _money(drill: Drill, sale) -> dict:
    return {name: sale.get(name) if "code" in name else float(sale.get(name)) for name in _euros(drill)}


def _euros(drill: Drill) -> dict:
    if drill.integration == "deals":
        return {"amount": 19.4, "deal_currency_code": "EUR", "ip__ecomm_bridge__tax_amount": 2.0}
    return {"hs_total_price": 19.4, "hs_currency_code": "EUR", "hs_tax": 2.0, "hs_shipping_cost": 4.9}
