"""`syncdrill sync` in a process of its own, let in by OAuth, killed and started again in the middle of the import."""

from __future__ import annotations

from pathlib import Path

import pytest
from drilling import round_of


@pytest.mark.slow  # `make kill` does this to another two hundred
@pytest.mark.http
def test_a_process_that_is_killed_in_the_middle_of_the_import_converges_and_doubles_nothing(tmp_path: Path) -> None:
    with round_of(tmp_path, "deals", seed=7) as drilled:
        drilled.connects()
        while drilled.victim.status()["phase"] == "connecting":
            pass
        drilled.dies(3)

        assert drilled.is_all_there() == []
        assert "importing" in [phase for phase, _ in drilled.deaths]
