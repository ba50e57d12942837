"""The engine against both fakes: HubSpot ends up right whatever happens between two calls, and holds nothing twice."""

from __future__ import annotations

import pytest
import requests
from shell_bench import MINUTE, Bench

from simulator.kernel.wire import InProcess


@pytest.fixture
def bench():
    made = Bench()
    made.until_live()
    yield made
    made.close()


def customer(bench: Bench, email: str | None = "ann@example.com", **fields) -> dict:
    return bench.shop("POST", "customers.json", {"customer": {"email": email, "first_name": "Ann", **fields}})[
        "customer"
    ]


def order(bench: Bench, customer_id: int | None, **fields) -> dict:
    lines = [{"title": "Mug", "price": "3.00", "quantity": 1}]
    buyer = {"customer": {"id": customer_id}} if customer_id else {}
    return bench.shop("POST", "orders.json", {"order": {"line_items": lines, **buyer, **fields}})["order"]


def change(bench: Bench, kind: str, id: int, **fields) -> None:
    bench.shop("PUT", f"{kind}s/{id}.json", {kind: {"id": id, **fields}})


def contacts_of_deals(bench: Bench) -> dict[str, list[str]]:
    found = bench.records("deals", "dealname", associations="contacts")
    return {
        deal["properties"]["dealname"]: [
            to["id"] for to in deal.get("associations", {}).get("contacts", {}).get("results", ())
        ]
        for deal in found
    }


def settle(bench: Bench, for_ms: int = 3 * MINUTE) -> None:
    bench.run(for_ms)
    assert bench.core.pending() is None


# --- the plain way ---


def test_A20_A22_an_order_becomes_a_deal_with_its_contact_and_line_item(bench):
    order(bench, customer(bench)["id"])
    settle(bench)
    (deal,) = bench.records("deals", "dealname", "amount", "dealstage", associations="contacts,line_items")

    assert ("#1001", "3.00", "processed") == tuple(
        deal["properties"][name] for name in ("dealname", "amount", "dealstage")
    )
    assert {"contacts", "line items"} == deal["associations"].keys()


def test_nothing_is_written_when_nothing_differs(bench):
    order(bench, customer(bench)["id"])
    settle(bench)
    before = len(bench.writes())
    assert 2 == bench.core.resync()
    settle(bench, 10 * MINUTE)

    assert [] == bench.writes()[before:]


def test_A29_an_orders_contact_is_associated_once_its_customer_gains_an_address(bench):
    silent = customer(bench, None, phone="+15142546011")
    order(bench, silent["id"])
    settle(bench)
    assert {"#1001": []} == contacts_of_deals(bench)
    change(bench, "customer", silent["id"], email="late@example.com")
    settle(bench)
    (contact,) = bench.records("contacts", "email")

    assert {"#1001": [contact["id"]]} == contacts_of_deals(bench)


def test_A27_a_deleted_order_takes_its_deal_and_line_items_away(bench):
    made = order(bench, None)
    settle(bench)
    bench.shop("DELETE", f"orders/{made['id']}.json")
    settle(bench)

    assert ([], []) == (bench.records("deals"), bench.records("line_items"))


@pytest.mark.slow
def test_three_contacts_of_one_batch_get_their_own_properties_though_results_are_shuffled(bench):
    for number in range(30):
        customer(bench, f"c{number}@example.com", first_name=f"Name {number}")
    settle(bench)
    for number, made in enumerate(bench.shop("GET", "customers.json", since_id=0, limit=250)["customers"]):
        change(bench, "customer", made["id"], note=f"note {number}")
    settle(bench)
    found = {
        row["properties"]["email"]: row["properties"]
        for row in bench.records("contacts", "email", "firstname", "shopify_note")
    }

    assert {f"c{n}@example.com": (f"Name {n}", f"note {n}") for n in range(30)} == {
        email: (row["firstname"], row["shopify_note"]) for email, row in found.items()
    }


# --- the wire fails ---


@pytest.mark.parametrize("effect", ["lose_answer", "break", "throttle"])
def test_one_record_stands_in_hubspot_though_calls_fail(bench, effect):
    bench.fault(effect, vendor="hubspot", app="sync", method="POST", per_mille=600)
    order(bench, customer(bench)["id"])
    bench.run(5 * MINUTE)
    bench.calm_down()
    settle(bench)
    (contact,) = bench.records("contacts", "email")

    assert {"#1001": [contact["id"]]} == contacts_of_deals(bench)
    assert 1 == len(bench.records("line_items"))


def test_a_throttled_call_is_no_failed_attempt(bench):
    bench.fault("throttle", vendor="hubspot", app="sync", until_ms=bench.clock.now() + MINUTE)
    customer(bench)
    settle(bench, 2 * MINUTE)

    assert 1 == len(bench.records("contacts"))


class Crash(BaseException):
    """The process dies."""


class Mortal(InProcess):
    """A wire on which the process dies at the n-th call to HubSpot's records, before or after it took effect."""

    def __init__(self, hosts, at: int, after: bool) -> None:
        super().__init__(hosts)
        self.left, self.after = at, after

    def send(self, request, **more):
        if "/crm/" not in request.url or "/properties" in request.url:
            return super().send(request, **more)
        self.left -= 1
        if self.left == 0 and not self.after:
            raise Crash
        answer = super().send(request, **more)
        if self.left == 0:
            raise Crash
        return answer


@pytest.mark.slow
@pytest.mark.parametrize("after", [False, True])
def test_a_crash_at_any_call_leaves_nothing_undone_and_nothing_twice(ledgers, after):
    for at in range(2, 7):
        bench = Bench(calm=True, ledger_url=ledgers())
        order(bench, customer(bench)["id"])
        mortal = requests.Session()
        mortal.mount("http://", Mortal(bench.hosts, at, after))
        whole, bench.wire = bench.wire, mortal
        bench.restart()
        bench.wire = whole  # the tests' own calls, and those of the next life
        try:
            bench.run(MINUTE)
        except Crash:
            bench.restart()
        bench.until_live()
        settle(bench)
        (contact,) = bench.records("contacts", "email")

        assert {"#1001": [contact["id"]]} == contacts_of_deals(bench)
        assert (1, 1) == (len(bench.records("deals")), len(bench.records("line_items")))
        bench.close()


def test_a_lost_ledger_finds_its_records_again(bench):
    order(bench, customer(bench)["id"])
    settle(bench)
    bench.restart()  # its ledger was in memory
    bench.until_live()
    settle(bench)

    assert (1, 1, 1) == tuple(len(bench.records(name)) for name in ("contacts", "deals", "line_items"))


# --- HubSpot refuses ---


def test_of_a_batch_with_a_bad_record_the_others_land_and_it_is_failing_with_hubspots_words(bench):
    bench.portal("POST", "/crm/v3/objects/contacts", {"properties": {"email": "taken@example.com"}})
    made = [customer(bench, f"c{number}@example.com") for number in range(5)]
    settle(bench)
    for one in made[1:]:
        change(bench, "customer", one["id"], note="x")
    change(bench, "customer", made[0]["id"], email="taken@example.com")
    settle(bench)
    standing = bench.core.explain("customer", str(made[0]["id"]))["standing"]

    assert 4 == sum(row["properties"]["shopify_note"] == "x" for row in bench.records("contacts", "shopify_note"))
    assert ("failing", "conflict") == (standing["status"], standing["reason"])
    assert "already exists" in standing["words"]


@pytest.mark.slow
def test_A14_marks_that_hubspot_refuses_are_left_out():
    bench = Bench(kind="private")
    customer(bench)
    bench.clock.move_to(bench.clock.now() + MINUTE)
    bench.until_live()

    assert 1 == len(bench.records("contacts"))
    assert ("hs_analytics_source_data_1", "hs_analytics_source_data_2") == bench.core.ledger.connection.refused
    bench.close()


def test_A14_contacts_of_the_first_import_are_marked_and_later_ones_are_not():
    bench = Bench()
    customer(bench, "first@example.com")
    bench.clock.move_to(bench.clock.now() + MINUTE)
    bench.until_live()
    customer(bench, "later@example.com")
    settle(bench)
    marks = {
        row["properties"]["email"]: row["properties"]["hs_analytics_source_data_1"] == "INTEGRATION_SYNC"
        for row in bench.records("contacts", "email", "hs_analytics_source_data_1")
    }

    assert {"first@example.com": True, "later@example.com": False} == marks
    bench.close()


# --- somebody deletes in HubSpot ---


def test_A13_a_contact_deleted_in_hubspot_never_comes_back(bench):
    made = customer(bench)
    settle(bench)
    bench.portal("DELETE", f"/crm/v3/objects/contacts/{bench.records('contacts')[0]['id']}")
    change(bench, "customer", made["id"], note="x")
    settle(bench)
    order(bench, made["id"])
    settle(bench)
    bench.core.resync()
    settle(bench)

    assert [] == bench.records("contacts")
    assert {"#1001": []} == contacts_of_deals(bench)
    assert "tombstoned" == bench.core.explain("customer", str(made["id"]))["standing"]["status"]


def test_A13_the_recycle_bin_is_looked_into_so_that_a_later_order_finds_no_contact(bench):
    made = customer(bench)
    settle(bench)
    bench.portal("DELETE", f"/crm/v3/objects/contacts/{bench.records('contacts')[0]['id']}")
    settle(bench)
    order(bench, made["id"])
    settle(bench)

    assert {"#1001": []} == contacts_of_deals(bench)


def test_A13_a_live_contact_with_the_address_ends_it(bench):
    made = customer(bench)
    settle(bench)
    bench.portal("DELETE", f"/crm/v3/objects/contacts/{bench.records('contacts')[0]['id']}")
    change(bench, "customer", made["id"], note="x")
    settle(bench)
    bench.portal("POST", "/crm/v3/objects/contacts", {"properties": {"email": "ann@example.com"}})
    change(bench, "customer", made["id"], note="y")
    settle(bench)

    assert ["y"] == [row["properties"]["shopify_note"] for row in bench.records("contacts", "shopify_note")]


def test_I9_a_deal_deleted_in_hubspot_is_made_anew_with_its_line_items_and_contact(bench):
    made = order(bench, customer(bench)["id"])
    settle(bench)
    bench.portal("DELETE", f"/crm/v3/objects/deals/{bench.records('deals')[0]['id']}")
    change(bench, "order", made["id"], note="x")
    settle(bench)
    (deal,) = bench.records("deals", "shopify_note", associations="contacts,line_items")

    assert ("x", {"contacts", "line items"}) == (deal["properties"]["shopify_note"], set(deal["associations"]))
