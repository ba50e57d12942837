"""`syncdrill status`: how a running sync core stands, in numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from scenarios.cli.exits import BROKEN, OK
from scenarios.cli.operator import Operator, Told, operator_options, print_table, show_json
from scenarios.cli.settings import STATES


@click.command("status")
@operator_options
def command(core: Operator, as_json: bool) -> int:
    """Say how a running sync core stands.

    What is in sync, what waits and how long it takes, what is parked and why, how fresh each net is, how much of
    HubSpot's limits is in use. Exit code 1 where somebody must act: the shop is paused, the brake is on, a change is
    late, or a net is.
    """
    told = core.ask("GET", "/status")
    problems = list(wrong(told))
    if as_json:
        show_json(told | {"problems": problems})
    else:
        _show(told, problems)
    return BROKEN if problems else OK


def wrong(told: Told) -> Iterator[str]:
    """What somebody must look at."""
    if told["paused"]:
        yield f"paused: {told['paused']}"
    if told["trouble"]:
        yield f"{'connecting is held up: ' if told['phase'] == 'connecting' else ''}{told['trouble']}"
    for object_type, brake in told["brake"].items():
        if brake["on"]:
            yield f"the brake is on: {brake['waiting']} {object_type} wait to be deleted (`syncdrill brake`)"
    oldest_ms = told["oldest_unsynced_ms"]
    if oldest_ms is not None and oldest_ms > PROMISE_MS:
        yield f"the oldest change waits for {duration(oldest_ms)}, longer than the promise of 10 minutes"
    yield from (f"{net['net']} is late: its last round began {duration(net['age_ms'])} ago" for net in _late(told))


PROMISE_MS = 600_000


def duration(ms: int | None) -> str:
    """A time as a person says it."""
    if ms is None:
        return "nothing"
    if ms < 60_000:
        return f"{ms / 1000:.1f} s"
    minutes, hours, days = ms // 60_000, ms // 3_600_000, ms // 86_400_000
    if hours < 1:
        return f"{minutes} min {ms % 60_000 // 1000} s"
    return f"{hours} h {minutes % 60} min" if days < 1 else f"{days} d {hours % 24} h"


def _late(told: Told) -> list[dict[str, Any]]:
    return [net for net in told["nets"] if net["late"]]


# --- for a person ---


def _show(told: Told, problems: list[str]) -> None:
    held = ", held: nothing is written (`syncdrill dry-run`)" if told["held"] else ""
    click.echo(f"{told['shop']}: {told['integration']}, portal {told['portal']}, {told['phase']}{held}")
    for problem in problems:
        click.secho(problem, fg="red")
    rows = [
        (name, each["sync"], *(each["states"].get(state, 0) for state in STATES))
        for name, each in told["objects"].items()
    ]
    print_table(("object", "sync", *STATES), rows)
    print_table(("what", "figure"), list(_figures(told)))
    if told["parked"]:
        rows = [(one["kind"], one["status"], one["class"], one["records"]) for one in told["parked"]]
        print_table(("parked", "as", "class", "records"), rows)
    for notice in told["notices"]:
        click.echo(notice)


def _figures(told: Told) -> Iterator[tuple[str, str]]:
    yield "due", str(told["due"])
    yield "oldest unsynced change", duration(told["oldest_unsynced_ms"])
    lag, pace = told.get("lag", {}).get("all"), told.get("pace")
    if lag and lag["count"]:
        shares = ", ".join(f"{name[:-3]} {duration(lag[name])}" for name in ("p50_ms", "p95_ms", "p99_ms", "max_ms"))
        yield "lag of live changes", f"{shares} ({lag['late']} of {lag['count']} late)"
    if pace:
        yield "all is synced in", duration(pace["eta_all_ms"])
        yield "gives way", pace["gives_way"]
    for kind, one in told["import"].items():
        if one["done"] < one["total"]:
            yield f"import of {kind}s", f"{one['done']} of {one['total']}"
    calls, day = told["limits"]["calls"], told["limits"]["day"]
    yield "HubSpot's calls", f"{calls['limit'] - calls['left']} of {calls['limit']} in use"
    if day:
        yield "calls left today", f"{day['left']} of {day['limit']}"
    ages = [(net["age_ms"], net["net"]) for net in told["nets"] if net["age_ms"] is not None]
    if ages:
        age_ms, name = max(ages)
        yield "oldest net", f"{name}, {duration(age_ms)}"
