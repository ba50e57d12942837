"""`syncdrill up`: both fakes and the sync core on this machine, until interrupted."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from threading import Event
from typing import Any

import click

from scenarios.cli.exits import OK, USAGE, Problem
from scenarios.cli.options import integration_option, number_option, seed_option
from scenarios.cli.running import DEFAULT_PORT
from scenarios.cli.screen import verbose_option

LOOK_EVERY_S = 1.0  # at the world's health; a wait without an end would also hold Ctrl-C back on Windows


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
    "--env",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the addresses and tokens to this file, as KEY=value lines.",
)
@verbose_option
def command(
    calm: bool, no_sync: bool, port: int, db: Path | None, seed: int, integration: str, env: Path | None
) -> int:
    """Run both fakes and the sync core until interrupted.

    Prints the addresses and tokens with which an unmodified client works at once, as KEY=value lines on stdout; what
    to do next stands on stderr.
    """
    from sqlalchemy.exc import DatabaseError

    from scenarios.serve import environment, serving
    from scenarios.world import WorldSpec

    database = str(db) if db else ":memory:"
    spec = WorldSpec(seed=seed, integration=integration, calm=calm, sync=not no_sync, database=database)
    try:
        with serving(spec, port) as up:
            variables = environment(up.world)
            if no_sync:
                del variables["SYNC_URL"]
            _tell(variables, env, _next(up.world.describe(), port, env, db))
            _wait(up.world)
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


def _tell(variables: Mapping[str, str], env: Path | None, hints: str) -> None:
    """The file comes last: whoever waits for it finds all said."""
    lines = "".join(f"{name}={value}\n" for name, value in variables.items())
    part = _write(env, lines) if env else None
    click.echo(lines, nl=False)
    click.echo(hints, err=True)
    if env and part:
        part.replace(env)


def _next(world: Mapping[str, Any], port: int, env: Path | None, db: Path | None) -> str:
    """What runs, and what a person may do with it in another terminal."""
    url = world["fakes_url"]
    there = "" if port == DEFAULT_PORT else f" --url {url}"
    sync = f"syncdrill sync --env {env}" if env else "syncdrill sync, with the variables above in its environment"
    lines = [
        f"up: shop {world['shop']}, HubSpot portal {world['portal']}, integration {world['integration']}",
        f"records are kept in {db}" if db else "records are in memory and end with this process; --db keeps them",
        *([] if world["sync"] else [f"connect a sync core:  {sync}"]),
        f"fill the shop:        syncdrill seed{there}",
        f"ask about a record:   syncdrill explain order/LATEST{there}",
        f"faults, clock, logs:  {url}/_sim/worlds/{world['name']}",
        "Ctrl-C ends it",
    ]
    return "\n".join(f"# {line}" for line in lines)


def _write(file: Path, lines: str) -> Path:
    """A file beside it, which takes its place as a whole. Tokens are for their owner alone."""
    part = file.with_name(f"{file.name}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as opened:
            opened.write(lines)
    except OSError as error:
        raise Problem(f"{file} cannot be written ({error.strerror}): choose another --env", USAGE) from None
    return part


def _wait(world: object) -> None:
    """Until Ctrl-C, or until the world has ended by a failure of its own."""
    never = Event()
    while not never.wait(LOOK_EVERY_S):
        world.check()
