"""`syncdrill audit`: every decision on one record that the sync core remembers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import click

from scenarios.cli.exits import OK
from scenarios.cli.explain import parse
from scenarios.cli.operator import Operator, Told, operator_options, print_table, show_json
from scenarios.cli.status import duration


@click.command("audit")
@click.argument("record")
@operator_options
def command(core: Operator, record: str, as_json: bool) -> int:
    """Say what was decided on a record, and done.

    Each decision of the last days: when, on which version of Shopify's record, every value that was written with the
    one before and the rule that asked for it, the call that wrote it, and how long it took since Shopify's change.

    RECORD is KIND/ID with Shopify's id, as in order/450789469, or gid://shopify/Order/450789469.
    """
    kind, id = parse(record)
    told = core.ask("GET", f"/audit/{kind}/{quote(id, safe='')}")
    if as_json:
        show_json(told)
    else:
        _show(told)
    return OK


def _show(told: Told) -> None:
    standing = told["standing"]
    words = ": ".join(filter(None, (standing["status"], standing["reason"], standing["words"])))
    click.echo(f"{told['record']}, {words}")
    for one in told["decisions"]:
        _show_decision(one)
    if told["lost_values"]:
        click.echo()
        rows = [(_at(one["at_ms"]), one["property"], one["kept"], one["lost"]) for one in told["lost_values"]]
        print_table(("at", "both sides changed", "kept", "lost"), rows)


def _show_decision(one: dict[str, Any]) -> None:
    """When, what came of it and how long it took; then each call with its values."""
    outcome = " ".join(filter(None, (one["status"], one["reason"])))
    took = f", {duration(one['took_ms'])} after Shopify's change" if one["took_ms"] >= 0 else ""
    click.echo()
    click.secho(f"{_at(one['at_ms'])} {outcome}, on the version of {one['version'] or 'a deletion'}{took}", bold=True)
    if not one["changes"]:
        click.echo("nothing was to be written")
    for change in one["changes"]:
        click.echo(f"{change['call']}: {change['record']}" + (f" with {change['with']}" if "with" in change else ""))
        rows = [(value["property"], value["rule"], value["old"], value["new"]) for value in change.get("values", ())]
        if rows:
            print_table(("property", "rule", "from", "to"), rows)


def _at(at_ms: int) -> str:
    return f"{datetime.fromtimestamp(at_ms / 1000, UTC):%Y-%m-%dT%H:%M:%SZ}"
