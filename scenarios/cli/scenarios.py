"""`syncdrill scenarios`: the library of scenarios, listed or run."""

from __future__ import annotations

import json

import click

from scenarios.cli.exits import OK, USAGE, Problem
from scenarios.cli.options import seed_option
from scenarios.cli.running import call
from scenarios.cli.screen import progress, results, verbose_option


@click.group("scenarios")
def command() -> None:
    """List the scenarios, or run them.

    Each is run in a world of its own, for every integration to which it applies; then HubSpot must show all that it
    must, and no invariant may be broken.
    """


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print the rows as JSON.")
def list_(as_json: bool) -> int:
    """Every scenario with what it shows."""
    from scenarios.runner import as_rows

    rows = as_rows()
    if as_json:
        click.echo(json.dumps(rows))
        return OK
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("scenario", no_wrap=True)
    for heading in ("what happens", "shows", "applies to"):
        table.add_column(heading)
    for row in rows:
        applies = "both" if len(row["integrations"]) > 1 else row["integrations"][0]
        table.add_row(row["name"], row["title"], " ".join(row["spec"]), applies)
    console = results()
    console.print(table)
    console.print("\nRun one: syncdrill scenarios run NAME. The ids are explained in docs/reference/scenarios.md.")
    return OK


@command.command("run")
@click.argument("names", nargs=-1)
@click.option(
    "--integration",
    "integrations",
    multiple=True,
    type=click.Choice(["deals", "data-sync"]),
    help="Only this one.  [default: both, where both apply]",
)
@click.option(
    "--over",
    type=click.Choice(["process", "http"]),
    default="process",
    show_default=True,
    help="In this process, or over HTTP against a server of its own.",
)
@click.option("--url", default="", help="Over HTTP against the `syncdrill up` that listens here.")
@seed_option
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON.")
@verbose_option
def run(names: tuple[str, ...], integrations: tuple[str, ...], over: str, url: str, seed: int, as_json: bool) -> int:
    """Run the scenarios NAMES, or all of them. Exit code 1 when one fails."""
    if url:
        call(url, "GET", "/_sim/")  # says what to do where nothing answers
    from scenarios.runner import as_rows, choose, report
    from scenarios.runner import run as run_scenarios

    unknown = set(names) - {row["name"] for row in as_rows()}
    if unknown:
        raise Problem(
            f"there is no scenario {', '.join(sorted(unknown))}: `syncdrill scenarios list` names them", USAGE
        )
    total = len(choose(names, integrations))
    if not total:
        raise Problem(f"{', '.join(names)} does not apply to {' or '.join(integrations)}", USAGE)
    console = results()
    with progress(beside=None if as_json else console) as watch:
        watch("scenarios", 0, total, "")
        runs = run_scenarios(names, integrations, "http" if url else over, seed, url)
        return report(runs, console, as_json, lambda done, last: watch("scenarios", done, total, last))
