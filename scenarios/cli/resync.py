"""`syncdrill resync`: everything is read and decided anew."""

from __future__ import annotations

import click

from scenarios.cli.exits import OK
from scenarios.cli.operator import Operator, operator_options, show


@click.command("resync")
@operator_options
def command(core: Operator, as_json: bool) -> int:
    """Read the whole shop again, and decide anew on all records.

    What is in sync costs reading and no writing. Records that came into the shop without a change, and those that
    somebody deleted in HubSpot, are found by this alone.
    """
    told = core.ask("POST", "/resync")
    show(told, as_json, ("records that were known",), [(told["known"],)])
    return OK
