"""Each invariant on hand-made evidence: silent where it holds, in words where it is broken."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from scenarios.invariants import INVARIANTS, Evidence, broken
from scenarios.oracle import Portal, Shop

ADA = {"id": 7, "email": "ada@example.com", "addresses": []}
LINE = {"title": "Cup", "sku": "CUP", "price": "12.00", "quantity": 1}
ORDER = {"id": 11, "name": "#1001", "total_price": "12.00", "line_items": [LINE], "customer_id": 7}
IN_SYNC = {"customer": {"in_sync": 1}, "product": {}, "order": {"in_sync": 1}, "checkout": {}}


def record(id: int, **properties: Any) -> dict[str, Any]:
    return {"id": id, "archived": False, "properties": properties}


def portal(**more: Any) -> Portal:
    dump: dict[str, list[Any]] = {
        "contacts": [record(100, email="ada@example.com")],
        "deals": [record(300, dealname="#1001", amount="12", shopify_sync_key="shop/order/11")],
        "line_items": [record(400, price="12.00")],
        "associations": [{"id": 1, "source": "deals/300", "target": "line_items/400"}],
    }
    return Portal.of({name: dump.get(name, []) + more.get(name, []) for name in (*dump, *more)})


@pytest.fixture
def evidence() -> Evidence:
    shop = Shop({"customers": [ADA], "orders": [ORDER]})
    return Evidence(shop, portal(), "deals", states=IN_SYNC, writes_of_resync=[])


def test_there_are_six_and_all_hold_where_all_is_well(evidence):
    assert len(INVARIANTS) == 6
    assert broken(evidence) == []


def test_a_second_record_of_an_order_breaks_the_first(evidence):
    twice = portal(deals=[record(301, dealname="#1001", amount="12", shopify_sync_key="shop/order/11")])

    found = broken(replace(evidence, portal=twice))

    name = INVARIANTS[0].name
    assert f"{name}: 2 live deals with dealname '#1001', 1 in Shopify" in found
    assert f"{name}: 2 live deals are linked to shop/order/11" in found


def test_a_shared_email_breaks_the_second_also_as_a_secondary_one(evidence):
    shared = portal(contacts=[record(101, email="b@example.com", hs_additional_emails="ADA@example.com;c@example.com")])

    assert broken(replace(evidence, portal=shared)) == [
        f"{INVARIANTS[1].name}: ada@example.com is on the contacts 100, 101"
    ]


@pytest.mark.parametrize(
    ("states", "told"),
    [
        ({"order": {"pending": 1}}, "order: 1 pending"),
        ({"order": {}}, "order: 0 are counted, Shopify holds 1"),
        ({"order": {"in_sync": 2}}, "order: 2 are counted, Shopify holds 1"),
    ],
)
def test_a_record_without_a_final_state_breaks_the_third(evidence, states, told):
    assert broken(replace(evidence, states=IN_SYNC | states)) == [f"{INVARIANTS[2].name}: {told}"]


def test_excluded_failing_and_tombstoned_records_have_a_state_too(evidence):
    evidence.shop.apply("order", "12", ORDER | {"id": 12, "name": "#1002"})
    evidence.shop.apply("order", "12", None)

    states = IN_SYNC | {"customer": {"excluded": 1}, "order": {"failing": 1, "tombstoned": 1}}

    assert broken(replace(evidence, states=states)) == []


def test_a_write_of_a_resync_breaks_the_fourth(evidence):
    row = {"verb": "update", "resource": "deals", "id": 300}

    assert broken(replace(evidence, writes_of_resync=[row])) == [f"{INVARIANTS[3].name}: update of deals 300"]


def test_a_write_to_an_order_breaks_the_fifth_and_a_new_subscription_does_not(evidence):
    writes = [
        {"method": "POST", "path": "/admin/api/2026-07/webhooks.json"},
        {"method": "PUT", "path": "/admin/api/2026-07/orders/11.json"},
    ]

    assert broken(replace(evidence, writes_of_sync=writes)) == [
        f"{INVARIANTS[4].name}: PUT /admin/api/2026-07/orders/11.json"
    ]


def test_money_that_differs_in_the_last_digit_breaks_the_sixth(evidence):
    evidence.portal.records["deals", "300"].properties["amount"] = "12.01"
    evidence.portal.records["line_items", "400"].properties["price"] = "12.001"

    assert broken(evidence) == [
        f"{INVARIANTS[5].name}: deals 300: amount is 12.01, Shopify says 12.00",
        f"{INVARIANTS[5].name}: deals 300: line prices are [Decimal('12.001')], Shopify says [Decimal('12.00')]",
    ]
