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

import orjson
from flask import Flask, request

from simulator.kernel.errors import TooManyHeld
from simulator.kernel.faults import AT_THE_GATE, Event, Fault
from simulator.kernel.simulation import Call, Grant, Simulation, Site
from simulator.kernel.wire import WsgiApp

CALL = "syncdrill.call"
VISITOR = "visitor"  # the journal's name for whoever has no credential yet
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
        shown: a path with its query as the journal keeps it, without the credentials that a vendor puts there.
        refusal: an injected fault (`throttle`, `break`) as an exception that the vendor's error handler answers.
        visited: the tenant that a request without a credential speaks to, where the vendor can tell: of an app that
            asks to be let in.
    """

    name: str
    hosts: tuple[str, ...]
    owns_path: Callable[[str], bool]
    app: Callable[[], Flask]
    credential: Callable[[Environ], str | None]
    refusal: Callable[[Fault], Exception]
    visited: Callable[[Environ, Iterable[Simulation]], Site | None] = lambda *_: None
    shown: Callable[[str], str] = lambda path: path

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
        pause: waits out a `slow` fault, given milliseconds; the host of the worlds knows how, and how many may wait
            at once (`TooManyHeld`).
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
        return next((grant for grant in found if grant and grant.lives), None)

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO") or "/"
        if path == "/" or path.startswith("/_sim"):
            return self.control(environ, start_response)
        vendor = self._vendor(environ, path)
        grant = self.grant_of(vendor.credential(environ))
        if grant and grant.vendor != vendor.name:
            grant = None  # one vendor's token opens nothing at another
        site = grant.site if grant else vendor.visited(environ, self.simulations.values())
        environ[CALL] = Call(grant, self.simulations, site)
        if site is None:
            return vendor.app()(environ, start_response)
        return self._serve(vendor, grant.app if grant else VISITOR, site.simulation, environ, start_response)

    def _serve(
        self, vendor: Vendor, app: str, simulation: Simulation, environ: Environ, start_response: Callable[..., Any]
    ) -> list[bytes]:
        with simulation.lock:
            fault = simulation.faults.choose(_event(vendor, app, simulation, environ))
        held = self._held_back(simulation, fault)
        with simulation.lock:
            status, headers, body = _run(vendor, fault, environ) if held is None else _busy(held, environ)
            simulation.journal.add(
                at_ms=simulation.clock.now(),
                source=app,
                target=vendor.name,
                method=environ["REQUEST_METHOD"],
                path=vendor.shown(_path_and_query(environ)),
                status=int(status[:3]),
                injected=fault.name if fault else "",
                sent=environ["syncdrill.body"],
                got=body,
            )
        if fault and fault.effect == "lose_answer":
            return _cut(start_response)
        start_response(status, headers)
        return [body]

    def _held_back(self, simulation: Simulation, fault: Fault | None) -> TooManyHeld | None:
        """Wait as a `slow` fault says; returns why not, where too many answers are held back already."""
        if fault and fault.effect == "slow":
            try:
                self.pause(simulation, fault.delay_ms)
            except TooManyHeld as reason:
                return reason
        return None

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

    read_body(environ)
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


def _busy(reason: TooManyHeld, environ: Environ) -> tuple[str, list[tuple[str, str]], bytes]:
    """The server's own answer, in no vendor's words: this limit is ours."""
    read_body(environ)
    body = orjson.dumps({"error": str(reason)})
    return (
        "503 Service Unavailable",
        [("Content-Type", "application/json"), ("Content-Length", str(len(body)))],
        body,
    )


def read_body(environ: Environ) -> bytes:
    """The body, kept for all who read it; one that is too large is left to the application, which refuses it unread."""
    if "syncdrill.body" in environ:
        return bytes(environ["syncdrill.body"])
    length = int(environ.get("CONTENT_LENGTH") or 0)
    if length > LARGEST_BODY:
        environ["syncdrill.body"] = b""
        return b""
    body = environ["wsgi.input"].read(length) if length else b""
    environ["syncdrill.body"], environ["wsgi.input"] = body, BytesIO(body)
    return bytes(body)


def _event(vendor: Vendor, app: str, simulation: Simulation, environ: Environ) -> Event:
    now_ms = simulation.clock.now()
    return Event(now_ms, AT_THE_GATE, vendor.name, app, environ["REQUEST_METHOD"], environ.get("PATH_INFO", ""))


def _path_and_query(environ: Environ) -> str:
    query = environ.get("QUERY_STRING", "")
    return environ.get("PATH_INFO", "") + (f"?{query}" if query else "")
