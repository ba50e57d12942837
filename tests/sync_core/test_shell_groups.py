"""Webhooks that come together share a commit; a full disk takes none of them, and nothing by halves."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

from shell_bench import Bench, signed

from sync_core.shell.incoming.deliveries import Delivery, take
from sync_core.shell.incoming.groups import MOST, Groups
from sync_core.shell.incoming.intake import Seen
from sync_core.shell.storage.database import Wire
from sync_core.shell.storage.ledger import ConnectionState, Ledger


def order(number: int, note: str = "x") -> dict:
    return {"id": number, "updated_at": "2026-11-02T12:00:00Z", "note": note}


def delivery(ledger: Ledger, webhook: str, number: int) -> Delivery:
    return Delivery(ledger, webhook, "orders/updated", Seen("order", str(number), order(number), "webhook"))


def in_groups(items: list[int], handle) -> tuple[list[object], list[int]]:
    """Results or errors of items that come while the first one is under way, and how many went together."""
    sizes: list[int] = []

    def slow(group):
        ends_at = time.monotonic() + 10
        while not sizes and len(groups._queue) < len(items) - 1 and time.monotonic() < ends_at:
            time.sleep(0.005)
        sizes.append(len(group))
        return handle(group)

    groups: Groups[int, int] = Groups(slow)

    def run(item: int) -> object:
        try:
            return groups.run(item)
        except ValueError as error:
            return str(error)

    with ThreadPoolExecutor(len(items)) as pool:
        return list(pool.map(run, items)), sizes


def test_what_comes_while_a_commit_is_under_way_shares_the_next_one():
    results, sizes = in_groups(list(range(MOST + 11)), lambda group: [10 * item for item in group])

    assert [10 * item for item in range(MOST + 11)] == results
    assert [1, MOST, 10] == sizes


def test_one_that_fails_spoils_nothing_for_the_others():
    def handle(group):
        if 3 in group:
            raise ValueError("three")
        return group

    results, _ = in_groups([1, 2, 3, 4], handle)

    assert [1, 2, "three", 4] == results


def test_a_webhook_that_comes_twice_in_a_group_is_taken_once(ledger_url):
    wire = Wire(ledger_url)
    one, other = (Ledger(wire, f"{name}.myshopify.com") for name in ("a", "b"))
    for ledger in (one, other):
        ledger.save_connection(ConnectionState(tenant="1", phase="live"))
    group = [delivery(one, "w1", 1), delivery(one, "w1", 1), delivery(one, "", 2), delivery(other, "w1", 3)]

    assert [True, False, True, True] == take(group, 1)
    assert [False, False, True, False] == take(group, 2)
    assert ({"order": {"pending": 2}}, {"order": {"pending": 1}}) == (one.sources.counts(), other.sources.counts())
    wire.close()


def test_on_a_full_disk_webhooks_are_answered_503_and_taken_once_there_is_room(tmp_path):
    bench = Bench(calm=True, ledger_url=f"sqlite:///{tmp_path / 'ledger.db'}")
    bench.until_live()
    disk = bench.core._wire.connection
    pages = disk.exec_driver_sql("PRAGMA page_count").scalar()
    disk.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    disk.commit()
    long = order(7, note="x" * 100_000)

    assert [503, 503] == [signed(bench, "orders/updated", long).status_code for _ in range(2)]
    assert {} == bench.core.ledger.sources.counts()
    disk.exec_driver_sql("PRAGMA max_page_count = 1000000")
    disk.commit()
    assert b'{"taken":true}' == signed(bench, "orders/updated", long).data
    assert {"order": {"pending": 1}} == bench.core.ledger.sources.counts()
