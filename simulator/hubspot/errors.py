"""HubSpot's error answers, in one place: status, body with its keys in the recorded order, headers.

Bodies are those of the reference's section 11; sentences that no source gives are marked there as our reading.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from simulator.kernel import errors as kernel
from simulator.kernel.errors import Problem, Refusal

SCOPES_PAGE = "https://developers.hubspot.com/scopes"


@dataclass(eq=False)
class Rejected(Refusal):
    """A refusal that has its own sentence.

    Args:
        also: keys that stand behind all others, as `errorType` does.
    """

    status: int
    message: str
    category: str = ""
    sub_category: str = ""
    context: Mapping[str, Sequence[str]] = field(default_factory=dict)
    also: Mapping[str, Any] = field(default_factory=dict)


@dataclass(eq=False)
class OAuthRefused(Refusal):
    """A refusal of the token endpoint: its `status` says which, where other bodies have "error" [X]."""

    word: str
    message: str


class Unsupported(Refusal):
    """A body that is not JSON by its content type."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes over the wire; `body` None is an empty body, text is a page of HTML."""

    status: int
    body: Mapping[str, Any] | Sequence[Any] | str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def missing(what: str, id: str) -> Rejected:
    """A record that is not there; the two spaces are HubSpot's [X raw Apr 2026]."""
    if id.isdecimal() and id.strip("0"):
        return Rejected(404, "resource not found")
    text = "objectId is usually positive." if id == "0" else " objectId are usually numeric."
    return Rejected(404, f"{what} not found. {text}", "OBJECT_NOT_FOUND", context={"id": [id]})


def invalid(name: str, message: str, code: str) -> kernel.Invalid:
    return kernel.Invalid((Problem(name, message, code),))


def bad_request(message: str) -> Rejected:
    return Rejected(400, message, "VALIDATION_ERROR")


def render(error: Refusal, correlation: str, portal_id: int) -> Answer:
    """The answer to a refusal."""
    return _RENDERERS[type(error)](error, correlation, portal_id)


def in_batch(error: Refusal, portal_id: int, context: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The same refusal as one of the `errors` of a 207 [D error page]."""
    body = render(error, "", portal_id).body
    assert isinstance(body, Mapping)
    told = {"status": "error", "category": body.get("category", "VALIDATION_ERROR")}
    if "subCategory" in body:
        told["subCategory"] = body["subCategory"]
    return told | {"message": body["message"], "context": dict(body.get("context", {})) | dict(context)}


def page(status: int, title: str) -> Answer:
    """Jetty's page, which HubSpot sends where no JSON handler was reached [X raw Apr 2026]."""
    html = (
        '<html>\n<head>\n<meta http-equiv="Content-Type" content="text/html;charset=utf-8"/>\n'
        f"<title>Error {status} {title}</title>\n</head>\n"
        f"<body><h2>HTTP ERROR {status} {title}</h2>\n</body>\n</html>\n"
    )
    return Answer(status, html, {"X-HubSpot-NotFound": "true"} if status == 404 else {})


def _body(message: str, correlation: str, **more: Any) -> dict[str, Any]:
    """Keys in the recorded order, empty ones left out."""
    order = ("errors", "context", "links", "category", "subCategory")
    told = {name: more[name] for name in order if more.get(name)}
    return {"status": "error", "message": message, "correlationId": correlation} | told


def _rejected(error: Rejected, correlation: str, _: int) -> Answer:
    context = {name: list(values) for name, values in error.context.items()}
    body = _body(error.message, correlation, context=context, category=error.category, subCategory=error.sub_category)
    headers = {"X-HubSpot-NotFound": "true"} if error.status == 404 else {}
    return Answer(error.status, body | dict(error.also), headers)


def _invalid(error: kernel.Invalid, correlation: str, portal_id: int) -> Answer:
    """The message repeats the errors as JSON text [D error page]."""
    told = [
        {
            "isValid": False,
            "message": problem.message,
            "error": problem.code,
            "name": problem.field,
            "localizedErrorMessage": problem.message,
            "portalId": portal_id,
        }
        for problem in error.problems
    ]
    listed = [
        {"message": problem.message, "code": problem.code, "context": {"propertyName": [problem.field]}}
        for problem in error.problems
    ]
    message = f"Property values were not valid: {orjson.dumps(told).decode()}"
    return Answer(400, _body(message, correlation, errors=listed, category="VALIDATION_ERROR"))


def _malformed(error: kernel.Malformed, correlation: str, _: int) -> Answer:
    """`field` is "line:column" [X raw, no category]; input of the wrong shape is put at the start. Our reading."""
    line, _, column = (error.field or "1:1").partition(":")
    return Answer(400, _body(f"Invalid input JSON on line {line}, column {column}: {error.message}", correlation))


def _conflict(error: kernel.Conflict, correlation: str, _: int) -> Answer:
    return Answer(409, _body(error.message, correlation, category="CONFLICT"))


def _not_found(_: kernel.NotFound, __: str, ___: int) -> Answer:
    return page(404, "Not Found")


def _oauth_refused(error: OAuthRefused, correlation: str, _: int) -> Answer:
    return Answer(400, {"status": error.word, "message": error.message, "correlationId": correlation})


def _unsupported(_: Unsupported, __: str, ___: int) -> Answer:
    return page(415, "Unsupported Media Type")


def _unauthorized(_: kernel.Unauthorized, correlation: str, __: int) -> Answer:
    message = (
        "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more "
        "details at https://developers.hubspot.com/docs/methods/auth/oauth-overview"
    )
    return Answer(401, _body(message, correlation, category="INVALID_AUTHENTICATION"))


def _forbidden(error: kernel.Forbidden, correlation: str, _: int) -> Answer:
    message = (
        "This app hasn't been granted all required scopes to make this call. "
        f"Read more about required scopes here: {SCOPES_PAGE}."
    )
    needed = {
        "message": "One or more of the following scopes are required.",
        "context": {"requiredGranularScopes": error.scope.split()},
    }
    return Answer(
        403,
        _body(message, correlation, errors=[needed], links={"scopes": SCOPES_PAGE}, category="MISSING_SCOPES"),
    )


def _throttled(error: kernel.Throttled, correlation: str, _: int) -> Answer:
    """No Retry-After unless the portal is set so: none is documented and recordings show none [K][REC]."""
    start = {"status": "error"}
    if error.policy == "SECONDLY":
        body = _body("You have reached your secondly limit.", correlation, category="RATE_LIMITS")
    elif error.policy == "DAILY":
        told = {
            "message": "You have reached your daily limit.",
            "errorType": "RATE_LIMIT",
            "correlationId": correlation,
        }
        body = start | told | {"policyName": "DAILY", "requestId": correlation}
    else:
        message = "You have reached your ten_secondly_rolling limit."
        told = {"message": message, "errorType": "RATE_LIMIT", "correlationId": correlation}
        group = "publicapi:private-apps:api-calls-ten-secondly"  # unverified [GK]
        body = start | told | {"policyName": error.policy, "groupName": group}
    headers = {} if error.retry_after_ms is None else {"Retry-After": str(-(-error.retry_after_ms // 1000))}
    return Answer(429, body, headers)


# Sentences of ours: the error page names these two states and tells no body [D].
_BUSY: Mapping[int, tuple[str, Mapping[str, str]]] = {
    423: ("The resource is locked; locks last 2 seconds", {}),
    477: ("A migration is in progress", {"Retry-After": "60"}),
}


def _broken(error: kernel.Broken, correlation: str, _: int) -> Answer:
    if error.status in _BUSY:
        message, headers = _BUSY[error.status]
        return Answer(error.status, _body(message, correlation), headers)
    if error.status == 500:
        return Answer(500, _body("internal error", correlation))  # [X raw]
    return page(error.status, "Service Unavailable" if error.status == 503 else "Bad Gateway")  # proxies: HTML [D]


def _too_large(error: kernel.TooLarge, correlation: str, _: int) -> Answer:
    """Our reading: no source shows HubSpot's answer to a body that is too large."""
    return Answer(413, _body(f"The request body is larger than {error.limit_bytes} bytes", correlation))


def _not_simulated(error: kernel.NotSimulated, correlation: str, _: int) -> Answer:
    return Answer(501, _body(f"syncdrill does not simulate {error.what}", correlation, category="NOT_SIMULATED"))


_RENDERERS: Mapping[type[Refusal], Callable[[Any, str, int], Answer]] = {
    Rejected: _rejected,
    OAuthRefused: _oauth_refused,
    Unsupported: _unsupported,
    kernel.Invalid: _invalid,
    kernel.Malformed: _malformed,
    kernel.Conflict: _conflict,
    kernel.NotFound: _not_found,
    kernel.Unauthorized: _unauthorized,
    kernel.Forbidden: _forbidden,
    kernel.Throttled: _throttled,
    kernel.Broken: _broken,
    kernel.TooLarge: _too_large,
    kernel.NotSimulated: _not_simulated,
}
