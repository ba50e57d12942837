"""`python -m scenarios.bench`: runs the cases, prints a table or JSON, and fails where a target is missed."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

import click

from scenarios.bench import promise, schedule, speed

CASES: dict[str, Callable[[int, str], Iterator[Any]]] = {
    "schedule": lambda count, _: (
        case(burst, count)
        for burst in (100, 190)
        for case in (
            schedule.changed_contacts,
            schedule.new_orders,
            schedule.one_order_at_once,
            schedule.one_order_often,
        )
    ),
    "promise": lambda *_: (promise.promise_kept(load) for load in promise.LOADS),
    "faults": lambda *_: (promise.promise_kept(load, fault) for load in promise.LOADS for fault in promise.FAULTS),
    "speed": lambda count, server: (speed.own_speed(count, url) for url in sorted({"", server})),
}


@click.command("bench")
@click.argument("cases", nargs=-1, type=click.Choice(sorted(CASES)))
@click.option("--count", default=10_000, show_default=True, help="Changes of a case.")
@click.option("--postgres", default="", metavar="URL", help="A database for `speed` to measure beside SQLite.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def main(cases: tuple[str, ...], count: int, postgres: str, as_json: bool) -> None:
    """How near the sync core comes to the least calls and the ideal schedule, and whether it keeps its promise."""
    logging.getLogger("sync_core").addHandler(logging.NullHandler())
    missed = []
    for name in cases or CASES:
        for figures in CASES[name](count, postgres):
            missed += [] if figures.holds else [figures.case]
            told = asdict(figures) | {"holds": figures.holds}
            click.echo(json.dumps(told) if as_json else line(told))
    sys.exit(1 if missed else 0)


def line(told: dict[str, Any]) -> str:
    """One case in a line, its name first, whether it holds last."""
    word = "ok" if told.pop("holds") else "MISSED"
    return (
        f"{told.pop('case'):<36} {'  '.join(f'{name} {value}' for name, value in told.items() if value != ())}  {word}"
    )


if __name__ == "__main__":
    main()
