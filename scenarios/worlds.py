"""All worlds of one process, behind one gate: made, found, begun anew and removed by name.

The same registry stands behind `syncdrill up` (served worlds, real sockets) and behind a test (virtual worlds, the
addresses below are names only); the control plane cannot tell, and so a scenario runs over either.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any
from zoneinfo import available_timezones

import requests
from flask import Blueprint, Response, abort
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from scenarios.served import Served
from scenarios.world import VIRTUAL_START_MS, Place, World, WorldSpec, host_of, locked
from simulator import hubspot, shopify
from simulator.kernel.control import answer, control_plane, world_of
from simulator.kernel.errors import BadInput, TooManyHeld
from simulator.kernel.gate import Gate
from simulator.kernel.simulation import Simulation
from simulator.kernel.wire import InProcess, WsgiApp
from sync_core.shell.running.settings import NETS

FAKES_URL = "http://127.0.0.1:5005"
SYNC_URL = "http://127.0.0.1:5006"
MOST_WORLDS = 64
MOST_SHOPS = 20  # of one portal: more says that somebody meant something else
SHOP = re.compile(r"[a-z0-9][a-z0-9-]{0,59}\.myshopify\.com")
EARLIEST_MS, LATEST_MS = (
    946_684_800_000,
    4_102_444_800_000,
)  # the years 2000 to 2099, with room to jump
HELD_AT_ONCE = 16  # answers that `slow` faults hold back, each of which takes a thread of the server

CONTROL = Blueprint("worlds", __name__)
BLUEPRINTS = (CONTROL, shopify.CONTROL, hubspot.CONTROL)  # all of the control plane that is not the kernel's


class Registry:
    """The worlds of this process.

    Args:
        wall: seconds outside; None makes virtual worlds, which their caller moves.
        today: milliseconds since 1970 outside, where served worlds begin unless told otherwise.
        ledgers: the database of the next world's ledger, where it is not to stand in memory.
    """

    def __init__(
        self,
        wall: Callable[[], float] | None = None,
        fakes_url: str = FAKES_URL,
        sync_url: str = SYNC_URL,
        today: Callable[[], int] = lambda: VIRTUAL_START_MS,
        ledgers: Callable[[], str] = lambda: "",
    ) -> None:
        self._wall, self._today, self.fakes_url, self.sync_url = wall, today, fakes_url, sync_url
        self._ledgers = ledgers
        self._worlds: dict[str, World | Served] = {}
        self._places = threading.BoundedSemaphore(HELD_AT_ONCE)
        self._changing = threading.RLock()  # one world is made or removed at a time; looking needs no lock
        self.gate = Gate(
            (shopify.VENDOR, hubspot.VENDOR),
            control_plane(self, BLUEPRINTS),
            self._pause,
        )
        self.receiver = DispatcherMiddleware(_nobody)
        self._receivers: Any = self.receiver.mounts  # its own: an empty dict handed in would not be kept
        self.hosts: Mapping[str, WsgiApp] = {host_of(fakes_url): self.gate, host_of(sync_url): self.receiver}

    # --- what the control plane asks for ---

    def names(self) -> list[str]:
        return sorted(self._worlds)

    def get(self, name: str) -> World | Served | None:
        return self._worlds.get(name)

    def create(self, spec: Mapping[str, Any]) -> World | Served:
        """A world from JSON; a BadInput names the field that is wrong."""
        return self.open(replace(read_spec(spec), ledger=self._ledgers()))

    def remove(self, name: str) -> None:
        """Take the world out; nobody is let in while it ends."""
        with self._changing:
            world = self._worlds.pop(name, None)
            self.gate.shut(name)
            self._receivers.pop(f"/{name}", None)
            if world:
                world.close()

    # --- for this process ---

    def open(self, spec: WorldSpec) -> World | Served:
        with self._changing:
            return self._open(spec)

    def _open(self, spec: WorldSpec) -> World | Served:
        if spec.name in self._worlds:
            raise BadInput(f"there is a world {spec.name!r} already: remove it first, or take another name")
        if len(self._worlds) >= MOST_WORLDS:
            raise BadInput(f"at most {MOST_WORLDS} worlds at a time: remove one first")
        place = Place(self.fakes_url, f"{self.sync_url}/{spec.name}", self.hosts)
        world = World(spec, place, self._wall, self._today())
        self.gate.open(world.simulation)
        if world.core:
            self._receivers[f"/{spec.name}"] = locked(world.core.receiver, world.simulation.lock)
        self._worlds[spec.name] = Served(world) if self._wall else world
        return self._worlds[spec.name]

    def begin_anew(self, name: str) -> None:
        """Remove the world and make it again from its spec; only one in memory forgets."""
        with self._changing:
            spec = self._worlds[name].spec
            if spec.database != ":memory:":
                raise BadInput("this world is kept in a file: end the process and delete the file to begin anew")
            self.remove(name)
            self.open(spec)

    def session(self) -> requests.Session:
        """A client of these worlds that needs no socket."""
        session = requests.Session()
        session.trust_env = False
        session.mount("http://", InProcess(self.hosts))
        return session

    def close(self) -> None:
        for name in self.names():
            self.remove(name)

    def _pause(self, simulation: Simulation, for_ms: int) -> None:
        world = self._worlds.get(simulation.name)
        if world is None:  # it was removed under the request
            return
        if world.pump.is_actor():  # which takes no thread
            world.pause(for_ms)
            return
        if not self._places.acquire(blocking=False):
            raise TooManyHeld(HELD_AT_ONCE)
        try:
            world.pause(for_ms)
        finally:
            self._places.release()


def read_spec(wanted: Mapping[str, Any]) -> WorldSpec:
    """A spec from JSON. Files are the command line's to choose, not a request's."""
    types = {field.name: type(getattr(WorldSpec(), field.name)) for field in fields(WorldSpec)}
    open_to_all = [name for name in types if name not in ("database", "ledger")]
    for name, value in wanted.items():
        if name not in open_to_all:
            raise BadInput(f"a world has no {name!r}; it takes {', '.join(open_to_all)}")
        if name != "start_ms" and type(value) is not types[name]:
            raise BadInput(f"{name} must be a {types[name].__name__}, not {value!r}")
    spec = replace(WorldSpec(), **{**wanted, "start_ms": _start(wanted.get("start_ms", "now"))})
    if spec.integration not in ("deals", "data-sync"):
        raise BadInput(f"integration is deals or data-sync, not {spec.integration!r}")
    if spec.sync_as not in ("native", "private"):
        raise BadInput(f"sync_as is native or private, not {spec.sync_as!r}")
    _check_places(spec)
    check_shops(spec)
    if not spec.name.replace("-", "").replace("_", "").isalnum() or len(spec.name) > 64:
        raise BadInput(f"a world's name is up to 64 letters, digits, - and _, not {spec.name!r}")
    return spec


def _start(value: Any) -> int | None:
    """The instant that a request names; "now" is what a world that follows the wall begins at anyway."""
    if value == "now":
        return None
    if type(value) is not int or not EARLIEST_MS <= value <= LATEST_MS:
        raise BadInput(f'start_ms is "now" or milliseconds from {EARLIEST_MS} to {LATEST_MS}, not {value!r}')
    return value


def _check_places(spec: WorldSpec) -> None:
    """Zones and currencies that there are, scopes that an app can be without, nets that a sync core has."""
    for zone in (spec.shop_timezone, spec.portal_timezone):
        if zone not in available_timezones():
            raise BadInput(f"a time zone is an IANA name such as Europe/Paris, not {zone!r}")
    for currency in (spec.currency, spec.portal_currency):
        if currency not in shopify.CURRENCIES:
            raise BadInput(f"a currency is a code of ISO 4217 such as EUR, not {currency!r}")
    unknown = set(spec.withheld.split()) - set(shopify.SCOPES)
    if unknown:
        raise BadInput(f"withheld names scopes of Shopify's, not {', '.join(sorted(unknown))}")
    unknown = set(spec.nets.split()) - NETS
    if unknown:
        raise BadInput(f"nets are {', '.join(sorted(NETS))}, not {', '.join(sorted(unknown))}")


def check_shops(spec: WorldSpec) -> None:
    """A store has one connection to a portal (B6)."""
    for shop in spec.shops:
        if not SHOP.fullmatch(shop):
            raise BadInput(f"a shop is a domain such as drill-shop.myshopify.com, not {shop!r}")
        if spec.shops.count(shop) > 1:
            raise BadInput(f"{shop} is connected already: a store has one connection to a portal")
    if len(spec.shops) > MOST_SHOPS:
        raise BadInput(f"at most {MOST_SHOPS} shops on one portal")


@CONTROL.post("/_sim/worlds/<world>/resync")
def resync(world: str) -> Response:
    """Have the sync core read and compare everything again."""
    found: Any = world_of(world)
    if found.core is None:
        abort(409, "no sync core runs in this world")
    with found.condition:
        found.core.resync()
    return answer({})


def _nobody(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:  # noqa: ARG001
    body = b'{"error":"no sync core listens here"}'
    start_response("404 Not Found", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
