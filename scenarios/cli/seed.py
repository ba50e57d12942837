"""`syncdrill seed`: records that were in the shop before, so no webhook tells of them."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import click

from scenarios.cli.exits import OK
from scenarios.cli.options import number_option
from scenarios.cli.running import call, shop_path, which_world, world_at
from scenarios.cli.screen import Watch, progress, waiting

MOST = 100_000
LOOK_EVERY_S = 0.3


@click.command("seed")
@number_option("--products", 0, MOST, default=50)
@number_option("--customers", 0, MOST, default=200, help="About one in ten has no e-mail.")
@number_option("--orders", 0, MOST, default=300)
@number_option("--checkouts", 0, MOST, default=30, help="Abandoned ones.")
@number_option("--days", 1, 3650, default=365, help="How far back they reach.")
@click.option("--no-wait", is_flag=True, help="Do not wait until HubSpot has them.")
@which_world
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def command(url: str, world: str, no_wait: bool, as_json: bool, **wanted: int) -> int:
    """Give a running shop records that were there before.

    No webhook tells of them and their dates are of the past. So the sync core of `syncdrill up` is asked to read the
    whole shop again, and waited for; one of your own finds them when it imports.
    """
    found = world_at(url, world)
    with waiting("the shop is filled ..."):
        seeded = call(url, "POST", shop_path(found, "seed"), wanted)["seeded"]
    if as_json:
        click.echo(json.dumps(seeded))
    else:
        told = ", ".join(f"{count} {kind}" for kind, count in seeded.items())
        click.echo(f"{found['shop']} has had {told} all along")
    if found["sync"]:
        call(url, "POST", f"/_sim/worlds/{quote(world, safe='')}/resync", {})
        if not no_wait:
            _wait(url, found)
    return OK


def _wait(url: str, world: Mapping[str, Any]) -> None:
    """Until nothing is left to be synced; in a world whose clock is held nothing would ever move."""
    if call(url, "GET", f"/_sim/worlds/{quote(world['name'], safe='')}/clock")["rate"] == 0:
        click.echo("the world's clock is held: HubSpot gets the records when it runs", err=True)
        return
    with progress() as watch:
        while not _is_over(call(world["sync_url"], "GET", "/status"), watch):
            time.sleep(LOOK_EVERY_S)


def _is_over(status: Mapping[str, Any], watch: Watch) -> bool:
    done = sum(kind["done"] for kind in status["import"].values()) - status["due"]
    total = sum(kind["total"] for kind in status["import"].values())
    watch("into HubSpot", max(done, 0), max(total, 1), status["pending"] or "done")
    return status["pending"] is None
