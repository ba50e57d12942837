"""Several processes on one ledger: one works at a time, a former owner writes nothing, every one takes webhooks in."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import requests
from shell_bench import Bench, signed
from sqlalchemy.exc import DBAPIError

from sync_core.shell.running.core import SyncCore
from sync_core.shell.running.host import Host, hosting
from sync_core.shell.storage.database import RECEIVING, LostLease, Wire
from sync_core.shell.storage.lease import TERM_MS, Lease
from sync_core.shell.storage.ledger import ConnectionState, Ledger

pytestmark = pytest.mark.postgres

SHORT_MS = 300


@pytest.fixture
def ledger(postgres) -> str:
    url = postgres.ledger()
    Wire(url).close()  # makes the tables
    return url


def until(is_so: Callable[[], object], seconds: float = 20) -> float:
    """How long it took."""
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() < began + seconds
        time.sleep(0.02)
    return time.monotonic() - began


@pytest.fixture
def leases(ledger) -> Iterator[Callable[..., Lease]]:
    made: list[Lease] = []

    def make(owner: str, term_ms: int = TERM_MS) -> Lease:
        made.append(Lease(ledger, owner, f"http://{owner}", term_ms))
        return made[-1]

    yield make
    for lease in made:
        lease.close()


def test_one_process_has_the_lease_until_it_releases_it(leases):
    one, other = leases("one"), leases("other")

    assert [1, RECEIVING, 1] == [one.hold(), other.hold(), one.hold()]
    one.release()
    assert [2, RECEIVING] == [other.hold(), one.hold()]


def test_the_lease_of_a_process_that_dies_is_free_at_once(leases):
    one, other = leases("one"), leases("other")
    one.hold()
    one.close()  # as the system does with what a dead process had open

    assert 1 > until(other.hold)
    assert [2, RECEIVING] == [other.hold(), one.hold()]


def test_the_lease_of_a_process_that_stands_still_ends_by_itself(leases):
    one, other = leases("one", SHORT_MS), leases("other")
    one.hold()

    assert SHORT_MS / 1000 - 0.1 < until(other.hold) < 2
    assert [RECEIVING, 2] == [one.hold(), other.hold()]


def test_a_former_owner_writes_nothing_more(ledger, leases):
    lease = leases("one", SHORT_MS)
    wire = Wire(ledger, lease.hold())
    shop = Ledger(wire, "a.myshopify.com")
    shop.save_connection(ConnectionState(tenant="1", phase="importing"))
    until(leases("other").hold)

    with pytest.raises(LostLease):
        shop.save_connection(ConnectionState(tenant="1", phase="live"))
    wire.close()
    now = Wire(ledger)
    assert "importing" == Ledger(now, "a.myshopify.com").connection.phase
    now.close()


def test_a_process_that_stops_within_a_transaction_does_not_stop_the_others(ledger, monkeypatch):
    monkeypatch.setattr("sync_core.shell.storage.database.IDLE_MS", SHORT_MS)
    stopped, other = Wire(ledger), Wire(ledger)
    with pytest.raises(DBAPIError), stopped.transaction():  # noqa: PT012  its commit raises too
        also_writes(other)
        stopped.connection.exec_driver_sql("SELECT 1")
    with stopped.transaction():  # it connects again
        stopped.connection.exec_driver_sql("SELECT 1")
    stopped.close()
    other.close()


def test_who_only_receives_takes_webhooks_in_for_the_owner_and_changes_nothing(ledger, leases):
    bench = Bench(calm=True, ledger_url=ledger, operator_key="k")
    bench.until_live()
    leases("owner").hold()
    owner = bench.core
    headers = {"Authorization": "Bearer k", "Host": "127.0.0.1"}
    woken: list[str] = []
    bench.core = receiving = SyncCore(
        bench.settings,
        now=bench.clock.now,
        rng=owner.rng,
        shopify=bench.wire,
        hubspot=bench.wire,
        wake=lambda name, at_ms: woken.append(name),
        epoch=RECEIVING,
    )
    client = receiving.receiver.test_client()
    record = {"id": 7, "updated_at": "2026-11-02T12:00:00Z"}

    assert b'{"taken":true}' == signed(bench, "orders/updated", record).data
    assert b"taken before" in signed(bench, "orders/updated", record).data
    assert ["engine"] == woken
    assert 1 == owner.ledger.work.count(bench.clock.now())
    refused = client.patch(f"/connections/{bench.settings.shop}/settings", json={}, headers=headers)
    assert (409, "another process works on this ledger: ask http://owner") == (
        refused.status_code,
        refused.json["error"],
    )
    signed(bench, "app/uninstalled", {"id": 1})
    owner.reload()
    assert "the app was uninstalled" == owner.ledger.connection.paused
    receiving.close()
    bench.core = owner


def test_a_change_of_one_process_leaves_what_another_has_changed(ledger):
    one, other = Ledger(ledger, "a.myshopify.com"), Ledger(ledger, "a.myshopify.com")
    one.save_connection(replace(one.connection, tenant="1", phase="live"))
    other.save_connection(replace(other.connection, paused="turned out"))
    one.reload()

    assert ("1", "live", "turned out") == (one.connection.tenant, one.connection.phase, one.connection.paused)
    one.close()
    other.close()


@pytest.mark.http
@pytest.mark.parametrize("broken", ["running.sharing.TICK_S", "running.wakeups.WakeUps.send"])
def test_the_owner_learns_of_what_another_process_has_taken_in(ledger, fakes, monkeypatch, broken):
    """By a wake-up though it looks itself only once an hour, and by looking though every wake-up is lost."""
    monkeypatch.setattr(f"sync_core.shell.{broken}", 3600.0 if broken.endswith("TICK_S") else lambda _: None)
    given = {**fakes, "ledger_url": ledger}
    with hosting(0, **given) as owner, hosting(0, **given) as other:
        until(lambda: status(owner)["phase"] == status(other)["phase"] == "live")
        assert (True, False) == (owner.core.works, other.core.works)
        product = {"id": 5, "title": "Mug", "updated_at": "2026-11-02T12:00:00Z", "variants": []}
        assert 200 == delivered(other, fakes, "products/create", product)
        until(lambda: status(other)["records"] == {"product": {"in_sync": 1}})

    with hosting(0, **given) as again:  # both have ended, and released it
        assert again.core.works


def also_writes(wire: Wire) -> None:
    with wire.transaction():
        wire.connection.exec_driver_sql("SELECT 1")


def status(host: Host) -> dict:
    told: dict = requests.get(f"{host.url}/status", timeout=5).json()
    return told


def delivered(host: Host, fakes: dict, topic: str, record: dict) -> int:
    body = json.dumps(record).encode()
    digest = hmac.new(fakes["shopify_secret"].encode(), body, hashlib.sha256).digest()
    headers = {
        "X-Shopify-Topic": topic,
        "X-Shopify-Shop-Domain": fakes["shop"],
        "X-Shopify-Hmac-Sha256": base64.b64encode(digest).decode(),
        "X-Shopify-Webhook-Id": "w1",
    }
    return requests.post(f"{host.url}/webhooks/shopify", data=body, headers=headers, timeout=10).status_code
