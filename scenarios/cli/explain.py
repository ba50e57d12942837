"""`syncdrill explain`: what the sync core knows of one record, and why HubSpot holds what it holds."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote

import click

from scenarios.cli.exits import OK, USAGE, Problem
from scenarios.cli.explained import show
from scenarios.cli.running import Refused, call, which_world, world_at
from scenarios.cli.screen import results

KINDS = {"customer": "Customer", "product": "Product", "order": "Order", "checkout": "AbandonedCheckout"}
LATEST = "LATEST"
NOT_FOUND = 404
LOOK_AGAIN = "is the id Shopify's, and is it this sync core's shop? What no webhook told of is looked for once a minute"


@click.command("explain")
@click.argument("record")
@which_world
@click.option("--sync-url", envvar="SYNC_URL", show_envvar=True, help="Where the sync core listens, if not in `up`.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def command(record: str, url: str, world: str, sync_url: str | None, as_json: bool) -> int:
    """Say what the sync core knows of a record, and why.

    First the verdict, then each property with what HubSpot has (as last written or read), the field of Shopify that it
    comes from, and the rule: an id of docs/reference/scenarios.md. What is to be written is shown as old -> new.

    RECORD is KIND/ID with Shopify's id, as in order/450789469, or gid://shopify/Order/450789469; a checkout goes by its
    token. KIND/LATEST is the one that changed last. KIND is customer, product, order or checkout.
    """
    kind, id = parse(record)
    if id == LATEST:
        id = _latest(url, world, kind)
    told = _asked(sync_url or _sync_url(url, world), kind, id)
    if as_json:
        click.echo(json.dumps(told))
    else:
        show(told, results())
    return OK


def _asked(sync_url: str, kind: str, id: str) -> dict[str, Any]:
    try:
        told: dict[str, Any] = call(sync_url, "GET", f"/records/{kind}/{quote(id, safe='')}")
    except Refused as refused:
        if refused.status != NOT_FOUND:
            raise
        raise Problem(f"{refused.reason}: {LOOK_AGAIN}", USAGE) from None
    return told


def parse(record: str) -> tuple[str, str]:
    """Kind and id of a record as a person names it."""
    by_type = {type_name: kind for kind, type_name in KINDS.items()}
    if found := re.fullmatch(r"gid://shopify/(\w+)/(\w+)", record):
        kind, id = by_type.get(found[1]), found[2]
    elif found := re.fullmatch(r"(\w+)/(\w+)", record):
        kind, id = found[1] if found[1] in KINDS else None, found[2]
    else:
        kind, id = None, ""
    if kind is None:
        raise Problem(f"{record!r} names no record: write KIND/ID or KIND/LATEST; KIND is {', '.join(KINDS)}", USAGE)
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
