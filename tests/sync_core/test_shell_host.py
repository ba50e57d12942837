"""The sync core on the real clock, over real sockets."""

import time

import pytest
import requests

from sync_core.shell.running.host import hosting

pytestmark = pytest.mark.http


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
