"""How `settings`, `status` and others speak to a sync core: address, key, shop, and answers as tables."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

from scenarios.cli.exits import USAGE, Problem
from scenarios.cli.options import read_env
from scenarios.cli.running import call
from scenarios.cli.screen import results

Told = dict[str, Any]


class Operator:
    """A sync core's pages.

    Args:
        shop: "" where the core has only one.
    """

    def __init__(self, url: str, key: str, shop: str) -> None:
        self._url, self._key, self._shop = url, key, shop

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Told:
        told: Told = call(self._url, method, path, body, {"Authorization": f"Bearer {self._key}"})
        return told

    def ask(self, method: str, path: str = "", body: Mapping[str, Any] | None = None) -> Told:
        """One of the pages about the shop."""
        return self.call(method, f"/connections/{quote(self.shop, safe='')}{path}", body)

    @property
    def shop(self) -> str:
        if not self._shop:
            shops = [one["shop"] for one in self.call("GET", "/connections")["connections"]]
            if len(shops) > 1:
                raise Problem(f"{len(shops)} shops are connected: say which with --shop ({', '.join(shops)})", USAGE)
            if not shops:
                raise Problem("no shop is connected: open the address that `syncdrill sync --connect` prints", USAGE)
            self._shop = shops[0]
        return self._shop


def operator_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options with which a command finds the sync core; it is given an Operator as `core`, and `as_json`."""

    def run(
        *arguments: Any,
        sync_url: str | None,
        sync_key: str | None,
        shop: str,
        env: Path | None,
        **options: Any,
    ) -> Any:
        known = read_env(env) if env else {}
        url, key = sync_url or known.get("SYNC_URL"), sync_key or known.get("SYNC_KEY")
        if not url or not key:
            raise Problem("say where the sync core is with --env FILE, as `syncdrill up --env FILE` wrote it", USAGE)
        return command(*arguments, core=Operator(url, key, shop), **options)

    run.__doc__, run.__name__ = command.__doc__, command.__name__
    for option in reversed(OPTIONS):
        run = option(run)
    return run


OPTIONS = (
    click.option(
        "--env",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="Read SYNC_URL and SYNC_KEY from this file, as `syncdrill up --env` writes it.",
    ),
    click.option("--sync-url", envvar="SYNC_URL", show_envvar=True, help="Where the sync core listens."),
    click.option("--sync-key", envvar="SYNC_KEY", show_envvar=True, help="Its key."),
    click.option("--shop", default="", help="The shop's domain, where several are connected."),
    click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON."),
)


def show(told: Told, as_json: bool, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """An answer as it came, or as a table."""
    if as_json:
        show_json(told)
    else:
        print_table(headings, rows)


def show_json(told: Told) -> None:
    click.echo(json.dumps(told))


def print_table(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for heading in headings:
        table.add_column(heading)
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    results().print(table)
