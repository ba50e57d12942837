"""Where the ledgers of these tests stand, and that whatever a test leaves open is closed behind it."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import shell_bench
from shell_bench import PORTAL, SHOP
from waitress.server import create_server

from simulator import hubspot, shopify
from simulator.kernel.clock import Clock
from simulator.kernel.gate import Gate
from simulator.kernel.simulation import Simulation


@pytest.fixture(autouse=True)
def close_benches() -> Iterator[None]:
    yield
    while shell_bench.OPENED:
        shell_bench.OPENED.pop().close()


@pytest.fixture(autouse=True)
def place_of_ledgers(new_ledger: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A bench that is told nothing keeps its ledger in memory, or with `--ledger postgres` there."""
    monkeypatch.setattr(shell_bench, "new_ledger", lambda: new_ledger() or "sqlite://")


@pytest.fixture
def ledgers(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Makes ledgers that outlive their process: each call is another one's URL."""
    if request.config.getoption("--ledger") == "postgres":
        return request.getfixturevalue("postgres").ledger  # type: ignore[no-any-return]
    numbers = count(1)
    return lambda: f"sqlite:///{tmp_path / f'ledger-{next(numbers)}.db'}"


@pytest.fixture
def ledger_url(ledgers: Callable[[], str]) -> str:
    return ledgers()


@pytest.fixture
def another_ledger(ledgers: Callable[[], str]) -> str:
    return ledgers()


@pytest.fixture
def fakes() -> Iterator[dict[str, str]]:
    """Both fakes behind one socket; their settings for a sync core."""
    clock = Clock(int(time.time() * 1000), time.monotonic)
    clock.run()
    simulation = Simulation("main", clock, 1, shopify.RESOURCES + hubspot.RESOURCES)
    gate = Gate((shopify.VENDOR, hubspot.VENDOR), lambda *_: [b""], lambda *_: None)
    gate.open(simulation)
    shopify.open_shop(simulation, SHOP)
    hubspot.open_portal(simulation, PORTAL)
    shop, portal = shopify.install(simulation, SHOP, "sync"), hubspot.install(simulation, PORTAL, "sync", kind="native")
    server = create_server(gate, host="127.0.0.1", port=0, threads=4)
    threading.Thread(target=serve, args=(server,), daemon=True).start()
    url = f"http://127.0.0.1:{server.effective_port}"
    yield {
        "shopify_url": url,
        "shop": SHOP,
        "shopify_token": shop.token,
        "shopify_secret": shop.secret,
        "hubspot_url": url,
        "hubspot_token": portal.token,
        "integration": "deals",
    }
    server.close()
    simulation.close()


def serve(server: Any) -> None:
    with suppress(OSError):  # closed under its select, which is how it ends
        server.run()
