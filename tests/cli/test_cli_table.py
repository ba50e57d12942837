"""The table of commands: help in step with it, and nothing heavy imported to answer."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest

from scenarios.cli import COMMANDS, main, syncdrill

HEAVY = ("flask", "requests", "sqlalchemy", "sqlite_utils", "faker", "greenlet", "waitress", "locust", "rich", "orjson")


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(arguments) == 0
    return capsys.readouterr().out


def test_the_help_shows_every_row_of_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    told = " ".join(printed(capsys, "--help").split())

    assert [] == [row.name for row in COMMANDS if f"{row.name} {row.help}" not in told]


@pytest.mark.parametrize("row", COMMANDS, ids=lambda row: row.name)
def test_a_command_opens_its_own_help_with_its_row(row: object) -> None:
    command = syncdrill.get_command(click.Context(syncdrill), row.name)

    assert (row.name, row.help) == (command.name, (command.help or "").split("\n")[0])


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["nonsense"], *([row.name, "-h"] for row in COMMANDS)]
)
def test_help_imports_nothing_that_takes_long(arguments: list[str]) -> None:
    script = (
        "import sys; from scenarios.cli import main; main(sys.argv[1:]); "
        f"print(*sorted(set(sys.modules) & set({HEAVY!r})), file=sys.stderr)"
    )

    done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True)

    assert "" == done.stderr.splitlines()[-1]


def test_the_version_is_the_installed_one(capsys: pytest.CaptureFixture[str]) -> None:
    from importlib.metadata import version

    assert f"syncdrill, version {version('syncdrill')}\n" == printed(capsys, "--version")
