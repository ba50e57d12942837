"""Options that several commands share."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
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


def env_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--env`: the file that other programs read addresses and tokens from."""
    return click.option(
        "--env",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Write the addresses and tokens to this file, as KEY=value lines.",
    )(command)


def tell(variables: Mapping[str, str], env: Path | None, hints: str) -> None:
    """Print the variables, write them to the file, say what to do next.

    The file comes last: whoever waits for it finds all said.
    """
    lines = "".join(f"{name}={value}\n" for name, value in variables.items())
    part = _write(env, lines) if env else None
    click.echo(lines, nl=False)
    click.echo(hints, err=True)
    if env and part:
        part.replace(env)


def _write(file: Path, lines: str) -> Path:
    """A file beside it, which takes its place as a whole. Tokens are for their owner alone."""
    part = file.with_name(f"{file.name}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as opened:
            opened.write(lines)
    except OSError as error:
        raise Problem(f"{file} cannot be written ({error.strerror}): choose another --env", USAGE) from None
    return part


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
