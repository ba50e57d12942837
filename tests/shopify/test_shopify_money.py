"""Amounts are exact in every currency, a buyer may see another one than the shop's, and the sums of orders add up."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator import shopify
from simulator.shopify import money


def shop_in(harness, currency):
    """The harness at a shop of another currency."""
    domain = f"{currency.lower()}.myshopify.com"
    shopify.open_shop(harness.simulation, domain, currency=currency)
    harness.token = shopify.install(harness.simulation, domain, "dev").token
    return harness


def test_yen_have_no_decimals_and_dinars_three():
    assert [money.text(123456, code) for code in ("JPY", "USD", "KWD")] == ["123456", "1234.56", "123.456"]
    assert [money.text(-5, code) for code in ("JPY", "USD", "KWD")] == ["-5", "-0.05", "-0.005"]
    assert [money.read("19.995", code) for code in ("JPY", "USD", "KWD")] == [20, 2000, 19995]


@given(st.sampled_from(sorted(money.DECIMALS)), st.integers(-(10**15), 10**15))
def test_what_is_written_is_read_back(currency, cents):
    written = money.text(cents, currency)

    assert (money.cents(written), money.read(written, currency)) == (cents, cents)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e400", True, None, [], "1,5", "", "9" * 17])
def test_what_is_no_amount_is_refused(value):
    with pytest.raises(ValueError, match=r"is not a number|is too large"):
        money.read(value, "USD")


@pytest.mark.parametrize(
    ("currency", "price", "sums"),
    [
        ("JPY", "1980", ("3960", "396", "3564", "3920", "0")),
        ("KWD", "1.985", ("3.970", "0.397", "3.573", "3.929", "0.000")),
    ],
)
def test_an_order_adds_up_in_the_shops_own_decimals(shop, currency, price, sums):
    here = shop_in(shop, currency)
    variant = here.product(variants=[{"price": price}])["variants"][0]
    order = here.order(
        line_items=[{"variant_id": variant["id"], "quantity": 2}],
        discount_codes=[{"code": "TEN", "type": "percentage", "amount": "10"}],
        tax_lines=[{"title": "VAT", "rate": 0.1, "price": sums[4] if sums[1] == "0" else sums[3]}],
        total_tax=str(Decimal(sums[3]) - Decimal(sums[2])),
    )

    names = ("total_line_items_price", "total_discounts", "subtotal_price", "total_price", "total_tip_received")
    assert variant["price"] == price
    assert tuple(order[name] for name in names) == sums
    assert order["line_items"][0]["price_set"]["shop_money"] == {"amount": price, "currency_code": currency}
    assert here.ok("GET", f"orders/{order['id']}")["total_price"] == sums[3]


def test_an_amount_of_a_currency_with_fewer_decimals_is_rounded(shop):
    order = shop_in(shop, "JPY").order(line_items=[{"title": "Tea", "price": "99.5", "quantity": 3}])

    assert (order["line_items"][0]["price"], order["total_price"]) == ("100", "300")


def test_a_buyer_may_see_another_currency_at_the_rate_of_the_day(shop):
    shop.control("PUT", "shop", {"presentment_rates": {"JPY": "151.2"}})
    order = shop.order(line_items=[{"title": "Board", "price": "19.99", "quantity": 2}], presentment_currency="JPY")
    shop.control("PUT", "shop", {"presentment_rates": {"JPY": "160"}})

    seen = shop.ok("GET", f"orders/{order['id']}")
    assert (seen["currency"], seen["presentment_currency"], seen["total_price"]) == ("USD", "JPY", "39.98")
    assert seen["total_price_set"] == {
        "shop_money": {"amount": "39.98", "currency_code": "USD"},
        "presentment_money": {"amount": "6045", "currency_code": "JPY"},  # 39.98 times 151.2 is 6044.976
    }
    assert seen["line_items"][0]["price_set"]["presentment_money"] == {"amount": "3022", "currency_code": "JPY"}
    assert shop.ok("GET", "shop")["enabled_presentment_currencies"] == ["USD", "JPY"]


def test_graphql_shows_the_same_two_currencies(shop):
    shop.control("PUT", "shop", {"presentment_rates": {"KWD": "0.3"}})
    order = shop.order(presentment_currency="KWD", transactions=[{"kind": "sale", "amount": "10.00"}])
    both = "{ shopMoney { amount currencyCode } presentmentMoney { amount currencyCode } }"
    query = f'{{ order(id: "gid://shopify/Order/{order["id"]}") {{ totalPriceSet {both} totalReceivedSet {both} }} }}'

    answered = shop.query(query)["data"]["order"]
    for name in ("totalPriceSet", "totalReceivedSet"):
        found = {side: (Decimal(one["amount"]), one["currencyCode"]) for side, one in answered[name].items()}
        assert found == {"shopMoney": (10, "USD"), "presentmentMoney": (3, "KWD")}


@pytest.mark.parametrize(
    "wanted",
    [
        ({"presentment_currency": "CAD"}, {"presentment_currency": ["is not enabled for this shop"]}),
        ({"presentment_currency": "DOLLARS"}, {"presentment_currency": ["is invalid"]}),
        ({"currency": "XTS"}, {"currency": ["is invalid"]}),
    ],
)
def test_a_currency_that_the_shop_does_not_sell_in_is_refused(shop, wanted):
    fields, errors = wanted
    lines = [{"title": "Board", "price": "1.00", "quantity": 1}]
    response = shop.call("POST", "orders", {"order": {"line_items": lines} | fields})

    assert (response.status_code, response.json()) == (422, {"errors": errors})
    assert shop.ok("GET", "orders/count") == 0


# --- the sums of any order ---

AMOUNTS = st.integers(0, 50_000)
LINES = st.lists(st.tuples(AMOUNTS, st.integers(1, 5)), min_size=1, max_size=4)
CODES = st.lists(
    st.one_of(
        st.tuples(st.just("percentage"), st.integers(0, 100)),
        st.tuples(st.sampled_from(["fixed_amount", "shipping"]), AMOUNTS),
    ),
    max_size=2,
)


@given(
    currency=st.sampled_from(["USD", "JPY", "KWD"]),
    lines=LINES,
    codes=CODES,
    tax=AMOUNTS,
    shipping=AMOUNTS,
    included=st.booleans(),
    back=st.integers(0, 5),
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_sums_of_an_order_are_those_of_an_independent_recount(
    shop, currency, lines, codes, tax, shipping, included, back
):
    unit = Decimal(1).scaleb(-{"USD": 2, "JPY": 0, "KWD": 3}[currency])
    order = shop.order(
        currency=currency,
        line_items=[
            {"title": f"Line {place}", "price": str(cents * unit), "quantity": count}
            for place, (cents, count) in enumerate(lines)
        ],
        discount_codes=[
            {"code": kind, "type": kind, "amount": str(value if kind == "percentage" else value * unit)}
            for kind, value in codes
        ],
        tax_lines=[{"title": "VAT", "rate": 0.1, "price": str(tax * unit)}],
        shipping_lines=[{"title": "Post", "price": str(shipping * unit)}],
        taxes_included=included,
    )

    goods = sum(cents * count for cents, count in lines)
    off, off_shipping = recounted(codes, goods, shipping)
    total = goods - off + shipping - off_shipping + (0 if included else tax)
    expected = {
        "total_line_items_price": goods,
        "total_discounts": off + off_shipping,
        "subtotal_price": goods - off,
        "total_tax": tax,
        "total_price": total,
    }
    assert {name: order[name] for name in expected} == {name: str(cents * unit) for name, cents in expected.items()}
    assert {name: order[f"{name}_set"]["shop_money"]["amount"] for name in expected} == {
        name: str(cents * unit) for name, cents in expected.items()
    }
    allocated = [one["amount"] for line in order["line_items"] for one in line["discount_allocations"]]
    assert sum(map(Decimal, allocated)) == off * unit
    refund_and_recount(shop, order, lines, back, unit)


def recounted(codes, goods, shipping):
    """What the codes take off the lines and off the shipping: each what is left at most, before any tax."""
    left, left_shipping = goods, shipping
    for kind, value in codes:
        if kind == "shipping":
            left_shipping -= min(value, left_shipping)
        else:
            left -= min(goods * value // 100 if kind == "percentage" else value, left)
    return goods - left, shipping - left_shipping


def refund_and_recount(shop, order, lines, back, unit):
    """Some pieces of the first line go back: what is current is what was, less what they are worth."""
    count = min(back, lines[0][1])
    if not count:
        return
    wanted = {"refund_line_items": [{"line_item_id": order["line_items"][0]["id"], "quantity": count}]}
    refund = shop.ok("POST", f"orders/{order['id']}/refunds", {"refund": wanted})
    now = shop.ok("GET", f"orders/{order['id']}")

    (line,) = refund["refund_line_items"]
    worth = [Decimal(line[f"{name}_set"]["shop_money"]["amount"]) for name in ("subtotal", "total_tax")]
    less = worth[0] + (0 if order["taxes_included"] else worth[1])
    assert Decimal(now["current_subtotal_price"]) == Decimal(order["subtotal_price"]) - worth[0]
    assert Decimal(now["current_total_tax"]) == Decimal(order["total_tax"]) - worth[1]
    assert Decimal(now["current_total_price"]) == Decimal(order["total_price"]) - less
    assert now["total_price"] == order["total_price"]
    whole = Decimal(lines[0][0] * count) * unit
    off = sum((Decimal(one["amount"]) for one in order["line_items"][0]["discount_allocations"]), Decimal(0))
    share = (off * count / lines[0][1]).quantize(unit, ROUND_HALF_UP)
    assert abs(worth[0] - (whole - share)) <= unit
