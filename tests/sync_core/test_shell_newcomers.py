"""What only HubSpot has becomes a record of Shopify, where the settings say so (I4)."""

from __future__ import annotations

from typing import Any

import pytest
from shell_bench import CORE, MINUTE, SHOP, Bench, signed

KEY = "operators-own-key"
ADA = {
    "email": "ada@example.com",
    "firstname": "Ada",
    "lastname": "King",
    "city": "London",
    "country": "United Kingdom",
}


def opened(*objects: str, **settings: Any) -> Bench:
    bench = Bench("data-sync", calm=True, operator_key=KEY, **settings)
    bench.until_live()
    if objects:
        choose(bench, *objects)
    return bench


def choose(bench: Bench, *objects: str) -> int:
    answer = bench.core.receiver.test_client().patch(
        f"/connections/{SHOP}/settings",
        json={"create_in_shopify": list(objects)},
        headers={"Authorization": f"Bearer {KEY}"},
        base_url=CORE,
    )
    return answer.status_code


def in_hubspot(bench: Bench, object_type: str, **properties: str) -> str:
    return bench.portal("POST", f"/crm/v3/objects/{object_type}", {"properties": properties})["id"]


def customers(bench: Bench) -> list[dict[str, Any]]:
    return bench.shop("GET", "customers.json")["customers"]


def products(bench: Bench) -> list[dict[str, Any]]:
    return bench.shop("GET", "products.json")["products"]


def calls(bench: Bench) -> int:
    """How many writes the core has made, to either side."""
    entries = [each for each in bench.simulation.journal.entries if each.source == "sync" and each.target == "shopify"]
    return len(bench.writes()) + sum(each.method != "GET" for each in entries)


@pytest.mark.slow
def test_I4_a_contact_without_a_link_stays_alone_unless_the_settings_say_otherwise():
    bench = opened()
    in_hubspot(bench, "contacts", **ADA)
    bench.run(10 * MINUTE)
    assert [] == customers(bench)

    choose(bench, "contacts")
    bench.run(10 * MINUTE)
    assert ["ada@example.com"] == [one["email"] for one in customers(bench)]


@pytest.mark.slow
def test_I4_a_contact_of_hubspot_becomes_one_customer_who_has_consented_to_nothing_and_is_synced_both_ways():
    bench = opened("contacts")
    id_ = in_hubspot(bench, "contacts", **ADA)
    in_hubspot(bench, "contacts", firstname="Nobody")
    bench.run(10 * MINUTE)
    (made,) = customers(bench)
    address = made["default_address"]

    assert ("Ada", "King", "London", "United Kingdom") == (
        *(made[name] for name in ("first_name", "last_name")),
        *(address[name] for name in ("city", "country")),
    )
    assert "not_subscribed" == made["email_marketing_consent"]["state"]
    assert "in_sync" == bench.core.explain("customer", str(made["id"]))["standing"]["status"]

    written = calls(bench)
    bench.run(9 * MINUTE)
    assert written == calls(bench)  # no echo

    bench.portal("PATCH", f"/crm/v3/objects/contacts/{id_}", {"properties": {"firstname": "Augusta"}})
    bench.run(10 * MINUTE)
    bench.shop("PUT", f"customers/{made['id']}.json", {"customer": {"last_name": "Lovelace"}})
    bench.run(10 * MINUTE)
    found = [one["properties"] for one in bench.records("contacts", "firstname", "lastname")]
    assert {("Augusta", "Lovelace"), ("Nobody", None)} == {(one["firstname"], one["lastname"]) for one in found}
    assert ["Augusta"] == [one["first_name"] for one in customers(bench)]


def test_I4_an_email_that_shopify_has_already_is_a_match():
    bench = opened("contacts", nets=frozenset({"sweep"}))
    bench.shop("POST", "customers.json", {"customer": {"email": "Ada@example.com", "first_name": "Augusta"}})
    in_hubspot(bench, "contacts", **ADA)
    bench.run(10 * MINUTE)

    (made,) = customers(bench)
    (contact,) = bench.records("contacts", "firstname")
    assert ("Augusta", "King") == (made["first_name"], made["last_name"])
    assert "Augusta" == contact["properties"]["firstname"]


@pytest.mark.slow
def test_I4_I10_who_was_redacted_is_not_made_again():
    bench = opened("contacts")
    in_hubspot(bench, "contacts", **ADA)
    bench.run(10 * MINUTE)
    (made,) = customers(bench)
    signed(bench, "customers/redact", {"customer": {"id": made["id"], "email": ADA["email"]}})
    bench.shop("DELETE", f"customers/{made['id']}.json")
    bench.run(30 * MINUTE)
    choose(bench)
    choose(bench, "contacts")
    bench.run(10 * MINUTE)

    assert [] == customers(bench)


@pytest.mark.slow
def test_I4_what_shopify_refuses_of_a_contact_is_told_and_the_rest_is_made():
    bench = opened("contacts")
    in_hubspot(bench, "contacts", **ADA, phone="call me")
    in_hubspot(bench, "contacts", email="bob@example.com", firstname="B" * 300)
    bench.run(15 * MINUTE)

    (made,) = customers(bench)
    standing = bench.core.explain("customer", str(made["id"]))["standing"]
    assert ("Ada", "London") == (made["first_name"], made["default_address"]["city"])
    assert ("failing", True) == (standing["status"], "phone" in standing["words"])
    told = bench.core.first.objects()["contacts"]["to_shopify"]
    assert (0, 1, True) == (told["waiting"], told["refused"], "too long" in str(told["words"]))


@pytest.mark.slow
@pytest.mark.parametrize("lost", [False, True])
def test_I4_a_product_of_hubspot_becomes_one_draft_though_the_answer_is_lost(lost: bool):
    bench = opened("products")
    if lost:
        bench.fault(
            "lose_answer", app="sync", method="POST", path="/products.json", until_ms=bench.clock.now() + 4 * MINUTE
        )
    for name in ("Mug", "Plate"):
        in_hubspot(bench, "products", name=name, price="12.5", hs_sku=name.upper())
    bench.run(20 * MINUTE)

    shown = [(one["title"], one["status"], one["variants"][0]["price"]) for one in products(bench)]
    assert [("Mug", "draft", "12.50"), ("Plate", "draft", "12.50")] == sorted(shown)
    assert 2 == len(bench.records("products"))
    written = calls(bench)
    bench.run(30 * MINUTE)
    assert written == calls(bench)


def test_I4_in_deals_nothing_is_made_in_shopify():
    bench = Bench("deals", calm=True, operator_key=KEY)

    assert 400 == choose(bench, "contacts")
