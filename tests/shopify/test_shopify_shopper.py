"""The shopper's side: carts, checkouts, what counts as abandoned; seeding and import."""

import json
import time

import pytest

from simulator.kernel.clock import MINUTE
from simulator.shopify.kinds import CUSTOMERS, ORDERS, PRODUCTS

ADDRESS = {"first_name": "Ada", "last_name": "Byron", "country": "US", "province": "NY"}


def a_cart(shop):
    variants = shop.product(variants=[{"option1": "A", "price": "10.00"}, {"option1": "B", "price": "5.00"}])[
        "variants"
    ]
    lines = [{"variant_id": variants[0]["id"], "quantity": 2}, {"variant_id": variants[1]["id"], "quantity": 1}]
    return shop.control("POST", "carts", {"line_items": lines})["cart"], lines


def a_checkout(shop, **fields):
    cart, _ = a_cart(shop)
    return shop.control("POST", f"carts/{cart['token']}/checkout", fields)["checkout"]


def listed(shop, **params):
    return [one["token"] for one in shop.ok("GET", "checkouts", params=params)]


def test_a_cart_is_filled_and_lines_are_removed_with_webhooks_that_know_no_customer(shop):
    shop.subscribe("carts/create", "carts/update")
    cart, lines = a_cart(shop)
    shop.control("PUT", f"carts/{cart['token']}", {"line_items": lines[:1]})
    created, updated = shop.deliver()

    assert (created.topic, updated.topic) == ("carts/create", "carts/update")
    assert [len(one.body["line_items"]) for one in (created, updated)] == [2, 1]
    assert created.body["id"] == created.body["token"] == cart["token"]
    assert set(created.body) == {"id", "token", "line_items", "note", "updated_at", "created_at"}
    assert created.body["line_items"][0]["line_price"] == "20.00"


def test_a_checkout_with_contact_is_abandoned_ten_minutes_after_its_last_update(shop):
    checkout = a_checkout(shop, email="ada@example.com")
    shop.clock.move_to(shop.clock.now() + 10 * MINUTE - 1)
    assert listed(shop) == []
    shop.clock.move_to(shop.clock.now() + 1)
    assert listed(shop) == [checkout["token"]]
    assert shop.ok("GET", "checkouts/count") == 1

    shop.control("PUT", f"checkouts/{checkout['token']}", {"note": "still here"})
    assert listed(shop) == []
    shop.clock.move_to(shop.clock.now() + 10 * MINUTE)
    assert listed(shop) == [checkout["token"]]


def test_a_checkout_without_contact_is_nobodys_and_never_listed(shop):
    checkout = a_checkout(shop)
    shop.clock.move_to(shop.clock.now() + 60 * MINUTE)
    assert (listed(shop), "customer" in checkout) == ([], False)

    shop.control("PUT", f"checkouts/{checkout['token']}", {"phone": "+15142546011"})
    shop.clock.move_to(shop.clock.now() + 10 * MINUTE)
    assert listed(shop) == [checkout["token"]]


def test_contact_information_makes_the_shopper_a_customer(shop):
    known = shop.customer(email="known@example.com")
    shop.subscribe("customers/create", "checkouts/create", "checkouts/update")
    first = a_checkout(shop, email="KNOWN@example.com")
    second = a_checkout(shop, email="new@example.com", shipping_address=ADDRESS)
    signed_in = a_checkout(shop, customer={"id": known["id"]})

    assert first["customer"]["id"] == known["id"]
    assert (second["customer"]["first_name"], second["customer"]["email"]) == ("Ada", "new@example.com")
    assert (signed_in["email"], signed_in["customer"]["id"]) == ("known@example.com", known["id"])
    topics = [one.topic for one in shop.deliver()]
    assert topics == ["checkouts/create", "customers/create", "checkouts/create", "checkouts/create"]


def test_a_checkouts_webhooks_lack_its_id_and_its_customer_is_reduced(shop):
    shop.subscribe("checkouts/create", "checkouts/update", "checkouts/delete")
    checkout = a_checkout(shop, email="ada@example.com")
    shop.control("PUT", f"checkouts/{checkout['token']}", {"line_items": [{"title": "C", "price": "1.00"}]})
    shop.control("DELETE", f"checkouts/{checkout['token']}")
    created, updated, deleted = (one.body for one in shop.deliver())

    assert set(created) == set(checkout) - {"id"}
    assert not {"tags", "email_marketing_consent", "addresses", "orders_count"} & set(created["customer"])
    assert (created["total_price"], updated["total_price"]) == ("25.00", "1.00")
    assert set(deleted) == {
        *("id", "presentment_currency", "buyer_accepts_sms_marketing", "sms_marketing_phone", "total_discounts"),
        *("total_line_items_price", "total_price", "total_tax", "subtotal_price", "cart_token", "total_duties"),
        "reservation_token",
    }


def test_a_completed_checkout_becomes_an_order_that_names_it(shop):
    shop.subscribe("orders/create", "orders/paid", "checkouts/update")
    checkout = a_checkout(shop, email="ada@example.com", shipping_address=ADDRESS, note="quick")
    shop.clock.move_to(shop.clock.now() + 20 * MINUTE)
    order = shop.control("POST", f"checkouts/{checkout['token']}/complete")["order"]

    assert (order["checkout_id"], order["checkout_token"]) == (checkout["id"], checkout["token"])
    assert (order["cart_token"], order["source_name"]) == (checkout["cart_token"], "web")
    assert (order["total_price"], order["email"], order["note"]) == ("25.00", "ada@example.com", "quick")
    assert (order["financial_status"], order["total_outstanding"]) == ("paid", "0.00")
    assert order["customer"]["id"] == checkout["customer"]["id"]
    assert [one.topic for one in shop.deliver()] == ["orders/create", "orders/paid", "checkouts/update"]
    assert (listed(shop), listed(shop, status="closed")) == ([], [checkout["token"]])
    assert shop.ok("GET", "checkouts", params={"status": "closed"})[0]["completed_at"] == order["created_at"]
    again = shop.session.post(
        f"http://127.0.0.1:5005/_sim/worlds/test/shopify/{shop.site.tenant}/checkouts/{checkout['token']}/complete",
        json={},
    )
    assert (again.status_code, again.json()) == (422, {"error": "checkout: has already been completed"})


def test_a_checkout_is_shown_whatever_its_state(shop):
    checkout = a_checkout(shop)

    assert shop.control("GET", f"checkouts/{checkout['token']}")["checkout"] == checkout


def test_what_is_not_there_is_said_so(shop):
    url = f"http://127.0.0.1:5005/_sim/worlds/test/shopify/{shop.site.tenant}"
    missing = shop.session.put(f"{url}/carts/none", json={})
    no_shop = shop.session.post("http://127.0.0.1:5005/_sim/worlds/test/shopify/none.myshopify.com/carts", json={})

    assert (missing.status_code, missing.json()) == (404, {"error": "not found: carts none"})
    assert (no_shop.status_code, no_shop.json()) == (404, {"error": "there is no shop 'none.myshopify.com'"})


@pytest.mark.parametrize("junk", [[], {}, [{}], "x", -1, None, True])
def test_nonsense_is_refused_and_never_a_crash(shop, junk):
    checkout = a_checkout(shop, email="ada@example.com")
    url = f"http://127.0.0.1:5005/_sim/worlds/test/shopify/{shop.site.tenant}"
    answers = [
        shop.session.post(f"{url}/carts", json={"line_items": junk}),
        shop.session.put(f"{url}/checkouts/{checkout['token']}", json={"customer": junk, "email": junk}),
        shop.session.put(f"{url}/checkouts/{checkout['token']}", json={"shipping_address": junk}),
        shop.session.post(f"{url}/checkouts/{checkout['token']}/complete", json={"financial_status": junk}),
        shop.session.post(f"{url}/import/products", json={"products": junk}),
        shop.session.post(f"{url}/carts", json=junk),
    ]

    assert max(answer.status_code for answer in answers) < 500


# --- seeding ---


def test_a_seeded_shop_has_a_plausible_past_and_told_nobody(shop):
    shop.subscribe("orders/create", "customers/create", "products/create", "checkouts/create")
    began = time.process_time()
    answer = shop.control("POST", "seed", {"products": 60, "customers": 300, "orders": 400, "checkouts": 40})
    took = time.process_time() - began

    assert answer == {"seeded": {"products": 60, "customers": 300, "orders": 400, "checkouts": 40}}
    assert took < 4  # of this process alone: others may keep the machine busy
    assert shop.outbox.waiting() == []
    customers, orders = shop.site.find(CUSTOMERS.resource), shop.site.find(ORDERS.resource)
    assert 10 <= len([one for one in customers if not one["email"]]) <= 60
    assert {one["financial_status"] for one in orders} >= {"paid", "pending", "authorized"}
    assert {one["fulfillment_status"] for one in orders} == {None, "fulfilled"}
    assert any(one["cancelled_at_ms"] for one in orders)
    assert any(one["customer_id"] is None for one in orders)
    nameless = {one["id"] for one in customers if not one["email"]}
    assert any(one["customer_id"] in nameless for one in orders)
    assert all(one["created_at_ms"] < shop.clock.now() for one in (*customers, *orders))
    assert {len(one["variants"]) for one in shop.site.find(PRODUCTS.resource)} == {1, 2, 3, 4}
    assert shop.ok("GET", "checkouts/count") == 40


def test_one_seed_makes_one_shop(open_harness):
    def seeded(seed):
        shop = open_harness(seed=seed)
        shop.control("POST", "seed", {"products": 5, "customers": 9, "orders": 9, "checkouts": 3})
        return json.dumps(shop.simulation.store.dump("shopify", shop.site.tenant))

    assert seeded(7) == seeded(7)
    assert seeded(7) != seeded(8)


@pytest.mark.parametrize("wanted", [{"shoes": 1}, {"products": -1}, {"orders": "many"}, {"days": 10**9}])
def test_a_seeding_that_cannot_be_is_refused(shop, wanted):
    response = shop.session.post(f"http://127.0.0.1:5005/_sim/worlds/test/shopify/{shop.site.tenant}/seed", json=wanted)

    assert response.status_code == 400
    assert shop.site.count(PRODUCTS.resource) == 0


# --- import ---


def test_an_import_is_all_or_nothing_with_the_rules_and_webhooks_of_the_api(shop):
    shop.subscribe("products/create")
    good = [{"title": "A"}, {"title": "B", "handle": "bee"}]
    url = f"http://127.0.0.1:5005/_sim/worlds/test/shopify/{shop.site.tenant}/import/products"
    refused = shop.session.post(url, json={"products": [*good, {"title": ""}]})

    assert (refused.status_code, refused.json()) == (422, {"error": "products[2] '' title: can't be blank"})
    assert (shop.site.count(PRODUCTS.resource), shop.outbox.waiting()) == (0, [])
    assert shop.control("POST", "import/products", {"products": good}) == {"products": 2}
    got = shop.deliver()
    assert [one.body["handle"] for one in got] == ["a", "bee"]
    assert len({one.headers["X_SHOPIFY_EVENT_ID"] for one in got}) == 2
