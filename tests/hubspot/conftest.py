"""Fixtures: a portal, calm or not, and an app in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from hubspot_world import HOST, PORTAL, START_MS, Client, World

from simulator import hubspot
from simulator.kernel.clock import Clock
from simulator.kernel.gate import Gate
from simulator.kernel.simulation import Simulation
from simulator.kernel.wire import InProcess


@pytest.fixture
def open_world() -> Iterator[Callable[..., World]]:
    opened: list[Simulation] = []

    def open_one(calm: bool = True, seed: int = 7, **portal: Any) -> World:
        simulation = Simulation(f"world{len(opened)}", Clock(START_MS), seed, hubspot.RESOURCES, calm)
        hubspot.open_portal(simulation, PORTAL, **portal)
        gate = Gate((hubspot.VENDOR,), lambda *_: [], lambda *_: None)
        gate.open(simulation)
        session = requests.Session()
        session.trust_env = False
        session.mount("http://", InProcess({HOST: gate}))
        opened.append(simulation)
        return World(simulation, session)

    yield open_one
    for simulation in opened:
        simulation.close()


@pytest.fixture
def world(open_world: Callable[..., World]) -> World:
    """A calm world: no limits, no search lag, results in input order."""
    return open_world()


@pytest.fixture
def hub(world: World) -> Client:
    return world.client()
