"""Orders made over the API: sums, customers, filters, changes, endings."""

import pytest

from simulator import shopify

NEW_YORK = {
    "first_name": "Jane",
    "last_name": "Smith",
    "address1": "123 Fake Street",
    "province": "NY",
    "country": "US",
}
JOHN = {"first_name": "John", "last_name": "Smith", "address1": "1 Main St", "country": "Canada", "province": "Ontario"}


def test_orders_are_numbered_from_1001(shop):
    first, second = shop.order(), shop.order()

    assert [(one["name"], one["order_number"], one["number"]) for one in (first, second)] == [
        ("#1001", 1001, 1),
        ("#1002", 1002, 2),
    ]


def test_the_recorded_order_with_taxes_adds_up_as_recorded(shop):
    lines = [
        {"title": "Red Leather Coat", "price": 129.99, "grams": "1700", "quantity": 1},
        {"title": "Blue Suede Shoes", "price": 85.95, "grams": "750", "quantity": 1, "taxable": False},
        {"title": "Raspberry Beret", "price": 19.99, "grams": "320", "quantity": 2},
    ]
    taxes = [{"price": 10.2, "rate": 0.06, "title": "State tax"}, {"price": 4.25, "rate": 0.025, "title": "County tax"}]
    made = shop.order(line_items=lines, tax_lines=taxes, total_tax=14.45)

    sums = ("subtotal_price", "total_tax", "total_price", "total_line_items_price", "total_outstanding")
    assert [made[name] for name in sums] == ["255.92", "14.45", "270.37", "255.92", "270.37"]
    assert (made["financial_status"], made["email"], made["contact_email"], made["customer"]) == (
        "paid",
        "",
        None,
        None,
    )
    shares = [[tax["price"] for tax in line["tax_lines"]] for line in made["line_items"]]
    assert shares == [["7.81", "3.26"], [], ["2.39", "0.99"]]


def test_the_recorded_order_with_a_discount_adds_up_as_recorded(shop):
    variant = shop.product(title="IPod Touch", variants=[{"option1": "Black", "price": "199.00", "sku": "IPOD"}])
    made = shop.order(
        line_items=[{"variant_id": variant["variants"][0]["id"], "quantity": 1}],
        email="jane@example.com",
        phone="18885551234",
        billing_address=JOHN,
        shipping_address=NEW_YORK,
        transactions=[{"kind": "sale", "status": "success", "amount": 50.0}],
        financial_status="paid",
        discount_codes=[{"code": "FAKE30", "amount": "9.00", "type": "percentage"}],
    )

    sums = ("subtotal_price", "total_discounts", "total_price", "total_outstanding")
    assert [made[name] for name in sums] == ["181.09", "17.91", "181.09", "131.09"]
    assert made["discount_codes"] == [{"code": "FAKE30", "amount": "17.91", "type": "percentage"}]
    assert made["line_items"][0]["discount_allocations"][0]["amount"] == "17.91"
    assert (made["line_items"][0]["name"], made["line_items"][0]["sku"]) == ("IPod Touch - Black", "IPOD")
    assert (made["phone"], made["payment_gateway_names"]) == ("+18885551234", [""])
    customer = made["customer"]
    assert (customer["first_name"], customer["last_name"], customer["phone"]) == ("John", "Smith", None)
    assert customer["default_address"]["name"] == "Jane Smith"


def test_every_sum_stands_beside_its_set(shop):
    made = shop.order(line_items=[{"title": "A", "price": "1.10", "quantity": 3}], currency="EUR")

    money = {"amount": "3.30", "currency_code": "EUR"}
    assert made["total_price_set"] == {"shop_money": money, "presentment_money": money}
    assert (made["total_price"], made["currency"], made["presentment_currency"]) == ("3.30", "EUR", "EUR")


def test_shipping_and_fixed_discounts_and_included_taxes_count(shop):
    made = shop.order(
        line_items=[{"title": "A", "price": "11.90", "quantity": 1}],
        shipping_lines=[{"title": "Standard", "price": "4.90"}],
        tax_lines=[{"price": "1.90", "rate": 0.19, "title": "VAT"}],
        taxes_included=True,
        discount_codes=[
            {"code": "FIVE", "amount": "5.00", "type": "fixed_amount"},
            {"code": "FREESHIP", "amount": "9.00", "type": "shipping"},
        ],
    )

    sums = ("subtotal_price", "total_discounts", "total_tax", "total_price")
    assert [made[name] for name in sums] == ["6.90", "9.90", "1.90", "6.90"]


@pytest.mark.parametrize(
    ("transactions", "status"),
    [
        ([{"kind": "sale", "amount": 10}], "paid"),
        ([{"kind": "sale", "amount": 4}], "partially_paid"),
        ([{"kind": "authorization", "amount": 10}], "authorized"),
        ([{"kind": "sale", "status": "failure", "amount": 10}], "pending"),
        ([], "paid"),
    ],
)
def test_the_financial_status_follows_from_the_transactions(shop, transactions, status):
    assert shop.order(transactions=transactions)["financial_status"] == status


def test_an_order_finds_its_customer_by_email_or_makes_one(shop):
    known = shop.customer(email="Known@Example.com")

    found = shop.order(email="known@example.com")
    made = shop.order(customer={"first_name": "Paul", "email": "new@example.com"})
    nobody = shop.order()

    assert found["customer"]["id"] == known["id"]
    assert (made["customer"]["first_name"], made["email"]) == ("Paul", "new@example.com")
    assert nobody["customer"] is None
    assert shop.ok("GET", "customers/count") == 2


def test_a_customer_without_email_can_order(shop):
    buyer = shop.customer(phone="+15142546011")
    made = shop.order(customer={"id": buyer["id"]})

    assert (made["email"], made["contact_email"], made["customer"]["email"]) == ("", None, None)


def test_the_customer_in_an_order_is_reduced_and_always_the_present_one(shop):
    buyer = shop.customer(email="a@example.com", tags="vip")
    order = shop.order(customer={"id": buyer["id"]})
    shop.ok("PUT", f"customers/{buyer['id']}", {"customer": {"last_name": "Changed"}})

    inside = shop.ok("GET", f"orders/{order['id']}")["customer"]
    assert (inside["last_name"], inside["tags"]) == ("Changed", "vip")
    assert not {"addresses", "orders_count", "total_spent", "last_order_id", "last_order_name"} & set(inside)


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"line_items": []}, "line_items"),
        ({"line_items": [{"quantity": 1, "price": "1"}]}, "line_items"),
        ({"line_items": [{"title": "A", "quantity": 0}]}, "line_items"),
        ({"line_items": [{"variant_id": 1, "quantity": 1}]}, "line_items"),
        ({"line_items": [{"title": "A"}], "financial_status": "rich"}, "financial_status"),
        ({"line_items": [{"title": "A"}], "email": "no address"}, "email"),
        ({"line_items": [{"title": "A"}], "customer": {"id": 1}}, "customer"),
    ],
)
def test_an_order_that_breaks_a_rule_is_refused_and_nothing_of_it_is_stored(shop, wanted, field):
    response = shop.call(
        "POST", "orders", {"order": wanted | {"customer": wanted.get("customer", {"email": "x@y.zz"})}}
    )

    assert response.status_code == 422
    assert list(response.json()["errors"]) == [field]
    assert [shop.ok("GET", f"{what}/count") for what in ("orders", "customers", "events")] == [0, 0, 0]


def test_a_fulfilled_order_has_its_fulfillment(shop):
    made = shop.order(fulfillment_status="fulfilled")

    assert (made["fulfillment_status"], made["closed_at"]) == ("fulfilled", None)
    line = made["line_items"][0]
    assert (line["fulfillment_status"], line["fulfillable_quantity"], line["current_quantity"]) == ("fulfilled", 0, 1)
    assert [(one["name"], one["status"]) for one in made["fulfillments"]] == [("#1001.1", "success")]


def test_a_put_changes_what_it_may_and_passes_over_the_rest(shop):
    order = shop.order(email="a@example.com", shipping_address=NEW_YORK)
    shop.clock.move_to(shop.clock.now() + 1_000)
    wanted = {
        "note": "engraved",
        "email": "b@example.com",
        "phone": "+15145556677",
        "tags": "z, a",
        "note_attributes": [{"name": "colour", "value": "red"}],
        "buyer_accepts_marketing": True,
        "shipping_address": {"city": "Shipsville"},
        "total_price": "0.01",
        "line_items": [],
    }
    changed = shop.ok("PUT", f"orders/{order['id']}", {"order": wanted})

    assert (changed["note"], changed["tags"], changed["phone"]) == ("engraved", "a, z", "+15145556677")
    assert (changed["email"], changed["contact_email"]) == ("b@example.com", "b@example.com")
    assert (changed["total_price"], changed["line_items"]) == (order["total_price"], order["line_items"])
    assert (changed["shipping_address"]["city"], changed["shipping_address"]["address1"]) == (
        "Shipsville",
        "123 Fake Street",
    )
    assert changed["updated_at"] == "2026-11-02T07:00:01-05:00"


def test_a_customer_can_be_detached_from_an_order(shop):
    order = shop.order(email="a@example.com")
    changed = shop.ok("PUT", f"orders/{order['id']}", {"order": {"customer": None}})

    assert changed["customer"] is None
    assert [one["orders_count"] for one in shop.ok("GET", "customers")] == [0]


def test_an_order_is_cancelled_once_with_a_notice(shop):
    order = shop.order(financial_status="pending")
    answer = shop.call("POST", f"orders/{order['id']}/cancel", {"reason": "fraud"}).json()
    again = shop.call("POST", f"orders/{order['id']}/cancel")

    assert answer["notice"] == "Order has been canceled"
    cancelled = answer["order"]
    assert (cancelled["cancel_reason"], cancelled["financial_status"], cancelled["closed_at"]) == (
        "fraud",
        "voided",
        None,
    )
    assert cancelled["cancelled_at"] == "2026-11-02T07:00:00-05:00"
    assert again.json() == {"errors": {"base": ["Cannot cancel an order that has already been canceled"]}}


def test_an_order_is_closed_and_opened_again(shop):
    order = shop.order()
    closed = shop.ok("POST", f"orders/{order['id']}/close")
    opened = shop.ok("POST", f"orders/{order['id']}/open")

    assert (closed["closed_at"], opened["closed_at"]) == ("2026-11-02T07:00:00-05:00", None)


def test_lists_are_of_open_orders_the_newest_first_unless_asked_otherwise(shop):
    open_, closed, cancelled = (shop.order()["id"] for _ in range(3))
    shop.ok("POST", f"orders/{closed}/close")
    shop.ok("POST", f"orders/{cancelled}/cancel")

    def ids(**params):
        return [one["id"] for one in shop.ok("GET", "orders", params=params)]

    assert ids() == [open_]
    assert ids(status="closed") == [closed]
    assert ids(status="cancelled") == [cancelled]
    assert ids(status="any") == [cancelled, closed, open_]
    assert ids(status="any", since_id=open_) == [closed, cancelled]
    assert ids(status="any", order="created_at asc") == [open_, closed, cancelled]
    assert ids(status="any", ids=f"{open_},{closed}") == [closed, open_]
    assert ids(status="any", name="#1002") == [closed]
    assert shop.ok("GET", "orders/count", params={"status": "any"}) == 3
    assert shop.ok("GET", "orders/count") == 1


def test_orders_are_filtered_by_their_two_statuses(shop):
    paid = shop.order(fulfillment_status="fulfilled")["id"]
    pending = shop.order(financial_status="pending")["id"]
    partly = shop.order(financial_status="partially_paid", fulfillment_status="partial")["id"]

    def ids(**params):
        return sorted(one["id"] for one in shop.ok("GET", "orders", params=params))

    assert ids(financial_status="paid") == [paid]
    assert ids(financial_status="pending") == [pending]
    assert ids(financial_status="unpaid") == [partly]
    assert ids(financial_status="any") == [paid, pending, partly]
    assert ids(fulfillment_status="shipped") == [paid]
    assert ids(fulfillment_status="unshipped") == [pending]
    assert ids(fulfillment_status="partial") == [partly]
    assert ids(fulfillment_status="unfulfilled") == [pending, partly]
    assert shop.call("GET", "orders", params={"financial_status": "rich"}).status_code == 400


def test_bounds_of_time_count_themselves(shop):
    early = shop.order()["id"]
    shop.clock.move_to(shop.clock.now() + 1_000)
    late = shop.order()["id"]

    def ids(**params):
        return sorted(one["id"] for one in shop.ok("GET", "orders", params=params))

    assert ids(updated_at_min="2026-11-02T12:00:01Z") == [late]
    assert ids(updated_at_min="2026-11-02T12:00:00+00:00") == [early, late]
    assert ids(created_at_max="2026-11-02T07:00:00-05:00") == [early]
    assert ids(created_at_min="2026-11-02 07:00:01") == [late]  # without an offset it is the shop's own time
    assert ids(processed_at_min="2026-11-02T12:00:01Z", processed_at_max="2026-11-02T12:00:01Z") == [late]
    assert shop.call("GET", "orders", params={"created_at_min": "yesterday"}).status_code == 400


def test_orders_older_than_sixty_days_ask_for_a_scope_of_their_own(shop):

    old = shop.order()["id"]
    shop.clock.move_to(shop.clock.now() + 61 * 24 * 3_600_000)
    recent = shop.order()["id"]
    assert len(shop.ok("GET", "orders")) == 2

    shop.token = shopify.install(shop.simulation, shop.site.tenant, "narrow", ["read_orders"]).token
    assert [one["id"] for one in shop.ok("GET", "orders")] == [recent]
    assert shop.call("GET", f"orders/{old}").status_code == 404


def test_a_customers_orders_are_listed(shop):
    buyer = shop.customer(email="a@example.com")
    mine = shop.order(customer={"id": buyer["id"]})["id"]
    shop.order()

    assert [one["id"] for one in shop.ok("GET", f"customers/{buyer['id']}/orders")] == [mine]
    assert shop.call("GET", "customers/1/orders").status_code == 404


def test_deleting_an_order_leaves_an_event(shop):
    order = shop.order(customer={"first_name": "Ada", "email": "ada@example.com"})
    shop.ok("DELETE", f"orders/{order['id']}")

    events = shop.ok("GET", "events", params={"filter": "Order"})
    assert [(one["verb"], one["arguments"]) for one in events] == [
        ("confirmed", ["#1001", "Ada"]),
        ("destroy", ["#1001"]),
    ]
    assert shop.ok("GET", "events/count", params={"filter": "Order", "verb": "destroy"}) == 1
    assert shop.ok("GET", f"events/{events[1]['id']}") == events[1]
    assert shop.call("GET", f"orders/{order['id']}").status_code == 404


def test_an_order_bears_the_app_that_made_it(shop):
    made = shop.order()
    named = shop.order(source_name="my-pos")
    reserved = shop.order(source_name="web")

    assert made["source_name"] == str(made["app_id"]) == reserved["source_name"]
    assert named["source_name"] == "my-pos"


def test_an_orders_events_tell_its_life(shop):
    paid = [{"kind": "authorization", "amount": "10.00", "gateway": "bogus"}]
    order = shop.order(customer={"first_name": "Bob", "last_name": "Norman"}, transactions=paid)
    path = f"orders/{order['id']}"
    for what in ("close", "close", "open", "cancel"):
        shop.ok("POST", f"{path}/{what}")

    events = shop.ok("GET", f"{path}/events")
    transaction = shop.ok("GET", f"{path}/transactions")[0]
    assert [(one["verb"], one["arguments"]) for one in events] == [
        ("confirmed", ["#1001", "Bob Norman"]),
        ("authorization_success", [str(transaction["id"]), "10.00", "USD"]),
        ("closed", []),
        ("re_opened", []),
        ("cancelled", []),
    ]
    assert events[0]["description"] == "Received new order #1001 by Bob Norman."
    assert f'admin/orders/{order["id"]}">#1001</a>' in events[0]["message"]


def test_orders_are_listed_by_the_app_that_made_them(shop):
    mine = shop.order()
    shop.control("POST", "seed", {"orders": 2, "days": 1})

    listed = shop.ok("GET", "orders", params={"status": "any", "attribution_app_id": "current"})
    by_number = shop.ok("GET", "orders/count", params={"status": "any", "attribution_app_id": mine["app_id"]})
    assert ([one["id"] for one in listed], by_number) == ([mine["id"]], 1)


def test_dates_are_in_the_shops_time_on_both_sides_of_the_end_of_summer(shop):
    before_and_after = ("2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z")  # 01:30 twice in New York
    made = [shop.order(processed_at=moment)["processed_at"] for moment in before_and_after]

    assert made == ["2026-11-01T01:30:00-04:00", "2026-11-01T01:30:00-05:00"]
    found = shop.ok("GET", "orders", params={"processed_at_min": "2026-11-01T01:30:00-05:00"})
    assert [one["processed_at"] for one in found] == made[1:]
