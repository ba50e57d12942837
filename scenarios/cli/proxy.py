"""`syncdrill proxy`: the fakes for programs that have the vendors' https hosts built in, until interrupted."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import urlsplit

import click

from scenarios.cli.exits import OK, USAGE, Problem
from scenarios.cli.options import env_option, number_option, tell
from scenarios.cli.running import DEFAULT_PORT, which_world, world_at

DEFAULT_PROXY_PORT = DEFAULT_PORT + 2  # behind the fakes and the sync core
LOOK_EVERY_S = 1.0  # a wait without an end would also hold Ctrl-C back on Windows


def ca_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--ca`: where the proxy's authority is written."""
    return click.option(
        "--ca",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Write the certificate that programs must trust to this file, not to a folder that ends with the proxy.",
    )(command)


@click.command("proxy")
@number_option("--port", 0, 65_535, default=DEFAULT_PROXY_PORT, help="Of the proxy, on loopback. 0 takes a free one.")
@ca_option
@env_option
@which_world
def command(port: int, ca: Path | None, env: Path | None, url: str, world: str) -> int:
    """Let programs in that have the vendors' https hosts built in.

    A proxy for CONNECT on loopback: it ends TLS for *.myshopify.com, api.hubapi.com, api.hubspot.com and
    app.hubspot.com with a certificate of its own and passes the bytes on to a running `syncdrill up`; any other host
    is refused. Prints what such a program needs in its environment.
    """
    from scenarios.serve import told_environment

    told = world_at(url, world)
    try:
        with tunnelling(url, port, ca) as variables:
            tell(told_environment(told) | variables, env, "# tunnels to the fakes; Ctrl-C ends it")
            wait(lambda: None)
    except KeyboardInterrupt:
        return OK
    return OK


@contextmanager
def tunnelling(fakes_url: str, port: int, ca: Path | None) -> Iterator[dict[str, str]]:
    """A running proxy in front of these fakes; yields the variables that lead through it."""
    from scenarios.proxy import proxying, variables
    from scenarios.serve import listen
    from simulator import hubspot, shopify

    fakes = urlsplit(fakes_url)
    with tempfile.TemporaryDirectory(prefix="syncdrill-") as private:
        ca_file = (ca or Path(private, "ca.pem")).resolve()
        try:
            listener = listen(port)
        except OSError as error:
            reason = f"{error.strerror}: stop what listens at port {port}, or take 0 for a free one"
            raise Problem(f"the proxy cannot start: {reason}", USAGE) from None
        with listener:
            vendors, now = (shopify.VENDOR, hubspot.VENDOR), datetime.now(UTC)
            with proxying(listener, (fakes.hostname or "", fakes.port or 80), vendors, ca_file, now) as proxy_url:
                yield variables(proxy_url, ca_file)


def wait(check: Callable[[], object]) -> None:
    """Until Ctrl-C, or until `check` raises."""
    never = Event()
    while not never.wait(LOOK_EVERY_S):
        check()
