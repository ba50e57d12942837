"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from scenarios.cli.exits import USAGE, Problem


def number_option(name: str, low: float, high: float, kind: type = int, **more: Any) -> Callable[..., Any]:
    """A number of a range; the help stays free of ranges that only a typing error leaves."""

    def within(ctx: click.Context, param: click.Parameter, value: float) -> float:  # noqa: ARG001
        if not low <= value <= high:
            raise click.BadParameter(f"{value} is not a number from {low} to {high}.")
        return value

    return click.option(name, type=kind, metavar="N", callback=within, show_default=True, **more)


def seed_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--seed`: all chance follows from it."""
    return number_option("--seed", 0, 2**63 - 1, default=1, help="All chance follows from it.")(command)


def integration_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--integration`: which of HubSpot's two Shopify integrations the sync core is."""
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
