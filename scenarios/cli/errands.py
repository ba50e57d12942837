"""Waiting for what a sync core looks over page by page: the dry run and the comparison."""

from __future__ import annotations

import time

import click

from scenarios.cli.operator import Operator, Told

PAUSE_S = 0.5


def awaited(core: Operator, path: str, body: Told | None = None) -> Told:
    """Have it begin, and wait until it is over; how far it is goes to the terminal."""
    told = core.ask("POST", path, body or {})
    last = ""
    while not told["over"]:
        time.sleep(PAUSE_S)
        told = core.ask("GET", path)
        last = _tell(told, last)
    return told


def _tell(told: Told, last: str) -> str:
    """Say how far it is, when that has changed."""
    parts = [f"{name} {figure}" for name, figure in told["progress"].items() if isinstance(figure, int)]
    if told.get("reading") is True:
        parts = ["the shop is being read"]
    words = ", ".join([*parts, told["trouble"]] if told["trouble"] else parts)
    if words != last:
        click.echo(f"# {words}", err=True)
    return words
