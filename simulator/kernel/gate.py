"""The one door of a server: finds the world by the credential shown, journals, and lets faults happen.

`/_sim/` is the control plane. Otherwise a vendor's `Host` decides the vendor, else the path does: each `Vendor` says
which paths are its own, the last one takes the rest. A vendor's application is built once for each process; the gate
puts the caller's world into the request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from flask import Flask, request

from simulator.kernel.faults import AT_THE_GATE, Event, Fault
from simulator.kernel.simulation import Call, Grant, Simulation
from simulator.kernel.wire import WsgiApp

CALL = "syncdrill.call"
LARGEST_BODY = 8 * 1024 * 1024  # bytes; above it a vendor answers 413. Batches of 100 and bulk uploads stay far below

Environ = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Vendor:
    """What the gate must know of a fake.

    Args:
        name: the fake's name.
        hosts: the vendor's own host names; `*.` stands for one label, as in a certificate.
        owns_path: whether a path belongs to this vendor where the host says nothing.
        app: the Flask application, made once.
        credential: the token that a request shows, if any.
        refusal: an injected fault (`throttle`, `break`) as an exception that the vendor's error handler answers.
    """

    name: str
    hosts: tuple[str, ...]
    owns_path: Callable[[str], bool]
    app: Callable[[], Flask]
    credential: Callable[[Environ], str | None]
    refusal: Callable[[Fault], Exception]

    def owns_host(self, host: str) -> bool:
        """Whether this name (without a port, in small letters) is one of the vendor's own."""
        return host in self.hosts or f"*.{host.partition('.')[2]}" in self.hosts


def current() -> Call:
    """The call that the running view serves."""
    call: Call = request.environ[CALL]
    return call


class Gate:
    """A WSGI application for any number of worlds.

    Args:
        vendors: in the order in which they are asked for a path.
        control: the control plane.
        pause: waits out a `slow` fault, given milliseconds; the host of the worlds knows how.
    """

    def __init__(self, vendors: Sequence[Vendor], control: WsgiApp, pause: Callable[[Simulation, int], None]) -> None:
        self.vendors, self.control, self.pause = tuple(vendors), control, pause
        self.simulations: dict[str, Simulation] = {}

    def open(self, simulation: Simulation) -> None:
        """Let a world in; its credentials count from now on."""
        self.simulations = {**self.simulations, simulation.name: simulation}  # a new one: threads read the old one

    def shut(self, name: str) -> None:
        self.simulations = {one: world for one, world in self.simulations.items() if one != name}

    def grant_of(self, token: str | None) -> Grant | None:
        found = (world.grants.get(token) for world in self.simulations.values()) if token else ()
        return next((grant for grant in found if grant), None)

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO") or "/"
        if path == "/" or path.startswith("/_sim"):
            return self.control(environ, start_response)
        vendor = self._vendor(environ, path)
        grant = self.grant_of(vendor.credential(environ))
        if grant and grant.vendor != vendor.name:
            grant = None  # one vendor's token opens nothing at another
        environ[CALL] = Call(grant, self.simulations)
        if grant is None:
            return vendor.app()(environ, start_response)
        return self._serve(vendor, grant, environ, start_response)

    def _serve(self, vendor: Vendor, grant: Grant, environ: Environ, start_response: Callable[..., Any]) -> list[bytes]:
        simulation = grant.simulation
        with simulation.lock:
            fault = simulation.faults.choose(_event(vendor, grant, environ))
        if fault and fault.effect == "slow":
            self.pause(simulation, fault.delay_ms)
        with simulation.lock:
            status, headers, body = _run(vendor, fault, environ)
            simulation.journal.add(
                at_ms=simulation.clock.now(),
                source=grant.app,
                target=vendor.name,
                method=environ["REQUEST_METHOD"],
                path=_path_and_query(environ),
                status=int(status[:3]),
                injected=fault.name if fault else "",
                sent=environ["syncdrill.body"],
                got=body,
            )
        if fault and fault.effect == "lose_answer":
            return _cut(start_response)
        start_response(status, headers)
        return [body]

    def _vendor(self, environ: Environ, path: str) -> Vendor:
        host = environ.get("HTTP_HOST", "").split(":")[0].lower()
        by_host = [vendor for vendor in self.vendors if vendor.owns_host(host)]
        if by_host:  # a vendor speaks https alone, so whoever asks its host has come through TLS
            environ["wsgi.url_scheme"] = "https"
        by_path = [vendor for vendor in self.vendors if vendor.owns_path(path)]
        return (by_host or by_path or [self.vendors[-1]])[0]


def _run(vendor: Vendor, fault: Fault | None, environ: Environ) -> tuple[str, list[tuple[str, str]], bytes]:
    """The vendor's answer, or the injected one in the vendor's words."""
    app = vendor.app()
    taken: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:  # noqa: ARG001
        taken[:] = [status, headers]

    _read_body(environ)
    injected = fault is not None and fault.effect in ("throttle", "break")
    context = app.request_context(environ) if injected else nullcontext()
    with context:
        if injected and fault is not None:
            response = app.make_response(app.handle_user_exception(vendor.refusal(fault)))
            chunks: Iterable[bytes] = app.process_response(response)(environ, start_response)
        else:
            chunks = app(environ, start_response)
        body = b"".join(chunks)
    headers = [(name, value) for name, value in taken[1] if name.lower() != "content-length"]
    if not taken[0].startswith("204"):
        headers.append(("Content-Length", str(len(body))))
    return taken[0], headers, body


def _cut(start_response: Callable[..., Any]) -> list[bytes]:
    """Announce a byte and send none: the server cuts the connection, and no answer arrives."""
    start_response("200 OK", [("Content-Length", "1")])
    return []


def _read_body(environ: Environ) -> None:
    """Keep the body for the journal; one that is too large is left to the application, which refuses it unread."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    if length > LARGEST_BODY:
        environ["syncdrill.body"] = b""
        return
    body = environ["wsgi.input"].read(length) if length else b""
    environ["syncdrill.body"], environ["wsgi.input"] = body, BytesIO(body)


def _event(vendor: Vendor, grant: Grant, environ: Environ) -> Event:
    now_ms = grant.simulation.clock.now()
    return Event(now_ms, AT_THE_GATE, vendor.name, grant.app, environ["REQUEST_METHOD"], environ.get("PATH_INFO", ""))


def _path_and_query(environ: Environ) -> str:
    query = environ.get("QUERY_STRING", "")
    return environ.get("PATH_INFO", "") + (f"?{query}" if query else "")
