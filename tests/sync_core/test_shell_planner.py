"""Whatever is looked up in the ledger by its value is found by an index: no search reads all rows of a shop."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from shell_bench import MINUTE, Bench
from sqlalchemy import Engine, event

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
