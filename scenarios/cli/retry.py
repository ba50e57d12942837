"""`syncdrill retry`: what is parked is tried now."""

from __future__ import annotations

import click

from scenarios.cli.exits import OK, USAGE, Problem
from scenarios.cli.explain import parse
from scenarios.cli.operator import Operator, operator_options, show


@click.command("retry")
@click.argument("record", required=False)
@click.option("--class", "reason", help="Those that are parked for this reason, as `syncdrill status` names it.")
@operator_options
def command(core: Operator, record: str | None, reason: str | None, as_json: bool) -> int:
    """Try now what is failing or blocked.

    All of it, or those of one class, or RECORD, whatever its state: KIND/ID with Shopify's id, as in order/450789469.
    Shopify is read again before the next decision.
    """
    if record and reason:
        raise Problem("say either a record or a --class", USAGE)
    wanted = {"record": "/".join(parse(record))} if record else {"class": reason} if reason else {}
    told = core.ask("POST", "/retry", wanted)
    show(told, as_json, ("records that are tried now",), [(told["tried"],)])
    return OK
