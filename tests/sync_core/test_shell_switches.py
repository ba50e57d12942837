"""Each object's sync on, off, deleted and on again (B12 to B15), against both fakes."""

from __future__ import annotations

import pytest
from shell_bench import MINUTE, Bench

from sync_core.pure.choices import BadChoice
from sync_core.shell.oversight.switches import switch

SALES = {"deals": "deals", "data-sync": "orders"}
NAME = {"deals": "dealname", "orders": "hs_order_name"}


@pytest.fixture(params=["deals", pytest.param("data-sync", marks=pytest.mark.slow)])
def bench(request):
    made = Bench(request.param, calm=True)
    made.until_live()
    return made


def turn(bench: Bench, object_type: str, to: str) -> None:
    switch(bench.core.ledger, bench.settings.integration, object_type, to, bench.clock.now())
    for worker in bench.due:
        bench._wake(worker, bench.clock.now())


def customer(bench: Bench, email: str, **fields) -> dict:
    return bench.shop("POST", "customers.json", {"customer": {"email": email, **fields}})["customer"]


def order(bench: Bench, buyer: dict | None = None) -> dict:
    wanted = {"line_items": [{"title": "Mug", "price": "3.00", "quantity": 1}]}
    if buyer:
        wanted["customer"] = {"id": buyer["id"]}
    return bench.shop("POST", "orders.json", {"order": wanted})["order"]


def sales(bench: Bench) -> list[str]:
    object_type = SALES[bench.settings.integration]
    return sorted(one["properties"][NAME[object_type]] for one in bench.records(object_type, NAME[object_type]))


def emails(bench: Bench) -> list[str]:
    return sorted(one["properties"]["email"] for one in bench.records("contacts", "email"))


def buyers(bench: Bench) -> list[int]:
    object_type = SALES[bench.settings.integration]
    found = bench.records(object_type, associations="contacts")
    return [len(one.get("associations", {}).get("contacts", {}).get("results", ())) for one in found]


def test_B12_B13_while_an_object_is_off_nothing_of_it_is_written_and_the_others_go_on(bench):
    turn(bench, "contacts", "off")
    order(bench, customer(bench, "ann@example.com"))
    bench.run(3 * MINUTE)

    assert [] == emails(bench)
    assert ["#1001"] == sales(bench)
    assert bench.core.pending() is None


def test_B14_on_again_catches_up_with_everything_and_doubles_nothing(bench):
    ann = customer(bench, "ann@example.com")
    order(bench, ann)
    bench.run(2 * MINUTE)
    turn(bench, "contacts", "off")
    bench.shop("PUT", f"customers/{ann['id']}.json", {"customer": {"email": "ann@example.org"}})
    order(bench, customer(bench, "bob@example.com"))
    bench.run(2 * MINUTE)
    assert ["ann@example.com"] == emails(bench)

    turn(bench, "contacts", "on")
    bench.run(3 * MINUTE)

    assert ["ann@example.org", "bob@example.com"] == emails(bench)
    assert [1, 1] == buyers(bench)
    assert bench.core.pending() is None


def test_B14_what_is_deleted_while_orders_are_off_goes_when_they_are_on_again(bench):
    first, _ = order(bench), order(bench)
    bench.run(2 * MINUTE)
    turn(bench, SALES[bench.settings.integration], "off")
    bench.shop("DELETE", f"orders/{first['id']}.json")
    order(bench)
    bench.run(2 * MINUTE)
    assert ["#1001", "#1002"] == sales(bench)

    turn(bench, SALES[bench.settings.integration], "on")
    bench.run(3 * MINUTE)

    assert ["#1002", "#1003"] == sales(bench)


def test_B15_a_deleted_sync_leaves_the_records_of_both_apps_and_a_new_one_finds_them_again(bench):
    ann = customer(bench, "ann@example.com")
    order(bench, ann)
    bench.run(2 * MINUTE)
    for object_type in ("contacts", SALES[bench.settings.integration]):
        turn(bench, object_type, "off")
        turn(bench, object_type, "deleted")
    customer(bench, "bob@example.com")
    bench.run(2 * MINUTE)
    counts = bench.core.status()["records"]
    assert ({}, {}) == (counts.get("customer", {}), counts.get("order", {}))
    assert (["ann@example.com"], ["#1001"]) == (emails(bench), sales(bench))

    for object_type in ("contacts", SALES[bench.settings.integration]):
        turn(bench, object_type, "on")
    bench.run(4 * MINUTE)

    assert (["ann@example.com", "bob@example.com"], ["#1001"], [1]) == (emails(bench), sales(bench), buyers(bench))
    assert bench.core.pending() is None


def test_B15_contacts_deleted_in_hubspot_stay_away_from_a_new_set_up(bench):
    ann = customer(bench, "ann@example.com")
    bench.run(2 * MINUTE)
    (contact,) = bench.records("contacts")
    bench.portal("DELETE", f"/crm/v3/objects/contacts/{contact['id']}")
    bench.run(4 * MINUTE)
    turn(bench, "contacts", "off")
    turn(bench, "contacts", "deleted")
    turn(bench, "contacts", "on")
    bench.shop("PUT", f"customers/{ann['id']}.json", {"customer": {"first_name": "Ann"}})
    bench.run(3 * MINUTE)

    assert [] == emails(bench)


def test_B15_a_sync_is_deleted_only_when_it_is_off(bench):
    with pytest.raises(BadChoice, match="turn it off"):
        turn(bench, "contacts", "deleted")


def test_B13_off_outlives_a_restart(ledger_url):
    bench = Bench("deals", calm=True, ledger_url=ledger_url)
    bench.until_live()
    turn(bench, "contacts", "off")
    bench.restart()
    customer(bench, "ann@example.com")
    bench.run(2 * MINUTE)

    assert [] == emails(bench)
