"""Shopify as a Flask application: routes from THE TABLE, what happens around each request, and its error bodies."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache, partial
from typing import Any

import orjson
from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from simulator.kernel import errors
from simulator.kernel.faults import Fault
from simulator.kernel.gate import LARGEST_BODY, Vendor, current
from simulator.kernel.simulation import Grant
from simulator.shopify import auth, graphql, limits, oauth, protected, rest, storage, versions
from simulator.shopify.kinds import VENDOR as NAME
from simulator.shopify.resources import ACTIONS, NOT_SIMULATED, PLAIN_ACTIONS, ROWS
from simulator.shopify.rest import Answer, Ask, Part, Row
from simulator.shopify.shop import Shop

OWN_HOST = ".myshopify.com"
# What a shop answers that is not open. The status of each is documented; the sentence of 423 is UNVERIFIED [RR].
SHUT = {
    "frozen": (402, "This shop's plan does not have access to this feature"),
    "locked": (423, "This shop is unavailable"),
}
DEPRECATED = re.compile(r"/admin/(api/[^/]+/)?(products|variants)[/.]")  # since 2024-04 [VER]
CONTENT_TYPE = "application/json; charset=utf-8"
# As quoted in public [GH]; that it stands where REST's other errors do is our reading.
LASTING = "Non-expiring access tokens are no longer accepted for the Admin API. Start using expiring offline tokens."
PLACE = re.compile(r"\.\d+(?=\.)")  # in a list: "addresses.0.country" is told without it, other than by GraphQL

Route = tuple[str, str, str, Callable[..., Answer]]  # method, path, scope, view


def routes() -> Iterator[Route]:
    """Every versioned route, from the rows."""
    for action in ACTIONS:
        yield action.method, action.path, action.scope, action.run
    for row in ROWS:
        yield from _row_routes(row)
        for part in row.parts:
            yield from _part_routes(row, part)


def _row_routes(row: Row) -> Iterator[Route]:
    one = f"{row.path}/<int:id>"
    yield "GET", row.path, row.reads, partial(rest.list_all, row)
    yield "GET", f"{row.path}/count", row.reads, partial(rest.count, row)
    if row.gettable:
        yield "GET", one, row.reads, partial(rest.get, row)
    if row.create:
        yield "POST", row.path, row.writes, partial(rest.create, row)
    if row.update:
        yield "PUT", one, row.writes, partial(rest.update, row)
    if row.delete:
        yield "DELETE", one, row.writes, partial(rest.delete, row)


def _part_routes(row: Row, part: Part) -> Iterator[Route]:
    every, one = f"{row.path}/<int:id>/{part.name}", f"{row.path}/<int:id>/{part.name}/<int:part_id>"
    yield "GET", every, row.reads, partial(rest.list_parts, row, part)
    yield "GET", one, row.reads, partial(rest.get_part, row, part)
    if part.create:
        yield "POST", every, row.writes, partial(rest.create_part, row, part)
    if part.update:
        yield "PUT", one, row.writes, partial(rest.update_part, row, part)
    if part.delete:
        yield "DELETE", one, row.writes, partial(rest.delete_part, row, part)
    if part.counted:
        yield "GET", f"{every}/count", row.reads, partial(rest.count_parts, row, part)


@cache
def app() -> Flask:
    made = Flask("syncdrill.shopify", static_folder=None)
    made.register_blueprint(oauth.blueprint())
    made.before_request(_admit)
    made.after_request(_dress)
    made.register_error_handler(errors.Refusal, _refused)
    made.register_error_handler(HTTPException, _failed)
    for place, (method, path, scope, view) in enumerate(routes()):
        _add(made, f"{place} {method} {path}", method, path, _serving(scope, view), versioned=True)
    for action in PLAIN_ACTIONS:
        _add(made, action.path, action.method, action.path, _serving(action.scope, action.run), versioned=False)
    _add(made, graphql.PATH, "POST", graphql.PATH, _query, versioned=True)
    made.add_url_rule(storage.RULE, "storage", storage.download, methods=["GET"], provide_automatic_options=False)
    return made


VENDOR = Vendor(
    name=NAME,
    hosts=(f"*{OWN_HOST}",),
    owns_path=lambda path: path == "/admin" or path.startswith("/admin/") or storage.owns(path),
    app=app,
    credential=auth.credential,
    refusal=lambda fault: _injected(fault),  # noqa: PLW0108  defined below
    visited=oauth.visited,
)


def _add(made: Flask, endpoint: str, method: str, path: str, view: Callable[..., Response], versioned: bool) -> None:
    paths = [f"/admin/{path}.json", *([f"/admin/api/<version>/{path}.json"] if versioned else [])]
    for rule in paths:
        made.add_url_rule(rule, endpoint, view, methods=[method], provide_automatic_options=False)


# --- around a request ---


def _admit() -> Response | None:
    """In Shopify's order: who calls, which version, is there room in the bucket; a body is not read before."""
    if storage.owns(request.path) or request.blueprint == oauth.NAME:
        return None  # addresses that open by themselves, and where nobody has a token yet
    grant = current().grant
    if grant is None or not _is_own_host(grant):
        raise errors.Unauthorized
    auth.refuse_lasting(grant)
    named = re.match(r"/admin/api/([^/]+)/", request.path)
    version = versions.served(named.group(1) if named else None)
    g.asked_version, g.version = (named.group(1) if named else None), version
    g.shop = Shop.open(grant.site, auth.caller(grant, version.name))
    shut = SHUT.get(g.shop.record.get("state", "open"))
    if shut:
        return _error(*shut)
    if not _is_graphql():  # which has a bucket of its own
        g.call_limit = limits.spend(g.shop, grant)
        if not _takes_json(request.headers.get("Accept")):
            return _error(406, "Not Acceptable")  # UNVERIFIED body
    if (request.content_length or 0) > LARGEST_BODY:
        raise errors.TooLarge(LARGEST_BODY)
    return None


def _takes_json(accepted: str | None) -> bool:
    return not accepted or "*" in accepted or "json" in accepted


def _arguments() -> dict[str, str]:
    """The query string. Our reading, as Rails has it: of doubles the last counts, `ids[]=1&ids[]=2` is a list."""
    return {
        name.removesuffix("[]"): ",".join(values) if name.endswith("[]") else values[-1]
        for name, values in request.args.lists()
    }


def _is_own_host(grant: Grant) -> bool:
    """A shop's own host name opens that shop alone; any other host leaves it to the token."""
    host = request.host.split(":")[0].lower()
    return not host.endswith(OWN_HOST) or host == grant.tenant


def _is_graphql() -> bool:
    return request.path.endswith(f"/{graphql.PATH}.json")


def _query(version: str = "") -> Response:  # noqa: ARG001  the version was read before
    grant = current().grant
    assert grant is not None
    content_type, body = request.content_type or "", request.get_data()
    return _response(Answer(graphql.answer(g.shop, grant, request.url_root, content_type, body, request.headers)))


def _serving(scope: str, run: Callable[..., Answer]) -> Callable[..., Response]:
    """A Flask view: checks the scope, reads the body, runs one transaction."""

    def view(version: str = "", **ids: int) -> Response:  # noqa: ARG001  the version was read before
        grant = current().grant
        assert grant is not None
        auth.require(grant, scope)
        ask = Ask(g.shop, grant, _arguments(), _body(), request.base_url)
        if request.method == "GET":
            return _response(_as_approved(run(ask, **ids)))
        with g.shop.site.transaction():
            return _response(_as_approved(run(ask, **ids)))

    return view


def _as_approved(answer: Answer) -> Answer:
    return replace(answer, body=protected.answer(answer.body, g.shop.caller.customer_data))


def _body() -> Any:
    if request.method in ("GET", "DELETE"):
        return None
    sent = request.get_data()
    if not sent.strip():
        return None
    try:
        return orjson.loads(sent)
    except orjson.JSONDecodeError:
        raise errors.Malformed("Bad Request") from None  # Our reading of the text


def _response(answer: Answer) -> Response:
    return Response(orjson.dumps(answer.body), answer.status, dict(answer.headers), content_type=CONTENT_TYPE)


def _dress(response: Response) -> Response:
    """The headers that live answers bear [GH 54744250306], less those that name Shopify's machines."""
    if storage.owns(request.path):
        return response
    response.headers["X-Shopify-Stage"] = "production"
    response.headers["Vary"] = "Accept-Encoding, Accept"
    grant = current().grant
    if grant is None:
        return response
    shop = g.get("shop") or Shop.open(grant.site)
    response.headers["X-ShopId"] = str(shop.record["id"])
    response.headers["X-Request-Id"] = shop.site.chance.uuid("shopify/requests")
    if not _is_graphql():
        counted = g.get("call_limit") or limits.shown(shop, grant)
        response.headers["X-Shopify-Shop-Api-Call-Limit"] = counted
        response.headers["HTTP_X_SHOPIFY_SHOP_API_CALL_LIMIT"] = counted
    if DEPRECATED.match(request.path):
        response.headers["X-Shopify-API-Deprecated-Reason"] = versions.PRODUCTS_DEPRECATED
    version = g.get("version")
    if version:
        response.headers["X-Shopify-API-Version"] = version.name
        if g.asked_version not in (None, version.name):
            response.headers["X-Shopify-API-Version-Warning"] = versions.WARNING
    return response


# --- errors ---


def _injected(fault: Fault) -> Exception:
    if fault.effect == "throttle":
        return errors.Throttled("2 calls per second", limits.RETRY_AFTER_MS)
    return errors.Broken(fault.status)


def _refused(refusal: errors.Refusal) -> Response:
    """Shopify's body for each reason [RR, GH]; texts marked UNVERIFIED in the reference are our reading."""
    match refusal:
        case errors.Unauthorized():
            return _error(401, "[API] Invalid API key or access token (unrecognized login or wrong password)")
        case auth.LastingToken():
            return _error(403, LASTING)
        case errors.Forbidden(scope):
            return _error(403, f"[API] This action requires merchant approval for {scope} scope.")
        case errors.NotFound():
            return _error(404, "Not Found")
        case errors.Invalid(problems):
            if not any(problem.field for problem in problems):
                return _error(422, [problem.message for problem in problems])  # of fulfillments [RR]
            told: dict[str, list[str]] = {}
            for problem in problems:
                told.setdefault(PLACE.sub("", problem.field), []).append(problem.message)
            return _error(422, told)
        case errors.Malformed(message, field):
            return _error(400, {field: message} if field else message)
        case errors.TooLarge(limit_bytes):
            # Our reading: the status is HTTP's, Shopify publishes neither a limit nor a body.
            return _error(413, f"Request entity too large: the limit is {limit_bytes} bytes")
        case errors.Throttled() if _is_graphql():
            return _response(Answer({"errors": [graphql.THROTTLED]}))  # an injected one: the endpoint tells its own
        case errors.Throttled(policy, retry_after_ms):
            text = f"Exceeded {policy} for api client. Reduce request rates to resume uninterrupted service."
            response = _error(429, text)
            response.headers["Retry-After"] = f"{(retry_after_ms or 0) / 1000:.1f}"
            return response
        case errors.Broken(status):
            return _error(status, "An unexpected error occurred" if status == 500 else HTTP_NAMES.get(status, "Error"))
        case errors.NotSimulated(what):
            return _error(501, f"{what} is not simulated by syncdrill")
        case _:
            return _error(409, str(refusal))


HTTP_NAMES = {502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout"}


def _failed(error: HTTPException) -> Response:
    """No such route, a method that it has not, or a bug of ours."""
    path = re.sub(r"^/admin/(api/[^/]+/)?", "", request.path)
    if error.code == 404 and _known_paths().fullmatch(path):
        return _refused(errors.NotSimulated(f"{request.method} {path}"))
    if error.code == 405:
        return _error(406, "Not Acceptable")  # UNVERIFIED body
    if error.code == 500:
        return _error(500, "An unexpected error occurred")
    return _error(error.code or 500, "Not Found" if error.code == 404 else error.name)


@cache
def _known_paths() -> re.Pattern[str]:
    """The real paths that are not simulated."""
    return re.compile("|".join(re.escape(f"{path}.json").replace(r"\*", ".*") for path in NOT_SIMULATED))


def _error(status: int, told: Any) -> Response:
    return _response(Answer({"errors": told}, status))
