"""Propagation, measured on hand-made change logs."""

from __future__ import annotations

from typing import Any

from scenarios.lag import Lag, Summary, lags, percentile, summarise

START_MS = 1_790_845_200_000
MINUTE_MS = 60_000
STAGES = [
    {"id": id, "label": label}
    for id, label in (
        ("checkout_abandoned", "Checkout Abandoned"),
        ("checkout_pending", "Checkout Pending"),
        ("processed", "Processed"),
    )
]
PIPELINE = ("hubspot", "pipelines", 1, {"id": 1, "stages": STAGES})


def log(*rows: tuple[int, tuple[str, str, int, dict[str, Any] | None]]) -> list[dict[str, Any]]:
    """Rows of a change log: (milliseconds after the start, (vendor, resource, id, document))."""
    names = ("vendor", "resource", "id", "document")
    return [
        {"seq": seq, "at_ms": START_MS + at} | dict(zip(names, what, strict=True)) for seq, (at, what) in rows_of(rows)
    ]


def rows_of(rows: Any) -> Any:
    return enumerate(sorted(rows, key=lambda row: row[0]), start=1)


def customer(first_name: str, email: str | None = "ada@example.com") -> tuple[str, str, int, dict[str, Any]]:
    return ("shopify", "customers", 7, {"id": 7, "email": email, "first_name": first_name, "addresses": []})


def contact(first_name: str, email: str = "ada@example.com") -> tuple[str, str, int, dict[str, Any]]:
    properties = {"email": email, "firstname": first_name}
    return ("hubspot", "contacts", 100, {"id": 100, "archived": False, "createdAt": START_MS, "properties": properties})


def checkout(at_ms: int, completed_ms: int | None = None, email: str | None = "cleo@example.com") -> Any:
    times = {"created_at_ms": START_MS, "updated_at_ms": START_MS + at_ms, "completed_at_ms": completed_ms}
    document = {
        "id": 21,
        "name": "#21",
        "token": "t",
        "email": email,
        "phone": None,
        "total_price": "5.00",
        "currency": "USD",
    }
    return ("shopify", "checkouts", 21, document | times | {"line_items": [], "customer_id": None})


def deal(stage: str, at_ms: int = 0) -> tuple[str, str, int, dict[str, Any]]:
    properties = {"dealname": "#21", "dealstage": stage, "pipeline": "p" if stage else "", "amount": "5"}
    properties |= {"deal_currency_code": "USD"}
    document = {"id": 300, "archived": False, "createdAt": START_MS + at_ms, "properties": properties}
    return ("hubspot", "deals", 300, document)


CLEO = ("hubspot", "contacts", 101, {"id": 101, "properties": {"email": "cleo@example.com"}})
CLEO_LEFT_IT = ("hubspot", "associations", 1, {"source": "deals/300", "target": "contacts/101"})


def test_a_change_takes_until_hubspot_shows_it():
    found = lags(log((0, customer("Ada")), (4_000, contact("Ada"))), "deals")

    assert found == [Lag("customer", "7", START_MS, 4_000)]


def test_a_contact_with_a_wrong_value_does_not_show_the_change_yet():
    rows = log((0, customer("Ada")), (4_000, contact("Eve")), (9_000, contact("Ada")))

    assert [lag.took_ms for lag in lags(rows, "deals")] == [9_000]


def test_a_superseded_version_counts_with_the_later_one():
    rows = log((0, customer("Ada")), (1_000, customer("Augusta")), (5_000, contact("Augusta")))

    assert [lag.took_ms for lag in lags(rows, "deals")] == [5_000, 4_000]


def test_a_renamed_customer_is_shown_by_the_new_email():
    rows = log(
        (0, customer("Ada")),
        (1_000, contact("Ada")),
        (2_000, customer("Ada", "byron@example.com")),
        (5_000, contact("Ada", "byron@example.com")),
    )

    assert [lag.took_ms for lag in lags(rows, "deals")] == [1_000, 3_000]


def test_what_never_arrives_is_waiting_and_says_what_is_missing():
    rows = log((0, customer("Ada")))

    found = lags(rows, "deals", now_ms=START_MS + MINUTE_MS)

    assert found == [
        Lag("customer", "7", START_MS, None, "customer ada@example.com: no contact has the e-mail ada@example.com")
    ]


def test_a_customer_without_email_asks_for_nothing_and_is_not_counted():
    assert lags(log((0, customer("Ada", None))), "deals") == []


def test_a_change_that_hubspot_shows_already_is_not_counted():
    rows = log((0, contact("Ada")), (1_000, customer("Ada")))

    assert lags(rows, "deals") == []


def test_a_change_before_the_import_was_complete_is_not_counted():
    rows = log((0, customer("Ada")), (4_000, contact("Ada")))

    assert lags(rows, "deals", from_ms=START_MS + 1) == []


def test_a_deletion_takes_until_the_product_is_archived():
    cup = {"id": 3, "title": "Cup", "variants": []}
    shown = {"id": 200, "archived": False, "properties": {"name": "Cup"}}
    rows = log(
        (0, ("shopify", "products", 3, cup)),
        (1_000, ("hubspot", "products", 200, shown)),
        (2_000, ("shopify", "products", 3, None)),
        (9_000, ("hubspot", "products", 200, shown | {"archived": True})),
    )

    assert [lag.took_ms for lag in lags(rows, "deals")] == [1_000, 7_000]


def test_the_clock_of_an_abandoned_cart_starts_at_the_tenth_minute():
    rows = log(
        (0, PIPELINE),
        (0, checkout(0)),
        (2_000, deal("checkout_pending", 2_000)),
        (10 * MINUTE_MS + 20_000, CLEO),
        (10 * MINUTE_MS + 21_000, CLEO_LEFT_IT),
        (10 * MINUTE_MS + 30_000, deal("checkout_abandoned")),
    )

    assert lags(rows, "deals") == [
        Lag("checkout", "21", START_MS, 2_000),
        Lag("checkout", "21", START_MS + 10 * MINUTE_MS, 30_000),
    ]


def test_a_cart_that_is_touched_again_counts_ten_minutes_anew():
    rows = log(
        (0, PIPELINE), (0, checkout(0)), (1_000, deal("checkout_pending")), (9 * MINUTE_MS, checkout(9 * MINUTE_MS))
    )

    found = lags(rows, "deals", now_ms=START_MS + 20 * MINUTE_MS)

    assert [(lag.at_ms, lag.took_ms) for lag in found] == [(START_MS, 1_000), (START_MS + 19 * MINUTE_MS, None)]


def test_a_pending_deal_is_asked_to_leave_after_48_hours():
    late_ms = 48 * 60 * MINUTE_MS + 1_000
    rows = log(
        (0, PIPELINE),
        (0, checkout(0, email=None)),
        (1_000, deal("checkout_pending", 1_000)),
        (late_ms + 7_000, deal("", 1_000)),
    )

    assert lags(rows, "deals")[-1] == Lag("checkout", "21", START_MS + late_ms, 7_000)


def test_a_summary_counts_late_and_waiting_ones_by_kind():
    found = [Lag("order", str(ms), 0, ms) for ms in (1_000, 2_000, 3_000, 700_000)]
    found += [Lag("product", "1", 0, None), Lag("product", "2", 900_000, None)]

    summary = summarise(found, now_ms=1_000_000)

    assert summary == {
        "all": Summary(6, 2_000, 700_000, 700_000, 700_000, late=2, waiting=2),
        "order": Summary(4, 2_000, 700_000, 700_000, 700_000, late=1, waiting=0),
        "product": Summary(2, 0, 0, 0, 0, late=1, waiting=2),
    }


def test_a_percentile_is_the_nearest_rank():
    assert [percentile(list(range(1, 101)), share) for share in (50, 95, 99, 100)] == [50, 95, 99, 100]
