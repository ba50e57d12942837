"""A call that was carried out and that nobody took down: what it made is known again, what was deleted stays away."""

from __future__ import annotations

import re
from typing import Any

import pytest
from shell_bench import MINUTE, Bench
from sqlalchemy import Engine, event

from sync_core.shell.engine.losses import find_lost_contacts

UPSERT = "/crm/v3/objects/contacts/batch/upsert"
WHAT_IS_HELD = re.compile(r'FROM link\s+WHERE .*link\.shop = .*link\."?key"? IN')


class Died(BaseException):
    """The process, in the middle of a call."""


@pytest.fixture(params=["deals", pytest.param("data-sync", marks=pytest.mark.slow)])
def bench(request, ledger_url):
    made = Bench(request.param, calm=True, ledger_url=ledger_url)
    made.until_live()
    return made


def emails(bench: Bench) -> list[str]:
    return sorted(one["properties"]["email"] for one in bench.records("contacts", "email"))


def the_contact_is_made(bench: Bench) -> None:
    """HubSpot carries the upsert out; the core dies before it hears of it."""
    bench.shop("POST", "customers.json", {"customer": {"email": "ann@example.com"}})
    dies_behind(bench, UPSERT)
    assert ["ann@example.com"] == emails(bench)


def dies_behind(bench: Bench, path: str) -> None:
    gate = bench.gate

    def dying(environ: dict[str, Any], start_response: Any) -> Any:
        answer = list(gate(environ, start_response))
        if environ["PATH_INFO"] == path:
            raise Died
        return answer

    bench.hosts["127.0.0.1:5005"] = dying
    with pytest.raises(Died):
        bench.run(MINUTE)
    bench.hosts["127.0.0.1:5005"] = gate


class Stumble(Exception):
    """A bug of ours."""


def test_what_a_turn_stumbles_over_holds_up_nobody_else(bench):
    gate = bench.gate

    def stumbling(environ: dict[str, Any], start_response: Any) -> Any:
        if environ["PATH_INFO"] == UPSERT:
            raise Stumble
        return gate(environ, start_response)

    bench.hosts["127.0.0.1:5005"] = stumbling
    bench.shop("POST", "customers.json", {"customer": {"email": "ann@example.com"}})
    with pytest.raises(Stumble):
        bench.run(MINUTE)
    bench.shop("POST", "products.json", {"product": {"title": "Mug"}})
    bench.run(MINUTE // 2)
    meanwhile = [one["properties"]["name"] for one in bench.records("products", "name")]
    bench.hosts["127.0.0.1:5005"] = gate
    bench.run(2 * MINUTE)

    assert (["Mug"], ["ann@example.com"]) == (meanwhile, emails(bench))


def somebody_deletes_it(bench: Bench) -> None:
    (contact,) = bench.records("contacts")
    bench.portal("DELETE", f"/crm/v3/objects/contacts/{contact['id']}")


def test_A13_a_contact_that_is_deleted_before_a_killed_process_has_noted_it_stays_away(bench):
    the_contact_is_made(bench)
    somebody_deletes_it(bench)
    bench.restart()
    bench.run(10 * MINUTE)

    assert [] == emails(bench)
    assert {"tombstoned": 1} == bench.core.status()["records"]["customer"]


def test_A13_so_it_does_if_it_is_deleted_after_the_next_process_has_looked_but_before_its_turn_came(bench):
    the_contact_is_made(bench)
    bench.restart()
    work, now_ms = bench.core.ledger.work, bench.clock.now()
    work.release(work.claim(now_ms, 10), now_ms + 5 * MINUTE)  # as if there had been no place for its call
    bench.shop("POST", "customers.json", {"customer": {"email": "bob@example.com"}})
    bench.run(2 * MINUTE)
    assert ["ann@example.com", "bob@example.com"] == emails(bench)
    (ann,) = (one["id"] for one in bench.records("contacts", "email") if one["properties"]["email"][0] == "a")
    bench.portal("DELETE", f"/crm/v3/objects/contacts/{ann}")
    bench.run(10 * MINUTE)

    assert ["bob@example.com"] == emails(bench)


@pytest.mark.slow
def test_A13_so_it_does_though_the_next_process_is_killed_before_it_has_looked(bench):
    the_contact_is_made(bench)
    somebody_deletes_it(bench)
    bench.restart()
    bench.restart()
    bench.run(10 * MINUTE)

    assert [] == emails(bench)


def test_A13_a_contact_that_is_deleted_before_its_lost_answer_is_asked_for_again_stays_away(bench):
    bench.shop("POST", "customers.json", {"customer": {"email": "ann@example.com"}})
    bench.fault("lose_answer", vendor="hubspot", path=UPSERT)
    for _ in range(100):
        bench.run(100)
        if bench.records("contacts"):
            break
    bench.calm_down()
    somebody_deletes_it(bench)
    bench.run(10 * MINUTE)

    assert [] == emails(bench)


@pytest.mark.slow
def test_a_contact_that_nobody_deleted_is_found_again_and_not_doubled(bench):
    the_contact_is_made(bench)
    bench.restart()
    bench.run(10 * MINUTE)

    assert ["ann@example.com"] == emails(bench)
    assert {"in_sync": 1} == bench.core.status()["records"]["customer"]


def test_A13_a_deletion_that_a_net_takes_down_while_the_customer_is_decided_on_is_heard(bench):
    ann = bench.shop("POST", "customers.json", {"customer": {"email": "ann@example.com"}})["customer"]
    bench.run(MINUTE)
    (contact,) = bench.records("contacts")
    somebody_deletes_it(bench)
    bench.shop("PUT", f"customers/{ann['id']}.json", {"customer": {"id": ann["id"], "first_name": "Ann"}})
    one, taken_down = bench.core.first, []

    def the_net_is_quicker(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        """The nets have a thread of their own: theirs may come between what is buried and what is linked."""
        if WHAT_IS_HELD.search(statement) and not taken_down:
            taken_down.append(contact["id"])
            find_lost_contacts(one.ledger, one.hubspot, taken_down, bench.clock.now())

    event.listen(Engine, "before_cursor_execute", the_net_is_quicker)
    bench.run(MINUTE)
    event.remove(Engine, "before_cursor_execute", the_net_is_quicker)
    bench.run(MINUTE)

    assert ([contact["id"]], []) == (taken_down, emails(bench))
    assert {"tombstoned": 1} == bench.core.status()["records"]["customer"]


def test_A33_what_a_killed_process_has_made_goes_with_shopifys_though_the_ledger_never_knew_it(bench):
    made = bench.shop("POST", "products.json", {"product": {"title": "Teapot"}})["product"]
    dies_behind(bench, "/crm/v3/objects/products/batch/upsert")
    assert 1 == len(bench.records("products"))
    bench.shop("DELETE", f"products/{made['id']}.json")
    bench.restart()
    bench.run(10 * MINUTE)

    assert [] == bench.records("products")


@pytest.mark.parametrize("then", ["deleted", pytest.param("edited", marks=pytest.mark.slow)])
def test_A33_line_items_that_a_killed_process_has_made_go_with_their_order_or_line(bench, then):
    lines = [{"title": "Mug", "price": "5.00", "quantity": 1}, {"title": "Cup", "price": "4.00", "quantity": 1}]
    order = bench.shop("POST", "orders.json", {"order": {"line_items": lines}})["order"]
    dies_behind(bench, "/crm/v3/objects/line_items/batch/upsert")
    assert 2 == len(bench.records("line_items"))
    if then == "deleted":
        bench.shop("DELETE", f"orders/{order['id']}.json")
    else:
        sent = [{"line_item_id": order["line_items"][0]["id"], "quantity": 1, "restock_type": "no_restock"}]
        bench.shop("POST", f"orders/{order['id']}/refunds.json", {"refund": {"refund_line_items": sent}})
    bench.restart()
    bench.run(10 * MINUTE)

    left = [] if then == "deleted" else ["Cup"]
    assert left == [one["properties"]["name"] for one in bench.records("line_items", "name")]
