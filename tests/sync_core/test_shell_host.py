"""The sync core on the real clock, over real sockets."""

import threading
import time
from contextlib import suppress

import pytest
import requests
from shell_bench import PORTAL, SHOP
from waitress.server import create_server

from simulator import hubspot, shopify
from simulator.kernel.clock import Clock
from simulator.kernel.gate import Gate
from simulator.kernel.simulation import Simulation
from sync_core.shell.host import hosting

pytestmark = pytest.mark.http


@pytest.fixture
def fakes():
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


def serve(server) -> None:
    with suppress(OSError):  # closed under its select, which is how it ends
        server.run()


def test_it_connects_imports_and_ends_within_two_seconds(fakes):
    customer = {"customer": {"email": "ann@example.com"}}
    url = f"{fakes['shopify_url']}/admin/api/2026-07/customers.json"
    requests.post(url, json=customer, headers={"X-Shopify-Access-Token": fakes["shopify_token"]}, timeout=5)
    with hosting(0, **fakes) as host:
        ends_at = time.monotonic() + 20
        while (status := requests.get(f"{host.url}/status", timeout=5).json())["phase"] != "live":
            assert time.monotonic() < ends_at, status
            time.sleep(0.05)
        begins_to_end_at = time.monotonic()

    assert {"customer": {"in_sync": 1}} == status["records"]
    assert time.monotonic() - begins_to_end_at < 2.5


def test_a_port_that_is_taken_is_said_at_once(fakes):
    with hosting(0, **fakes) as host, pytest.raises(OSError, match="in use"):
        hosting(int(host.url.rsplit(":", 1)[1]), **fakes).__enter__()
