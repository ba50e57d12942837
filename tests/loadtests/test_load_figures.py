"""What `syncdrill load` makes of Locust's figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenarios.cli.load import Propagation, judge, read_figures

HEADER = (
    "Type,Name,Request Count,Failure Count,Median Response Time,Average Response Time,Min Response Time,"
    "Max Response Time,Average Content Size,Requests/s,Failures/s,50%,66%,75%,80%,90%,95%,98%,99%,99.9%,99.99%,100%"
)


def figures(folder: Path, *rows: tuple[str, str, int, int, int, int]) -> tuple[list[Propagation], float]:
    """Locust's CSV of (type, name, count, failures, p99, max)."""
    lines = [
        f"{kind},{name},{count},{failures},900,950,1,{most},0,1,0,900,900,900,900,900,1200,{p99},{p99},{most},{most},{most}"
        for kind, name, count, failures, p99, most in rows
    ]
    file = folder / "load_stats.csv"
    file.write_text("\n".join([HEADER, *lines, ""]))
    return read_figures(file)


def test_the_figures_are_read_by_kind_of_change(tmp_path: Path) -> None:
    found, failed_share = figures(
        tmp_path,
        ("GET", "change logs", 60, 0, 9, 9),
        ("TRADE", "buy", 40, 1, 50, 70),
        ("SYNC", "order", 40, 0, 4_000, 5_000),
        ("", "Aggregated", 140, 1, 4_000, 5_000),
    )

    assert [Propagation("order", 40, 900, 1200, 4_000, 5_000, 0)] == found
    assert 0.01 == failed_share


@pytest.mark.parametrize(
    ("row", "requests_failed", "code"),
    [
        (("SYNC", "order", 20, 0, 600_000, 601_000), 0, 0),
        (("SYNC", "order", 20, 0, 601_000, 601_000), 0, 1),
        (("SYNC", "order", 20, 1, 600_000, 600_000), 0, 1),
        (("SYNC", "order", 19, 0, 600_000, 600_000), 0, 2),
        (("SYNC", "order", 20, 0, 600_000, 600_000), 2, 1),
    ],
    ids=["kept", "p99 too late", "one lost", "too few", "the load itself failed"],
)
def test_the_promise_decides_the_exit_code(
    row: tuple[str, str, int, int, int, int], requests_failed: int, code: int, tmp_path: Path
) -> None:
    assert code == judge(*figures(tmp_path, row, ("POST", "shop POST carts", 100, requests_failed, 9, 9)))


def test_no_figures_at_all_are_too_few_or_broken(tmp_path: Path) -> None:
    assert 2 == judge(*figures(tmp_path, ("GET", "change logs", 60, 0, 9, 9)))
