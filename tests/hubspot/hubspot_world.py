"""A portal in this process and clients of it, reached through the gate as any client reaches it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import requests

from simulator import hubspot
from simulator.kernel.clock import Clock
from simulator.kernel.control import control_plane
from simulator.kernel.simulation import Grant, Simulation
from simulator.kernel.wire import InProcess

START_MS = 1_780_000_000_500  # 28 May 2026
HOST = "127.0.0.1:5005"
PORTAL = "24680135"


@dataclass
class Client:
    """One app in the portal."""

    grant: Grant
    session: requests.Session

    @property
    def simulation(self) -> Simulation:
        return self.grant.simulation

    @property
    def clock(self) -> Clock:
        return self.simulation.clock

    def call(self, method: str, path: str, body: Any = None, **more: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.grant.token}"} | more.pop("headers", {})
        return self.session.request(method, f"http://{HOST}{path}", json=body, headers=headers, **more)

    def get(self, path: str, **params: Any) -> requests.Response:
        return self.call("GET", path, params=params)

    def post(self, path: str, body: Any) -> requests.Response:
        return self.call("POST", path, body)

    def make(self, object_type: str, **properties: Any) -> dict[str, Any]:
        answer = self.post(f"/crm/v3/objects/{object_type}", {"properties": properties})
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def wait(self, ms: int) -> None:
        self.clock.move_to(self.clock.now() + ms)


@dataclass
class World:
    simulation: Simulation
    session: requests.Session

    def client(self, app: str = "sync", **how: Any) -> Client:
        return Client(hubspot.install(self.simulation, PORTAL, app, **how), self.session)


@dataclass
class OneWorld:
    """The worlds of a server that has one."""

    simulation: Simulation

    def names(self) -> list[str]:
        return [self.simulation.name]

    def get(self, name: str) -> OneWorld | None:
        return self if name == self.simulation.name else None


def control(
    simulation: Simulation, what: str, body: Any, portal: str = PORTAL, method: str = "POST"
) -> requests.Response:
    """A call of the portal's part of the control plane."""
    session = requests.Session()
    session.trust_env = False
    session.mount("http://", InProcess({HOST: control_plane(OneWorld(simulation), (hubspot.CONTROL,))}))
    return session.request(method, f"http://{HOST}/_sim/worlds/{simulation.name}/hubspot/{portal}/{what}", json=body)
