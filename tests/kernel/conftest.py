"""A world with the toy fake."""

from collections.abc import Callable

import pytest
import requests
from toy import NOTES, TOY

from simulator.kernel.clock import Clock
from simulator.kernel.gate import Gate
from simulator.kernel.simulation import Simulation
from simulator.kernel.wire import InProcess


@pytest.fixture
def simulation():
    made = Simulation("main", Clock(1_000_000), seed=1, resources=(NOTES,))
    made.grant("toy", "anna", "app", "anna-token", (), "secret")
    made.grant("toy", "ben", "app", "ben-token", (), "secret")
    yield made
    made.close()


@pytest.fixture
def gate(simulation) -> Gate:
    gate = Gate((TOY,), lambda _environ, start: start("200 OK", []) or [b"control"], pause=lambda _, __: None)
    gate.open(simulation)
    return gate


@pytest.fixture
def client(gate) -> Callable[[str], requests.Session]:
    """A session that shows the given token."""

    def make(token: str) -> requests.Session:
        session = requests.Session()
        session.mount("http://", InProcess({"127.0.0.1:9999": gate}))
        session.headers["X-Token"] = token
        return session

    return make
