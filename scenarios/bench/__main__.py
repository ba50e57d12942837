"""`python -m scenarios.bench`: runs the cases, prints a table or JSON, and fails where a target is missed."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import partial
from typing import Any

import click
from sqlalchemy import create_engine
from sqlalchemy.exc import DatabaseError

from scenarios.bench import promise, schedule, speed
from scenarios.cli.exits import USAGE, Problem
from scenarios.cli.ledgers import server
from scenarios.cli.screen import Watch, progress, results

Say = Callable[[str], None]
Case = Callable[[], Any]  # measures, and gives the figures


def _schedule(count: int, _: str, __: Say) -> list[Case]:
    kinds = (
        schedule.changed_contacts,
        schedule.new_orders,
        schedule.one_order_at_once,
        schedule.one_order_often,
    )
    return [partial(kind, burst, count) for burst in (100, 190) for kind in kinds]


def _promise(_: int, __: str, say: Say) -> list[Case]:
    return [partial(promise.promise_kept, load, say=say) for load in promise.LOADS]


def _faults(_: int, __: str, say: Say) -> list[Case]:
    return [partial(promise.promise_kept, load, fault, say) for load in promise.LOADS for fault in promise.FAULTS]


def _speed(count: int, server: str, _: Say) -> list[Case]:
    return [partial(speed.own_speed, count, url) for url in sorted({"", server})]


def _server(_: click.Context, __: click.Parameter, given: str) -> str:
    """The database's URL; whether it answers is seen before anything is measured."""
    if not given:
        return ""
    url, shown = server(given)
    try:
        create_engine(url).connect().close()
    except DatabaseError as error:
        raise Problem(f"{shown} cannot be used ({error.orig}): name another --postgres", USAGE) from None
    return url


CASES = {"schedule": _schedule, "promise": _promise, "faults": _faults, "speed": _speed}


@click.command("bench")
@click.argument("cases", nargs=-1, type=click.Choice(sorted(CASES)))
@click.option("--count", default=10_000, show_default=True, help="Changes of a case.")
@click.option(
    "--postgres", default="", metavar="URL", callback=_server, help="A database for `speed` to measure beside SQLite."
)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def main(cases: tuple[str, ...], count: int, postgres: str, as_json: bool) -> None:
    """How near the sync core comes to the least calls and the ideal schedule, and whether it keeps its promise."""
    logging.getLogger("sync_core").addHandler(logging.NullHandler())
    screen, missed = results(), []
    with progress(beside=screen) as watch:
        for name in cases or CASES:
            for figures in _measured(name, count, postgres, watch):
                missed += [] if figures.holds else [figures.case]
                told = asdict(figures) | {"holds": figures.holds}
                text = json.dumps(told) if as_json else line(told)
                screen.print(text, markup=False, highlight=False, soft_wrap=True)
    sys.exit(1 if missed else 0)


def _measured(name: str, count: int, server: str, watch: Watch) -> Iterator[Any]:
    """The figures of each case as it ends."""
    ended = 0

    def say(words: str) -> None:
        watch(name, ended, len(going), words)

    going = CASES[name](count, server, say)
    for case in going:
        say("")
        yield case()
        ended += 1
    watch(name, len(going), len(going), "")


def line(told: dict[str, Any]) -> str:
    """One case in a line, its name first, whether it holds last."""
    word = "ok" if told.pop("holds") else "MISSED"
    return (
        f"{told.pop('case'):<36} {'  '.join(f'{name} {value}' for name, value in told.items() if value != ())}  {word}"
    )


if __name__ == "__main__":
    main()
