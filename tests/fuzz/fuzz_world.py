"""A world to be hammered: both fakes with a few records of each kind; what goes wrong is kept with its traceback."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import requests

from simulator import hubspot, shopify
from simulator.kernel.clock import Clock
from simulator.kernel.gate import Gate
from simulator.kernel.simulation import Simulation
from simulator.kernel.wire import InProcess

HOST = "127.0.0.1:5005"
SHOP, PORTAL = "drill-shop.myshopify.com", "24680135"
START_MS = 1_793_620_800_000
VERSION = "2026-07"


@dataclass(frozen=True)
class Request:
    """One call; `body` as it goes over the wire."""

    vendor: str
    method: str
    path: str
    params: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    content_type: str = "application/json"


@dataclass
class Tally:
    """What became of the requests."""

    outcomes: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        told = ", ".join(f"{name} {count}" for name, count in sorted(self.outcomes.items()))
        return f"{self.outcomes.total()} requests: {told}"


class Failures(logging.Handler):
    """The exceptions that a fake logged."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.seen: list[BaseException] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and record.exc_info[1]:
            self.seen.append(record.exc_info[1])


class World:
    """Both fakes, as they are just after `fill`; made from a copy of the first one's records."""

    def __init__(self, like: World | None = None) -> None:
        self.simulation = Simulation("fuzz", Clock(START_MS), 1, shopify.RESOURCES + hubspot.RESOURCES, calm=True)
        if like:
            like.simulation.store._connection.backup(self.simulation.store._connection)
        shopify.open_shop(self.simulation, SHOP)
        hubspot.open_portal(self.simulation, PORTAL)
        self.tokens = {
            "shopify": shopify.install(self.simulation, SHOP, "dev").token,
            "hubspot": hubspot.install(self.simulation, PORTAL, "dev").token,
        }
        self.worker = shopify.worker(self.simulation)
        gate = Gate((shopify.VENDOR, hubspot.VENDOR), lambda *_: [b""], lambda *_: None)
        gate.open(self.simulation)
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.mount("http://", InProcess({HOST: gate}))

    def is_let_in(self, vendor: str) -> bool:
        """Whether the app has not asked to be turned out."""
        return self.tokens[vendor] in self.simulation.grants

    def close(self) -> None:
        self.simulation.close()

    def send(self, request: Request) -> requests.Response:
        token = self.tokens[request.vendor]
        headers = {"Content-Type": request.content_type}
        headers |= (
            {"X-Shopify-Access-Token": token} if request.vendor == "shopify" else {"Authorization": f"Bearer {token}"}
        )
        return self.session.request(
            request.method, f"http://{HOST}{request.path}", request.params, data=request.body, headers=headers
        )

    def pass_time(self, ms: int) -> None:
        clock = self.simulation.clock
        clock.move_to(clock.now() + ms)
        self.worker(clock.now())

    def ids(self, vendor: str, tenant: str) -> list[int]:
        """Every number under a key that is or ends in "id", in all records."""
        found: set[int] = set()
        left: list[Any] = [self.simulation.store.dump(vendor, tenant)]
        while left:
            value = left.pop()
            if isinstance(value, list):
                left += value
            elif isinstance(value, dict):
                found |= {one for name, one in value.items() if name.endswith("id") and type(one) is int}
                left += value.values()
        return sorted(found)


def outcome(request: Request, response: requests.Response, failures: Failures) -> str:
    """What an answer counts as; a failure of ours is raised as what it was."""
    if failures.seen:
        failure = failures.seen.pop()
        failures.seen.clear()
        failure.add_note(f"after {request}")
        raise failure
    status = response.status_code
    assert status < 500 or status == 501, (request, status, response.text[:500])
    if request.path.endswith("graphql.json") and status == 200:
        answer = response.json()
        codes = {error.get("extensions", {}).get("code") for error in answer.get("errors", ())}
        assert "INTERNAL_SERVER_ERROR" not in codes, (request, answer)
        refused = bool(codes) or any(
            isinstance(one, dict) and one.get("userErrors") for one in (answer.get("data") or {}).values()
        )
        return "not simulated" if "NOT_SIMULATED" in codes else "refused" if refused else "accepted"
    return "not simulated" if status == 501 else "refused" if status >= 300 else "accepted"
