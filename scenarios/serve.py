"""Worlds behind real sockets on loopback: what `syncdrill up` and tests over HTTP start."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from waitress.server import create_server

from scenarios.served import Served
from scenarios.world import World, WorldSpec
from scenarios.worlds import HELD_AT_ONCE, Registry
from simulator.kernel.gate import LARGEST_BODY
from simulator.kernel.wire import WsgiApp

SERVER_THREADS = HELD_AT_ONCE + 16  # a fault that holds an answer back takes one; so many always go on
LARGEST_REQUEST = (
    9 * LARGEST_BODY
)  # above the control plane's limit; the applications refuse earlier, in their own words


@dataclass(frozen=True, slots=True)
class Up:
    """A running server.

    Args:
        world: the world that was asked for; more may be made through the control plane.
    """

    registry: Registry
    world: Served
    fakes_url: str
    sync_url: str


@contextmanager
def serving(spec: WorldSpec, port: int = 0) -> Iterator[Up]:
    """Serve the fakes at `port` and the sync core at the next one; 0 takes free ports.

    Where the world has no sync core, the next port is left to one that runs alone. OSError where a port is taken.
    """
    fakes, sync = listen(port), listen(port + 1 if port and spec.sync else 0)
    registry = Registry(time.monotonic, _url(fakes), _url(sync), lambda: int(time.time() * 1000))
    servers = [_serve(registry.gate, fakes), _serve(registry.receiver, sync)]
    try:
        world = registry.open(spec)
        yield Up(registry, world, _url(fakes), _url(sync))
    finally:
        for server in servers:
            server.close()
        registry.close()


def environment(world: World | Served) -> dict[str, str]:
    """The variables with which an unmodified client, or a sync core of one's own, works against this world."""
    return told_environment(world.describe())


def told_environment(told: Mapping[str, Any]) -> dict[str, str]:
    """The same from what a world says of itself."""
    dev = told["apps"]["dev"]
    return {
        "SHOPIFY_URL": told["fakes_url"],
        "HUBSPOT_URL": told["fakes_url"],
        "SHOP": told["shop"],
        "SHOPIFY_TOKEN": dev["shopify_token"],
        "SHOPIFY_API_KEY": dev["shopify_client_id"],
        "SHOPIFY_API_SECRET": dev["shopify_secret"],
        "HUBSPOT_TOKEN": dev["hubspot_token"],
        "HUBSPOT_APP_ID": dev["hubspot_app_id"],
        "HUBSPOT_CLIENT_ID": dev["hubspot_client_id"],
        "HUBSPOT_CLIENT_SECRET": dev["hubspot_client_secret"],
        "HUBSPOT_DEVELOPER_KEY": dev["hubspot_developer_key"],
        "SYNC_URL": told["sync_url"],
        "SYNC_KEY": told["sync_key"],
    } | {
        f"{name}_{number}": value
        for number, (shop, tokens) in enumerate(told["other_shops"].items(), start=2)
        for name, value in (("SHOP", shop), ("SHOPIFY_TOKEN", tokens["dev"]))
    }


def listen(port: int) -> socket.socket:
    """A socket on loopback; 0 takes a free port."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError:
        listener.close()
        raise
    return listener


def _url(listener: socket.socket) -> str:
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


def _serve(app: WsgiApp, listener: socket.socket) -> Any:
    server = create_server(
        app,
        sockets=[listener],
        threads=SERVER_THREADS,
        ident="syncdrill",
        max_request_body_size=LARGEST_REQUEST,
        channel_timeout=60,
    )
    threading.Thread(target=_run, args=(server,), name="server", daemon=True).start()
    return server


def _run(server: Any) -> None:
    try:
        server.run()
    except OSError:  # closed under its select, which is how it ends
        return
