"""Redaction (I10): whoever is to be forgotten is, in HubSpot and in the ledger, and no replay brings them back."""

from __future__ import annotations

from typing import Any

import pytest
from shell_bench import CORE, MINUTE, SHOP, Bench, signed

SALES = {"deals": "deals", "data-sync": "orders"}
NOTE = {"deals": "shopify_note", "orders": "hs_order_note"}
ANN = "ann@example.com"


@pytest.fixture(params=["deals", pytest.param("data-sync", marks=pytest.mark.slow)])
def bench(request, ledger_url):
    made = Bench(request.param, calm=True, ledger_url=ledger_url, operator_key="k")
    made.until_live()
    return made


def ann_orders(bench: Bench) -> tuple[dict, dict]:
    ann = bench.shop("POST", "customers.json", {"customer": {"email": ANN, "first_name": "Ann"}})["customer"]
    wanted = {
        "line_items": [{"title": "Mug", "price": "3.00", "quantity": 1}],
        "customer": {"id": ann["id"]},
        "note": "leave it with Ann",
        "shipping_address": {"first_name": "Ann", "address1": "1 Annstreet", "city": "Ottawa", "country": "CA"},
    }
    order = bench.shop("POST", "orders.json", {"order": wanted})["order"]
    bench.run(2 * MINUTE)
    return ann, order


def redact(bench: Bench, customer: dict) -> None:
    body = {"shop_id": 1, "shop_domain": SHOP, "customer": {"id": customer["id"], "email": ANN}, "orders_to_redact": []}
    assert 200 == signed(bench, "customers/redact", body).status_code
    bench.run(MINUTE)


def texts(bench: Bench) -> str:
    """All values of contacts and sales in HubSpot, and every row of the ledger. (Their history is HubSpot's.)"""
    sale = SALES[bench.settings.integration]
    dump = bench.simulation.store.dump("hubspot", "24680135")
    shown = [one["properties"] for name in ("contacts", sale) for one in dump[name]]
    with bench.core.ledger.transaction():
        rows = [
            str(list(bench.core._wire.connection.exec_driver_sql(f"select * from {table}")))
            for table in ("source", "link", "mention", "tombstone", "inbox", "dirty", "setting")
        ]
    return f"{shown} {rows}"


def test_I10_nothing_of_a_redacted_customer_is_left_in_hubspot_and_in_the_ledger(bench):
    ann, _ = ann_orders(bench)
    assert "Ann" in texts(bench)
    redact(bench, ann)

    assert [] == bench.records("contacts")
    sale = SALES[bench.settings.integration]
    assert [""] == [one["properties"][NOTE[sale]] or "" for one in bench.records(sale, NOTE[sale])]
    assert [word for word in ("Ann", "ann@", "Annstreet") if word in texts(bench)] == []


def test_I10_a_customer_who_is_being_written_when_the_request_comes_is_forgotten_all_the_same(bench):
    gate, asked = bench.gate, []
    ann = {"id": 0, "email": ANN}

    def asked_behind_the_call(environ: dict[str, Any], start_response: Any) -> Any:
        answer = list(gate(environ, start_response))
        if environ["PATH_INFO"] == "/crm/v3/objects/contacts/batch/upsert" and not asked:
            body = {"shop_id": 1, "shop_domain": SHOP, "customer": ann, "orders_to_redact": []}
            asked.append(signed(bench, "customers/redact", body).status_code)
            bench.turn("privacy")  # it has a thread of its own
        return answer

    bench.hosts["127.0.0.1:5005"] = asked_behind_the_call
    ann |= bench.shop("POST", "customers.json", {"customer": {"email": ANN, "first_name": "Ann"}})["customer"]
    bench.run(5 * MINUTE)

    assert ([200], []) == (asked, bench.records("contacts"))
    assert [word for word in ("Ann", "ann@") if word in texts(bench)] == []
    assert {"tombstoned": 1} == bench.core.status()["records"]["customer"]


def test_I10_neither_a_replay_nor_a_resync_nor_a_later_change_brings_the_customer_back(bench):
    ann, order = ann_orders(bench)
    redact(bench, ann)
    signed(bench, "customers/update", {**ann, "updated_at": "2030-01-01T00:00:00Z"})
    bench.shop("PUT", f"orders/{order['id']}.json", {"order": {"tags": "late"}})
    bench.run(2 * MINUTE)
    bench.core.resync()
    bench.run(3 * MINUTE)

    assert [] == bench.records("contacts")
    assert "Ann" not in texts(bench)
    assert 1 == len(bench.records(SALES[bench.settings.integration]))
    standing = bench.core.explain("customer", str(ann["id"]))["standing"]
    assert ("tombstoned", "redacted") == (standing["status"], standing["reason"])


def test_I10_a_contact_that_was_there_before_keeps_its_address_and_loses_what_the_shop_gave(bench):
    bench.portal("POST", "/crm/v3/objects/contacts", {"properties": {"email": ANN, "jobtitle": "Baker"}})
    ann, _ = ann_orders(bench)
    redact(bench, ann)
    (contact,) = bench.records("contacts", "email", "firstname", "jobtitle", "shopify_created_at")

    told = {
        name: contact["properties"].get(name) or "" for name in ("email", "firstname", "jobtitle", "shopify_created_at")
    }
    assert {"email": ANN, "firstname": "", "jobtitle": "Baker", "shopify_created_at": ""} == told


def test_I10_a_shop_that_is_to_be_forgotten_is_although_its_app_was_turned_out(bench):
    ann_orders(bench)
    bench.core.first.pause("the app was uninstalled")
    signed(bench, "shop/redact", {"shop_id": 1, "shop_domain": SHOP})
    bench.run(MINUTE)

    assert [] == bench.records("contacts")
    assert "Ann" not in texts(bench)


def test_I10_a_data_request_is_listed_with_what_is_held(bench):
    ann, order = ann_orders(bench)
    body = {"shop_id": 1, "customer": {"id": ann["id"], "email": ANN}, "data_request": {"id": 9}}
    signed(bench, "customers/data_request", body)
    bench.run(MINUTE)
    client, headers = bench.core.receiver.test_client(), {"Authorization": "Bearer k"}
    page = f"{CORE}/connections/{SHOP}/privacy"

    (request,) = client.get(page, headers=headers).json["requests"]
    assert ("customers/data_request", str(ann["id"])) == (request["topic"], request["customer"])
    held = client.get(f"{page}/{ann['id']}", headers=headers).json
    assert {("customer", str(ann["id"])), ("order", str(order["id"]))} == {
        (one["kind"], one["id"]) for one in held["shopify"]
    }
    assert {"contacts", SALES[bench.settings.integration]} == {one["object"] for one in held["hubspot"]}


def test_I10_a_request_without_a_customer_is_refused(bench):
    assert 400 == signed(bench, "customers/redact", {"shop_id": 1}).status_code
