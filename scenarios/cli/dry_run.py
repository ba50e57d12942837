"""`syncdrill dry-run`: what a held sync core would write; then exactly that is written, or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from scenarios.cli.errands import awaited
from scenarios.cli.exits import BROKEN, OK, USAGE, Problem
from scenarios.cli.operator import Operator, Told, operator_options, print_table, show_json

MOST_ROWS = 40  # differences on a terminal; --json has them


@click.command("dry-run")
@click.option("--hold", is_flag=True, help="First hold the connection: it reads, and writes nothing on either side.")
@click.option("--apply", "digest", metavar="PLAN", help="Write exactly this plan, by its digest, if it still holds.")
@click.option("--let-go", is_flag=True, help="Write from now on, whatever the plan was.")
@operator_options
def command(core: Operator, hold: bool, digest: str | None, let_go: bool, as_json: bool) -> int:
    """Say what would be written before anything is, then write exactly that.

    For a connection that is held: one that `syncdrill sync --hold` made, or --hold. What is due is decided by the rules
    that the sync follows, beside what HubSpot holds: how many records would be made, changed and deleted, and every
    field that differs. The plan has a digest over all of it. --apply makes the plan once more: if its digest is still
    that PLAN, the connection is let go; if anything has moved on either side nothing is written, and the exit code is
    1.
    """
    if sum((hold, bool(digest), let_go)) > 1:
        raise Problem("say one of --hold, --apply and --let-go", USAGE)
    if let_go:
        core.ask("POST", "/let-go", {})
        return OK
    if hold:
        core.ask("POST", "/hold", {})
    told = awaited(core, "/plan", {"apply": digest} if digest else {})
    if as_json:
        show_json(told)
    elif digest:
        _show_outcome(told)
    else:
        _show(told)
    return BROKEN if digest and not told["applied"] else OK


def _show_outcome(told: Told) -> None:
    if told["applied"]:
        click.echo(f"the plan {told['digest']} is being written: `syncdrill status` says how far it is")
    else:
        click.echo(f"nothing is written: {told['wanted']} is not the plan any more, it is {told['digest']} now")


def _show(told: Told) -> None:
    for line in told["set_up"]:
        click.echo(f"to be made first: {line}")
    if not told["counts"]:
        click.echo("nothing would be written")
    if counts := list(_counts(told)):
        print_table(("what", "records"), counts)
    if told["fields"]:
        rows = [(name, each, n) for name, of in told["fields"].items() for each, n in of.items()]
        print_table(("object", "property that changes", "records"), rows)
    rows = [row for one in told["differences"] for row in _rows(one)]
    if rows:
        print_table(("record", "", "property", "from", "to"), rows[:MOST_ROWS])
    if len(rows) > MOST_ROWS or told["more"]:
        click.echo("... and more: --json has 500 of each")
    click.echo(f"PLAN={told['digest']}")
    click.echo(f"# `syncdrill dry-run --apply {told['digest']}` writes exactly this", err=True)


def _counts(told: Told) -> Iterator[tuple[str, int]]:
    for name, of in told["counts"].items():
        yield from ((f"{op} {name}", n) for op, n in of.items())
    yield from ((f"left out: {why}", n) for why, n in told["left_out"].items())


def _rows(one: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """A row a value; a record that is made or deleted is one row."""
    head, values = (one["record"], one["op"]), one.get("values", [])
    if one["op"] != "change":
        yield (*head, f"{len(values)} properties" if values else "", "", "")
        return
    for value in values:
        yield (*head, value["property"], value["old"] or "", value["new"] or "")
        head = ("", "")
