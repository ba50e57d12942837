"""What waits, in lines: live changes from their commit in Shopify on, those that are late, what was there before."""

from __future__ import annotations

import pytest
import shell_bench

from sync_core.shell.incoming.intake import Seen, intake
from sync_core.shell.storage.ledger import ConnectionState, Ledger
from sync_core.shell.storage.work import BACKFILL, Later

NOON, NOON_MS = "2026-11-02T12:00:00Z", 1_793_620_800_000
MINUTE = 60_000


@pytest.fixture
def ledger():
    made = Ledger(shell_bench.new_ledger(), "a.myshopify.com")
    made.save_connection(ConnectionState(tenant="1", phase="live"))
    yield made
    made.close()


def change(ledger: Ledger, after_ms: int, id: str = "7", kind: str = "order", at: str = NOON, **how) -> None:
    document = {"id": int(id), "updated_at": at}
    intake(ledger, [Seen(kind, id, document, "page")], NOON_MS + after_ms, **how)  # type: ignore[arg-type]


def lines(ledger: Ledger, after_ms: int) -> dict[str, int]:
    found = (ledger.work.head(NOON_MS + after_ms, line, 100) for line in ("live", "late", "backfill"))
    return {head.line: head.due for head in found if head}


def test_B10_the_promise_counts_from_the_commit_in_shopify_not_from_when_it_was_noticed(ledger):
    change(ledger, 8 * MINUTE)

    assert [{"live": 1}, {"late": 1}] == [lines(ledger, 9 * MINUTE), lines(ledger, 10 * MINUTE)]
    assert NOON_MS == ledger.work.oldest_ms()


def test_B10_shopifys_clock_may_be_ahead_of_ours(ledger):
    change(ledger, -MINUTE)

    assert NOON_MS - MINUTE == ledger.work.oldest_ms()


def test_what_was_there_before_is_promised_nothing(ledger):
    change(ledger, 300 * MINUTE, lane=BACKFILL)

    assert {"backfill": 1} == lines(ledger, 301 * MINUTE)
    assert ledger.work.oldest_ms() is None


def test_B10_a_change_of_what_still_waits_to_be_imported_counts_from_that_change_on(ledger):
    change(ledger, 300 * MINUTE, lane=BACKFILL)
    change(ledger, 400 * MINUTE, at="2026-11-02T18:40:00Z")

    assert [{"live": 1}, {"late": 1}] == [lines(ledger, 409 * MINUTE), lines(ledger, 411 * MINUTE)]


def test_B10_an_older_change_that_is_heard_of_later_is_the_one_that_counts(ledger):
    ledger.work.mark([("order", "7")], NOON_MS + MINUTE, since={("order", "7"): NOON_MS + MINUTE})
    ledger.work.mark([("order", "7")], NOON_MS + MINUTE, since={("order", "7"): NOON_MS})

    assert NOON_MS == ledger.work.oldest_ms()


def test_products_and_customers_go_before_the_orders_that_name_them_until_these_are_more_urgent(ledger):
    change(ledger, 0)
    change(ledger, 4 * MINUTE, id="8", kind="customer", at="2026-11-02T12:04:00Z")
    change(ledger, 6 * MINUTE, id="9", kind="customer", at="2026-11-02T12:06:00Z")
    heads = []
    while head := ledger.work.head(NOON_MS + 9 * MINUTE, "live", 100):
        heads.append((head.kind, head.due))
        ledger.work.claim(NOON_MS + 9 * MINUTE, 1, head)

    assert [("customer", 2), ("order", 1), ("customer", 1)] == heads


def test_I3_what_is_marked_again_while_it_is_written_is_late_from_then_on_alone(ledger):
    change(ledger, 0)
    (claim,) = ledger.work.claim(NOON_MS + 9 * MINUTE, 100)
    change(ledger, 9 * MINUTE + 50, at="2026-11-02T12:09:00Z")
    ledger.work.settle([(claim, None)])

    assert {"live": 1} == lines(ledger, 15 * MINUTE)


def test_a_record_that_stays_marked_because_it_failed_keeps_its_first_commit(ledger):
    change(ledger, 0)
    (claim,) = ledger.work.claim(NOON_MS, 100)
    ledger.work.settle([(claim, Later(NOON_MS + MINUTE, attempts=1))])

    assert {"late": 1} == lines(ledger, 11 * MINUTE)


def test_a_record_that_was_written_a_moment_ago_lingers_longer_each_time(ledger):
    due = []
    for second in range(4):
        change(ledger, 10 * second, at=f"2026-11-02T12:00:0{second}Z")
        at_ms = ledger.work.next_due(0)
        due.append(at_ms - NOON_MS - 10 * second)
        (claim,) = ledger.work.claim(at_ms, 100)
        ledger.work.settle([(claim, None)])
        ledger.work.written([claim], NOON_MS + 10 * second)

    assert [0, 0, 2_000 - 10, 4_000 - 10] == due


def test_carts_go_last_on_the_last_rung(ledger):
    intake(ledger, [Seen("checkout", "t", {"token": "t", "updated_at": NOON}, "page")], NOON_MS)
    change(ledger, MINUTE, at="2026-11-02T12:01:00Z")
    first = [ledger.work.head(NOON_MS + MINUTE, "live", 100, carts_last=last) for last in (False, True)]

    assert ["checkout", "order"] == [head.kind for head in first if head]
