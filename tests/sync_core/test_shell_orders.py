"""Orders and the checkouts that they were, in every order of arrival: one deal, and none too many (I2, A27)."""

from __future__ import annotations

import pytest
from shell_bench import MINUTE, Bench, signed


@pytest.fixture
def deals():
    made = Bench(calm=True)
    made.until_live()
    yield made
    made.close()


@pytest.fixture
def orders():
    made = Bench("data-sync", calm=True)
    made.until_live()
    yield made
    made.close()


def settle(bench: Bench, for_ms: int = 3 * MINUTE) -> None:
    bench.run(for_ms)
    assert bench.core.pending() is None


def checkout(bench: Bench, **contact) -> str:
    cart = bench.shopper("POST", "carts", {"line_items": [{"title": "Mug", "price": "3.00", "quantity": 1}]})["cart"]
    return bench.shopper("POST", f"carts/{cart['token']}/checkout", contact)["checkout"]["token"]


def complete(bench: Bench, token: str, **how) -> dict:
    return bench.shopper("POST", f"checkouts/{token}/complete", how)["order"]


def shown(bench: Bench, token: str, **changes) -> dict:
    """The checkout as a webhook of another moment would show it."""
    found = bench.shopper("GET", f"checkouts/{token}")["checkout"] | changes
    return {name: value for name, value in found.items() if name != "id"}


def stages(bench: Bench) -> list[str]:
    return [deal["properties"]["dealstage"] or "" for deal in bench.records("deals", "dealstage")]


def standing(bench: Bench, kind: str, id) -> tuple[str, str]:
    found = bench.core.explain(kind, str(id))["standing"]
    return found["status"], found["reason"]


LATER = "2030-01-01T00:00:00Z"


def test_A27_a_checkout_that_is_updated_after_its_order_was_deleted_brings_no_deal_back(deals):
    token = checkout(deals, email="ann@example.com")
    settle(deals, 15 * MINUTE)
    made = complete(deals, token)
    settle(deals)
    assert ["processed"] == stages(deals)
    deals.shop("DELETE", f"orders/{made['id']}.json")
    settle(deals)
    signed(deals, "checkouts/update", shown(deals, token, updated_at=LATER))
    signed(deals, "checkouts/update", shown(deals, token, updated_at=LATER, completed_at=None))
    settle(deals, 20 * MINUTE)

    assert ([], []) == (deals.records("deals"), deals.records("line_items"))
    assert ("excluded", "became_order") == standing(deals, "checkout", token)


def test_A27_an_order_that_is_deleted_before_anybody_decided_on_it_takes_its_checkouts_deal_away(deals):
    token = checkout(deals, email="ann@example.com")
    settle(deals)
    assert ["checkout_pending"] == stages(deals)
    made = complete(deals, token)
    assert 200 == signed(deals, "orders/create", made).status_code
    assert 200 == signed(deals, "orders/delete", {"id": made["id"]}).status_code
    deals.shop("DELETE", f"orders/{made['id']}.json")
    settle(deals)

    assert ([], []) == (deals.records("deals"), deals.records("line_items"))


def test_A27_an_update_that_comes_after_the_deletion_brings_nothing_back(deals):
    made = complete(deals, checkout(deals, email="ann@example.com"))
    settle(deals)
    deals.shop("DELETE", f"orders/{made['id']}.json")
    settle(deals)
    for topic in ("orders/updated", "orders/create"):
        assert 200 == signed(deals, topic, made | {"updated_at": LATER}).status_code
    settle(deals)

    assert [] == deals.records("deals")
    assert ("excluded", "deleted_in_shopify") == standing(deals, "order", made["id"])


@pytest.mark.slow
def test_I8_a_cart_whose_order_is_a_test_is_recovered_and_waits_for_nothing(orders):
    token = checkout(orders, email="ann@example.com")
    settle(orders, 15 * MINUTE)
    made = complete(orders, token, test=True)
    settle(orders)

    assert ("excluded", "test_order") == standing(orders, "order", made["id"])
    assert ("in_sync", "") == standing(orders, "checkout", token)
    assert ["recovered"] == [
        cart["properties"]["hs_external_status"] for cart in orders.records("carts", "hs_external_status")
    ]


@pytest.mark.slow
def test_a_cart_whose_order_hubspot_refuses_is_associated_once_it_takes_it(orders):
    token = checkout(orders, email="ann@example.com")
    settle(orders, 15 * MINUTE)
    made = complete(orders, token)
    settled = orders.shop("GET", f"orders/{made['id']}.json")["order"]
    signed(orders, "orders/updated", settled | {"updated_at": LATER, "currency": "JPY"})
    settle(orders)
    assert ("failing", "in_sync") == (standing(orders, "order", made["id"])[0], standing(orders, "checkout", token)[0])
    orders.portal_settings({"currencies": ["JPY"]})
    settle(orders, 65 * MINUTE)
    (cart,) = orders.records("carts", associations="orders")

    assert [one["id"] for one in orders.records("orders")] == [
        *{to["id"] for to in cart["associations"]["orders"]["results"]}
    ]


def test_an_order_that_shopify_does_not_show_is_not_taken_for_deleted(deals):
    """A webhook with chosen fields, of an order older than the 60 days that this app is shown."""
    assert 200 == signed(deals, "orders/updated", {"id": 7, "name": "#7"}).status_code
    settle(deals)
    assert ("failing", "not_shown") == standing(deals, "order", 7)
    whole = {"id": 7, "name": "#7", "updated_at": "2026-11-02T12:00:00-05:00", "line_items": []}
    assert 200 == signed(deals, "orders/updated", whole).status_code
    settle(deals)

    assert ("in_sync", "") == standing(deals, "order", 7)
    assert ["#7"] == [deal["properties"]["dealname"] for deal in deals.records("deals", "dealname")]


# --- the receiver ---


def test_a_webhook_without_an_id_is_taken_each_time_and_written_once(deals):
    made = {"id": 7, "name": "#7", "updated_at": "2026-11-02T12:00:00-05:00", "line_items": []}
    for _ in range(2):
        assert {"taken": True} == signed(deals, "orders/updated", made, **{"X-Shopify-Webhook-Id": ""}).json
    settle(deals)

    assert 1 == len(deals.records("deals"))


@pytest.mark.parametrize("token", ["x" * 201, ""])
def test_a_checkout_without_a_usable_token_is_refused(deals, token):
    body = {"token": token, "updated_at": LATER}

    assert 400 == signed(deals, "checkouts/update", body).status_code
