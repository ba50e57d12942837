"""A shop in this process: its API over the in-process wire, its webhooks into a list, its clock moved by hand."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests

from simulator import shopify
from simulator.kernel.clock import Clock
from simulator.kernel.control import control_plane
from simulator.kernel.gate import Gate
from simulator.kernel.simulation import Grant, Simulation, Site
from simulator.kernel.wire import InProcess

HOST = "127.0.0.1:5005"
RECEIVER = "127.0.0.1:7007"
DOMAIN = "drill-shop.myshopify.com"
START_MS = 1_793_620_800_000  # 2026-11-02T12:00:00Z, seven in the morning in New York
VERSION = "2026-07"


@dataclass
class Received:
    topic: str
    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.raw)


@dataclass
class Receiver:
    """Somebody's webhook receiver; `status` is what it answers."""

    got: list[Received] = field(default_factory=list)
    status: int = 200

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        raw = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        headers = {name[5:]: value for name, value in environ.items() if name.startswith("HTTP_")}
        self.got.append(Received(headers["X_SHOPIFY_TOPIC"], headers, raw))
        start_response(f"{self.status} Said", [("Content-Length", "0")])
        return [b""]

    def topics(self) -> list[str]:
        return [one.topic for one in self.got]


@dataclass
class OneWorld:
    """As much of a world as the control plane needs."""

    simulation: Simulation

    def describe(self) -> dict[str, Any]:
        return {"name": self.simulation.name}


@dataclass
class Worlds:
    world: OneWorld

    def names(self) -> list[str]:
        return [self.world.simulation.name]

    def get(self, name: str) -> OneWorld | None:
        return self.world if name == self.world.simulation.name else None


class Harness:
    """One shop, one app with all scopes, one receiver."""

    def __init__(self, calm: bool = True, plan: str = "basic", seed: int = 1, path: str = ":memory:") -> None:
        self.clock = Clock(START_MS)
        self.simulation = Simulation("test", self.clock, seed, shopify.RESOURCES, calm=calm, path=path)
        self.site: Site = shopify.open_shop(self.simulation, DOMAIN, plan=plan)
        self.grant: Grant = shopify.install(self.simulation, DOMAIN, "dev")
        self.receiver = Receiver()
        wire = requests.Session()
        wire.mount("http://", InProcess({RECEIVER: self.receiver}))
        courier = shopify.courier(self.simulation)
        self.worker = shopify.worker(self.simulation)
        self.outbox = self.simulation.connect_outbox({"shopify": courier}, wire, lambda _: None)
        control = control_plane(Worlds(OneWorld(self.simulation)), (shopify.CONTROL,))  # type: ignore[arg-type]
        self.gate = Gate((shopify.VENDOR,), control, lambda *_: None)
        self.gate.open(self.simulation)
        self.session = requests.Session()
        self.session.trust_env = False  # half of a call would go into reading proxies from the environment
        self.session.mount("http://", InProcess({HOST: self.gate}))
        self.token: str | None = self.grant.token

    def call(self, method: str, path: str, body: Any = None, **more: Any) -> requests.Response:
        """A call of the versioned API: `call("GET", "customers")`."""
        return self.plain(method, f"/admin/api/{VERSION}/{path}.json", body, **more)

    def plain(self, method: str, path: str, body: Any = None, **more: Any) -> requests.Response:
        headers = {"X-Shopify-Access-Token": self.token} if self.token else {}
        more["headers"] = headers | more.get("headers", {})
        return self.session.request(method, f"http://{HOST}{path}", json=body, **more)

    def ok(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """What is inside the one key of a successful answer."""
        response = self.call(method, path, body, **more)
        assert response.status_code in (200, 201), response.text
        answer = response.json()
        return answer[next(iter(answer))] if answer else answer

    def query(self, text: str, variables: Any = None, **more: Any) -> Any:
        """What GraphQL answers."""
        response = self.call("POST", "graphql", {"query": text, "variables": variables}, **more)
        assert response.status_code == 200, response.text
        return response.json()

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """The shopper's side; the answer must be a success."""
        response = self.session.request(
            method, f"http://{HOST}/_sim/worlds/test/shopify/{DOMAIN}/{path}", json=body or {}
        )
        assert response.status_code == 200, response.text
        return response.json()

    def subscribe(self, *topics: str, address: str = f"http://{RECEIVER}/hook", **more: Any) -> list[Any]:
        wanted = [{"topic": topic, "address": address} | more for topic in topics]
        return [self.ok("POST", "webhooks", {"webhook": one}) for one in wanted]

    def deliver(self) -> list[Received]:
        """Send what is due by now; what arrived since the last time."""
        before = len(self.receiver.got)
        self.outbox.step(self.clock.now(), lambda errand: errand())
        return self.receiver.got[before:]

    def let_pass(self, ms: int) -> None:
        """Let time pass, and every delivery fall due in it, in order."""
        until = self.clock.now() + ms
        while True:
            steps = self.worker(self.clock.now()), self.outbox.step(self.clock.now(), lambda errand: errand())
            due = min((one for one in steps if one is not None), default=until + 1)
            if due > until:
                break
            self.clock.move_to(due)
        self.clock.move_to(until)

    # --- records in one line ---

    def customer(self, **fields: Any) -> Any:
        return self.ok("POST", "customers", {"customer": {"first_name": "Ada"} | fields})

    def product(self, **fields: Any) -> Any:
        return self.ok("POST", "products", {"product": {"title": "Board"} | fields})

    def order(self, **fields: Any) -> Any:
        lines = [{"title": "Custom", "price": "10.00", "quantity": 1}]
        return self.ok("POST", "orders", {"order": {"line_items": lines} | fields})


@pytest.fixture
def open_harness() -> Iterator[Callable[..., Harness]]:
    """For a test that needs several shops, or one of another kind."""
    yield from _opening()


@pytest.fixture(scope="module")
def open_for_all() -> Iterator[Callable[..., Harness]]:
    """For the tests of a module that only read: they may share a shop."""
    yield from _opening()


def _opening() -> Iterator[Callable[..., Harness]]:
    opened: list[Harness] = []

    def open_one(*args: Any, **kwargs: Any) -> Harness:
        opened.append(Harness(*args, **kwargs))
        return opened[-1]

    yield open_one
    for one in opened:
        one.simulation.close()


@pytest.fixture
def shop(open_harness: Callable[..., Harness]) -> Harness:
    return open_harness()


@pytest.fixture
def busy_shop(open_harness: Callable[..., Harness]) -> Harness:
    """A shop that is not calm: limits and delays are in force."""
    return open_harness(calm=False)
