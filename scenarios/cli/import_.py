"""`syncdrill import`: files that a merchant exported from Shopify go into a running shop, all of them or nothing."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click

from scenarios.cli.exits import OK, USAGE, Problem
from scenarios.cli.running import Refused, call, shop_path, which_world, world_at
from scenarios.cli.screen import waiting


@click.command("import")
@click.argument("kind", type=click.Choice(["products", "customers", "orders"]))
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@which_world
@click.option("--json", "as_json", is_flag=True, help="Print the count as JSON.")
def command(kind: str, files: tuple[Path, ...], url: str, world: str, as_json: bool) -> int:
    """Bring a merchant's exported files into a running shop.

    Reads the CSV files of Shopify's own exports: products, customers, orders. An order finds its customer by e-mail
    address and its products by SKU or name, so bring these first. Shopify's rules apply and its webhooks go out. All
    files are read before anything is sent, and a row that cannot be read is named by file, line and column: nothing
    is half imported.
    """
    from scenarios.importing import KINDS, Unreadable

    try:
        records = KINDS[kind](files, lambda told: click.echo(told, err=True))
    except Unreadable as error:
        raise Problem(f"{error}\nNothing was imported.", USAGE) from None
    found = world_at(url, world)
    try:
        with waiting(f"{len(records)} {kind} are imported ..."):
            wanted = {kind: [record.body for record in records]}
            imported = call(url, "POST", shop_path(found, f"import/{kind}"), wanted)
    except Refused as refused:
        at = re.match(rf"{kind}\[(\d+)\]", refused.reason)
        place = f"{records[int(at[1])].place}: " if at else ""
        raise Problem(f"{place}Shopify refuses {refused.reason}\nNothing was imported.", refused.exit_code) from None
    click.echo(json.dumps(imported) if as_json else f"{imported[kind]} {kind} imported into {found['shop']}")
    return OK
