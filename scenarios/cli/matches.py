"""`syncdrill matches`: products that HubSpot had before, and that only their name says to be Shopify's."""

from __future__ import annotations

import click

from scenarios.cli.exits import OK
from scenarios.cli.operator import Operator, operator_options, show


@click.group("matches")
def command() -> None:
    """Approve or reject products that were matched by name alone.

    They were in HubSpot before. Such a product is linked and flagged, or waits, where hold_weak_matches says so.
    The integration data-sync alone looks for them.
    """


@command.command("list")
@operator_options
def list_(core: Operator, as_json: bool) -> int:
    """Those that nobody has approved or rejected yet."""
    told = core.ask("GET", "/matches")
    rows = [(one["product"], one["title"], one["hubspot"], one["state"]) for one in told["matches"]]
    show(told, as_json, ("product", "title", "in HubSpot", "state"), rows)
    return OK


@command.command("approve")
@click.argument("product")
@operator_options
def approve(core: Operator, product: str, as_json: bool) -> int:
    """PRODUCT, by Shopify's id, is the one of HubSpot."""
    return _decide(core, product, "approved", as_json)


@command.command("reject")
@click.argument("product")
@operator_options
def reject(core: Operator, product: str, as_json: bool) -> int:
    """PRODUCT is another one: it gets its own in HubSpot, and the one that was there its user's values back."""
    return _decide(core, product, "rejected", as_json)


def _decide(core: Operator, product: str, verdict: str, as_json: bool) -> int:
    told = core.ask("PUT", f"/matches/{product}", {"verdict": verdict})
    show(told, as_json, ("product", "verdict"), [(told["product"], told["verdict"])])
    return OK
