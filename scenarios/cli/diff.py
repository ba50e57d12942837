"""`syncdrill diff`: all of Shopify beside all that HubSpot shows of it."""

from __future__ import annotations

import click

from scenarios.cli.errands import awaited
from scenarios.cli.exits import BROKEN, OK
from scenarios.cli.operator import Operator, Told, operator_options, print_table, show_json

FIGURES = ("compared", "same", "different", "missing", "surplus", "on_its_way")
MOST_ROWS = 40

Row = tuple[str, str, str, str, str]


@click.command("diff")
@operator_options
def command(core: Operator, as_json: bool) -> int:
    """Compare both sides in full, and say what differs.

    The running core reads every record of both, page by page and within the limits: what HubSpot lacks, what it has too
    much, every field that differs, and associations that are not there. What is on its way is not compared. Exit code 1
    where something differs.
    """
    told = awaited(core, "/diff")
    if as_json:
        show_json(told)
    else:
        _show(told)
    wrong = [name for name, of in told["objects"].items() if of["different"] or of["missing"] or of["surplus"]]
    return BROKEN if wrong else OK


def _show(told: Told) -> None:
    rows = [(name, *(of[each] for each in FIGURES)) for name, of in told["objects"].items()]
    print_table(("object", *(each.replace("_", " ") for each in FIGURES)), rows)
    if told["left_out"]:
        print_table(("left out for", "records"), told["left_out"].items())
    found = [_row(**one) for one in told["differences"]]
    if found:
        print_table(("record", "difference", "property", "by Shopify", "in HubSpot"), found[:MOST_ROWS])
    if len(found) > MOST_ROWS or told["more"]:
        click.echo("... and more: --json has the first 1,000")


def _row(difference: str, record: str, property: str = "", shopify: str = "", hubspot: str = "", **more: str) -> Row:
    """Of an association that is not there, with whom it should be."""
    return record, difference, property, more.get("with", shopify), hubspot
