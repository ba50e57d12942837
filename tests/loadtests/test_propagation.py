"""The load test's measure: from the commit in Shopify to the sight in HubSpot."""

from __future__ import annotations

from typing import Any

from loadtests.propagation import Tracker, marker

FIRST, SECOND = marker("customer", 1), marker("customer", 2)


def shopify(at_ms: int, resource: str = "customers", id: int = 7, **document: Any) -> dict[str, Any]:
    return {"vendor": "shopify", "resource": resource, "id": id, "at_ms": at_ms, "document": document}


def hubspot(at_ms: int, resource: str = "contacts", id: int = 501, **properties: Any) -> dict[str, Any]:
    document = {"properties": properties}
    return {"vendor": "hubspot", "resource": resource, "id": id, "at_ms": at_ms, "document": document}


def times(*rows: dict[str, Any]) -> list[tuple[str, int]]:
    """Marker and duration of each change that these rows show, in order."""
    tracker = Tracker()
    return [(sight.commit.marker, sight.took_ms) for row in rows for sight in tracker.take(row)]


def test_a_change_takes_from_its_commit_to_its_first_sight() -> None:
    rows = [
        shopify(1_000, last_name=FIRST),
        shopify(2_000, last_name=FIRST, tags="vip"),
        hubspot(4_500, lastname=FIRST),
        hubspot(9_000, lastname=FIRST),
    ]

    assert [(FIRST, 3_500)] == times(*rows)


def test_a_later_version_shows_the_older_ones_too() -> None:
    rows = [shopify(1_000, last_name=FIRST), shopify(3_000, last_name=SECOND), hubspot(4_000, lastname=SECOND)]

    assert [(FIRST, 3_000), (SECOND, 1_000)] == times(*rows)


def test_an_older_version_does_not_show_a_later_one() -> None:
    tracker = Tracker()
    for row in (shopify(1_000, last_name=FIRST), shopify(3_000, last_name=SECOND), hubspot(4_000, lastname=FIRST)):
        tracker.take(row)

    assert [SECOND] == [commit.marker for commit in tracker.waiting()]


def test_a_name_on_a_deal_is_no_sight_of_the_customer() -> None:
    rows = [shopify(1_000, last_name=FIRST), hubspot(2_000, "deals", dealname=FIRST), hubspot(5_000, lastname=FIRST)]

    assert [(FIRST, 4_000)] == times(*rows)


def test_an_order_that_carries_its_customer_commits_only_itself() -> None:
    order = marker("order", 3)
    rows = [
        shopify(1_000, "orders", 9, note=order, customer={"last_name": FIRST}),
        hubspot(2_000, lastname=FIRST),
        hubspot(3_000, "orders", 88, hs_order_note=order),
    ]

    assert [(order, 2_000)] == times(*rows)


def test_a_deletion_and_a_marker_of_another_run_are_passed_over() -> None:
    gone = {**shopify(1_000), "document": None}

    assert [] == times(gone, hubspot(2_000, lastname=FIRST))
