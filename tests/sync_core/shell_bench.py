"""A shop, a portal and a sync core in one process; time passes by hand."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import random
from collections.abc import Callable
from typing import Any

import requests

from simulator import hubspot, shopify
from simulator.kernel.clock import Clock
from simulator.kernel.control import control_plane
from simulator.kernel.faults import Fault
from simulator.kernel.gate import Gate
from simulator.kernel.simulation import Simulation
from simulator.kernel.wire import InProcess
from sync_core.shell.running.core import CoreSettings, SyncCore

FAKES, CORE = "http://127.0.0.1:5005", "http://127.0.0.1:5006"
SHOP, PORTAL = "drill-shop.myshopify.com", "24680135"
START_MS = 1_790_000_000_000
MINUTE = 60_000


OPENED: list[Bench] = []  # closed behind each test by conftest.py


def new_ledger() -> str:
    """The ledger of a bench that is told none."""
    return "sqlite://"


class Bench:
    """Args: as in CoreSettings; `calm` takes the fakes' limits, lag and disorder away."""

    def __init__(self, integration: str = "deals", calm: bool = False, ledger_url: str = "", **settings: Any):
        self.clock = Clock(START_MS)
        self.simulation = Simulation("main", self.clock, 1, shopify.RESOURCES + hubspot.RESOURCES, calm=calm)
        control = control_plane(OneWorld(self.simulation), (shopify.CONTROL, hubspot.CONTROL))
        self.gate = Gate(
            (shopify.VENDOR, hubspot.VENDOR), control, lambda _, for_ms: self.clock.move_to(self.clock.now() + for_ms)
        )
        self.gate.open(self.simulation)
        shopify.open_shop(self.simulation, SHOP)
        hubspot.open_portal(self.simulation, PORTAL)
        kinds = {"sync": settings.pop("kind", "native"), "drill": "private"}
        grants = {
            app: (shopify.install(self.simulation, SHOP, app), hubspot.install(self.simulation, PORTAL, app, kind=kind))
            for app, kind in kinds.items()
        }
        from_sync, self.to_core = grants["sync"], requests.Session()
        self.tokens = {app: (one.token, other.token) for app, (one, other) in grants.items()}
        self.settings = CoreSettings(
            shopify_url=FAKES,
            shop=SHOP,
            shopify_token=from_sync[0].token,
            shopify_secret=from_sync[0].secret,
            hubspot_url=FAKES,
            hubspot_token=from_sync[1].token,
            receiver_url=CORE,
            integration=integration,  # type: ignore[arg-type]
            ledger_url=ledger_url or new_ledger(),
            **settings,
        )
        self.hosts: dict[str, Any] = {"127.0.0.1:5005": self.gate}
        self.wire = requests.Session()
        self.wire.mount("http://", InProcess(self.hosts))
        self.outbox = self.simulation.connect_outbox(
            {"shopify": shopify.courier(self.simulation)}, self.wire, lambda _: None
        )
        self.shops_own = shopify.worker(self.simulation)  # what Shopify does by itself: bulk operations
        self.simulation.wake = lambda name, at_ms: self._wake(name, at_ms) if name == shopify.WORKER else None
        OPENED.append(self)
        self.start()

    # --- the core ---

    def start(self) -> None:
        self.due: dict[str, int | None] = {}
        self.core = SyncCore(
            self.settings,
            now=self.clock.now,
            rng=random.Random(7),
            shopify=self.cores_wire(),
            hubspot=self.cores_wire(),
            wake=self._wake,
        )
        self.hosts["127.0.0.1:5006"] = self.core.receiver
        self.due = dict.fromkeys((*self.core.workers, shopify.WORKER), self.clock.now())

    def cores_wire(self) -> requests.Session:
        return self.wire

    def restart(self) -> None:
        self.core.close()
        self.start()

    def _wake(self, name: str, at_ms: int) -> None:
        due_ms = self.due.get(name)
        self.due[name] = at_ms if due_ms is None else min(due_ms, at_ms)

    # --- time ---

    def run(self, for_ms: int = 5 * MINUTE) -> None:
        """Let time pass, with all that falls due in it."""
        end_ms, turns = self.clock.now() + for_ms, 0
        while True:
            webhook_ms = self._deliver()
            times = sorted((at, name) for name, at in self.due.items() if at is not None)
            at_ms = min([at for at, _ in times[:1]] + ([webhook_ms] if webhook_ms else []), default=end_ms + 1)
            if at_ms > end_ms:
                break
            turns += 1
            assert turns < 20_000, f"time stands still: {times}"
            self.clock.move_to(at_ms)
            if times and times[0][0] <= at_ms:
                self.turn(times[0][1])
        self.clock.move_to(end_ms)

    def turn(self, worker: str) -> None:
        self.due[worker] = None
        step = self.shops_own if worker == shopify.WORKER else self.core.workers[worker]
        due_ms = step(self.clock.now())
        if due_ms is not None:
            self._wake(worker, due_ms)

    def until_live(self) -> None:
        for _ in range(60):
            if self.core.status()["phase"] == "live":
                return
            self.run(10_000)
        raise AssertionError(f"not live: {self.core.status()}")

    def _deliver(self) -> int | None:
        errands: list[Callable[[], None]] = []
        due_ms = self.outbox.step(self.clock.now(), errands.append)
        for errand in errands:
            errand()
        return self.clock.now() if errands else due_ms

    # --- the two sides, as the "drill" app ---

    def shop(self, method: str, path: str, body: Any = None, **params: Any) -> Any:
        headers = {"X-Shopify-Access-Token": self.tokens["drill"][0]}
        return self._ask(method, f"{FAKES}/admin/api/2026-07/{path}", headers, body, params)

    def portal(self, method: str, path: str, body: Any = None, **params: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.tokens['drill'][1]}"}
        return self._ask(method, f"{FAKES}{path}", headers, body, params)

    def shopper(self, method: str, path: str, body: Any = None) -> Any:
        """What a shopper does: carts, checkouts; and seeding."""
        return self._ask(method, f"{FAKES}/_sim/worlds/main/shopify/{SHOP}/{path}", {}, body, {})

    def portal_settings(self, wanted: dict[str, Any]) -> None:
        """What a HubSpot user changes on the settings pages."""
        self._ask("POST", f"{FAKES}/_sim/worlds/main/hubspot/{PORTAL}/settings", {}, wanted, {})

    def fault(self, effect: str, **what: Any) -> None:
        """Have a fault strike from now on."""
        plan = self.simulation.faults.plan
        self.simulation.faults.replace((*plan, Fault(name=f"{effect} {len(plan)}", effect=effect, **what)))  # type: ignore[arg-type]

    def calm_down(self) -> None:
        self.simulation.faults.replace(())

    def records(self, object_type: str, *properties: str, associations: str = "") -> list[dict[str, Any]]:
        """All live records of a type, with these properties."""
        params = {"limit": 100, "properties": ",".join(properties)} | (
            {"associations": associations} if associations else {}
        )
        found: list[dict[str, Any]] = []
        while True:
            page = self.portal("GET", f"/crm/v3/objects/{object_type}", **params)
            found += page["results"]
            if "paging" not in page:
                return found
            params["after"] = page["paging"]["next"]["after"]

    def writes(self) -> list[str]:
        """What the core has written to HubSpot so far: method and path."""
        reads = ("/batch/read", "/search")
        return [
            f"{entry.method} {entry.path}"
            for entry in self.simulation.journal.entries
            if entry.source == "sync"
            and entry.target == "hubspot"
            and entry.method != "GET"
            and not entry.path.endswith(reads)
        ]

    def _ask(self, method: str, url: str, headers: dict[str, str], body: Any, params: dict[str, Any]) -> Any:
        while (
            response := self.wire.request(method, url, json=body, headers=headers, params=params)
        ).status_code == 429:
            self.clock.move_to(self.clock.now() + 2_000)
        assert response.ok, f"{method} {url}: {response.status_code} {response.text}"
        return response.json() if response.content else None

    def close(self) -> None:
        self.core.close()
        self.simulation.close()


KEY = "operators-own-key"


def ask(
    bench: Bench, method: str, path: str, body: Any = None, key: str = KEY, status: int = 200, **headers: str
) -> Any:
    """One of the operator's pages, of a bench with `operator_key=KEY`."""
    sent = {"Authorization": f"Bearer {key}"} | headers
    answer = bench.core.receiver.test_client().open(path, method=method, json=body, headers=sent, base_url=CORE)
    assert status == answer.status_code, answer.text
    return answer.json


def of_shop(bench: Bench, method: str, path: str, body: Any = None, **options: Any) -> Any:
    """One of the pages about the bench's shop."""
    return ask(bench, method, f"/connections/{SHOP}{path}", body, **options)


def signed(bench: Bench, topic: str, record: Any, **headers: str) -> Any:
    """Send the core a genuine webhook about `record`, as it stands or as bytes; returns the answer."""
    body = record if isinstance(record, bytes) else json.dumps(record).encode()
    digest = hmac.new(bench.settings.shopify_secret.encode(), body, hashlib.sha256).digest()
    sent = {
        "X-Shopify-Topic": topic,
        "X-Shopify-Shop-Domain": bench.settings.shop,
        "X-Shopify-Hmac-Sha256": base64.b64encode(digest).decode(),
        "X-Shopify-Webhook-Id": hashlib.sha256(topic.encode() + body).hexdigest(),
        "Content-Type": "application/json",
    } | headers
    return bench.core.receiver.test_client().post("/webhooks/shopify", data=body, headers=sent)


class OneWorld:
    """What the control plane asks of its host."""

    def __init__(self, simulation: Simulation) -> None:
        self.simulation = simulation

    def names(self) -> list[str]:
        return ["main"]

    def get(self, name: str) -> Any:
        return self if name == "main" else None
