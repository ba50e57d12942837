"""What `syncdrill load` makes of the watcher's list and of Locust's figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenarios.cli.load import Propagation, Traffic, judge, read_changes, read_traffic

PROMISE_MS = 600_000
FINE = Traffic(trades=100, requests=200, failed=2)


def changes(folder: Path, *took: int | None, kind: str = "order") -> list[Propagation]:
    """The figures of changes that took so long; None was never shown."""
    seen = ("" if ms is None else 1_000 + ms for ms in took)
    rows = (f"{kind},{kind}s/{number},1000,{at}" for number, at in enumerate(seen))
    file = folder / "changes.csv"
    file.write_text("\n".join(["kind,record,committed_at_ms,seen_at_ms", *rows, ""]))
    return read_changes(file)


def test_percentiles_are_exact_and_no_greater_than_the_slowest_change(tmp_path: Path) -> None:
    found = changes(tmp_path, *range(1, 101))

    assert [Propagation(kind, 100, 50, 95, 99, 100, 0, 0) for kind in ("order", "all")] == found


def test_late_and_missing_changes_are_counted_apart(tmp_path: Path) -> None:
    found = changes(tmp_path, 5, PROMISE_MS, PROMISE_MS + 1, None)

    assert (4, PROMISE_MS + 1, 1, 1) == (found[0].count, found[0].max_ms, found[0].late, found[0].missing)


def test_locusts_rows_are_requests_but_for_those_of_the_watcher(tmp_path: Path) -> None:
    rows = ("GET,change logs,60,0", "TRADE,buy,40,1", "SYNC,order,40,9", ",Aggregated,140,10")
    file = tmp_path / "load_stats.csv"
    file.write_text("\n".join(["Type,Name,Request Count,Failure Count", *rows, ""]))

    assert Traffic(trades=40, requests=100, failed=1) == read_traffic(file)


@pytest.mark.parametrize(
    ("took", "traffic", "code"),
    [
        ([PROMISE_MS] * 20, FINE, 0),
        ([5] * 199 + [PROMISE_MS + 1], FINE, 0),
        ([5] * 19 + [PROMISE_MS + 1], FINE, 1),
        ([5] * 199 + [None], FINE, 1),
        ([5] * 19, FINE, 2),
        ([5] * 20, Traffic(100, 200, 3), 1),
        ([5] * 20, Traffic(0, 0, 0), 1),
        ([], FINE, 2),
    ],
    ids=["kept", "one late of 200", "p99 too late", "one lost", "too few", "the load failed", "no load", "no change"],
)
def test_the_promise_decides_the_exit_code(took: list[int | None], traffic: Traffic, code: int, tmp_path: Path) -> None:
    assert code == judge(changes(tmp_path, *took), traffic)
