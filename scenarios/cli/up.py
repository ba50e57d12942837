"""`syncdrill up`: both fakes and the sync core on this machine, until interrupted."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from scenarios.cli.exits import OK, USAGE, Problem
from scenarios.cli.options import env_option, integration_option, number_option, seed_option, tell
from scenarios.cli.proxy import DEFAULT_PROXY_PORT, ca_option, tunnelling, wait
from scenarios.cli.running import DEFAULT_PORT
from scenarios.cli.screen import verbose_option


@click.command("up")
@click.option("--calm", is_flag=True, help="Without the vendors' limits, search lag and shuffled results.")
@click.option("--no-sync", is_flag=True, help="The fakes alone, for a sync core of your own or `syncdrill sync`.")
@number_option(
    "--port",
    0,
    65_534,
    default=DEFAULT_PORT,
    help="Of the fakes; the sync core listens at the next one. 0 takes two free ones.",
)
@click.option(
    "--db",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Keep the records in this SQLite file and the ledger beside it; both survive a restart, and so do the tokens.",
)
@seed_option
@integration_option
@click.option(
    "--shop",
    "shops",
    multiple=True,
    metavar="NAME",
    help="The shop's name, as in NAME.myshopify.com; more than once for several shops on one portal.",
)
@click.option(
    "--proxy",
    "proxy_port",
    is_flag=False,
    flag_value=str(DEFAULT_PROXY_PORT),
    type=click.IntRange(0, 65_535),
    metavar="[N]",
    help=f"Also run `syncdrill proxy`, at this port ({DEFAULT_PROXY_PORT}; 0 takes a free one).",
)
@click.option(
    "--webhooks",
    metavar="URL",
    default="",
    help="Send every webhook topic of the shop here too, as an app's configuration file does.",
)
@click.option(
    "--redirect-url",
    "redirect_urls",
    metavar="URL",
    multiple=True,
    help="Where OAuth may send people back to, for both vendors; more than once.",
)
@ca_option
@env_option
@verbose_option
def command(
    calm: bool,
    no_sync: bool,
    port: int,
    db: Path | None,
    seed: int,
    integration: str,
    webhooks: str,
    redirect_urls: tuple[str, ...],
    shops: tuple[str, ...],
    proxy_port: int | None,
    ca: Path | None,
    env: Path | None,
) -> int:
    """Run both fakes and the sync core until interrupted.

    Prints the addresses and tokens with which an unmodified client works at once, as KEY=value lines on stdout; what
    to do next stands on stderr.
    """
    from sqlalchemy.exc import DatabaseError

    from scenarios.serve import environment, serving
    from scenarios.world import WorldSpec
    from scenarios.worlds import check_shops
    from sync_core.shell.oauth import callbacks

    database = str(db) if db else ":memory:"
    spec = WorldSpec(
        seed=seed, integration=integration, calm=calm, sync=not no_sync, database=database, webhooks=webhooks
    )
    if no_sync and port:  # where `syncdrill sync --connect` listens
        redirect_urls += callbacks(f"http://127.0.0.1:{port + 1}")
    spec = replace(spec, redirects=" ".join(redirect_urls))
    if shops:
        domains = [name if "." in name else f"{name}.myshopify.com" for name in shops]
        spec = replace(spec, shop=domains[0], other_shops=" ".join(domains[1:]))
    try:
        check_shops(spec)
        with ExitStack() as running:
            up = running.enter_context(serving(spec, port))
            variables = environment(up.world)
            if no_sync:
                del variables["SYNC_URL"], variables["SYNC_KEY"]
            if proxy_port is not None:
                variables |= running.enter_context(tunnelling(up.fakes_url, proxy_port, ca))
            tell(variables, env, _next(up.world.describe(), port, env, db, webhooks))
            wait(up.world.check)
    except KeyboardInterrupt:
        return OK
    except (sqlite3.DatabaseError, DatabaseError) as error:
        reason = getattr(error, "orig", error)
        raise Problem(f"the database {database} cannot be used ({reason}): choose another --db", USAGE) from None
    except OSError as error:
        raise Problem(f"{error.strerror or error}: stop what listens at port {port}, or take --port 0", USAGE) from None
    except ValueError as error:
        raise Problem(str(error), USAGE) from None
    return OK


def _next(world: Mapping[str, Any], port: int, env: Path | None, db: Path | None, webhooks: str) -> str:
    """What runs, and what a person may do with it in another terminal."""
    url = world["fakes_url"]
    there = "" if port == DEFAULT_PORT else f" --url {url}"
    sync = f"syncdrill sync --env {env}" if env else "syncdrill sync, with the variables above in its environment"
    beside = "" if port == DEFAULT_PORT else f" --port {port + 1}"
    shops = ", ".join((world["shop"], *world["other_shops"]))
    lines = [
        f"up: shop {shops}, HubSpot portal {world['portal']}, integration {world['integration']}",
        f"records are kept in {db}" if db else "records are in memory and end with this process; --db keeps them",
        *([f"every webhook goes to {webhooks}, signed with SHOPIFY_API_SECRET"] if webhooks else []),
        *([] if world["sync"] else [f"connect a sync core:  {sync}"]),
        *([] if world["sync"] or not port else [f"or by OAuth:          {sync}{beside} --connect"]),
        f"fill the shop:        syncdrill seed{there}",
        f"ask about a record:   syncdrill explain order/LATEST{there}",
        f"faults, clock, logs:  {url}/_sim/worlds/{world['name']}",
        "Ctrl-C ends it",
    ]
    return "\n".join(f"# {line}" for line in lines)
