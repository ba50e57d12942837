"""What somebody deletes in HubSpot: a contact stays away, anything else is made anew and is whole again (A13, I9)."""

from __future__ import annotations

import pytest
from shell_bench import MINUTE, Bench, signed

pytestmark = pytest.mark.slow  # minutes of world time each


@pytest.fixture
def deals():
    made = Bench()
    made.until_live()
    yield made
    made.close()


@pytest.fixture
def orders():
    made = Bench("data-sync")
    made.until_live()
    yield made
    made.close()


def settle(bench: Bench, for_ms: int = 3 * MINUTE) -> None:
    bench.run(for_ms)
    assert bench.core.pending() is None


def product(bench: Bench, title: str = "Mug") -> dict:
    body = {"product": {"title": title, "variants": [{"price": "3.00"}]}}
    return bench.shop("POST", "products.json", body)["product"]


def customer(bench: Bench, email: str = "ann@example.com") -> dict:
    return bench.shop("POST", "customers.json", {"customer": {"email": email, "first_name": "Ann"}})["customer"]


def order(bench: Bench, buyer: dict, bought: dict) -> dict:
    lines = [{"variant_id": bought["variants"][0]["id"], "quantity": 1}]
    return bench.shop("POST", "orders.json", {"order": {"line_items": lines, "customer": {"id": buyer["id"]}}})["order"]


def change(bench: Bench, kind: str, id: int, **fields) -> None:
    bench.shop("PUT", f"{kind}s/{id}.json", {kind: {"id": id, **fields}})


def checkout(bench: Bench, bought: dict, **contact) -> str:
    lines = [{"variant_id": bought["variants"][0]["id"], "quantity": 1}]
    cart = bench.shopper("POST", "carts", {"line_items": lines})["cart"]["token"]
    return bench.shopper("POST", f"carts/{cart}/checkout", contact)["checkout"]["token"]


def delete(bench: Bench, object_type: str) -> str:
    """Delete the only record of a type by hand; returns its id."""
    (record,) = bench.records(object_type)
    bench.portal("DELETE", f"/crm/v3/objects/{object_type}/{record['id']}")
    return record["id"]


def linked(bench: Bench, source: str, target: str) -> list[set[str]]:
    """Of each record of a type, the ids of those of another type that it is associated with."""
    key = target.replace("_", " ")
    found = bench.records(source, associations=target)
    return [{to["id"] for to in one.get("associations", {}).get(key, {}).get("results", ())} for one in found]


def only(bench: Bench, object_type: str, *properties: str) -> dict:
    (record,) = bench.records(object_type, *properties)
    return record


# --- made anew ---


def test_B39_I9_an_order_that_is_made_anew_is_associated_with_its_cart_again(orders):
    token = checkout(orders, product(orders), email="ann@example.com")
    settle(orders, 15 * MINUTE)
    made = orders.shopper("POST", f"checkouts/{token}/complete", {})["order"]
    settle(orders)
    assert [{only(orders, "orders")["id"]}] == linked(orders, "carts", "orders")
    old = delete(orders, "orders")
    change(orders, "order", made["id"], note="x")
    settle(orders)

    assert old != only(orders, "orders")["id"]
    assert [{only(orders, "orders")["id"]}] == linked(orders, "carts", "orders")
    assert [1] == [len(lines) for lines in linked(orders, "orders", "line_items")]


def test_a_cart_that_is_made_anew_is_associated_with_its_order_again(orders):
    token = checkout(orders, product(orders), email="ann@example.com")
    settle(orders, 15 * MINUTE)
    delete(orders, "carts")
    orders.shopper("POST", f"checkouts/{token}/complete", {})
    settle(orders)

    assert "recovered" == only(orders, "carts", "hs_external_status")["properties"]["hs_external_status"]
    assert [{only(orders, "orders")["id"]}] == linked(orders, "carts", "orders")


def test_I9_a_product_that_is_made_anew_is_the_one_that_line_items_name(deals):
    bought = product(deals)
    order(deals, customer(deals), bought)
    settle(deals)
    old = delete(deals, "products")
    change(deals, "product", bought["id"], title="Cup")
    settle(deals)

    assert old != only(deals, "products")["id"]
    line = only(deals, "line_items", "hs_product_id")
    assert only(deals, "products")["id"] == line["properties"]["hs_product_id"]


# --- stays away ---


def test_A13_a_contact_that_was_deleted_and_made_again_by_hand_gets_its_earlier_deals(deals):
    buyer = customer(deals)
    order(deals, buyer, product(deals))
    settle(deals)
    delete(deals, "contacts")
    change(deals, "customer", buyer["id"], note="x")
    settle(deals)
    assert [set()] == linked(deals, "deals", "contacts")
    again = deals.portal("POST", "/crm/v3/objects/contacts", {"properties": {"email": "ann@example.com"}})
    change(deals, "customer", buyer["id"], note="y")
    settle(deals)

    assert [{again["id"]}] == linked(deals, "deals", "contacts")


def test_A13_a_guest_with_the_address_of_a_deleted_contact_brings_none(deals):
    customer(deals)
    settle(deals)
    delete(deals, "contacts")
    settle(deals)  # the recycle bin is looked into
    checkout(deals, product(deals), email="Ann@Example.com")
    settle(deals, 15 * MINUTE)

    assert [] == deals.records("contacts")
    assert "checkout_abandoned" == only(deals, "deals", "dealstage")["properties"]["dealstage"]


def test_A13_a_deleted_guest_stays_away_whoever_has_the_address(deals):
    guest = {"token": "a1", "email": "ann@example.com", "updated_at": "2026-01-01T00:00:00Z", "line_items": []}
    assert 200 == signed(deals, "checkouts/update", guest).status_code
    settle(deals)
    delete(deals, "contacts")
    settle(deals)
    buyer = customer(deals)
    order(deals, buyer, product(deals))
    settle(deals)

    assert [] == deals.records("contacts")
    assert "tombstoned" == deals.core.explain("customer", str(buyer["id"]))["standing"]["status"]


def test_A10_a_customer_who_loses_the_address_keeps_the_contact_and_goes_on_with_the_next_one(deals):
    buyer, bought = customer(deals), product(deals)
    settle(deals)
    contact = only(deals, "contacts")["id"]
    change(deals, "customer", buyer["id"], email="", first_name="Anna", phone="+15142546011")
    order(deals, buyer, bought)
    settle(deals)
    assert "no_email" == deals.core.explain("customer", str(buyer["id"]))["standing"]["reason"]
    assert "Ann" == only(deals, "contacts", "firstname")["properties"]["firstname"]
    assert [{contact}] == linked(deals, "deals", "contacts")
    change(deals, "customer", buyer["id"], email="anna@example.com")
    settle(deals)
    now = only(deals, "contacts", "email", "firstname")

    assert (contact, "anna@example.com", "Anna") == (
        now["id"],
        now["properties"]["email"],
        now["properties"]["firstname"],
    )
