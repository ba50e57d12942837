"""`syncdrill settings`: the connections of a running sync core, what is synced, and how."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import click

from scenarios.cli.exits import OK
from scenarios.cli.operator import Operator, Told, operator_options, show

STATES = ("in_sync", "pending", "excluded", "failing", "tombstoned", "blocked")
HEADINGS = ("shop", "object", "sync", "in Shopify", "in HubSpot", *STATES)


@click.group("settings")
def command() -> None:
    """See and change what a running sync core syncs.

    The core says where it is through the file that `syncdrill up --env FILE` writes.
    """


@command.command("show")
@operator_options
def show_(core: Operator, as_json: bool) -> int:
    """Every connection with its objects, and how the sync of their records stands.

    Of an object whose scope is missing Shopify does not tell how many there are: its states then count those that
    others speak of.
    """
    told = core.call("GET", "/connections")
    show(told, as_json, HEADINGS, _objects(told))
    if not as_json:
        for one in told["connections"]:
            why = f" (paused: {one['paused']})" if one["paused"] else ""
            click.echo(f"{one['shop']}: {one['integration']}, portal {one['portal']}, {one['phase']}{why}")
    return OK


@command.command("summary")
@operator_options
def summary(core: Operator, as_json: bool) -> int:
    """How many live HubSpot records come from each store; in the total a shared contact counts once."""
    told = core.call("GET", "/summary")
    rows = [*told["stores"].items(), ("all stores", told["total"])]
    show(told, as_json, ("store", *told["objects"]), [(store, *counts.values()) for store, counts in rows])
    return OK


@command.command("turn-on")
@click.argument("object_type", metavar="OBJECT")
@operator_options
def turn_on(core: Operator, object_type: str, as_json: bool) -> int:
    """Turn the sync of OBJECT on: everything is read again and compared."""
    return _switch(core, object_type, "on", as_json)


@command.command("turn-off")
@click.argument("object_type", metavar="OBJECT")
@operator_options
def turn_off(core: Operator, object_type: str, as_json: bool) -> int:
    """Turn the sync of OBJECT off: nothing of it is written until it is on again."""
    return _switch(core, object_type, "off", as_json)


@command.command("delete")
@click.argument("object_type", metavar="OBJECT")
@operator_options
def delete(core: Operator, object_type: str, as_json: bool) -> int:
    """Delete the sync of OBJECT, which must be off: the records of both apps stay."""
    return _switch(core, object_type, "deleted", as_json)


@command.command("list")
@operator_options
def list_(core: Operator, as_json: bool) -> int:
    """The settings and their values."""
    return _listed(core.ask("GET", "/settings"), as_json)


@command.command("set")
@click.argument("name")
@click.argument("value")
@operator_options
def set_(core: Operator, name: str, value: str, as_json: bool) -> int:
    """Give the setting NAME a VALUE. All records are decided anew.

    VALUE is a number, true, false, a word, or a list in JSON, as '["products"]'.
    """
    try:
        read = json.loads(value)
    except ValueError:
        read = value
    return _listed(core.ask("PATCH", "/settings", {name: read}), as_json)


@command.command("connect")
@click.argument("shop_domain", metavar="SHOP")
@click.option("--token", required=True, help="Access token of the app in that shop.")
@click.option("--secret", help="Client secret of the app, if it is another one than the first shop's.")
@operator_options
def connect(core: Operator, shop_domain: str, token: str, secret: str | None, as_json: bool) -> int:
    """Connect another store to the portal, or revive the connection of one that had turned the app out."""
    wanted = {"shop": shop_domain, "shopify_token": token} | ({"shopify_secret": secret} if secret else {})
    return _connection(core.call("POST", "/connections", wanted), as_json)


def _switch(core: Operator, object_type: str, to: str, as_json: bool) -> int:
    return _connection(core.ask("PUT", f"/objects/{object_type}", {"sync": to}), as_json)


def _connection(told: Told, as_json: bool) -> int:
    rows = _objects({"connections": [told]})
    show(told, as_json, HEADINGS, rows)
    return OK


def _listed(told: Told, as_json: bool) -> int:
    rows = [(name, json.dumps(value)) for name, value in told["settings"].items()]
    show(told, as_json, ("setting", "value"), rows)
    return OK


def _objects(told: Told) -> Iterator[tuple[Any, ...]]:
    for one in told["connections"]:
        for name, each in one["objects"].items():
            counts = [each["states"].get(state, 0) for state in STATES]
            sync = f"blocked: {each['blocked']}" if each["blocked"] else each["sync"]
            known = "?" if each["in_shopify"] is None else each["in_shopify"]
            yield (one["shop"], name, sync, known, each["in_hubspot"], *counts)
