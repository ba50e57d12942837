"""`syncdrill demo`: a store trades for a day, faults come and go, and both sides are recounted."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scenarios.cli.exits import BROKEN, OK, USAGE, Problem
from scenarios.cli.options import integration_option, seed_option
from scenarios.cli.screen import progress, results, verbose_option

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from scenarios.demo import Report


@click.command("demo")
@seed_option
@integration_option
@click.option(
    "--catalogue",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A product CSV that a merchant exported from Shopify, instead of made-up products; may be given often.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON, and nothing else.")
@click.option("--svg", type=click.Path(dir_okay=False, path_type=Path), help="Save the report as a picture, too.")
@verbose_option
def command(seed: int, integration: str, catalogue: tuple[Path, ...], as_json: bool, svg: Path | None) -> int:
    """Watch a store trade for a day, with faults, and the promise hold.

    The day is virtual time and passes in seconds. Every figure is recounted from the two fakes. The same seed gives
    the same report. Exit code 1 when a record is wrong, a change was late, an invariant is broken, or a second full run
    would write anything.
    """
    from scenarios.demo import run_demo

    if svg and as_json:
        raise Problem("--svg is a picture of what --json leaves out: take one of them", USAGE)
    if svg:
        _refuse_unwritable(svg)  # now, not after the day
    products = _read(catalogue, as_json)
    console = results(record=svg is not None)
    began = time.perf_counter()
    with progress(shown=not as_json) as watch:
        report = run_demo(seed, integration, products, watch)
    seconds = time.perf_counter() - began
    if as_json:
        click.echo(json.dumps(report.as_json()))
    else:
        show(report, console)
        console.print(f"[dim]{seconds:.0f} s on this machine for more than a day of world time[/dim]")
    if svg:
        console.save_svg(str(svg), title="syncdrill demo", code_format=PICTURE, unique_id="demo")
    return BROKEN if report.problems else OK


def show(report: Report, console: Console) -> None:
    """The report as a person reads it."""
    console.print(f"\n[bold]A day of trade[/bold]: seed {report.seed}, integration {report.integration}")
    store = ", ".join(f"{count} {kind}s" for kind, count in report.store.items())
    console.print(f"before: {store}; first import in {report.import_s:.0f} s of world time", style="dim")
    deeds = sorted(report.deeds.items(), key=lambda deed: (-deed[1], deed[0]))
    console.print("the day: " + ", ".join(f"{count} x {name}" for name, count in deeds) + "\n", style="dim")

    records = _table("Records, recounted from both fakes", "record", "in sync", "excluded", "failing")
    for kind, states in report.records.items():
        records.add_row(kind, *(str(states[state]) for state in ("in sync", "excluded", "failing")))
    lag = _table("From commit to visible", "change of", "changes", "p50 s", "p95 s", "p99 s", "max s", "over 600 s")
    for kind, one in sorted(report.propagation.items(), key=lambda item: (item[0] == "all", item[0])):
        seconds = (f"{ms / 1000:.1f}" for ms in (one.p50_ms, one.p95_ms, one.p99_ms, one.max_ms))
        lag.add_row(kind, str(one.count), *seconds, str(one.late))
    faults = _table("Faults of the day", "fault", "met")
    for name, met in report.faults.items():
        faults.add_row(name, str(met))
    for table in (records, lag, faults):
        console.print(table)
    _verdict(report, console)


def _table(title: str, first: str, *figures: str) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(first, title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD)
    for name in figures:
        table.add_column(name, justify="right")
    return table


def _verdict(report: Report, console: Console) -> None:
    for name, breaches in report.invariants.items():
        console.print(f"[red]✗[/red] {name}" if breaches else f"[green]✓[/green] {name}")
    for problem in report.problems[:20]:
        console.print(f"[red]✗ {problem}[/red]", highlight=False)
    console.print(f"{report.calls} calls crossed the wire, digest {report.digest}")
    if report.problems:
        console.print("[bold red]The promise is broken.[/bold red]")
    else:
        console.print("[bold green]The promise held: every change was visible in HubSpot within 600 s.[/bold green]")


def _read(files: Sequence[Path], quiet: bool) -> list[dict[str, Any]]:
    if not files:
        return []
    from scenarios.importing import Unreadable, read_products

    try:
        records = read_products(files, lambda told: None if quiet else click.echo(told, err=True))
    except Unreadable as error:
        raise Problem(str(error), USAGE) from None
    return [record.body for record in records]


# An SVG that loads nothing from elsewhere: rich's own template names a font's address.
PICTURE = """<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, monospace; font-size: {char_height}px;
line-height: {line_height}px; font-variant-east-asian: full-width; }}
{styles}
</style>
<defs><clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" /></clipPath>{lines}</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}<g class="{unique_id}-matrix">{matrix}</g></g>
</svg>
"""


def _refuse_unwritable(file: Path) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.open("a").close()
    except OSError as error:
        raise Problem(f"{file} cannot be written ({error.strerror}): choose another --svg", USAGE) from None
