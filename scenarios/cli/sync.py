"""`syncdrill sync`: the sync core alone, on the real clock, against any base URLs. Load tests measure this process."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from scenarios.cli.exits import OK, USAGE, Problem
from scenarios.cli.options import integration_option, number_option, read_env
from scenarios.cli.running import DEFAULT_PORT
from scenarios.cli.screen import verbose_option

SETTINGS = (  # option, variable, help
    ("shopify_url", "SHOPIFY_URL", "Where Shopify's API is."),
    ("hubspot_url", "HUBSPOT_URL", "Where HubSpot's API is."),
    ("shop", "SHOP", "The shop's myshopify.com domain."),
    ("shopify_token", "SHOPIFY_TOKEN", "Access token of the Shopify app."),
    ("shopify_secret", "SHOPIFY_API_SECRET", "Client secret of the Shopify app; it signs the webhooks."),
    ("hubspot_token", "HUBSPOT_TOKEN", "Access token of the HubSpot app."),
)


def _settings(command: Callable[..., Any]) -> Callable[..., Any]:
    for name, variable, help in reversed(SETTINGS):
        option = f"--{name.replace('_', '-')}"
        command = click.option(option, name, envvar=variable, show_envvar=True, required=True, help=help)(command)
    return command


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
    type=click.Path(dir_okay=False, path_type=Path),
    help="Keep the ledger in this SQLite file; without it a restart begins anew.",
)
@click.option(
    "--sync-key",
    envvar="SYNC_KEY",
    show_envvar=True,
    help="What `syncdrill settings` and `pipeline` must show.  [default: one made up for this run]",
)
@verbose_option
def command(port: int, public_url: str | None, ledger: Path | None, sync_key: str | None, **settings: str) -> int:
    """Run the sync core alone, against any base URLs.

    Reads what it needs from options, from the environment, or from the file that `syncdrill up --env` wrote. Prints its
    own address as SYNC_URL and the key of its pages as SYNC_KEY.
    """
    from sqlalchemy.exc import DatabaseError

    from sync_core.shell.host import Host, run
    from sync_core.shell.schema import UnusableLedger

    def ready(host: Host) -> None:
        click.echo(f"SYNC_URL={host.url}\nSYNC_KEY={key}")
        click.echo(f"# syncing; {host.url}/status says how far it is; Ctrl-C ends it", err=True)

    key = sync_key or secrets.token_hex(16)
    ledger_url = f"sqlite:///{ledger.resolve()}" if ledger else "sqlite://"
    try:
        run(port, ready, public_url, ledger_url=ledger_url, operator_key=key, **settings)
    except DatabaseError as error:
        raise Problem(f"the ledger {ledger} cannot be used ({error.orig}): choose another --ledger", USAGE) from None
    except UnusableLedger as error:
        raise Problem(f"{ledger} cannot be used: {error}", USAGE) from None
    except OSError as error:
        raise Problem(f"{error.strerror or error}: stop what listens at port {port}, or take --port 0", USAGE) from None
    return OK
