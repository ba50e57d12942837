"""`syncdrill brake`: what the brake holds back, and the word that releases it."""

from __future__ import annotations

import click

from scenarios.cli.exits import BROKEN, OK
from scenarios.cli.operator import Operator, operator_options, show


@click.command("brake")
@click.option("--release", is_flag=True, help="Delete in HubSpot what waits.")
@click.option("--object", "object_type", help="Of this object alone: products, orders or deals.")
@operator_options
def command(core: Operator, release: bool, object_type: str | None, as_json: bool) -> int:
    """Show what a mass deletion has left waiting, or release it.

    Where more than `brake_deletions` records, and more than `brake_percent` of an object, would be deleted in HubSpot
    within `brake_minutes` (see `syncdrill settings list`), nothing more of it is deleted until a person says so. A
    record that comes back in Shopify meanwhile just stays. Exit code 1 while the brake is on.
    """
    if release:
        told = core.ask("POST", "/brake/release", {"object": object_type} if object_type else {})
        show(told, as_json, ("object", "deleted now"), told["released"].items())
        return OK
    told = core.ask("GET", "/brake")
    rows = [
        (name, "on" if one["on"] else "off", one["waiting"], one["deleted_lately"])
        for name, one in told["brake"].items()
        if object_type in (None, name)
    ]
    show(told, as_json, ("object", "brake", "wait to be deleted", "deleted lately"), rows)
    return BROKEN if any(one["on"] for one in told["brake"].values()) else OK
