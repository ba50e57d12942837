"""The wire of a world: webhooks lost, doubled and late, the time that calls take, and who may be called at all."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from typing import Any

import orjson
import pytest
import requests

from scenarios.verbs import Drill
from scenarios.wire import LATENCY_MS
from scenarios.world import World, WorldSpec
from scenarios.worlds import Registry
from simulator.kernel.faults import Fault
from simulator.shopify.webhooks import LATEST_MS, TOTAL_TIMEOUT_MS, signature

GOOD, SLOW = "http://127.0.0.1:7001/", "http://127.0.0.1:7002/"  # names in the world: nothing listens there outside
SECOND = 1_000
LONG_S = 20  # a test that waits for a thread gives up after this


class Receiver:
    """A receiver of webhooks in a virtual world: notes the world's time, the topic and the id of what comes."""

    def __init__(self, world: World, answers_after_ms: int = 0) -> None:
        self.world, self.answers_after_ms = world, answers_after_ms
        self.got: list[tuple[int, str, str]] = []

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        at_ms = self.world.clock.now()
        self.got.append((at_ms, environ["HTTP_X_SHOPIFY_TOPIC"], environ["HTTP_X_SHOPIFY_WEBHOOK_ID"]))
        if self.answers_after_ms:
            self.world.pause(self.answers_after_ms)
        start_response("200 OK", [("Content-Length", "0")])
        return [b""]


@pytest.fixture
def registry() -> Iterator[Registry]:
    made = Registry()
    yield made
    made.close()


@pytest.fixture
def world(registry: Registry) -> World:
    """A virtual world that stands still, without our sync core."""
    return registry.open(WorldSpec(sync=False))


@pytest.fixture
def drill(registry: Registry, world: World) -> Drill:
    return Drill(registry.session(), registry.fakes_url, world.describe())


@pytest.fixture
def receiver(registry: Registry, world: World, drill: Drill) -> Receiver:
    """Subscribed to new customers."""
    return listening(registry, world, drill, GOOD)


def listening(registry: Registry, world: World, drill: Drill, url: str, **more: Any) -> Receiver:
    made = Receiver(world, **more)
    registry.hosts[url.split("/")[2]] = made
    subscribe(drill, url)
    return made


def subscribe(drill: Drill, url: str, topic: str = "customers/create") -> None:
    token = drill.world["apps"]["dev"]["shopify_token"]
    body = {"webhook": {"topic": topic, "address": url}}
    drill.vendor("POST", "/admin/api/2026-07/webhooks.json", {"X-Shopify-Access-Token": token}, body)


def acting(world: World, act: Callable[[requests.Session], Any]) -> list[Any]:
    """What comes of an act of somebody in the world, or the error that it meets."""
    outcome: list[Any] = []

    def errand() -> None:
        try:
            outcome.append(act(world.wire.session("somebody")))
        except (requests.RequestException, AssertionError) as error:
            outcome.append(error)

    world.pump.spawn("somebody", errand)
    return outcome


# --- webhooks ---


def test_a_webhook_arrives_once_and_soon(world: World, drill: Drill, receiver: Receiver) -> None:
    begun_ms = world.clock.now()
    drill.shop.customer(email="ada@example.com")
    world.advance(60 * SECOND)

    assert ["customers/create"] == [topic for _, topic, _ in receiver.got]
    assert begun_ms < receiver.got[0][0] <= begun_ms + LATEST_MS + LATENCY_MS[1]


def test_a_lost_webhook_does_not_arrive_and_its_sender_believes_it_did(
    world: World, drill: Drill, receiver: Receiver
) -> None:
    world.simulation.faults.replace((Fault("lost", "lose"),))
    drill.shop.customer(email="ada@example.com")
    world.advance(24 * 3_600 * SECOND)

    assert [] == receiver.got
    assert [] == drill.control("GET", "outbox")["waiting"]
    assert {"lost": 1} == drill.control("GET", "faults")["met"]
    assert [(200, "lost")] == [(row["status"], row["injected"]) for row in delivered(drill)]


def test_a_doubled_webhook_arrives_twice_with_the_same_id(world: World, drill: Drill, receiver: Receiver) -> None:
    world.simulation.faults.replace((Fault("twice", "double"),))
    drill.shop.customer(email="ada@example.com")
    world.advance(60 * SECOND)

    assert 2 == len(receiver.got)
    assert 1 == len({id for _, _, id in receiver.got})
    assert ["twice", "twice"] == [row["injected"] for row in delivered(drill)]


def test_a_late_webhook_arrives_late_once_and_others_overtake_it(
    world: World, drill: Drill, receiver: Receiver
) -> None:
    begun_ms = world.clock.now()
    world.simulation.faults.replace((Fault("late", "delay", delay_ms=600 * SECOND, until_ms=begun_ms + 5 * SECOND),))
    drill.shop.customer(email="first@example.com")
    world.advance(10 * SECOND)
    drill.shop.customer(email="second@example.com")
    world.advance(3_600 * SECOND)

    assert 2 == len(receiver.got)
    assert [False, True] == [at_ms >= begun_ms + 600 * SECOND for at_ms, _, _ in receiver.got]
    assert ["", "late"] == [row["injected"] for row in delivered(drill)]


def test_only_the_webhooks_that_a_fault_means_are_hit(world: World, drill: Drill, receiver: Receiver) -> None:
    subscribe(drill, GOOD, "products/create")
    world.simulation.faults.replace((Fault("lost", "lose", path="products/"),))
    drill.shop.product("Mug")
    drill.shop.customer(email="ada@example.com")
    world.advance(60 * SECOND)

    assert ["customers/create"] == [topic for _, topic, _ in receiver.got]


def test_a_receiver_that_hangs_delays_nobody_elses_webhooks(registry: Registry, world: World, drill: Drill) -> None:
    slow = listening(registry, world, drill, SLOW, answers_after_ms=30 * SECOND)
    good = listening(registry, world, drill, GOOD)
    changed_ms = []
    for number in range(30):  # more than the places of one receiver
        changed_ms.append(world.clock.now())
        drill.shop.customer(email=f"buyer{number}@example.com")
        world.advance(SECOND)
    world.advance(60 * SECOND)

    assert 30 == len(good.got)
    arrived_ms = sorted(at_ms for at_ms, _, _ in good.got)
    latest_ms = max(at_ms - before for at_ms, before in zip(arrived_ms, changed_ms, strict=True))
    assert latest_ms <= LATEST_MS + LATENCY_MS[1]
    assert 10 <= len(slow.got)


def test_a_receiver_that_answers_too_late_is_asked_again(registry: Registry, world: World, drill: Drill) -> None:
    slow = listening(registry, world, drill, SLOW, answers_after_ms=30 * SECOND)
    drill.shop.customer(email="ada@example.com")
    world.advance(5 * 3_600 * SECOND)

    assert 9 == len(slow.got)  # the first and Shopify's eight
    assert 1 == len({id for _, _, id in slow.got})
    assert all(TOTAL_TIMEOUT_MS < after - before for (before, _, _), (after, _, _) in pairwise(slow.got))


def delivered(drill: Drill) -> list[dict[str, Any]]:
    """The journal's rows about webhooks."""
    return [row for row in drill.control("GET", "journal")["entries"] if row["source"] == "outbox"]


# --- calls ---


def test_a_call_takes_the_worlds_time_there_and_back(world: World) -> None:
    begun_ms = world.clock.now()
    url = f"{world.place.fakes_url}/admin/api/2026-07/shop.json"
    outcome = acting(world, lambda session: (session.get(url, timeout=10).status_code, world.clock.now()))
    world.advance(10 * SECOND)
    ((status, at_ms),) = outcome

    assert 401 == status
    assert 2 * LATENCY_MS[0] <= at_ms - begun_ms <= 2 * LATENCY_MS[1]


@pytest.mark.parametrize("timeout", [2.5, (1, 2.5)])
def test_a_callers_timeout_is_kept(registry: Registry, world: World, drill: Drill, timeout: Any) -> None:
    begun_ms, headers = world.clock.now(), {"X-Shopify-Topic": "none", "X-Shopify-Webhook-Id": "none"}
    listening(registry, world, drill, SLOW, answers_after_ms=30 * SECOND)
    given_up_ms: list[int] = []

    def act(session: requests.Session) -> None:
        try:
            session.post(SLOW, headers=headers, timeout=timeout)
        finally:
            given_up_ms.append(world.clock.now() - begun_ms)

    (error,) = acted(world, act)

    assert isinstance(error, requests.ReadTimeout)
    assert [2_500] == given_up_ms


def test_without_a_timeout_a_caller_waits_for_the_answer(registry: Registry, world: World, drill: Drill) -> None:
    headers = {"X-Shopify-Topic": "none", "X-Shopify-Webhook-Id": "none"}
    listening(registry, world, drill, SLOW, answers_after_ms=30 * SECOND)

    assert [200] == acted(world, lambda session: session.post(SLOW, headers=headers).status_code)


@pytest.mark.parametrize("vendor", ["shopify", "hubspot"])
def test_a_lost_answer_is_a_connection_error_though_the_request_was_carried_out(world: World, vendor: str) -> None:
    world.simulation.faults.replace((Fault("cut", "lose_answer", vendor=vendor),))
    apps = world.describe()["apps"]["dev"]
    calls = {
        "shopify": (
            "/admin/api/2026-07/customers.json",
            {"X-Shopify-Access-Token": apps["shopify_token"]},
            {"customer": {"email": "ada@example.com"}},
        ),
        "hubspot": (
            "/crm/v3/objects/contacts",
            {"Authorization": f"Bearer {apps['hubspot_token']}"},
            {"properties": {"email": "ada@example.com"}},
        ),
    }
    path, headers, body = calls[vendor]
    url = world.place.fakes_url + path
    (error,) = acted(world, lambda session: session.post(url, headers=headers, json=body, timeout=10))

    assert isinstance(error, requests.ConnectionError)
    assert 1 == len(
        [one for one in world.simulation.store.changes(vendor=vendor) if one.resource in ("customers", "contacts")]
    )


def test_a_call_inside_an_open_transaction_is_refused(world: World) -> None:
    def act(session: requests.Session) -> None:
        with world.simulation.store.transaction():
            session.get(world.place.fakes_url, timeout=10)

    (error,) = acted(world, act)

    assert isinstance(error, AssertionError)
    assert "somebody calls 127.0.0.1:5005 inside a transaction of the fakes' store" == str(error)


def test_a_call_inside_a_transaction_of_the_ledger_is_refused(registry: Registry) -> None:
    world = registry.open(WorldSpec(name="synced"))
    ledger = world.core.ledger

    def act(session: requests.Session) -> None:
        with ledger.transaction():
            ledger.work.count(0)
            session.get(world.place.fakes_url, timeout=10)

    (error,) = acted(world, act)

    assert isinstance(error, AssertionError)
    assert str(error).endswith("inside a transaction of the ledger")


def test_an_unknown_host_is_a_connection_error_in_a_virtual_world(world: World) -> None:
    server = external()
    try:
        (error,) = acted(world, lambda session: session.get(f"{server.url}/", timeout=10))
    finally:
        server.shutdown()

    assert isinstance(error, requests.ConnectionError)
    assert f"nobody listens at {server.url.removeprefix('http://')} in this world" == str(error)
    assert [] == server.got


def acted(world: World, act: Callable[[requests.Session], Any]) -> list[Any]:
    outcome = acting(world, act)
    world.advance(60 * SECOND)
    return outcome


# --- out of the process ---


class External(ThreadingHTTPServer):
    """A receiver outside: a real socket on loopback, in a thread of its own."""

    daemon_threads = True

    def __init__(self, hang_s: float) -> None:
        super().__init__(("127.0.0.1", 0), _Taking)
        self.hang = threading.Event()
        self.hang_s = hang_s
        self.got: list[tuple[dict[str, str], bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def shutdown(self) -> None:
        self.hang.set()
        super().shutdown()
        self.server_close()


class _Taking(BaseHTTPRequestHandler):
    """Answers its headers at once, and the body when the server lets go."""

    server: External

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.flush()
        self.server.hang.wait(self.server.hang_s)
        self.wfile.write(b"ok")

    def log_message(self, *_: Any) -> None:
        """Quiet."""


def external(hang_s: float = 0) -> External:
    server = External(hang_s)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    return server


@pytest.fixture
def served() -> Iterator[Registry]:
    made = Registry(time.monotonic)
    yield made
    made.close()


@pytest.mark.http
def test_a_webhook_of_a_served_world_arrives_signed_at_a_receiver_outside(served: Registry) -> None:
    world, server = served.open(WorldSpec(sync=False)), external()
    world.set_rate(0)
    drill = Drill(served.session(), served.fakes_url, world.describe())
    subscribe(drill, f"{server.url}/hooks")
    drill.shop.customer(email="ada@example.com")
    world.advance(30 * SECOND)  # a jump waits for what has left the process
    server.shutdown()

    ((headers, body),) = server.got
    assert "ada@example.com" == orjson.loads(body)["email"]
    assert "customers/create" == headers["x-shopify-topic"]
    assert signature(body, world.describe()["apps"]["dev"]["shopify_secret"]) == headers["x-shopify-hmac-sha256"]
    assert [200] == [row["status"] for row in delivered(drill)]
    assert [] == drill.control("GET", "outbox")["waiting"]


@pytest.mark.http
def test_a_receiver_outside_that_never_ends_its_answer_keeps_nobody_waiting(served: Registry) -> None:
    world, server = served.open(WorldSpec(sync=False, calm=True)), external(hang_s=LONG_S)
    drill = Drill(served.session(), served.fakes_url, world.describe())
    subscribe(drill, f"{server.url}/hooks")
    began_s = time.monotonic()
    drill.shop.customer(email="ada@example.com")
    while not server.got:
        assert time.monotonic() - began_s < LONG_S
        time.sleep(0.01)
    asked_s = time.monotonic()
    for number in range(5):
        drill.shop.customer(email=f"buyer{number}@example.com")
    took_s = time.monotonic() - asked_s
    server.shutdown()

    assert took_s < TOTAL_TIMEOUT_MS / 1000 / 2


@pytest.mark.http
def test_a_webhook_that_nobody_takes_outside_stays_owed(served: Registry) -> None:
    world, server = served.open(WorldSpec(sync=False)), external()
    world.set_rate(0)
    server.shutdown()
    drill = Drill(served.session(), served.fakes_url, world.describe())
    subscribe(drill, f"{server.url}/hooks")
    drill.shop.customer(email="ada@example.com")
    world.advance(30 * SECOND)

    assert [1] == [row["attempt"] for row in drill.control("GET", "outbox")["waiting"]]
