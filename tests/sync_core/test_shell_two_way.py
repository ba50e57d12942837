"""HubSpot's changes of contacts reach Shopify (I4); no field of an order ever does (B38)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from shell_bench import MINUTE, Bench, signed

from sync_core.pure.model import Ref


@pytest.fixture
def bench() -> Bench:
    made = Bench("data-sync", calm=True)
    made.until_live()
    return made


def customer(bench: Bench, **fields: Any) -> dict[str, Any]:
    made = bench.shop("POST", "customers.json", {"customer": {"email": "ada@example.com", **fields}})["customer"]
    bench.run()
    return made


def edit(bench: Bench, **properties: str) -> None:
    (contact,) = bench.records("contacts")
    bench.portal("PATCH", f"/crm/v3/objects/contacts/{contact['id']}", {"properties": properties})


def in_shopify(bench: Bench, made: dict[str, Any]) -> dict[str, Any]:
    return bench.shop("GET", f"customers/{made['id']}.json")["customer"]


def in_hubspot(bench: Bench, *names: str) -> tuple[str, ...]:
    (contact,) = bench.records("contacts", *names)
    return tuple(contact["properties"][name] for name in names)


def test_I4_where_hubspot_wins_its_value_stands_and_the_loser_is_kept(bench):
    ledger = bench.core.ledger
    ledger.save_choices(replace(ledger.choices, winner="hubspot"))
    ada = customer(bench, first_name="Ada")
    edit(bench, firstname="Annabella")
    bench.shop("PUT", f"customers/{ada['id']}.json", {"customer": {"first_name": "Augusta"}})
    bench.run(10 * MINUTE)

    assert ("Annabella", ("Annabella",)) == (in_shopify(bench, ada)["first_name"], in_hubspot(bench, "firstname"))
    (lost,) = bench.core.explain("customer", str(ada["id"]))["lost_values"]
    assert ("firstname", "Annabella", "Augusta", "hubspot") == tuple(
        lost[name] for name in ("property", "kept", "lost", "winner")
    )

    signed(bench, "customers/redact", {"customer": {"id": ada["id"], "email": ada["email"]}})
    bench.run()
    assert [] == ledger.audit.of(Ref("contacts", f"{ledger.shop}/customer/{ada['id']}"))  # I10


def test_I4_what_shopify_refuses_is_failing_with_its_words_and_the_other_fields_arrive(bench):
    ada = customer(bench, first_name="Ada")
    edit(bench, phone="call me", firstname="Augusta")
    bench.run(10 * MINUTE)

    standing = bench.core.explain("customer", str(ada["id"]))["standing"]
    assert ("failing", "refused_by_shopify") == (standing["status"], standing["reason"])
    assert "phone" in standing["words"]
    assert ("Augusta", None) == tuple(in_shopify(bench, ada)[name] for name in ("first_name", "phone"))


def test_I4_a_field_that_only_hubspot_has_is_merged_at_the_first_match(bench):
    contact = {"email": "ada@example.com", "firstname": "Ann", "lastname": "King"}
    bench.portal("POST", "/crm/v3/objects/contacts", {"properties": contact})
    ada = customer(bench, first_name="Ada")
    bench.run(10 * MINUTE)

    shown = in_shopify(bench, ada)
    assert ("Ada", "King") == (shown["first_name"], shown["last_name"])
    assert ("Ada", "King") == in_hubspot(bench, "firstname", "lastname")


def test_I4_in_deals_nothing_flows_back():
    bench = Bench("deals", calm=True)
    bench.until_live()
    ada = customer(bench, first_name="Ada")
    edit(bench, firstname="Annabella")
    bench.run(10 * MINUTE)

    assert "Ada" == in_shopify(bench, ada)["first_name"]
