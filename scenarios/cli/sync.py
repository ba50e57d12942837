"""`syncdrill sync`: the sync core alone, on the real clock, against any base URLs. Load tests measure this process."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import click

from scenarios.cli.exits import OK, USAGE, Problem
from scenarios.cli.ledgers import database
from scenarios.cli.logs import log_json_option
from scenarios.cli.options import integration_option, number_option, read_env
from scenarios.cli.running import DEFAULT_PORT
from scenarios.cli.screen import verbose_option

ALWAYS, TOKENS, OAUTH = "always", "without --connect", "with --connect"
SETTINGS = (  # option, variable, when it is needed, help
    ("shopify_url", "SHOPIFY_URL", ALWAYS, "Where Shopify's API is; {shop} in it stands for the shop's domain."),
    ("hubspot_url", "HUBSPOT_URL", ALWAYS, "Where HubSpot's API is."),
    ("shop", "SHOP", TOKENS, "The shop's myshopify.com domain."),
    ("shopify_token", "SHOPIFY_TOKEN", TOKENS, "Access token of the Shopify app."),
    ("shopify_key", "SHOPIFY_API_KEY", OAUTH, "Client id of the Shopify app."),
    ("shopify_secret", "SHOPIFY_API_SECRET", ALWAYS, "Client secret of the Shopify app; it signs the webhooks."),
    ("hubspot_token", "HUBSPOT_TOKEN", TOKENS, "Access token of the HubSpot app."),
    ("hubspot_key", "HUBSPOT_CLIENT_ID", OAUTH, "Client id of the HubSpot app."),
    ("hubspot_secret", "HUBSPOT_CLIENT_SECRET", OAUTH, "Client secret of the HubSpot app."),
)


def _settings(command: Callable[..., Any]) -> Callable[..., Any]:
    for name, variable, when, help in reversed(SETTINGS):
        option, told = f"--{name.replace('_', '-')}", help if when == ALWAYS else f"{help[:-1]}, {when}."
        command = click.option(option, name, envvar=variable, show_envvar=True, default="", help=told)(command)
    return command


def _chosen(connect: bool, given: Mapping[str, str]) -> dict[str, str]:
    """What counts of what was given: with `--connect` no token, as a person lets the core in."""
    needed = {name: variable for name, variable, when, _ in SETTINGS if when in (ALWAYS, OAUTH if connect else TOKENS)}
    lacking = [variable for name, variable in needed.items() if not given[name]]
    if lacking:
        raise Problem(f"{', '.join(lacking)} must be given: `syncdrill up --env FILE` writes them for --env", USAGE)
    return {name: "" if connect and when == TOKENS else given[name] for name, _, when, _ in SETTINGS}


def _export(ctx: click.Context, param: click.Parameter, file: Path | None) -> None:  # noqa: ARG001
    """As if the lines of the file had been exported in the shell."""
    if file:
        os.environ.update(read_env(file))


@click.command("sync")
@click.option(
    "--env",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    is_eager=True,
    expose_value=False,
    callback=_export,
    help="Read the variables below from this file, as `syncdrill up --env` writes it.",
)
@click.option("--connect", is_flag=True, help="By OAuth: prints an address on which you let it into both systems.")
@_settings
@integration_option
@number_option(
    "--port",
    0,
    65_535,
    default=DEFAULT_PORT + 1,
    help="Where webhooks are received, on loopback. 0 takes a free one.",
)
@click.option("--public-url", help="Where Shopify reaches this port, if that is another address.")
@click.option(
    "--ledger",
    metavar="FILE|URL",
    help="Keep the ledger in this SQLite file or postgresql:// database; without it a restart begins anew.",
)
@click.option(
    "--sync-key",
    envvar="SYNC_KEY",
    show_envvar=True,
    help="What `syncdrill settings` and `pipeline` must show.  [default: one made up for this run]",
)
@click.option("--hold", is_flag=True, help="A new connection writes nothing before `syncdrill dry-run --apply`.")
@verbose_option
@log_json_option
def command(
    port: int,
    public_url: str | None,
    ledger: str | None,
    sync_key: str | None,
    connect: bool,
    integration: str,
    hold: bool,
    **given: str,
) -> int:
    """Run the sync core alone, against any base URLs.

    Reads what it needs from options, from the environment, or from the file that `syncdrill up --env` wrote. Prints its
    own address as SYNC_URL and the key of its pages as SYNC_KEY. With --connect it needs no token and no shop: open the
    address that it prints. What was connected there is in the ledger, also after a restart.
    """
    from sqlalchemy.exc import DatabaseError

    from sync_core.shell.running.host import Host, run
    from sync_core.shell.storage.schema import UnusableLedger

    def ready(host: Host) -> None:
        click.echo(f"SYNC_URL={host.url}\nSYNC_KEY={key}")
        hints = _hints(host.url, key, given["shop"]) if connect else []
        for line in (*hints, f"syncing; {host.url}/status says how far it is; Ctrl-C ends it"):
            click.echo(f"# {line}", err=True)

    settings = _chosen(connect, given)
    key = sync_key or secrets.token_hex(16)
    ledger_url, ledger = database(ledger)
    try:
        chosen = {"operator_key": key, "integration": integration, "hold": hold}
        run(port, ready, public_url, ledger_url=ledger_url, **chosen, **settings)
    except DatabaseError as error:
        raise Problem(f"the ledger {ledger} cannot be used ({error.orig}): choose another --ledger", USAGE) from None
    except UnusableLedger as error:
        raise Problem(f"{ledger} cannot be used: {error}", USAGE) from None
    except OSError as error:
        raise Problem(f"{error.strerror or error}: stop what listens at port {port}, or take --port 0", USAGE) from None
    return OK


def _hints(url: str, key: str, shop: str) -> list[str]:
    """Where a person connects, and what the two apps must allow for it."""
    from sync_core.shell.oauth import callbacks

    known = {"key": key} | ({"shop": shop} if shop else {})
    back = " and ".join(callbacks(url))
    return [f"open {url}/connect?{urlencode(known)}", f"redirect URLs that the two apps must have: {back}"]
