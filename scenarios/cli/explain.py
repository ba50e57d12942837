"""`syncdrill explain`: what the sync core knows of one record, and why HubSpot holds what it holds."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote

import click

from scenarios.cli.exits import OK, USAGE, Problem
from scenarios.cli.running import call, which_world, world_at

KINDS = {"customer": "Customer", "product": "Product", "order": "Order", "checkout": "AbandonedCheckout"}
LATEST = "LATEST"


@click.command("explain")
@click.argument("record")
@which_world
@click.option("--sync-url", envvar="SYNC_URL", show_envvar=True, help="Where the sync core listens, if not in `up`.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def command(record: str, url: str, world: str, sync_url: str | None, as_json: bool) -> int:
    """Say what the sync core knows of a record, and why.

    RECORD is KIND/ID with Shopify's id, as in order/450789469, or gid://shopify/Order/450789469; a checkout goes by its
    token. KIND/LATEST is the one that changed last. KIND is customer, product, order or checkout.
    """
    kind, id = _parse(record)
    if id == LATEST:
        id = _latest(url, world, kind)
    told = call(sync_url or _sync_url(url, world), "GET", f"/records/{kind}/{quote(id, safe='')}")
    if as_json:
        click.echo(json.dumps(told))
    else:
        _print(f"{kind}/{id}", told)
    return OK


def _parse(record: str) -> tuple[str, str]:
    by_type = {type_name: kind for kind, type_name in KINDS.items()}
    if found := re.fullmatch(r"gid://shopify/(\w+)/(\w+)", record):
        kind, id = by_type.get(found[1]), found[2]
    elif found := re.fullmatch(r"(\w+)/(\w+)", record):
        kind, id = found[1] if found[1] in KINDS else None, found[2]
    else:
        kind, id = None, ""
    if kind is None:
        raise Problem(f"{record!r} names no record: write KIND/ID, where KIND is {', '.join(KINDS)}", USAGE)
    return kind, id


def _latest(url: str, world: str, kind: str) -> str:
    """The id of the record of this kind that changed last in the world's shop."""
    found = world_at(url, world)
    records = call(url, "GET", f"/_sim/worlds/{quote(world)}/records/shopify/{quote(found['shop'])}")[f"{kind}s"]
    if not records:
        raise Problem(f"the shop has no {kind} yet: `syncdrill seed` gives it some", USAGE)
    newest = max(records, key=lambda record: (record["updated_at_ms"], record["id"]))
    return str(newest["token" if kind == "checkout" else "id"])


def _sync_url(url: str, world: str) -> str:
    found = world_at(url, world)
    if not found["sync"]:
        raise Problem("no sync core runs in this world: say with --sync-url where yours listens", USAGE)
    return str(found["sync_url"])


def _print(name: str, told: Any) -> None:
    from rich.console import Console
    from rich.tree import Tree

    tree = Tree(name, highlight=True)
    _grow(tree, told)
    Console().print(tree)


def _grow(tree: Any, told: Any) -> None:
    """Maps and lists are branches, everything else is a leaf."""
    from rich.text import Text

    pairs = told.items() if isinstance(told, dict) else ((str(at), value) for at, value in enumerate(told, start=1))
    for name, value in pairs:
        if isinstance(value, dict | list) and value:
            _grow(tree.add(Text(name, style="bold")), value)
        else:
            shown = value if isinstance(value, str) and value else json.dumps(value)
            tree.add(Text.assemble((name, "bold"), ": ", shown))
