"""A restart, with the ledger and without: what was deleted stays deleted (S13), and nothing stands twice."""

from __future__ import annotations

from dataclasses import replace

import pytest
from shell_bench import MINUTE, Bench

pytestmark = pytest.mark.slow  # a process that ends and begins again, for both integrations


@pytest.fixture(params=["deals", pytest.param("data-sync", marks=pytest.mark.slow)])
def bench(request, ledger_url):
    made = Bench(request.param, ledger_url=ledger_url)
    made.until_live()
    yield made
    made.close()


def settle(bench: Bench, for_ms: int = 3 * MINUTE) -> None:
    bench.run(for_ms)
    assert bench.core.pending() is None


def without_ledger(bench: Bench, url: str) -> None:
    """The process ends, its ledger is lost, another one begins."""
    bench.core.close()
    bench.settings = replace(bench.settings, ledger_url=url)
    bench.start()
    bench.until_live()


def customer(bench: Bench, email: str) -> dict:
    return bench.shop("POST", "customers.json", {"customer": {"email": email, "first_name": "Ann"}})["customer"]


def order(bench: Bench, buyer: dict) -> None:
    lines = [{"title": "Mug", "price": "3.00", "quantity": 1}]
    bench.shop("POST", "orders.json", {"order": {"line_items": lines, "customer": {"id": buyer["id"]}}})


def sales(bench: Bench) -> str:
    return "deals" if bench.settings.integration == "deals" else "orders"


def buyers(bench: Bench) -> list[list[str]]:
    """The addresses of the contacts of each deal or order."""
    emails = {row["id"]: row["properties"]["email"] for row in bench.records("contacts", "email")}
    found = bench.records(sales(bench), associations="contacts")
    linked = [one.get("associations", {}).get("contacts", {}).get("results", ()) for one in found]
    return sorted(sorted({emails[to["id"]] for to in one}) for one in linked)


def the_contact_of_ann_is_deleted(bench: Bench) -> dict:
    """Two customers with an order each; somebody deletes the contact of one in HubSpot. Returns that customer."""
    ann = customer(bench, "ann@example.com")
    for buyer in (ann, customer(bench, "bob@example.com")):
        order(bench, buyer)
    settle(bench)
    ids = {row["properties"]["email"]: row["id"] for row in bench.records("contacts", "email")}
    bench.portal("DELETE", f"/crm/v3/objects/contacts/{ids['ann@example.com']}")
    return ann


def ann_is_active_again(bench: Bench, ann: dict) -> None:
    """She is updated, orders and leaves a cart; and everything is synced again."""
    bench.shop("PUT", f"customers/{ann['id']}.json", {"customer": {"id": ann["id"], "note": "x"}})
    order(bench, ann)
    cart = bench.shopper("POST", "carts", {"line_items": [{"title": "Mug", "price": "3.00", "quantity": 1}]})["cart"]
    bench.shopper("POST", f"carts/{cart['token']}/checkout", {"customer": {"id": ann["id"]}})
    settle(bench, 15 * MINUTE)
    bench.core.resync()
    settle(bench)


def she_stays_away(bench: Bench, ann: dict) -> None:
    baskets = 1 if sales(bench) == "deals" else 0  # a deal of its own, or a cart
    assert ["bob@example.com"] == [row["properties"]["email"] for row in bench.records("contacts", "email")]
    assert [*[[]] * (2 + baskets), ["bob@example.com"]] == buyers(bench)
    assert 1 - baskets == len(bench.records("carts"))
    assert "tombstoned" == bench.core.explain("customer", str(ann["id"]))["standing"]["status"]
    assert ann["id"] in [one["id"] for one in bench.shop("GET", "customers.json", ids=str(ann["id"]))["customers"]]


def test_S13_a_deleted_contact_stays_away_after_a_restart(bench):
    ann = the_contact_of_ann_is_deleted(bench)
    settle(bench)  # noticed
    bench.restart()
    ann_is_active_again(bench, ann)
    she_stays_away(bench, ann)


def test_S13_a_contact_that_is_deleted_while_the_process_is_down_stays_away(bench):
    ann = the_contact_of_ann_is_deleted(bench)  # nobody has noticed yet
    bench.restart()
    ann_is_active_again(bench, ann)
    she_stays_away(bench, ann)


def test_S13_a_deleted_contact_stays_away_though_the_ledger_is_lost(bench, another_ledger):
    ann = the_contact_of_ann_is_deleted(bench)
    settle(bench)
    without_ledger(bench, another_ledger)
    ann_is_active_again(bench, ann)
    she_stays_away(bench, ann)


def test_a_lost_ledger_buries_nobody_who_lives_on_or_was_never_ours(bench, another_ledger):
    ann = the_contact_of_ann_is_deleted(bench)
    stranger = bench.portal("POST", "/crm/v3/objects/contacts", {"properties": {"email": "eve@example.com"}})
    bench.portal("DELETE", f"/crm/v3/objects/contacts/{stranger['id']}")
    again = bench.portal("POST", "/crm/v3/objects/contacts", {"properties": {"email": "ann@example.com"}})
    customer(bench, "eve@example.com")  # she was never synced before her contact was deleted
    without_ledger(bench, another_ledger)
    settle(bench)
    found = {row["properties"]["email"]: row["id"] for row in bench.records("contacts", "email")}

    assert {"ann@example.com", "bob@example.com", "eve@example.com"} == found.keys()
    assert again["id"] == found["ann@example.com"]
    assert "in_sync" == bench.core.explain("customer", str(ann["id"]))["standing"]["status"]


@pytest.mark.parametrize("bench", ["deals"], indirect=True)
def test_the_reading_of_a_long_recycle_bin_goes_on_where_a_limit_stopped_it(bench, another_ledger):
    for number in range(110):  # two pages
        made = bench.portal("POST", "/crm/v3/objects/contacts", {"properties": {"email": f"c{number}@example.com"}})
        bench.portal("DELETE", f"/crm/v3/objects/contacts/{made['id']}")
    ann = the_contact_of_ann_is_deleted(bench)
    bench.fault("throttle", vendor="hubspot", app="sync", path="/objects/contacts", per_mille=500)
    bench.core.close()
    bench.settings = replace(bench.settings, ledger_url=another_ledger)
    bench.start()
    bench.run(5 * MINUTE)
    bench.calm_down()
    bench.until_live()
    settle(bench)

    assert ["bob@example.com"] == [row["properties"]["email"] for row in bench.records("contacts", "email")]
    assert "tombstoned" == bench.core.explain("customer", str(ann["id"]))["standing"]["status"]


def test_without_its_ledger_the_core_finds_everything_again_and_writes_nothing_twice(bench, another_ledger):
    ann = customer(bench, "ann@example.com")
    order(bench, ann)
    settle(bench)
    names = ("contacts", "deals", "orders", "line_items")
    before = {name: [row["id"] for row in bench.records(name)] for name in names}
    without_ledger(bench, another_ledger)
    settle(bench)

    assert before == {name: [row["id"] for row in bench.records(name)] for name in names}
    assert [["ann@example.com"]] == buyers(bench)
