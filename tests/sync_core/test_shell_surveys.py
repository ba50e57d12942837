"""A held connection writes nothing; its plan is applied as it was seen, or not at all; both sides are compared."""

from __future__ import annotations

from typing import Any

import pytest
from shell_bench import KEY, MINUTE, SHOP, Bench, of_shop


def awaited(bench: Bench, path: str, body: Any = None) -> dict[str, Any]:
    of_shop(bench, "POST", path, body or {})
    for _ in range(60):
        if (told := of_shop(bench, "GET", path))["over"]:
            return told
        bench.run(5_000)
    raise AssertionError(told)


def filled(integration: str, **settings: Any) -> Bench:
    bench = Bench(integration, calm=True, operator_key=KEY, **settings)
    ada = bench.shop("POST", "customers.json", {"customer": {"email": "ada@example.com", "first_name": "Ada"}})
    bench.portal("POST", "/crm/v3/objects/contacts", {"properties": {"email": "ada@example.com", "firstname": "A."}})
    line = {"title": "Mug", "price": "3.00", "quantity": 2}
    wanted = {"line_items": [line], "customer": {"id": ada["customer"]["id"]}}
    bench.shop("POST", "orders.json", {"order": wanted})
    bench.shop("POST", "orders.json", {"order": {"line_items": [line], "test": True}})
    return bench


def writes_to_shopify(bench: Bench) -> int:
    entries = bench.simulation.journal.entries
    return sum(one.source == "sync" and one.target == "shopify" and one.method != "GET" for one in entries)


@pytest.mark.parametrize("integration", ["deals", pytest.param("data-sync", marks=pytest.mark.slow)])
def test_a_new_connection_that_is_held_writes_nothing_and_then_exactly_its_plan(integration: str):
    bench, sales = filled(integration, hold=True), "deals" if integration == "deals" else "orders"
    bench.run(MINUTE)
    plan = awaited(bench, "/plan")

    assert ([], 0) == (bench.writes(), writes_to_shopify(bench))
    assert {"change": 1} == plan["counts"]["contacts"]
    assert {"create": 1} == plan["counts"][sales]
    assert {"create": 1} == plan["counts"]["line_items"]
    assert {"associate": 1} == plan["counts"][f"{sales} with contacts"]
    assert {"test_order": 1} == plan["left_out"]
    assert 1 == plan["fields"]["contacts"]["firstname"]
    (change,) = [one for one in plan["differences"] if one["op"] == "change"]
    assert ("A.", "Ada") == next((v["old"], v["new"]) for v in change["values"] if v["property"] == "firstname")
    assert len(plan["set_up"]) > 2

    applied = awaited(bench, "/plan", {"apply": plan["digest"]})
    assert (True, False) == (applied["applied"], applied["held"])
    bench.until_live()
    bench.run(MINUTE)
    assert [1, 1, 1] == [len(bench.records(name)) for name in ("contacts", sales, "line_items")]
    assert bench.core.pending() is None
    assert {"change": 1} == plan["counts"]["contacts"]


@pytest.mark.slow
@pytest.mark.parametrize("side", ["shopify", "hubspot"])
def test_a_plan_is_refused_once_the_world_has_moved(side: str):
    bench = filled("deals", hold=True)
    bench.run(MINUTE)
    digest = awaited(bench, "/plan")["digest"]
    assert digest == awaited(bench, "/plan")["digest"]
    if side == "shopify":
        (ada,) = bench.shop("GET", "customers.json")["customers"]
        bench.shop("PUT", f"customers/{ada['id']}.json", {"customer": {"first_name": "Augusta"}})
    else:
        (ada,) = bench.records("contacts")
        bench.portal("PATCH", f"/crm/v3/objects/contacts/{ada['id']}", {"properties": {"firstname": "Augusta"}})
    bench.run(3 * MINUTE)
    told = awaited(bench, "/plan", {"apply": digest})

    assert (False, True, True) == (told["applied"], told["held"], told["digest"] != digest)
    assert ([], 0) == (bench.writes(), writes_to_shopify(bench))


@pytest.mark.slow
def test_a_live_connection_is_held_for_a_change_of_its_settings_and_goes_on_when_it_is_let_go():
    bench = filled("data-sync")
    bench.until_live()
    bench.run(MINUTE)
    of_shop(bench, "POST", "/plan", {}, status=400)
    of_shop(bench, "POST", "/hold")
    before = bench.writes()
    of_shop(bench, "PATCH", "/settings", {"skip_test_orders": False})
    bench.run(3 * MINUTE)
    plan = awaited(bench, "/plan")

    assert before == bench.writes()
    assert {"create": 1} == plan["counts"]["orders"]
    assert "held: " in (bench.core.pending() or "")
    of_shop(bench, "POST", "/let-go")
    bench.run(3 * MINUTE)
    assert (2, None) == (len(bench.records("orders")), bench.core.pending())


@pytest.mark.slow
@pytest.mark.parametrize("integration", ["data-sync", "deals"])
def test_a_comparison_finds_what_is_missing_different_and_too_much(integration: str):
    bench, sales = filled(integration), "deals" if integration == "deals" else "orders"
    bench.until_live()
    bench.run(MINUTE)
    alike = awaited(bench, "/diff")
    assert {"compared": 1, "same": 1, "different": 0, "missing": 0, "surplus": 0, "on_its_way": 0} == alike["objects"][
        sales
    ]
    assert ([], {"test_order": 1}) == (alike["differences"], alike["left_out"])

    (contact,), (line,) = (bench.records(name) for name in ("contacts", "line_items"))
    bench.portal(
        "PATCH", f"/crm/v3/objects/contacts/{contact['id']}", {"properties": {"lastname": "", "firstname": "B."}}
    )
    bench.portal("DELETE", f"/crm/v3/objects/line_items/{line['id']}")
    stray = {"shopify_sync_key": f"{SHOP}/product/7", "name": "Stray"}
    bench.portal("POST", "/crm/v3/objects/products", {"properties": stray})
    told = awaited(bench, "/diff")

    assert {"firstname": 1} == told["fields"]["contacts"]
    figures = {name: (of["different"], of["missing"], of["surplus"]) for name, of in told["objects"].items()}
    assert {"contacts": (1, 0, 0), sales: (0, 0, 0), "line_items": (0, 1, 0), "products": (0, 0, 1)} == figures
    assert {"field", "missing", "surplus"} == {one["difference"] for one in told["differences"]}


@pytest.mark.slow
@pytest.mark.parametrize("integration", ["data-sync", "deals"])
def test_a_comparison_finds_an_association_that_somebody_took_away(integration: str):
    bench, sales = filled(integration), "deals" if integration == "deals" else "orders"
    bench.until_live()
    bench.run(MINUTE)
    ((sale,), (contact,)) = (bench.records(name) for name in (sales, "contacts"))
    pair = {"from": {"id": sale["id"]}, "to": [{"id": contact["id"]}]}
    bench.portal("POST", f"/crm/v4/associations/{sales}/contacts/batch/archive", {"inputs": [pair]})
    told = awaited(bench, "/diff")

    assert (1, 0) == (told["objects"][sales]["different"], told["objects"]["line_items"]["different"])
    (lacking,) = told["differences"]
    assert ("association", True) == (lacking["difference"], lacking["with"].startswith("contacts customer/"))
