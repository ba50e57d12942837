"""Draft orders: put together, discounted, invoiced, completed into orders."""

import pytest

LINES = [{"title": "Coat", "price": "90.00", "quantity": 1}, {"title": "Socks", "price": "10.00", "quantity": 3}]
TENTH = {"value": "10.0", "value_type": "percentage", "title": "Friends"}
HOME = {"address1": "1 Main St", "city": "Louisville", "province": "KY", "country": "US"}


def draft(shop, **fields):
    return shop.ok("POST", "draft_orders", {"draft_order": {"line_items": LINES} | fields})


def test_a_draft_has_a_name_and_sums_of_its_own(shop):
    made = draft(shop, shipping_line={"title": "Parcel", "price": "5.00"}, applied_discount=TENTH)

    assert (made["name"], made["status"], made["order_id"]) == ("#D1", "open", None)
    assert [made[name] for name in ("subtotal_price", "total_tax", "total_price")] == ["108.00", "0.00", "113.00"]
    assert made["applied_discount"] == {
        "description": None, "value": "10.0", "title": "Friends", "amount": "12.00", "value_type": "percentage"
    }  # fmt: skip
    assert shop.ok("GET", "orders/count") == 0


def test_the_customer_lends_address_and_email(shop):
    buyer = shop.customer(email="ann@example.com", addresses=[HOME])
    made = draft(shop, customer={"id": buyer["id"]}, use_customer_default_address=True)

    assert (made["email"], made["customer"]["id"]) == ("ann@example.com", buyer["id"])
    assert (made["shipping_address"]["province"], made["billing_address"]["city"]) == ("Kentucky", "Louisville")


@pytest.mark.parametrize(("pending", "status", "outstanding"), [(False, "paid", "0.00"), (True, "pending", "113.00")])
def test_a_completed_draft_is_an_order(shop, pending, status, outstanding):
    buyer = shop.customer(email="ann@example.com")
    made = draft(
        shop, customer={"id": buyer["id"]}, note="by phone", applied_discount=TENTH,
        shipping_line={"title": "Parcel", "price": "5.00"},
    )  # fmt: skip
    done = shop.ok("PUT", f"draft_orders/{made['id']}/complete", params={"payment_pending": str(pending).lower()})

    assert (done["status"], done["completed_at"]) == ("completed", "2026-11-02T07:00:00-05:00")
    order = shop.ok("GET", f"orders/{done['order_id']}")
    assert (order["financial_status"], order["total_outstanding"]) == (status, outstanding)
    assert (order["total_price"], order["total_discounts"], order["discount_codes"]) == ("113.00", "12.00", [])
    assert (order["source_name"], order["note"], order["email"]) == (
        "shopify_draft_order",
        "by phone",
        "ann@example.com",
    )
    again = shop.call("PUT", f"draft_orders/{made['id']}", {"draft_order": {"note": "late"}})
    assert again.status_code == 422


def test_a_discount_of_one_line_stays_with_it(shop):
    lines = [LINES[0] | {"applied_discount": {"value": "9.00", "value_type": "fixed_amount"}}, LINES[1]]
    made = draft(shop, line_items=lines)
    done = shop.ok("PUT", f"draft_orders/{made['id']}/complete")
    order = shop.ok("GET", f"orders/{done['order_id']}")

    given = [[one["amount"] for one in line["discount_allocations"]] for line in order["line_items"]]
    assert (made["total_price"], order["total_price"], given) == ("111.00", "111.00", [["9.00"], []])


def test_an_invoice_is_sent_to_the_draft_s_address_unless_told_otherwise(shop):
    made = draft(shop, email="ann@example.com")
    sent = shop.ok("POST", f"draft_orders/{made['id']}/send_invoice", {"draft_order_invoice": {}})

    assert (sent["to"], sent["subject"], sent["bcc"]) == ("ann@example.com", "Draft Order #D1", [])
    after = shop.ok("GET", f"draft_orders/{made['id']}")
    assert (after["status"], after["invoice_sent_at"]) == ("invoice_sent", "2026-11-02T07:00:00-05:00")
    nobody = shop.call("POST", f"draft_orders/{draft(shop)['id']}/send_invoice", {"draft_order_invoice": {}})
    assert nobody.json() == {"errors": {"to": ["can't be blank"]}}


def test_drafts_are_listed_changed_and_deleted_with_webhooks(shop):
    shop.subscribe("draft_orders/create", "draft_orders/update", "draft_orders/delete", "orders/create")
    first, second = draft(shop), draft(shop)
    shop.ok("PUT", f"draft_orders/{first['id']}", {"draft_order": {"line_items": LINES[:1], "note": "less"}})
    shop.ok("PUT", f"draft_orders/{second['id']}/complete")

    assert [one["total_price"] for one in shop.ok("GET", "draft_orders", params={"status": "open"})] == ["90.00"]
    assert shop.ok("GET", "draft_orders/count") == 2
    shop.ok("DELETE", f"draft_orders/{first['id']}")
    assert sorted(one.topic for one in shop.deliver()) == [
        *["draft_orders/create"] * 2,
        "draft_orders/delete",
        *["draft_orders/update"] * 2,
        "orders/create",
    ]


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"note": "x"}, "line_items"),
        ({"line_items": []}, "line_items"),
        ({"line_items": LINES, "applied_discount": {"value_type": "odd"}}, "applied_discount.value_type"),
        ({"line_items": LINES, "shipping_line": {"price": "1.00"}}, "shipping_line.title"),
        ({"line_items": LINES, "customer": {"id": 1}}, "customer"),
    ],
)
def test_a_draft_that_breaks_a_rule_is_refused(shop, wanted, field):
    response = shop.call("POST", "draft_orders", {"draft_order": wanted})

    assert (response.status_code, list(response.json()["errors"])) == (422, [field])
    assert shop.ok("GET", "draft_orders/count") == 0
