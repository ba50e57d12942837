"""The wire between the hosts of a world: every call of an actor goes through here, and here alone actors give way.

A call takes the world's time (a seeded latency each way) and keeps its caller's timeouts. Hosts of the world are
called in this process, every other one through a real socket on a small pool, and by a served world alone: a virtual
one would not be the same run twice. Webhooks may meet a fault on the way:
lost, doubled or late, after the sender was told that they arrived.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse

from scenarios.actors import Pump, Timeout
from scenarios.outside import exchange
from simulator.kernel.faults import ON_THE_WIRE, Event, Fault
from simulator.kernel.outbox import IN_FLIGHT
from simulator.kernel.simulation import Simulation
from simulator.kernel.wire import WsgiApp, answer

LATENCY_MS = (15, 90)  # each way, drawn anew; a call of 30 to 180 ms is what either API needs for small answers
CALLS_OUTSIDE = IN_FLIGHT  # sockets that wait at the same time: none that the outbox sends has to wait for a place
LONGEST_CALL_S = 60.0  # of a caller that names no limit


class Wire:
    """The network of one world.

    Args:
        hosts: "host:port" -> the WSGI application that listens there.
        open_transaction: names what is open in the world's stores, or None: nobody may wait inside a transaction.
        wall: seconds of the world outside; None where no call may leave the process.
    """

    def __init__(
        self,
        simulation: Simulation,
        pump: Pump,
        hosts: Mapping[str, WsgiApp],
        open_transaction: Callable[[], str | None],
        wall: Callable[[], float] | None = None,
    ) -> None:
        self.simulation, self.pump, self.hosts = simulation, pump, hosts
        self.open_transaction, self.wall = open_transaction, wall
        self.latency_ms = LATENCY_MS
        self._latency = simulation.chance.stream("latency")
        self._pool: ThreadPoolExecutor | None = None

    def session(self, source: str) -> requests.Session:
        """A session of the actor `source`."""
        session = requests.Session()
        session.trust_env = False  # no proxies or .netrc of the machine between the hosts of a world
        session.mount("http://", _Transport(self, source))
        session.mount("https://", _Transport(self, source))
        return session

    def close(self) -> None:
        if self._pool:
            self._pool.shutdown(wait=False, cancel_futures=True)

    def carry(self, source: str, request: requests.PreparedRequest, timeout: Any) -> Any:
        host = urlsplit(request.url or "").netloc
        if not self.pump.is_actor():
            return self.answer_here(host, request)
        open_now = self.open_transaction()
        if open_now:
            raise AssertionError(f"{source} calls {host} inside a transaction of {open_now}")
        if source != "outbox":
            return self._call(host, request, timeout)
        return self._deliver(host, request, timeout)

    # --- one call ---

    def _call(self, host: str, request: requests.PreparedRequest, timeout: Any) -> HTTPResponse:
        if self.wall and host not in self.hosts:
            return self._call_outside(request, timeout, self.wall)

        def there_and_back() -> HTTPResponse:
            self.pump.sleep(self._latency.randint(*self.latency_ms))
            try:
                return self.answer_here(host, request)
            finally:
                self.pump.sleep(self._latency.randint(*self.latency_ms))

        try:
            return self.pump.call(there_and_back, _total_ms(timeout))
        except Timeout:
            raise requests.ReadTimeout(f"{host} did not answer in time", request=request) from None

    def answer_here(self, host: str, request: requests.PreparedRequest) -> HTTPResponse:
        if host not in self.hosts:
            raise requests.ConnectionError(f"nobody listens at {host} in this world", request=request)
        return answer(self.hosts[host], request)

    def _call_outside(self, request: requests.PreparedRequest, timeout: Any, wall: Callable[[], float]) -> HTTPResponse:
        if self._pool is None:
            self._pool = ThreadPoolExecutor(CALLS_OUTSIDE, thread_name_prefix="wire")
        connect_s, total_s = timeout if isinstance(timeout, tuple) else (timeout, timeout)
        limits_s = connect_s or LONGEST_CALL_S, total_s or LONGEST_CALL_S
        future = self._pool.submit(exchange, request, *limits_s, wall)
        response: HTTPResponse = self.pump.outside(future)
        return response

    # --- webhooks ---

    def _deliver(self, host: str, request: requests.PreparedRequest, timeout: Any) -> Any:
        fault = self.simulation.faults.choose(_event(self.simulation, request))

        def journaled() -> Any:
            response = self._call(host, request, timeout)
            self._journal(host, request, response.status, fault)
            return response

        match fault.effect if fault else None:
            case "lose":
                self._journal(host, request, 200, fault)
            case "double":
                self.pump.spawn("doubled webhook", _forgiving(journaled))
                return journaled()
            case "delay":
                self.pump.spawn("late webhook", _forgiving(lambda: (self.pump.sleep(fault.delay_ms), journaled())))
            case _:
                return journaled()
        return HTTPResponse(body=BytesIO(b""), status=200, reason="OK", preload_content=False)

    def _journal(self, host: str, request: requests.PreparedRequest, status: int, fault: Fault | None) -> None:
        self.simulation.journal.add(
            at_ms=self.simulation.clock.now(),
            source="outbox",
            target=host,
            method=request.method,
            path=f"{urlsplit(request.url or '').path} {_topic(request)}",
            status=status,
            injected=fault.name if fault else "",
            sent=request.body or b"",
            got=b"",
        )


class _Transport(HTTPAdapter):
    """What a `requests` session sees of the wire."""

    def __init__(self, wire: Wire, source: str) -> None:
        super().__init__()
        self._wire, self._source = wire, source

    def send(self, request: requests.PreparedRequest, timeout: Any = None, **_: Any) -> requests.Response:  # type: ignore[override]
        return self.build_response(request, self._wire.carry(self._source, request, timeout))


def _forgiving(work: Callable[[], Any]) -> Callable[[], None]:
    """A copy of a webhook that nobody waits for: if it fails, nobody is told."""

    def run() -> None:
        try:
            work()
        except requests.RequestException:
            return

    return run


def _event(simulation: Simulation, request: requests.PreparedRequest) -> Event:
    vendor = "shopify" if "X-Shopify-Topic" in request.headers else "hubspot"
    return Event(simulation.clock.now(), ON_THE_WIRE, vendor, "", request.method or "", _topic(request))


def _topic(request: requests.PreparedRequest) -> str:
    return str(request.headers.get("X-Shopify-Topic", ""))


def _total_ms(timeout: Any) -> int | None:
    """requests' timeout as one figure: the read part of a pair is what a caller waits for an answer."""
    seconds = timeout[1] if isinstance(timeout, tuple) else timeout
    return None if seconds is None else int(seconds * 1000)
