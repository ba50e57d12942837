"""A world: both fakes, the sync core and whoever trades, on one clock, one seed and one wire.

The code that runs is the product's own; only clock, chance and wire come from here. A world is driven in one of two
ways: a *virtual* one stands still until its caller lets time pass, a *served* one follows the wall clock on a thread
of its own (`scenarios.served`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scenarios.actors import Actor, Pump
from scenarios.wire import Wire
from simulator import hubspot, shopify
from simulator.kernel.clock import SECOND, Clock
from simulator.kernel.simulation import Simulation
from simulator.kernel.wire import WsgiApp
from sync_core.shell.clients.together import IN_FLIGHT, one_by_one, outcome_of
from sync_core.shell.oauth import callbacks
from sync_core.shell.running.core import CoreSettings, SyncCore

VIRTUAL_START_MS = 1_790_845_200_000  # Thursday 1 October 2026, 09:00 UTC: the same first instant for every seed
NOTED_EVERY_MS = 10 * SECOND  # a world in a file notes its time this often: so much is not known after a crash
PRIVACY = ("customers/data_request", "customers/redact", "shop/redact")
APPS = {  # who is let into both systems: name -> kind of the HubSpot app
    "sync": "native",  # the integration stands in the place of HubSpot's own Shopify app, unless the spec says else
    "dev": "native",  # what `up` prints: a sync core of its own, or any client of the user's
    "drill": "private",  # the verbs of the scenarios; a quota of its own
}


@dataclass(frozen=True, slots=True)
class WorldSpec:
    """What a world is made from.

    Args:
        name: its name in the control plane.
        sync: whether our sync core runs in it.
        database: the file of the fakes' records, the ledger stands beside it; ":memory:" keeps nothing.
        ledger: the sync core's database as an SQLAlchemy URL; "" for that file, or memory.
        webhooks: where the app "dev" has every topic sent to, as by its configuration file; "" for nowhere.
        redirects: where OAuth may send people back to from the app "dev", with blanks between them.
        other_shops: more shops on the same portal, with blanks between them (B6).
        start_ms: the first instant; None for the wall's time where the world follows it, else a fixed one.
        shop_timezone, portal_timezone: IANA names of zones.
        currency: the shop's; `portal_currency` is the portal's own, and the only one that it knows at first.
        withheld: Shopify scopes that the sync core's app is not granted, with blanks between them.
        nets: the ways in which the sync core notices changes, with blanks between them; the others are off.
        sync_as: the kind of HubSpot app that the sync core is: "native", or "private" with the limits of those.
    """

    name: str = "main"
    seed: int = 1
    integration: str = "deals"
    calm: bool = False
    sync: bool = True
    shop: str = "drill-shop.myshopify.com"
    portal: str = "24680135"
    database: str = ":memory:"
    ledger: str = ""
    webhooks: str = ""
    redirects: str = ""
    other_shops: str = ""
    start_ms: int | None = None
    shop_timezone: str = "America/New_York"
    portal_timezone: str = "America/New_York"
    currency: str = "USD"
    portal_currency: str = "USD"
    withheld: str = ""
    nets: str = "webhooks poll sweep"
    sync_as: str = "native"

    @property
    def shops(self) -> tuple[str, ...]:
        return (self.shop, *self.other_shops.split())


@dataclass(frozen=True, slots=True)
class Place:
    """Where the hosts of a world are found: the fakes' base URL, the sync core's, and who listens at each."""

    fakes_url: str
    sync_url: str
    hosts: Mapping[str, WsgiApp]


class World:
    """One world, standing still.

    Args:
        spec: what it is made from.
        place: its addresses.
        wall: seconds of the world outside; None where only the caller moves time.
        today_ms: the first instant where the spec names none.
    """

    def __init__(
        self,
        spec: WorldSpec,
        place: Place,
        wall: Callable[[], float] | None = None,
        today_ms: int = VIRTUAL_START_MS,
    ) -> None:
        self.spec, self.place = spec, place
        self.simulation = _simulation(spec, Clock(today_ms if spec.start_ms is None else spec.start_ms, wall))
        self.clock = self.simulation.clock
        self.condition = threading.Condition(self.simulation.lock)
        self.pump = Pump(self.clock, self.condition)
        self.wire = Wire(self.simulation, self.pump, place.hosts, self._open_transaction, wall)
        self.core: SyncCore | None = None
        self._actors: dict[str, Actor] = {}
        try:
            self._open_fakes()
            if spec.sync:
                self._start_core()
        except ValueError:  # the spec asks for what cannot be
            self.close()
            raise
        if spec.database != ":memory:":
            self.pump.add("clock", self._note_time)

    # --- driving it ---

    def advance(self, by_ms: int) -> None:
        """Let time pass, with all that falls due in it."""
        with self.condition:
            self.pump.run_until(self.clock.now() + by_ms)

    def set_rate(self, rate: float) -> None:
        """Hold (0), follow (1) or speed the clock; a BadInput says that a virtual one is moved by hand."""
        with self.condition:
            self.clock.run(rate)
            self.condition.notify_all()

    def pause(self, for_ms: int) -> None:
        """Make whoever called wait: an actor for its turn, the caller of a virtual world while time passes."""
        if self.pump.is_actor():
            self.pump.sleep(for_ms)
        else:
            self.advance(for_ms)

    def add_actor(self, name: str, step: Callable[[int], int | None]) -> Actor:
        """Somebody else who acts in this world."""
        return self.pump.add(name, step)

    def describe(self) -> dict[str, Any]:
        """What a client must know to work with this world; it holds the apps' tokens."""
        spec = self.spec
        return {
            "name": spec.name,
            "seed": spec.seed,
            "integration": spec.integration,
            "calm": spec.calm,
            "sync": spec.sync,
            "withheld": spec.withheld,
            "nets": spec.nets,
            "now_ms": self.clock.now(),
            "shop": spec.shop,
            "portal": spec.portal,
            "other_shops": {
                shop: {app: self._credentials(app, shop)["shopify_token"] for app in APPS if app != "sync"}
                for shop in spec.shops[1:]
            },
            "fakes_url": self.place.fakes_url,
            "sync_url": self.place.sync_url,
            "sync_key": self.simulation.chance.secret("sync core/operator's key"),
            "apps": {app: self._credentials(app) for app in APPS if app != "sync"},
        }

    def close(self) -> None:
        """End every actor and close the files."""
        with self.condition:
            self.pump.kill()
            if self.core:
                self.core.close()
            self.simulation.store.note_time()
            self.simulation.close()
        self.wire.close()

    # --- making it ---

    def _open_fakes(self) -> None:
        simulation, spec = self.simulation, self.spec
        for shop in spec.shops:
            shopify.open_shop(simulation, shop, timezone=spec.shop_timezone, currency=spec.currency)
        hubspot.open_portal(simulation, spec.portal, timezone=spec.portal_timezone, currency=spec.portal_currency)
        for app, kind in APPS.items():
            granted = set(shopify.SCOPES) - set(spec.withheld.split()) if app == "sync" else None
            for shop in spec.shops:
                shopify.install(simulation, shop, app, granted)
            hubspot.install(simulation, spec.portal, app, kind=spec.sync_as if app == "sync" else kind)
        shopify.configure(simulation, spec.shop, "dev", spec.webhooks)
        if spec.redirects:
            shopify.send_back_to(simulation, "dev", spec.redirects.split())
            hubspot.send_back_to(simulation, "dev", spec.redirects.split())
        if spec.sync:
            shopify.send_back_to(simulation, "sync", callbacks(self.place.sync_url))
            hubspot.send_back_to(simulation, "sync", callbacks(self.place.sync_url))
        for shop in spec.shops if spec.sync else ():  # no API subscribes to these [WHM]
            shopify.configure(simulation, shop, "sync", f"{self.place.sync_url}/webhooks/shopify", PRIVACY)
        simulation.wake = self._wake
        self._actors[shopify.WORKER] = self.pump.add(shopify.WORKER, shopify.worker(simulation))
        outbox = simulation.connect_outbox(
            {"shopify": shopify.courier(simulation), "hubspot": hubspot.courier(simulation)},
            self.wire.session("outbox"),
            lambda at_ms: self._wake("outbox", at_ms),
        )
        self._actors["outbox"] = self.pump.add(
            "outbox", lambda now_ms: outbox.step(now_ms, lambda errand: self.pump.spawn("delivery", errand))
        )

    def _start_core(self) -> None:
        core = SyncCore(
            self.core_settings("sync"),
            now=self.clock.now,
            rng=self.simulation.chance.stream("sync core"),
            shopify=self.wire.session("sync"),
            hubspot=self.wire.session("sync"),
            wake=self._wake,
            others=[self.core_settings("sync", shop) for shop in self.spec.shops[1:]],
            together=self._together,
        )
        self.core = core
        for name, step in core.workers.items():
            self._actors[name] = self.pump.add(name, step)

    def core_settings(self, app: str, shop: str = "") -> CoreSettings:
        """Settings of a sync core that runs as `app` in this world; of the first shop if none is named."""
        granted = self._credentials(app, shop)
        return CoreSettings(
            shopify_url=self.place.fakes_url,
            shop=shop or self.spec.shop,
            shopify_token=granted["shopify_token"],
            shopify_key=granted["shopify_client_id"],
            shopify_secret=granted["shopify_secret"],
            hubspot_url=self.place.fakes_url,
            hubspot_token=granted["hubspot_token"],
            hubspot_key=granted["hubspot_client_id"],
            hubspot_secret=granted["hubspot_client_secret"],
            receiver_url=self.place.sync_url,
            integration=self.spec.integration,
            ledger_url=self.spec.ledger or _ledger_url(self.spec.database),
            operator_key=self.simulation.chance.secret("sync core/operator's key"),
            nets=frozenset(self.spec.nets.split()),
        )

    def _note_time(self, now_ms: int) -> int:
        self.simulation.store.note_time()
        return now_ms + NOTED_EVERY_MS

    def _credentials(self, app: str, shop: str = "") -> dict[str, str]:
        """An app that was turned out of the shop or of the portal has no token there."""
        developers = shopify.credentials(self.simulation, shop or self.spec.shop, app)
        others = hubspot.credentials(self.simulation, self.spec.portal, app)
        return {
            "shopify_token": developers["token"] or "",
            "shopify_client_id": developers["client_id"] or "",
            "shopify_secret": developers["client_secret"] or "",
            **{f"hubspot_{name}": value for name, value in others.items()},
        }

    def _together(self, calls: Sequence[Callable[[], Any]]) -> Iterator[tuple[int, Any]]:
        """Calls of an actor at the same time; whoever is none has no time that could pass."""
        if len(calls) < 2 or not self.pump.is_actor():
            return one_by_one(calls)
        return self.pump.together([partial(outcome_of, each) for each in calls], IN_FLIGHT)

    def _wake(self, name: str, at_ms: int) -> None:
        if name in self._actors:  # not yet: every actor's first turn comes anyway
            self.pump.wake(self._actors[name], at_ms)

    def _open_transaction(self) -> str | None:
        if self.simulation.store.in_transaction:
            return "the fakes' store"
        return "the ledger" if self.core and self.core.in_transaction else None


def host_of(url: str) -> str:
    return urlsplit(url).netloc


def locked(app: WsgiApp, lock: threading.RLock) -> WsgiApp:
    """An application of a world, for threads of a server: one request, or one turn of the actors, at a time."""

    def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        with lock:
            return list(app(environ, start_response))

    return serve


def _simulation(spec: WorldSpec, clock: Clock) -> Simulation:
    resources = shopify.RESOURCES + hubspot.RESOURCES
    simulation = Simulation(spec.name, clock, spec.seed, resources, calm=spec.calm, path=spec.database)
    try:
        for name in ("seed", "integration"):
            simulation.store.agree(name, getattr(spec, name))
    except ValueError:
        simulation.close()
        raise
    last_ms = simulation.store.last_ms()
    if last_ms:  # a database from an earlier run: its past stays past, also that of the ledger
        clock.move_to(last_ms + NOTED_EVERY_MS)
    return simulation


def _ledger_url(database: str) -> str:
    if database == ":memory:":
        return "sqlite://"
    path = Path(database).resolve()
    return f"sqlite:///{path.with_name(path.stem + '-ledger' + (path.suffix or '.db'))}"
