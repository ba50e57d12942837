"""A whole load test, as short as it can be: fakes, sync core and Locust as processes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scenarios.cli import main

pytestmark = [pytest.mark.http, pytest.mark.slow]


def test_a_short_load_test_measures_every_kind_of_change(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--users", "4", "--rate", "3", "--time", "12", "--out", str(tmp_path), "--seed", "3", "--json"]

    assert 0 == main(["load", *arguments])

    told = json.loads(capsys.readouterr().out)
    assert {"customer", "order", "product", "all"} == {one["kind"] for one in told["propagation"]}
    assert (0, 0.0) == (sum(one["missing"] for one in told["propagation"]), told["failed_share"])
    assert {"load.html", "load_stats.csv", "changes.csv"} <= {file.name for file in tmp_path.iterdir()}
