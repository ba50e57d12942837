"""A scope that the app lacks blocks what it is about, under the scope's name, and nothing else (S54)."""

from __future__ import annotations

import pytest
from shell_bench import MINUTE, Bench

from simulator import shopify


@pytest.fixture
def bench():
    made = Bench("data-sync", calm=True)
    grant(made, "read_customers", "write_customers", "read_customer_merge", "write_customer_merge")
    made.shop("POST", "customers.json", {"customer": {"email": "old@example.com"}})
    made.until_live()
    return made


def grant(bench: Bench, *without: str) -> None:
    scopes = sorted(set(shopify.SCOPES) - set(without))
    bench.shopper("POST", "apps/sync/install", {"scopes": scopes})


def order(bench: Bench, email: str) -> dict:
    buyer = bench.shop("POST", "customers.json", {"customer": {"email": email}})["customer"]
    wanted = {"line_items": [{"title": "Mug", "price": "3.00", "quantity": 1}], "customer": {"id": buyer["id"]}}
    return bench.shop("POST", "orders.json", {"order": wanted})["order"]


def emails(bench: Bench) -> list[str]:
    return sorted(one["properties"]["email"] for one in bench.records("contacts", "email"))


def test_S54_an_object_whose_scope_is_missing_is_blocked_by_its_name_and_the_others_continue(bench):
    made = order(bench, "ann@example.com")
    bench.run(3 * MINUTE)
    objects = bench.core.first.objects()

    assert ("read_customers", None, None) == tuple(objects[name]["blocked"] for name in ("contacts", "orders", "carts"))
    assert ([], 1) == (emails(bench), len(bench.records("orders")))
    assert "in_sync" == bench.core.explain("order", str(made["id"]))["standing"]["status"]


def test_S54_what_is_known_of_a_blocked_object_is_blocked_and_the_other_objects_states_add_up(bench):
    order(bench, "ann@example.com")
    order(bench, "bob@example.com")
    bench.run(3 * MINUTE)
    objects = bench.core.first.objects()

    assert ({"blocked": 2}, None) == (objects["contacts"]["states"], objects["contacts"]["in_shopify"])
    assert (2, 2) == (sum(objects["orders"]["states"].values()), objects["orders"]["in_shopify"])


@pytest.mark.parametrize("integration", ["deals", pytest.param("data-sync", marks=pytest.mark.slow)])
def test_A5_the_states_of_an_object_add_up_to_what_shopify_counts(integration):
    bench = Bench(integration, calm=True)
    bench.shopper("POST", "seed", {"products": 3, "customers": 12, "orders": 9, "checkouts": 0})
    bench.until_live()
    gone = order(bench, "ann@example.com")
    bench.shop("POST", "customers.json", {"customer": {"first_name": "Nemo"}})
    bench.run(3 * MINUTE)
    bench.shop("DELETE", f"orders/{gone['id']}.json")
    bench.run(3 * MINUTE)
    objects = bench.core.first.objects()
    sales = "deals" if integration == "deals" else "orders"

    for name, path in (("contacts", "customers"), ("products", "products"), (sales, "orders")):
        counted = bench.shop("GET", f"{path}/count.json", **({"status": "any"} if path == "orders" else {}))["count"]
        assert (counted, counted) == (sum(objects[name]["states"].values()), objects[name]["in_shopify"])


def test_S54_once_the_scope_is_granted_everything_of_the_object_is_read(bench):
    order(bench, "ann@example.com")
    bench.run(3 * MINUTE)
    grant(bench)
    bench.run(6 * MINUTE)
    (shown,) = bench.records("orders", associations="contacts")

    assert ["ann@example.com", "old@example.com"] == emails(bench)
    assert 1 == len(shown["associations"]["contacts"]["results"])
    assert bench.core.first.objects()["contacts"]["blocked"] is None


def test_S54_without_the_scope_to_write_shopifys_changes_still_arrive_and_hubspots_wait_under_its_name():
    bench = Bench("data-sync", calm=True)
    grant(bench, "write_customers", "write_customer_merge")
    bench.until_live()
    ada = bench.shop("POST", "customers.json", {"customer": {"email": "ada@example.com", "first_name": "Ada"}})[
        "customer"
    ]
    bench.run(MINUTE)
    (contact,) = bench.records("contacts")
    bench.portal("PATCH", f"/crm/v3/objects/contacts/{contact['id']}", {"properties": {"city": "London"}})
    bench.run(6 * MINUTE)
    bench.shop("PUT", f"customers/{ada['id']}.json", {"customer": {"first_name": "Augusta"}})
    bench.run(MINUTE)

    standing = bench.core.explain("customer", str(ada["id"]))["standing"]
    assert ("blocked", "missing_scope", "write_customers") == tuple(
        standing[name] for name in ("status", "reason", "words")
    )
    (contact,) = bench.records("contacts", "firstname", "city")
    assert ("Augusta", "London") == tuple(contact["properties"][name] for name in ("firstname", "city"))


def test_S54_customers_whose_email_is_withheld_are_blocked_and_those_who_have_none_are_excluded():
    made = Bench("deals", calm=True)
    made.shopper("PUT", "apps/sync", {"customer_data": ["customer", "name", "address", "phone"]})
    made.until_live()
    nobody = made.shop("POST", "customers.json", {"customer": {"first_name": "Nemo", "phone": "+16135550100"}})[
        "customer"
    ]
    order(made, "ann@example.com")
    made.run(3 * MINUTE)
    assert "protected customer data: email" == made.core.first.objects()["contacts"]["blocked"]
    assert {"blocked": 2} == made.core.first.objects()["contacts"]["states"]

    made.shopper("PUT", "apps/sync", {"customer_data": None})
    made.run(6 * MINUTE)
    assert ["ann@example.com"] == emails(made)
    assert {"excluded": 1, "in_sync": 1} == made.core.first.objects()["contacts"]["states"]
    assert "no_email" == made.core.explain("customer", str(nobody["id"]))["standing"]["reason"]
