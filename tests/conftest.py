"""What all tests share: Hypothesis' chance, and the facts that are kept beside the project."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import core, settings
from strict_models import Recorder

pytest_plugins = ["postgres"]  # tests/postgres.py

BESIDE = Path(__file__).resolve().parents[2] / "shared"  # vendors' recorded answers and sample files; not part of us

# Each local run tries other examples and prints its seed; `.ci/run` tries the same ones every time.
# No deadline: a test that is slow on a busy machine is not wrong.
settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("local", deadline=None, print_blob=True)
settings.load_profile("local")  # --hypothesis-profile=ci on the command line wins


SEED = pytest.StashKey[int]()


def pytest_configure(config: pytest.Config) -> None:
    """One seed for all processes of a run: those that share the work are told it."""
    told = getattr(config, "workerinput", {}).get("hypothesis_seed")
    config.stash[SEED] = int(told or config.getoption("--hypothesis-seed") or secrets.randbelow(2**32))
    if settings.get_current_profile_name() != "ci":
        core.global_force_seed = config.stash[SEED]
    recorder = Recorder()
    recorder.listen()
    config.pluginmanager.register(recorder, "hubspot-models")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["hypothesis_seed"] = node.config.stash[SEED]


def pytest_report_header(config: pytest.Config) -> str:
    if settings.get_current_profile_name() == "ci":
        return "hypothesis: the same examples every time"
    return f"hypothesis: --hypothesis-seed={config.stash[SEED]} runs these examples again"


@pytest.fixture(scope="session")
def shared() -> Callable[[str], Path]:
    """A file of facts by its path in the folder; the test is skipped where it is missing."""

    def find(path: str) -> Path:
        if not (BESIDE / path).exists():
            pytest.skip(f"the facts in {path} are not on this machine")
        return BESIDE / path

    return find


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What tests have to tell in figures, whether they passed or not."""
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, value in getattr(report, "user_properties", ()):
                if name == "told" and report.when == "call":
                    terminalreporter.write_line(str(value))
