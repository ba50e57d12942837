"""HubSpot refuses one record or one field of it: that one is failing in HubSpot's words, the others land."""

from __future__ import annotations

from http import HTTPStatus

import orjson
import pytest
from shell_bench import MINUTE, Bench, signed

from simulator.kernel.wire import InProcess


@pytest.fixture
def bench():
    made = Bench()
    made.until_live()
    yield made
    made.close()


def settle(bench: Bench, for_ms: int = 3 * MINUTE) -> None:
    bench.run(for_ms)
    assert bench.core.pending() is None


def customer(bench: Bench, email: str = "ann@example.com", **fields) -> dict:
    return bench.shop("POST", "customers.json", {"customer": {"email": email, **fields}})["customer"]


def order(bench: Bench, buyer: dict | None = None, **fields) -> dict:
    lines = [{"title": "Mug", "price": "3.00", "quantity": 1}]
    wanted = {"line_items": lines} | ({"customer": {"id": buyer["id"]}} if buyer else {}) | fields
    return bench.shop("POST", "orders.json", {"order": wanted})["order"]


def standing(bench: Bench, kind: str, id) -> dict:
    return bench.core.explain(kind, str(id))["standing"]


def standing_row(bench: Bench, kind: str, id: str) -> tuple[str, str]:
    """As the ledger has it: nothing can be explained of what cannot be read."""
    row = bench.core.ledger.sources.standing([(kind, id)])[kind, id]  # type: ignore[list-item, index]
    return row.status, row.reason


def contacts_of_deals(bench: Bench) -> dict[str, list[str]]:
    found = bench.records("deals", "dealname", associations="contacts")
    return {
        deal["properties"]["dealname"]: [
            to["id"] for to in deal.get("associations", {}).get("contacts", {}).get("results", ())
        ]
        for deal in found
    }


# --- one of a hundred ---


def test_S19_of_a_hundred_customers_one_has_an_address_that_hubspot_refuses_and_99_land(bench):
    for number in range(99):
        customer(bench, f"c{number}@example.com")
    bad = customer(bench, "ann@example.c")  # Shopify takes it
    settle(bench)

    assert {f"c{number}@example.com" for number in range(99)} == {
        row["properties"]["email"] for row in bench.records("contacts", "email")
    }
    found = standing(bench, "customer", bad["id"])
    assert ("failing", "rejected") == (found["status"], found["reason"])
    assert "Email address ann@example.c is invalid" in found["words"]


@pytest.mark.slow
def test_I7_S33_an_order_in_a_currency_that_the_portal_lacks_is_failing_until_somebody_enables_it(bench):
    made = order(bench, currency="JPY")
    settle(bench)
    assert ("failing", []) == (standing(bench, "order", made["id"])["status"], bench.records("deals"))
    bench.portal_settings({"currencies": {"JPY": 0.0067}})
    settle(bench, 65 * MINUTE)

    assert "in_sync" == standing(bench, "order", made["id"])["status"]


# --- one field ---


NO_NUMBER = "+10000000000"  # E.164 by its form, but nobody's


class Picky(InProcess):
    """A HubSpot that checks phone numbers, as some portals do: such records are refused, the others pass on."""

    def send(self, request, **more):
        if not request.url.endswith("/contacts/batch/upsert") or NO_NUMBER.encode() not in (request.body or b""):
            return super().send(request, **more)
        inputs = orjson.loads(request.body)["inputs"]
        refused = [one for one in inputs if one["properties"].get("phone") == NO_NUMBER]
        request.body = orjson.dumps({"inputs": [one for one in inputs if one not in refused]})
        request.headers["Content-Length"] = str(len(request.body))
        answer = super().send(request, **more)
        body = answer.json() if answer.content else {"status": "COMPLETE", "results": []}
        body |= {"numErrors": len(refused), "errors": [_refusal(one) for one in refused]}
        answer.status_code, answer._content = HTTPStatus.MULTI_STATUS, orjson.dumps(body)
        return answer


def _refusal(one: dict) -> dict:
    """The shape of an error in a partial answer: hubspot-api.md sections 4 and 11."""
    named = [{"isValid": False, "message": "no phone number", "error": "INVALID_PHONE", "name": "phone"}]
    return {
        "status": "error",
        "category": "VALIDATION_ERROR",
        "message": f"Property values were not valid: {orjson.dumps(named).decode()}",
        "context": {"objectWriteTraceId": [one["objectWriteTraceId"]]},
    }


def test_S51_a_phone_that_hubspot_refuses_is_left_out_with_a_warning_and_every_contact_lands(bench):
    bench.wire.mount("http://", Picky(bench.hosts))
    refused = customer(bench, "ann@example.com", phone=NO_NUMBER)
    customer(bench, "bob@example.com", phone="+15142546011")
    settle(bench)
    phones = {
        row["properties"]["email"]: row["properties"]["phone"] for row in bench.records("contacts", "email", "phone")
    }

    assert {"ann@example.com": None, "bob@example.com": "+15142546011"} == phones
    assert ("in_sync", "phone was refused") == tuple(
        standing(bench, "customer", refused["id"])[name] for name in ("status", "words")
    )


def test_S51_a_phone_that_was_left_out_is_not_sent_again_until_it_changes(bench):
    bench.wire.mount("http://", Picky(bench.hosts))
    refused = customer(bench, "ann@example.com", phone=NO_NUMBER)
    settle(bench)
    before = len(bench.writes())
    bench.core.resync()
    settle(bench)
    assert [] == bench.writes()[before:]
    bench.shop("PUT", f"customers/{refused['id']}.json", {"customer": {"id": refused["id"], "phone": "+15142546011"}})
    settle(bench)

    assert ["+15142546011"] == [row["properties"]["phone"] for row in bench.records("contacts", "phone")]


# --- marks of the first import (A14) ---


def test_A14_a_contact_that_was_there_before_is_not_marked_and_takes_the_marks_from_nobody_else():
    bench = Bench()
    bench.portal("POST", "/crm/v3/objects/contacts", {"properties": {"email": "c0@example.com"}})
    for number in range(150):  # more than one batch
        customer(bench, f"c{number}@example.com")
    bench.clock.move_to(bench.clock.now() + MINUTE)
    bench.until_live()
    marks = {
        row["properties"]["email"]: row["properties"]["hs_analytics_source_data_1"]
        for row in bench.records("contacts", "email", "hs_analytics_source_data_1")
    }

    assert 150 == len(marks)
    assert ["c0@example.com"] == [email for email, mark in marks.items() if mark != "INTEGRATION_SYNC"]
    bench.close()


# --- associations ---


def test_of_a_partial_answer_about_associations_the_good_ones_stand_and_the_lost_contact_is_known_as_deleted(bench):
    buyers = [customer(bench, f"c{number}@example.com") for number in range(3)]
    settle(bench)
    ids = {row["properties"]["email"]: row["id"] for row in bench.records("contacts", "email")}
    for buyer in buyers:
        order(bench, buyer)
    bench.portal("DELETE", f"/crm/v3/objects/contacts/{ids['c1@example.com']}")
    settle(bench)
    paths = [entry.path for entry in bench.simulation.journal.entries]

    assert any(path.endswith("deals/contacts/batch/associate/default") for path in paths)
    assert {"#1001": [ids["c0@example.com"]], "#1002": [], "#1003": [ids["c2@example.com"]]} == contacts_of_deals(bench)
    assert "tombstoned" == standing(bench, "customer", buyers[1]["id"])["status"]


@pytest.mark.parametrize("path", ["/line_items/batch/upsert", "/deals/batch/upsert", "/associate/default"])
def test_an_answer_that_is_lost_after_the_write_makes_nothing_twice(bench, path):
    bench.fault("lose_answer", vendor="hubspot", app="sync", path=path, until_ms=bench.clock.now() + 2 * MINUTE)
    order(bench, customer(bench))
    bench.run(2 * MINUTE)
    assert bench.simulation.faults.met.total()
    settle(bench)
    (contact,) = bench.records("contacts")

    assert {"#1001": [contact["id"]]} == contacts_of_deals(bench)
    assert (1, 1) == (len(bench.records("deals")), len(bench.records("line_items")))


# --- documents that no rule can read ---


def test_a_record_that_no_rule_can_read_is_failing_and_holds_up_nobody(bench):
    poison = {"id": 7, "updated_at": "2026-11-02T12:00:00-05:00", "line_items": ["mug"], "customer": 5}
    assert 200 == signed(bench, "orders/updated", poison).status_code
    order(bench)
    settle(bench)

    assert ("failing", "unreadable") == (standing_of_poison := standing_row(bench, "order", "7"))
    assert 1 == len(bench.records("deals"))
    signed(
        bench,
        "orders/updated",
        poison | {"updated_at": "2026-11-02T12:00:01-05:00", "line_items": [], "customer": None},
    )
    settle(bench)
    assert "in_sync" == standing_row(bench, "order", "7")[0] != standing_of_poison[0]
