"""What a person sees: results whole, log lines only on request."""

from __future__ import annotations

import subprocess
import sys

import pytest

from scenarios.cli import main
from scenarios.runner import as_rows

RUN = ["scenarios", "run", "answers_lost_after_the_write", "--integration", "deals"]


@pytest.mark.slow
@pytest.mark.parametrize(("more", "seen"), [([], False), (["--verbose"], True)])
def test_what_is_tried_again_is_logged_only_on_request(more: list[str], seen: bool) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scenarios.cli", *RUN, *more], capture_output=True, text=True, check=True
    )

    assert seen == (" WARNING sync_core." in done.stderr)
    assert "1 of 1 runs ok" in done.stdout


def test_the_list_shows_every_name_in_full_however_narrow_the_window(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")

    assert 0 == main(["scenarios", "list"])

    words = set(capsys.readouterr().out.split())
    assert [] == [row["name"] for row in as_rows() if row["name"] not in words]
