"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from scenarios.cli.exits import USAGE, Problem


def seed_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--seed`: all chance follows from it."""
    seed = click.IntRange(0, 2**63 - 1)
    return click.option("--seed", type=seed, default=1, show_default=True, help="All chance follows from it.")(command)


def integration_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--integration`: which of HubSpot's two integrations the sync core is."""
    return click.option(
        "--integration",
        type=click.Choice(["deals", "data-sync"]),
        default="deals",
        show_default=True,
        help="deals: orders become deals (2023). data-sync: orders and carts (2024).",
    )(command)


def read_env(file: Path) -> dict[str, str]:
    """The KEY=value lines of a file that `syncdrill up --env` wrote, or somebody by hand."""
    values = {}
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(f"{file} cannot be read ({error}): `syncdrill up --env {file}` writes it", USAGE) from None
    for number, line in enumerate(lines, start=1):
        name, sign, value = line.strip().partition("=")
        if not name or name.startswith("#"):
            continue
        if not sign or not name.replace("_", "").isalnum():
            raise Problem(f"{file}, line {number}: this is not KEY=value", USAGE)
        values[name] = value
    return values
