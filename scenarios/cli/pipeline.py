"""`syncdrill pipeline`: which stage of HubSpot's Order pipeline an order of each Shopify status stands in."""

from __future__ import annotations

import click

from scenarios.cli.exits import OK, USAGE, Problem
from scenarios.cli.operator import Operator, Told, operator_options, show

SKIP = "skip"


@click.group("pipeline")
def command() -> None:
    """Map Shopify's order statuses to HubSpot's stages.

    They are those of the Order pipeline, which the integration data-sync writes.

    `map` and `review` change nothing; `save` puts the mapping to work for all orders.
    """


@command.command("show")
@operator_options
def show_(core: Operator, as_json: bool) -> int:
    """The stages, as they were when they were last refreshed, with the status of each."""
    return _shown(core.ask("GET", "/pipeline"), as_json)


@command.command("refresh")
@operator_options
def refresh(core: Operator, as_json: bool) -> int:
    """Read the stages again from HubSpot."""
    return _shown(core.ask("POST", "/pipeline/refresh"), as_json)


@command.command("map")
@click.argument("stage")
@click.argument("status")
@operator_options
def map_(core: Operator, stage: str, status: str, as_json: bool) -> int:
    """Choose STATUS for STAGE, its label or id; `skip` leaves the stage without one.

    STATUS is open, processed, shipped, delivered or cancelled.
    """
    stages = core.ask("GET", "/pipeline")["stages"]
    ids = [one["id"] for one in stages if stage in (one["id"], one["label"])]
    if len(ids) != 1:
        known = ", ".join(one["label"] for one in stages)
        raise Problem(
            f"{stage!r} names {len(ids) or 'no'} stages: there are {known}; `refresh` reads them again", USAGE
        )
    wanted = {ids[0]: None if status == SKIP else status}
    return _shown(core.ask("PUT", "/pipeline/draft", {"stages": wanted}), as_json)


@command.command("review")
@operator_options
def review(core: Operator, as_json: bool) -> int:
    """What `save` would change: how many orders go from which stage to which."""
    told = core.ask("GET", "/pipeline/review")
    rows = [(one["from"] or "(excluded)", one["to"] or "(excluded)", one["orders"]) for one in told["changes"]]
    show(told, as_json, ("from", "to", "orders"), rows)
    return OK


@command.command("save")
@operator_options
def save(core: Operator, as_json: bool) -> int:
    """Put the mapping to work: every order is decided anew."""
    return _shown(core.ask("POST", "/pipeline/save"), as_json)


def _shown(told: Told, as_json: bool) -> int:
    rows = [(one["label"], one["id"], one["status"], one["draft"] or SKIP) for one in told["stages"]]
    show(told, as_json, ("stage", "id", "status", "draft"), rows)
    return OK
