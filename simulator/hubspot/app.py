"""The Flask application of the HubSpot fake, built once: who calls, within which limits, then the view of the route."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from contextlib import nullcontext
from functools import cache
from typing import Any

import orjson
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from simulator.hubspot import (
    account,
    ask,
    associations,
    associations_v3,
    auth,
    batches,
    crm,
    errors,
    legacy,
    limits,
    lists_api,
    oauth,
    oauth_page,
    owners,
    pipelines_api,
    properties,
    schemas_api,
    search,
    unsimulated,
    webhooks_api,
)
from simulator.hubspot.errors import Answer
from simulator.hubspot.routes import DEVELOPER, OPEN, Route
from simulator.kernel import gate
from simulator.kernel.errors import Broken, Refusal, Throttled, TooLarge, Unauthorized
from simulator.kernel.faults import Fault
from simulator.kernel.simulation import Grant

LONGEST_URL = 16_000  # characters; observed at about 15 to 16 thousand [D][TAP]
CONTENT_TYPE = "application/json;charset=utf-8"  # without a space [REC]

ROUTES: tuple[Route, ...] = (
    *crm.ROUTES,
    *batches.ROUTES,
    *search.ROUTES,
    *associations.ROUTES,
    *associations_v3.ROUTES,
    *properties.ROUTES,
    *pipelines_api.ROUTES,
    *owners.ROUTES,
    *lists_api.ROUTES,
    *schemas_api.ROUTES,
    *legacy.ROUTES,
    *account.ROUTES,
    *oauth.ROUTES,
    *oauth_page.ROUTES,
    *webhooks_api.ROUTES,
    *unsimulated.ROUTES,
)


@cache
def application() -> Flask:
    app = Flask("syncdrill.hubspot", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = gate.LARGEST_BODY
    app.url_map.strict_slashes = False  # clients call with and without a trailing slash and follow no redirect [PY]
    app.url_map.merge_slashes = False
    for number, route in enumerate(ROUTES):
        for path in route.paths:
            app.add_url_rule(
                path, f"{number} {path}", _served(route), methods=route.methods.split(), provide_automatic_options=False
            )
    app.before_request(_too_long)
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(HTTPException, _no_view)
    app.after_request(_finish)
    return app


def refusal(fault: Fault) -> Exception:
    """An injected fault in HubSpot's words."""
    if fault.effect == "break":
        return Broken(fault.status)
    return Throttled("SECONDLY" if request.path.rstrip("/").endswith("/search") else "TEN_SECONDLY_ROLLING")


def _served(route: Route) -> Callable[..., Response]:
    """The view as Flask calls it. A write is one transaction."""

    def serve(**path: str) -> Response:
        if route.needs == OPEN:
            path.pop("version", None)
            return _opened(route, path)
        grant = _admitted(route)
        if grant.kind != DEVELOPER:
            gate.current().marks["search"] = route.search
            limits.spend(grant, route.search)
        path.pop("version", None)
        named = path.pop("type", None)
        object_type = ask.object_type_of(grant.site, named) if named else None
        auth.require(grant, object_type, route.needs)
        question = ask.Ask(grant, object_type, ask.read_body())
        if request.method == "GET" or route.needs.endswith("read"):
            return _response(route.view(question, **path))
        with grant.site.transaction():
            return _response(route.view(question, **path))

    return serve


def _too_long() -> Response | None:
    """The page is our reading, the status is documented [D]."""
    return _response(errors.page(414, "URI Too Long")) if len(request.full_path) > LONGEST_URL else None


def _opened(route: Route, path: dict[str, str]) -> Response:
    """A call without a token; where it names no portal there is nothing to write to."""
    site = gate.current().site
    with site.transaction() if site else nullcontext():
        return _response(route.view(**path))


def _admitted(route: Route) -> Grant:
    """Who calls. The developer key opens the settings of apps, and they alone are opened by it."""
    call = gate.current()
    if call.grant is None and call.site is not None:
        oauth.refuse_expired(call.site, auth.credential(request.environ))
    if call.grant is None or (call.grant.kind == DEVELOPER) != (route.needs == DEVELOPER):
        raise Unauthorized
    return call.grant


def _refused(error: Refusal) -> Response:
    grant = gate.current().grant
    return _response(errors.render(error, _correlation(), int(grant.tenant) if grant and grant.tenant else 0))


def _no_view(error: HTTPException) -> Response:
    """No route, or not this method: Jetty's HTML page [X raw Apr 2026]."""
    if isinstance(error, RequestEntityTooLarge):
        return _refused(TooLarge(gate.LARGEST_BODY))
    titles = {404: "Not Found", 405: "Method Not Allowed"}
    status = error.code or 500
    return _response(errors.page(status, titles.get(status, error.name)))


def _response(answer: Answer) -> Response:
    if answer.body is None:
        return Response(status=answer.status, headers=dict(answer.headers))
    if isinstance(answer.body, str):
        return Response(answer.body, answer.status, dict(answer.headers), content_type="text/html;charset=utf-8")
    return Response(orjson.dumps(answer.body), answer.status, dict(answer.headers), content_type=CONTENT_TYPE)


def _finish(response: Response) -> Response:
    """The headers of every answer [REC]."""
    call = gate.current()
    response.headers["X-HubSpot-Correlation-Id"] = _correlation()
    response.headers["Access-Control-Allow-Credentials"] = "false"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains; preload"
    if call.grant is not None and "search" in call.marks:
        response.headers.update(limits.headers(call.grant, call.marks["search"]))
    if response.status_code == 204:
        response.headers.pop("Content-Type", None)
    return response


def _correlation() -> str:
    """One id for each answer; a stranger belongs to no world with chance of its own, so the request gives it."""
    marks: dict[str, Any] = gate.current().marks
    if "correlation" not in marks:
        site = gate.current().site
        if site is not None:
            marks["correlation"] = site.chance.uuid("hubspot/correlation")
        else:
            digest = hashlib.blake2b(f"{request.method} {request.full_path}".encode(), digest_size=16).digest()
            marks["correlation"] = str(uuid.UUID(bytes=digest, version=4))
    return str(marks["correlation"])
