"""What the operator sees and sets, over HTTP on the sync core's own port: who is let in, and what an error looks like.

For hosts on this machine alone, and with a key of its own as a bearer token; without one there are no such pages.
Bad input is answered 400 with the name of the field.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import orjson
from flask import Flask, Response, request

from sync_core.pure.choices import BadChoice
from sync_core.shell.clients.http import CallFailed, NotBefore
from sync_core.shell.operator import brake, connections, matches, pipeline, running, surveys
from sync_core.shell.operator.route import Json, NotFoundError, Route

if TYPE_CHECKING:
    from sync_core.shell.running.core import SyncCore

ROUTES = (*connections.ROUTES, *pipeline.ROUTES, *matches.ROUTES, *running.ROUTES, *brake.ROUTES, *surveys.ROUTES)

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})


def serve(app: Flask, core: SyncCore, key: str, now: Callable[[], int], woken: Callable[[], None]) -> None:
    """Add the pages to the core's application.

    Args:
        key: whoever shows it may see and change everything.
        woken: called after every write, so that the workers look at once.
    """
    for place, route in enumerate(ROUTES):
        view = _view(route, core, key, now, woken)
        app.add_url_rule(route.path, f"operator {place}", view, methods=[route.method])


def is_local(host: str) -> bool:
    """Whether a `Host` is this machine: other names may be another site's that resolves here (DNS rebinding)."""
    name = host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]
    return name.lower() in LOOPBACK


def answer(status: int, body: Mapping[str, Any]) -> Response:
    return Response(orjson.dumps(body), status=status, content_type="application/json")


def _view(
    route: Route, core: SyncCore, key: str, now: Callable[[], int], woken: Callable[[], None]
) -> Callable[..., Response]:
    def view(**named: str) -> Response:
        if not is_local(request.host):
            return answer(403, {"error": "this page is for hosts on this machine"})
        if not _has_key(key):
            return answer(401, {"error": "send the key as Authorization: Bearer SYNC_KEY"})
        try:
            told = route.run(core, now(), **named, **({"body": _body()} if route.wants_body else {}))
        except BadChoice as bad:
            return answer(400, {"error": str(bad), "field": bad.name})
        except NotFoundError as missing:
            return answer(404, {"error": str(missing)})
        except NotBefore:
            return answer(503, {"error": "HubSpot's limit is reached: try again in some seconds"})
        except CallFailed as failed:
            words = getattr(failed.outcome, "words", "") or type(failed.outcome).__name__
            return answer(502, {"error": f"HubSpot or Shopify refuses: {words}"})
        if route.method != "GET":
            woken()
        return answer(200, told)

    return view


def _has_key(key: str) -> bool:
    word, _, shown_key = request.headers.get("Authorization", "").partition(" ")
    given = shown_key.strip().encode("utf-8", "replace")
    return bool(key) and word.lower() == "bearer" and hmac.compare_digest(given, key.encode())


def _body() -> Json:
    try:
        found = orjson.loads(request.get_data())
    except orjson.JSONDecodeError:
        raise BadChoice("body", "JSON") from None
    if not isinstance(found, dict):
        raise BadChoice("body", "an object")
    return found
