"""The `syncdrill` command: one row a command, and its module is imported only when it is called.

So `--help` and a mistyped option answer at once; what takes long to import (Flask, requests, SQLAlchemy, Faker,
Locust) is imported inside the functions that need it.
"""

from __future__ import annotations

import signal
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import click

from scenarios.cli.exits import INTERRUPTED, MEANINGS, USAGE, Problem

PACKAGES = ("simulator", "sync_core", "scenarios", "loadtests")  # common words: another package may hide one of them


@dataclass(frozen=True, slots=True)
class Row:
    """One command: its name, the module with its `command`, and its line in the help."""

    name: str
    module: str
    help: str


COMMANDS = (
    Row("demo", "scenarios.cli.demo", "Watch a store trade for a day, with faults, and the promise hold."),
    Row("up", "scenarios.cli.up", "Run both fakes and the sync core until interrupted."),
    Row("sync", "scenarios.cli.sync", "Run the sync core alone, against any base URLs."),
    Row("proxy", "scenarios.cli.proxy", "Let programs in that have the vendors' https hosts built in."),
    Row("seed", "scenarios.cli.seed", "Give a running shop records that were there before."),
    Row("import", "scenarios.cli.import_", "Bring a merchant's exported files into a running shop."),
    Row("scenarios", "scenarios.cli.scenarios", "List the scenarios, or run them."),
    Row("settings", "scenarios.cli.settings", "See and change what a running sync core syncs."),
    Row("pipeline", "scenarios.cli.pipeline", "Map Shopify's order statuses to HubSpot's stages."),
    Row("matches", "scenarios.cli.matches", "Approve or reject products that were matched by name alone."),
    Row("status", "scenarios.cli.status", "Say how a running sync core stands."),
    Row("dry-run", "scenarios.cli.dry_run", "Say what would be written before anything is, then write exactly that."),
    Row("diff", "scenarios.cli.diff", "Compare both sides in full, and say what differs."),
    Row("audit", "scenarios.cli.audit", "Say what was decided on a record, and done."),
    Row("retry", "scenarios.cli.retry", "Try now what is failing or blocked."),
    Row("resync", "scenarios.cli.resync", "Read the whole shop again, and decide anew on all records."),
    Row("brake", "scenarios.cli.brake", "Show what a mass deletion has left waiting, or release it."),
    Row("explain", "scenarios.cli.explain", "Say what the sync core knows of a record, and why."),
    Row("app", "scenarios.cli.app", "Register a Shopify app: client id, secret, redirect URLs, scopes."),
    Row("trigger", "scenarios.cli.trigger", "Send one signed sample of a Shopify webhook."),
    Row("load", "scenarios.cli.load", "Measure the ten-minute promise under load."),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code, which `scenarios.cli.exits` explains."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a polite kill ends everything as Ctrl-C does
    try:
        _refuse_shadows()
        return syncdrill.main(arguments, prog_name="syncdrill", standalone_mode=False) or 0
    except click.ClickException as problem:
        problem.show()
        return problem.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return INTERRUPTED


class LazyGroup(click.Group):
    """The table above as a group of commands."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return [row.name for row in COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        modules = [row.module for row in COMMANDS if row.name == cmd_name]
        return import_module(modules[0]).command if modules else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(row.name, row.help) for row in COMMANDS])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Exit codes"):
            formatter.write_dl([(str(code), meaning) for code, meaning in MEANINGS])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="syncdrill")
def syncdrill() -> None:
    """A fire drill for a Shopify -> HubSpot sync: both APIs on your machine, a sync core, scenarios, load tests."""


def _refuse_shadows() -> None:
    """Say which file hides one of our packages, instead of failing on an import that looks right."""
    home = Path(__file__).resolve().parents[2]
    for name in PACKAGES:
        found = find_spec(name)
        origin = Path(found.origin).resolve() if found and found.origin else None
        if origin is None or origin.parents[1] != home:
            raise Problem(
                f"{origin or 'nothing'} stands where syncdrill's package {name!r} should be found ({home / name}): "
                "rename it, or take its folder out of PYTHONPATH",
                USAGE,
            )
