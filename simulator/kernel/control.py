"""The control plane under `/_sim/`: worlds, clock, faults, journal, change log, outbox, records.

It is on the side: no auth, no limits, no faults. For that reason it serves loopback hosts alone, and no page of a
foreign origin. A vendor adds its own part (the shopper's side of a shop, seeding) as a Flask blueprint.
"""

from __future__ import annotations

import ipaddress
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from functools import cache
from typing import Any, Protocol
from urllib.parse import urlsplit

import orjson
from flask import Blueprint, Flask, Response, abort, current_app, request
from werkzeug.exceptions import HTTPException

from simulator.kernel import errors, faults
from simulator.kernel.simulation import Simulation, Site
from simulator.kernel.wire import WsgiApp

WORLDS = "syncdrill.worlds"
LONGEST_JUMP_MS = 400 * 24 * 3_600_000  # a bit over a year: GDPR deadlines and renewals fit in
MOST_ROWS = 1_000  # of journal or change log in one answer
_METHODS = ("GET", "POST", "PUT", "DELETE")
LARGEST_BODY = 64 * 1024 * 1024  # an import of a merchant's catalogue


class WorldControl(Protocol):
    """A running world, as the control plane drives it."""

    simulation: Simulation

    def describe(self) -> dict[str, Any]: ...
    def advance(self, by_ms: int) -> None: ...
    def set_rate(self, rate: float) -> None: ...


class Worlds(Protocol):
    """All worlds of a server."""

    def names(self) -> list[str]: ...
    def get(self, name: str) -> WorldControl | None: ...
    def create(self, spec: Mapping[str, Any]) -> WorldControl: ...
    def remove(self, name: str) -> None: ...
    def begin_anew(self, name: str) -> None: ...


def control_plane(worlds: Worlds, blueprints: tuple[Blueprint, ...]) -> WsgiApp:
    """The WSGI application for these worlds."""
    app = application(blueprints)

    def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ[WORLDS] = worlds
        return app(environ, start_response)

    return serve


def world_of(name: str) -> WorldControl:
    """The world that a control request names; 404 where there is none."""
    world: WorldControl | None = request.environ[WORLDS].get(name)
    if world is None:
        abort(404, f"there is no world {name!r}; there are: {', '.join(request.environ[WORLDS].names()) or 'none'}")
    return world


def site_of(world: str, tenant: str) -> Site:
    """One tenant of a world, for the vendors' blueprints."""
    return Site(world_of(world).simulation, tenant)


def answer(value: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(value), status, content_type="application/json")


def body() -> dict[str, Any]:
    """The request's JSON object; 400 names what is wrong."""
    try:
        value = orjson.loads(request.get_data() or b"{}")
    except orjson.JSONDecodeError as error:
        abort(400, f"the body is not JSON: {error}")
    if not isinstance(value, dict):
        abort(400, "the body must be a JSON object")
    return value


@cache
def application(blueprints: tuple[Blueprint, ...]) -> Flask:
    """The views of the control plane, with those of the vendors."""
    app = Flask("syncdrill.control", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.before_request(_guard)
    app.register_error_handler(HTTPException, lambda error: answer({"error": error.description}, error.code or 500))
    app.register_error_handler(errors.BadInput, lambda error: answer({"error": str(error)}, 400))
    app.register_error_handler(errors.Refusal, _refused)
    app.register_error_handler(Exception, _failed)
    for rule, methods, view in _ROUTES:
        app.add_url_rule(rule, view.__name__, view, methods=methods)
    for blueprint in blueprints:
        app.register_blueprint(blueprint)
    return app


def routes(app: Flask) -> list[tuple[str, str, Callable[..., Any]]]:
    """Method, path and view of everything that a control plane answers."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.methods]
    found = [(method, rule) for rule in rules for method in sorted(rule.methods or ()) if method in _METHODS]
    return [(method, rule.rule, app.view_functions[rule.endpoint]) for method, rule in found]


def _refused(refusal: Exception) -> Response:
    if isinstance(refusal, errors.Invalid):
        told = "; ".join(f"{problem.field}: {problem.message}" for problem in refusal.problems)
        return answer({"error": told}, 422)
    if isinstance(refusal, errors.NotFound):
        return answer({"error": f"not found: {refusal.what}"}, 404)
    return answer({"error": f"{type(refusal).__name__}: {refusal}"}, 400)


def _failed(failure: Exception) -> Response:
    """A fault of ours, or an actor's that a leap through time brought to light: say what and where."""
    frame = traceback.extract_tb(failure.__traceback__)[-1]
    where = f"{frame.filename}:{frame.lineno} in {frame.name}"
    return answer({"error": f"the world failed: {type(failure).__name__}: {failure} ({where})"}, 500)


def _guard() -> None:
    """Loopback and the same origin only: a page on the web must not drive somebody's worlds."""
    host = urlsplit(f"//{request.host}").hostname or ""
    if not is_loopback(host):
        abort(403, f"the control plane answers loopback hosts only, not {host!r}")
    origin = request.headers.get("Origin")
    if origin and urlsplit(origin).netloc != request.host:
        abort(403, "the control plane answers no foreign origin")


def is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


# --- views ---


def index() -> Response:
    """The names of the worlds, and every route."""
    worlds: Worlds = request.environ[WORLDS]
    told = [f"{method} {rule}" for method, rule, _ in routes(current_app)]
    return answer({"syncdrill": "control plane", "worlds": worlds.names(), "routes": told})


def list_worlds() -> Response:
    """Every world, with its time, addresses, tenants and tokens."""
    worlds: Worlds = request.environ[WORLDS]
    found = (worlds.get(name) for name in worlds.names())
    return answer({"worlds": [world.describe() for world in found if world]})


def create_world() -> Response:
    """A new world from a spec: `{"name": "mine", "seed": 7, "integration": "data-sync"}`, all of it optional.
    `start_ms` is its first instant, milliseconds or `"now"`, at which a served world begins anyway; one that only its
    caller moves begins at a fixed instant.
    """
    worlds: Worlds = request.environ[WORLDS]
    return answer(worlds.create(body()).describe(), 201)


def show_world(world: str) -> Response:
    """Its time, addresses and tenants, and the tokens of the apps that are let in."""
    return answer(world_of(world).describe())


def remove_world(world: str) -> Response:
    """End the world; its tokens open nothing from then on."""
    world_of(world)
    request.environ[WORLDS].remove(world)
    return answer({})


def reset_world(world: str) -> Response:
    """Empty the world and begin again from its seed; a served one that named no `start_ms` begins now."""
    world_of(world)
    request.environ[WORLDS].begin_anew(world)
    return answer(world_of(world).describe())


def show_clock(world: str) -> Response:
    """The world's time, and how fast it runs: 0 is held, 1 follows the wall."""
    clock = world_of(world).simulation.clock
    return answer({"now_ms": clock.now(), "rate": clock.rate})


def set_clock(world: str) -> Response:
    """`{"rate": 0}` holds the clock, `{"rate": 60}` speeds it up, `{"advance_ms": n}` runs all that falls due."""
    found, wanted = world_of(world), body()
    unknown = set(wanted) - {"rate", "advance_ms"}
    if unknown:
        abort(400, f"the clock takes rate and advance_ms, not {', '.join(sorted(unknown))}")
    if "rate" in wanted:
        found.set_rate(_number(wanted, "rate", 0, 100_000))
    if "advance_ms" in wanted:
        found.advance(int(_number(wanted, "advance_ms", 0, LONGEST_JUMP_MS)))
    return show_clock(world)


def show_faults(world: str) -> Response:
    """The plan in force, and how often each of its faults was met."""
    return answer(world_of(world).simulation.faults.as_json())


def set_faults(world: str) -> Response:
    """`{"plan": [...]}` replaces the plan; an empty list heals the world."""
    simulation, wanted = world_of(world).simulation, body()
    plan = wanted.get("plan")
    if not isinstance(plan, list):
        abort(400, "plan must be a list of faults")
    with simulation.lock:
        simulation.faults.replace(faults.read(plan))
    return show_faults(world)


def show_journal(world: str) -> Response:
    """What crossed the wire, newest last, with the digest of all of it; `?limit=` and `?after=` a sequence number."""
    simulation = world_of(world).simulation
    with simulation.lock:
        entries = simulation.journal.tail(_query("limit", 100, MOST_ROWS), _query("after", 0, 2**62))
        return answer({"count": simulation.journal.count, "digest": simulation.journal.digest, "entries": entries})


def show_changes(world: str) -> Response:
    """Every committed write of both fakes, in order; `?vendor=`, `?after=` a sequence number, `?limit=`."""
    simulation = world_of(world).simulation
    with simulation.lock:
        after, limit = _query("after", 0, 2**62), _query("limit", MOST_ROWS, MOST_ROWS)
        changes = simulation.store.changes(after, limit, request.args.get("vendor", ""))
    return answer({"now_ms": simulation.clock.now(), "changes": [asdict(change) for change in changes]})


def show_outbox(world: str) -> Response:
    """The webhooks that are still owed, without their bodies."""
    simulation = world_of(world).simulation
    with simulation.lock:
        return answer({"waiting": simulation.outbox.waiting() if simulation.outbox else []})


def show_records(world: str, vendor: str, tenant: str) -> Response:
    """Every record of a shop or a portal, as it is kept."""
    simulation = world_of(world).simulation
    with simulation.lock:
        return answer(simulation.store.dump(vendor, tenant))


def _number(wanted: Mapping[str, Any], name: str, low: float, high: float) -> float:
    value = wanted[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        abort(400, f"{name} is a number from {low:g} to {high:g}, not {value!r}")
    return float(value)


def _query(name: str, default: int, high: int) -> int:
    text = request.args.get(name, str(default))
    if not text.isdecimal() or int(text) > high:
        abort(400, f"{name} is a whole number up to {high}, not {text!r}")
    return int(text)


_ROUTES: tuple[tuple[str, tuple[str, ...], Callable[..., Response]], ...] = (
    ("/_sim/", ("GET",), index),
    ("/_sim/worlds", ("GET",), list_worlds),
    ("/_sim/worlds", ("POST",), create_world),
    ("/_sim/worlds/<world>", ("GET",), show_world),
    ("/_sim/worlds/<world>", ("DELETE",), remove_world),
    ("/_sim/worlds/<world>/reset", ("POST",), reset_world),
    ("/_sim/worlds/<world>/clock", ("GET",), show_clock),
    ("/_sim/worlds/<world>/clock", ("POST",), set_clock),
    ("/_sim/worlds/<world>/faults", ("GET",), show_faults),
    ("/_sim/worlds/<world>/faults", ("PUT",), set_faults),
    ("/_sim/worlds/<world>/journal", ("GET",), show_journal),
    ("/_sim/worlds/<world>/changes", ("GET",), show_changes),
    ("/_sim/worlds/<world>/outbox", ("GET",), show_outbox),
    ("/_sim/worlds/<world>/records/<vendor>/<tenant>", ("GET",), show_records),
)
