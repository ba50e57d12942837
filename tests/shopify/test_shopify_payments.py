"""The money of an order: transactions, refunds, what they do to statuses and sums, and who is told."""

import pytest

SOLD = {
    "line_items": [
        {"title": "Coat", "price": "199.00", "quantity": 1},
        {"title": "Socks", "price": "10.00", "quantity": 3},
    ],
    "tax_lines": [{"price": "22.90", "rate": 0.1, "title": "VAT"}],
    "shipping_lines": [{"title": "Parcel", "price": "5.00"}],
    "email": "ann@example.com",
}  # 229.00 and 22.90 of tax and 5.00 of shipping: 256.90
AUTHORIZED = {"kind": "authorization", "amount": "256.90", "gateway": "bogus"}
PAID = {"kind": "sale", "amount": "256.90", "gateway": "bogus"}


@pytest.fixture
def order(shop):
    return shop.order(**SOLD, transactions=[PAID])


@pytest.fixture
def authorized(shop):
    return shop.order(**SOLD, transactions=[AUTHORIZED])


def post(shop, order, what, wanted):
    return shop.call("POST", f"orders/{order['id']}/{what}s", {what: wanted})


def money_of(shop, order):
    found = shop.ok("GET", f"orders/{order['id']}")
    return found["financial_status"], found["total_outstanding"], found["current_total_price"]


def test_an_authorization_is_captured_bit_by_bit(shop, authorized):
    place = f"orders/{authorized['id']}/transactions"
    first = shop.ok("POST", place, {"transaction": {"kind": "capture", "amount": "56.90"}})
    assert (first["parent_id"], first["gateway"], first["amount"]) == (
        shop.ok("GET", place)[0]["id"],
        "bogus",
        "56.90",
    )
    assert first["total_unsettled_set"]["shop_money"] == {"amount": "200.0", "currency": "USD"}
    assert money_of(shop, authorized) == ("partially_paid", "0.00", "256.90")

    rest = shop.ok("POST", place, {"transaction": {"kind": "capture"}})
    assert (rest["amount"], money_of(shop, authorized)) == ("200.00", ("paid", "0.00", "256.90"))
    assert [one["kind"] for one in shop.ok("GET", place)] == ["authorization", "capture", "capture"]
    assert shop.ok("GET", f"{place}/count") == 3
    assert shop.ok("GET", place, params={"since_id": first["id"]}) == [rest]


def test_an_authorization_is_voided(shop, authorized):
    voided = post(shop, authorized, "transaction", {"kind": "void"}).json()["transaction"]

    assert (voided["kind"], voided["amount"]) == ("void", "0.00")
    assert money_of(shop, authorized) == ("voided", "256.90", "256.90")


def test_a_pending_order_is_paid_by_sales(shop):
    order = shop.order(**SOLD, financial_status="pending")
    post(shop, order, "transaction", {"kind": "sale", "amount": "100.00", "gateway": "manual"})
    assert money_of(shop, order) == ("partially_paid", "156.90", "256.90")

    last = post(shop, order, "transaction", {"kind": "sale", "gateway": "manual"}).json()["transaction"]
    assert (last["amount"], last["manual_payment_gateway"]) == ("156.90", True)
    assert money_of(shop, order) == ("paid", "0.00", "256.90")


@pytest.mark.parametrize(
    ("wanted", "errors"),
    [
        ({}, {"kind": ["can't be blank"]}),
        ({"kind": "gift"}, {"transaction.kind": ["is not included in the list"]}),
        ({"kind": "sale"}, {"kind": ["sale is not a valid transaction"]}),
        ({"kind": "capture"}, {"kind": ["capture is not a valid transaction"]}),
        ({"kind": "void", "parent_id": 1}, {"kind": ["void is not a valid transaction"]}),
        (
            {"kind": "refund", "amount": "300.00"},
            {"base": ["Refund amount $300.00 is greater than net payment received $256.90"]},
        ),
    ],
)
def test_a_transaction_that_cannot_be_is_refused_and_nothing_is_stored(shop, order, wanted, errors):
    response = post(shop, order, "transaction", {**wanted, "note": "x"})

    assert (response.status_code, response.json()) == (422, {"errors": errors})
    assert shop.ok("GET", f"orders/{order['id']}/transactions/count") == 1


def test_no_more_than_the_authorization_is_captured(shop, authorized):
    assert post(shop, authorized, "transaction", {"kind": "capture", "amount": "256.91"}).status_code == 422


def test_a_line_that_is_refunded_leaves_the_current_sums(shop, order):
    socks = order["line_items"][1]
    made = post(
        shop,
        order,
        "refund",
        {
            "note": "too small",
            "refund_line_items": [{"line_item_id": socks["id"], "quantity": 1, "restock_type": "return"}],
            "transactions": [{"amount": "11.00", "kind": "refund"}],
        },
    ).json()["refund"]

    (line,) = made["refund_line_items"]
    assert (line["subtotal"], line["total_tax"], line["quantity"]) == (10.0, 1.0, 1)
    assert (made["note"], made["restock"], made["order_adjustments"]) == ("too small", True, [])
    assert [(one["kind"], one["amount"]) for one in made["transactions"]] == [("refund", "11.00")]
    after = shop.ok("GET", f"orders/{order['id']}")
    assert [one["current_quantity"] for one in after["line_items"]] == [1, 2]
    current = ("current_subtotal_price", "current_total_tax", "current_total_price")
    assert [after[name] for name in current] == ["219.00", "21.90", "245.90"]
    assert (after["subtotal_price"], after["total_price"]) == (order["subtotal_price"], order["total_price"])
    assert (after["financial_status"], after["total_outstanding"]) == ("partially_refunded", "0.00")
    assert [one["id"] for one in after["refunds"]] == [made["id"]]
    assert shop.ok("GET", f"orders/{order['id']}/refunds") == [made]
    assert shop.ok("GET", f"orders/{order['id']}/refunds/{made['id']}") == made


def test_the_pieces_of_a_line_are_worth_the_line(shop):
    order = shop.order(
        line_items=[{"title": "Third", "price": "10.00", "quantity": 3}],
        discount_codes=[{"code": "TEN", "amount": "10.00", "type": "fixed_amount"}],
        transactions=[{"kind": "sale", "amount": "20.00"}],
    )
    line = order["line_items"][0]["id"]
    pieces = [{"refund_line_items": [{"line_item_id": line, "quantity": 1}]} for _ in range(3)]
    worth = [post(shop, order, "refund", one).json()["refund"]["refund_line_items"][0]["subtotal"] for one in pieces]

    assert worth == [6.66, 6.67, 6.67]
    assert shop.ok("GET", f"orders/{order['id']}")["current_total_price"] == "0.00"


def test_all_that_was_paid_can_be_refunded_and_no_more(shop, order):
    lines = [{"line_item_id": one["id"], "quantity": one["quantity"]} for one in order["line_items"]]
    wanted = {"refund_line_items": lines, "shipping": {"full_refund": True}}
    suggested = shop.ok("POST", f"orders/{order['id']}/refunds/calculate", {"refund": wanted})
    assert [(one["kind"], one["amount"]) for one in suggested["transactions"]] == [("suggested_refund", "256.90")]
    assert suggested["shipping"] == {"amount": "5.00", "tax": "0.00", "maximum_refundable": "5.00"}
    assert shop.ok("GET", f"orders/{order['id']}/refunds") == []

    made = post(shop, order, "refund", wanted | {"transactions": suggested["transactions"]}).json()["refund"]
    assert [(one["kind"], one["amount"]) for one in made["order_adjustments"]] == [("shipping_refund", "-5.00")]
    assert money_of(shop, order) == ("refunded", "0.00", "0.00")
    assert [one["total_spent"] for one in shop.ok("GET", "customers")] == ["0.00"]

    again = post(shop, order, "refund", {"refund_line_items": lines[:1]})
    assert again.json() == {"errors": {"refund_line_items.quantity": ["cannot refund more items than were purchased"]}}
    shipping = post(shop, order, "refund", {"shipping": {"amount": "0.01"}})
    assert shipping.json() == {"errors": {"shipping.amount": ["must be less than or equal to 0.00"]}}


def test_money_that_differs_from_what_goes_back_is_a_discrepancy(shop, order):
    wanted = {"refund_line_items": [{"line_item_id": order["line_items"][0]["id"], "quantity": 1}]}
    made = post(shop, order, "refund", wanted | {"transactions": [{"amount": "100.00"}]}).json()["refund"]

    (adjustment,) = made["order_adjustments"]
    assert (adjustment["kind"], adjustment["amount"], adjustment["reason"]) == (
        "refund_discrepancy",
        "118.90",
        "Refund discrepancy",
    )
    assert shop.ok("GET", "customers")[0]["total_spent"] == "156.90"


def test_an_order_is_cancelled_with_all_that_is_left_of_it(shop, order):
    answer = shop.call("POST", f"orders/{order['id']}/cancel", {"amount": "256.90", "reason": "customer"}).json()

    cancelled = answer["order"]
    (refund,) = cancelled["refunds"]
    assert (refund["note"], refund["restock"]) == ("Order canceled", False)
    assert [one["quantity"] for one in refund["refund_line_items"]] == [1, 3]
    assert [one["amount"] for one in refund["transactions"]] == ["256.90"]
    assert (cancelled["financial_status"], cancelled["cancel_reason"]) == ("refunded", "customer")
    assert [one["current_quantity"] for one in cancelled["line_items"]] == [0, 0]


def test_more_than_was_paid_is_not_given_back_on_cancelling(shop, order):
    response = shop.call("POST", f"orders/{order['id']}/cancel", {"amount": "300.00"})

    assert response.json() == {
        "errors": {"base": ["Refund amount $300.00 is greater than net payment received $256.90"]}
    }
    assert shop.ok("GET", f"orders/{order['id']}")["cancelled_at"] is None


def test_what_is_authorized_is_voided_on_cancelling(shop, authorized):
    cancelled = shop.ok("POST", f"orders/{authorized['id']}/cancel")

    assert cancelled["financial_status"] == "voided"
    kinds = [one["kind"] for one in shop.ok("GET", f"orders/{authorized['id']}/transactions")]
    assert kinds == ["authorization", "void"]


def test_subscribers_hear_of_the_refund_and_of_the_order(shop, order):
    shop.subscribe("refunds/create", "orders/updated", "order_transactions/create", "orders/paid")
    made = post(shop, order, "refund", {"transactions": [{"amount": "1.00"}]}).json()["refund"]
    got = {one.topic: one.body for one in shop.deliver()}

    assert set(got) == {"refunds/create", "orders/updated", "order_transactions/create"}
    assert got["refunds/create"] == made
    assert (got["orders/updated"]["financial_status"], len(got["orders/updated"]["refunds"])) == (
        "partially_refunded",
        1,
    )
    assert got["order_transactions/create"]["amount"] == "1.00"


def test_graphql_tells_by_how_much_a_refund_pays_more_or_less_than_it_is_worth(shop):
    sale = {"kind": "sale", "status": "success", "amount": "20.00"}
    order = shop.order(line_items=[{"title": "Wax", "price": "20.00", "quantity": 1}], transactions=[sale])
    (paid,) = shop.ok("GET", f"orders/{order['id']}/transactions")
    money = {"transactions": [{"kind": "refund", "parent_id": paid["id"], "amount": "5.00"}]}
    asked = (
        f'{{ order(id: "gid://shopify/Order/{order["id"]}") {{ refundDiscrepancySet {{ shopMoney {{ amount }} }} }} }}'
    )

    before = shop.query(asked)["data"]["order"]
    shop.ok("POST", f"orders/{order['id']}/refunds", {"refund": money})
    after = shop.query(asked)["data"]["order"]

    assert ["0.0", "-5.0"] == [told["refundDiscrepancySet"]["shopMoney"]["amount"] for told in (before, after)]
