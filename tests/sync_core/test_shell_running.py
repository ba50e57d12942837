"""What the operator sees of a running core, and what is tried again."""

from __future__ import annotations

import io
import json
import logging
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from shell_bench import CORE, KEY, MINUTE, Bench, of_shop, signed

from scenarios.cli.logs import formatter


@pytest.fixture
def bench() -> Bench:
    made = Bench("data-sync", calm=True, operator_key=KEY)
    made.until_live()
    return made


def product(bench: Bench, **fields: Any) -> str:
    made = bench.shop("POST", "products.json", {"product": {"title": "Mug", "variants": [{"price": "1.00"}], **fields}})
    bench.run()
    return str(made["product"]["id"])


def test_the_log_tells_each_decision_with_its_version_rule_values_call_and_latency(bench):
    id_ = product(bench)
    bench.shop("PUT", f"products/{id_}.json", {"product": {"id": id_, "title": "Cup"}})
    bench.run()
    version = bench.shop("GET", f"products/{id_}.json")["product"]["updated_at"]
    made, renamed = of_shop(bench, "GET", f"/audit/product/{id_}")["decisions"]

    assert ("in_sync", "POST /crm/v3/objects/products/batch/upsert") == (made["status"], made["changes"][0]["call"])
    (change,) = renamed["changes"]
    assert ("POST /crm/v3/objects/products/batch/update", f"products product/{id_}") == (
        change["call"],
        change["record"],
    )
    assert [{"property": "name", "rule": "B-PRODUCT", "old": "Mug", "new": "Cup"}] == change["values"]
    assert version == renamed["version"]
    assert 0 <= renamed["took_ms"] < 10 * MINUTE
    of_shop(bench, "GET", "/audit/product/7", status=404)


@pytest.mark.slow
def test_I4_the_log_tells_what_went_to_shopify_and_I10_forgets_with_the_customer(bench):
    ada = bench.shop("POST", "customers.json", {"customer": {"email": "ada@example.com", "first_name": "Ada"}})
    id_ = str(ada["customer"]["id"])
    bench.run()
    (contact,) = bench.records("contacts")
    bench.portal("PATCH", f"/crm/v3/objects/contacts/{contact['id']}", {"properties": {"firstname": "Augusta"}})
    bench.run(10 * MINUTE)
    last = of_shop(bench, "GET", f"/audit/customer/{id_}")["decisions"][-1]

    assert ["PUT /admin/api/customers"] == [change["call"] for change in last["changes"]]
    assert [("first_name", "Ada", "Augusta")] == [
        (one["property"], one["old"], one["new"]) for one in last["changes"][0]["values"]
    ]

    signed(bench, "customers/redact", {"customer": {"id": int(id_), "email": "ada@example.com"}})
    bench.run()
    assert [] == of_shop(bench, "GET", f"/audit/customer/{id_}")["decisions"]


def test_what_is_parked_is_counted_by_class_and_tried_again_at_once(bench):
    bench.portal_settings({"unique": {"products": ["hs_sku"]}})
    product(bench, variants=[{"price": "1.00", "sku": "M"}])
    second = product(bench, title="Cup", variants=[{"price": "1.00", "sku": "M"}])
    told = of_shop(bench, "GET", "/status")
    assert [{"kind": "product", "status": "failing", "class": "rejected", "records": 1}] == told["parked"]
    assert {"failing": 1, "in_sync": 1} == told["objects"]["products"]["states"]

    bench.portal_settings({"unique": {"products": []}})
    assert {"tried": 1} == of_shop(bench, "POST", "/retry", {"class": "rejected"})
    bench.run(MINUTE)

    assert [] == of_shop(bench, "GET", "/status")["parked"]
    assert {"tried": 1} == of_shop(bench, "POST", "/retry", {"record": f"product/{second}"})
    assert {"tried": 0} == of_shop(bench, "POST", "/retry", {})
    for body, status in (
        ({"class": "odd"}, 400),
        ({"record": "7"}, 400),
        ({"record": "order/7"}, 404),
        ({"x": 1}, 400),
    ):
        of_shop(bench, "POST", "/retry", body, status=status)


@pytest.mark.slow
def test_the_status_tells_the_age_of_what_waits_the_nets_and_the_limits(bench):
    bench.run(6 * MINUTE)
    bench.fault("break", vendor="hubspot", app="sync")
    bench.shop("POST", "products.json", {"product": {"title": "Mug"}})
    bench.run(8 * MINUTE)
    told = of_shop(bench, "GET", "/status")

    assert 7.5 * MINUTE < told["oldest_unsynced_ms"] <= 8 * MINUTE
    late = {net["net"]: net["late"] for net in told["nets"]}
    assert (False, True) == (late["poll product"], late["changes of contacts"])
    assert 0 <= told["limits"]["calls"]["left"] <= told["limits"]["calls"]["limit"]


def test_prometheus_reads_states_lags_nets_and_limits_and_nothing_of_a_person(bench):
    bench.shop("POST", "customers.json", {"customer": {"email": "ada@example.com", "first_name": "Augusta"}})
    product(bench)
    client = bench.core.receiver.test_client()
    text = client.get("/metrics", base_url=CORE).text
    found = {sample.name: [] for family in text_string_to_metric_families(text) for sample in family.samples}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found[sample.name].append((sample.labels, sample.value))

    states = {(one["object"], one["state"]): n for one, n in found["syncdrill_records"]}
    assert {("contacts", "in_sync"): 1, ("products", "in_sync"): 1} == states
    within = [n for one, n in found["syncdrill_propagation_lag_seconds_bucket"] if one["le"] in ("600.0", "+Inf")]
    assert [1, 1, 1, 1] == within  # of a customer and a product
    assert [0] == [n for _, n in found["syncdrill_oldest_unsynced_seconds"]]
    assert {"burst", "search"} == {one["limit"] for one, _ in found["syncdrill_hubspot_calls_left"]}
    assert "poll product" in {one["net"] for one, _ in found["syncdrill_net_age_seconds"]}
    assert 0 < found["syncdrill_hubspot_calls_total"][0][1]
    assert [0] == [n for _, n in found["syncdrill_hubspot_refusals_total"]]
    assert 2 == {one["by"]: n for one, n in found["syncdrill_changes_found_total"]}["webhook"]
    secrets = [bench.settings.shopify_token, bench.settings.hubspot_token, KEY]
    assert [] == [word for word in ("ada@", "Augusta", "Mug", *secrets) if word in text]
    assert 403 == client.get("/metrics", base_url="http://evil.example").status_code


def test_the_log_is_json_without_a_person_or_a_token(bench):
    taken = io.StringIO()
    handler = logging.StreamHandler(taken)
    handler.setFormatter(formatter())
    log = logging.getLogger("sync_core")
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    try:
        bench.portal_settings({"unique": {"products": ["hs_sku"]}})
        bench.shop("POST", "customers.json", {"customer": {"email": "ada@example.com", "first_name": "Augusta"}})
        product(bench, variants=[{"price": "1.00", "sku": "M"}])
        product(bench, title="Cup", variants=[{"price": "1.00", "sku": "M"}])
        signed(bench, "customers/create", b'{"email": "ada@example.com"}')
        bench.fault("break", vendor="hubspot", app="sync")
        bench.run(MINUTE)
        try:
            raise ValueError("ada@example.com cannot be read")
        except ValueError:
            log.exception("%s %s cannot be read", "customer", "7")
    finally:
        log.removeHandler(handler)
        log.setLevel(logging.NOTSET)
    lines = [json.loads(line) for line in taken.getvalue().splitlines()]

    assert {"%s %s is failing", "%s %s cannot be read"} <= {line["template"] for line in lines}
    assert ("ValueError", ["customer", "7"]) == (lines[-1]["exception"], lines[-1]["values"])
    assert {"at", "level", "logger", "message", "template", "values"} <= set.intersection(*map(set, lines))
    secrets = [bench.settings.shopify_token, bench.settings.hubspot_token, bench.settings.shopify_secret, KEY]
    assert [] == [word for word in ("ada@", "Augusta", *secrets) if word in taken.getvalue()]
