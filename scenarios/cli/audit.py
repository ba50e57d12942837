"""`syncdrill audit`: every decision on one record that the sync core remembers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import click

from scenarios.cli.exits import OK
from scenarios.cli.explain import parse
from scenarios.cli.operator import Operator, Told, operator_options, print_table, show_json
from scenarios.cli.status import minutes


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
    print_table(("at", "version", "took", "outcome", "what", "property", "rule", "change"), list(_rows(told)))
    if told["lost_values"]:
        rows = [(_at(one["at_ms"]), one["property"], one["kept"], one["lost"]) for one in told["lost_values"]]
        print_table(("at", "both sides changed", "kept", "lost"), rows)


def _rows(told: Told) -> Iterator[tuple[Any, ...]]:
    """A row a value; what was said before is not said again."""
    for one in told["decisions"]:
        outcome = " ".join(filter(None, (one["status"], one["reason"])))
        took = minutes(one["took_ms"]) if one["took_ms"] >= 0 else ""
        head: tuple[str, ...] = (_at(one["at_ms"]), one["version"], took, outcome)
        for what, property, rule, change in _changes(one["changes"]) or [("nothing to do", "", "", "")]:
            yield (*head, what, property, rule, change)
            head = ("",) * len(head)


def _changes(changes: list[dict[str, Any]]) -> list[tuple[str, str, str, str]]:
    rows = []
    for change in changes:
        what = f"{change['call']}: {change['record']}" + (f" with {change['with']}" if "with" in change else "")
        for value in change.get("values") or [None]:
            shown = f"{value['old'] or 'nothing'} -> {value['new'] or 'nothing'}" if value else ""
            rows.append((what, value["property"] if value else "", value["rule"] if value else "", shown))
            what = ""
    return rows


def _at(at_ms: int) -> str:
    return f"{datetime.fromtimestamp(at_ms / 1000, UTC):%Y-%m-%dT%H:%M:%SZ}"
