"""Whatever is looked up in the ledger is found by an index: no search by a value reads all rows of a shop, and no
question what comes next grows with what waits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from shell_bench import MINUTE, Bench
from sqlalchemy import Engine, event

from sync_core.shell.storage.database import Wire
from sync_core.shell.storage.ledger import Ledger

WHOLE_SHOP = re.compile(r"SCAN|\((?:tenant=\?)?(?: AND shop=\?)?\)")


@pytest.fixture
def searches() -> Iterator[dict[str, Sequence[Any]]]:
    """The searches for some of many values that were made, each with values."""
    made: dict[str, Sequence[Any]] = {}

    def noted(connection: Any, cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if statement.startswith("SELECT") and " IN (" in statement and "count(" not in statement:
            made.setdefault(re.sub(r"IN \([?, ]+\)", "IN (?)", statement), (statement, values))

    event.listen(Engine, "before_cursor_execute", noted)
    yield made
    event.remove(Engine, "before_cursor_execute", noted)


def test_what_comes_next_is_at_the_beginning_of_an_index_and_what_waits_is_counted_from_one():
    ledger = Ledger(Wire("sqlite://"), "a.myshopify.com")
    asked: list[tuple[str, Any]] = []

    def noted(connection: Any, cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, values))

    ledger.work.mark([("order", "1"), ("customer", "2")], 1)
    event.listen(Engine, "before_cursor_execute", noted)
    for line in ("live", "late", "backfill"):
        ledger.work.head(1, line, 100, carts_last=True)
    ledger.work.next_due(1)
    ledger.work.oldest_ms()
    assert [("customer", "2")] == [claim.key for claim in ledger.work.claim(1, 100)]
    event.remove(Engine, "before_cursor_execute", noted)
    connection = ledger.work._db._wire.connection
    plans = {
        statement: [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
        for statement, values in asked
    }
    ledger.close()
    steps = {step for plan in plans.values() for step in plan if "dirty" in step or "TREE" in step}

    assert len(plans) > 6
    assert len(steps) > 3
    assert set() == {step for step in steps if not re.match(r"SEARCH dirty USING.* INDEX dirty_by_(age|time) ", step)}


def test_every_search_by_values_goes_by_an_index_that_has_them(searches):
    bench = Bench("data-sync", calm=True, ledger_url="sqlite://")
    ada = bench.shop("POST", "customers.json", {"customer": {"email": "ada@example.com"}})["customer"]
    product = bench.shop("POST", "products.json", {"product": {"title": "Mug"}})["product"]
    line = {"variant_id": product["variants"][0]["id"], "quantity": 1}
    bench.shop("POST", "orders.json", {"order": {"line_items": [line], "customer": {"id": ada["id"]}}})
    bench.until_live()
    bench.run(MINUTE)
    connection = bench.core.first.ledger.sources._db._wire.connection
    plans = {
        statement: [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
        for statement, values in searches.values()
    }

    assert len(plans) > 10
    assert {} == {statement: plan for statement, plan in plans.items() if WHOLE_SHOP.search(" ".join(plan))}
