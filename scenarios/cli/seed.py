"""`syncdrill seed`: records that were in the shop before, so no webhook tells of them."""

from __future__ import annotations

import json

import click

from scenarios.cli.exits import OK
from scenarios.cli.running import call, shop_path, wait_for_sync, which_world, world_at

MOST = click.IntRange(0, 100_000)


@click.command("seed")
@click.option("--products", type=MOST, default=50, show_default=True)
@click.option("--customers", type=MOST, default=200, show_default=True, help="About one in ten has no e-mail.")
@click.option("--orders", type=MOST, default=300, show_default=True)
@click.option("--checkouts", type=MOST, default=30, show_default=True, help="Abandoned ones.")
@click.option("--days", type=click.IntRange(1, 3650), default=365, show_default=True, help="How far back they reach.")
@which_world
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def command(url: str, world: str, as_json: bool, **wanted: int) -> int:
    """Give a running shop records that were there before.

    No webhook tells of them, and they are dated in the past, so no poll does either. Where a sync core runs in the
    world it is told to read the shop again, as on its first import.
    """
    found = world_at(url, world)
    seeded = call(url, "POST", shop_path(found, "seed"), wanted)["seeded"]
    if found["sync"]:
        call(url, "POST", f"/_sim/worlds/{found['name']}/resync")
        wait_for_sync(found)
    if as_json:
        click.echo(json.dumps(seeded))
    else:
        told = ", ".join(f"{count} {kind}" for kind, count in seeded.items())
        click.echo(f"{found['shop']} has had {told} all along")
    return OK
