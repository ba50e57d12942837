"""`syncdrill app`: register an app in a running world, as a developer does in Shopify's Dev Dashboard."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import click

from scenarios.cli.exits import OK
from scenarios.cli.running import Refused, call, shop_path, which_world, world_at


@click.command("app")
@click.argument("name")
@click.option("--redirect-url", "redirect_urls", multiple=True, help="Where OAuth may send the merchant back to.")
@click.option("--scopes", help="With commas, as read_orders,write_customers; all that the fake knows by default.")
@click.option(
    "--public", is_flag=True, help="An app of the App Store: tokens that expire, customers' data on approval."
)
@click.option("--customer-data", help="What it is approved for: customer,name,address,email,phone, or none.")
@click.option("--install", is_flag=True, help="Let it into the shop at once, without OAuth.")
@which_world
def command(url: str, world: str, name: str, install: bool, **wanted: Any) -> int:
    """Register a Shopify app: client id, secret, redirect URLs, scopes.

    Prints client id and secret as KEY=value lines. An app of this name that is there already is changed.
    """
    found, sent = world_at(url, world), _sent(**wanted)
    try:
        app = call(url, "POST", shop_path(found, "apps"), {"name": name} | sent)["app"]
    except Refused as refusal:
        if "already" not in refusal.reason:
            raise
        app = call(url, "PUT", shop_path(found, f"apps/{quote(name)}"), sent)["app"]
    if install:
        app = call(url, "POST", shop_path(found, f"apps/{quote(name)}/install"), {})["app"]
    click.echo(f"SHOPIFY_API_KEY={app['client_id']}\nSHOPIFY_API_SECRET={app['client_secret']}")
    if app["token"]:
        click.echo(f"SHOPIFY_TOKEN={app['token']}")
    return OK


def _sent(
    redirect_urls: tuple[str, ...], scopes: str | None, public: bool, customer_data: str | None
) -> dict[str, Any]:
    """What was said on the command line, and nothing else."""
    sent: dict[str, Any] = {"redirect_urls": list(redirect_urls)} if redirect_urls else {}
    if scopes is not None:
        sent["scopes"] = scopes.split(",")
    if public:
        sent["distribution"] = "public"
    if customer_data is not None:
        sent["customer_data"] = [] if customer_data == "none" else customer_data.split(",")
    return sent
