"""One HTTP call: bounded in time, never repeated here, its outcome an answer or one of five errors.

A worker catches the error and returns when it next wants to run; nothing waits inside a call.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
import requests

TIMEOUT_S = (5, 30)  # to connect, and between two bytes of the answer


class CallFailed(Exception):
    """A call that did not do what was asked."""


class NotBefore(CallFailed):
    """The other side's limit: call again at `at_ms`. Nothing was wrong with the call."""

    def __init__(self, at_ms: int) -> None:
        super().__init__(f"not before {at_ms}")
        self.at_ms = at_ms


class Lost(CallFailed):
    """No answer, or one of the 5xx: whether the call took effect is unknown."""


class Denied(CallFailed):
    """401, 402, 403, 423: the connection must be looked at, not the record."""


class Missing(CallFailed):
    """404: nothing is there."""


class Refused(CallFailed):
    """Any other 4xx: what was sent is at fault.

    Args:
        status: HTTP's.
        body: the answer, as the vendor wrote it.
    """

    def __init__(self, status: int, body: Mapping[str, Any]) -> None:
        super().__init__(f"{status} {words_of(body)}")
        self.status, self.body = status, body

    @property
    def words(self) -> str:
        return words_of(self.body)


DENIED = (401, 402, 403, 423)


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: Any
    links: Mapping[str, Mapping[str, str]]


def call(
    session: requests.Session, method: str, url: str, headers: Mapping[str, str], body: Any = None, **params: Any
) -> Answer:
    """Make one call; a 429 is returned like a success, as only the vendor's client can read it.

    A redirect is not followed: it would carry the token elsewhere.
    """
    data = None if body is None else orjson.dumps(body)
    sent = {"Accept": "application/json", **headers}
    if data is not None:
        sent["Content-Type"] = "application/json"
    try:
        response = session.request(
            method, url, params=params, data=data, headers=sent, timeout=TIMEOUT_S, allow_redirects=False
        )
        answer = Answer(response.status_code, response.headers, _json(response), response.links)
    except requests.RequestException as error:
        raise Lost(type(error).__name__) from error
    return _checked(answer)


def words_of(body: Any) -> str:
    """The vendor's own words for what is wrong: HubSpot's `message`, Shopify's `errors`."""
    if not isinstance(body, Mapping):
        return ""
    said = body.get("message") or body.get("errors") or body.get("error") or ""
    return said if isinstance(said, str) else orjson.dumps(said).decode()


def _checked(answer: Answer) -> Answer:
    if answer.status < 300 or answer.status == 429:
        return answer
    if answer.status >= 500 or answer.status < 400:
        raise Lost(f"HTTP {answer.status}")
    if answer.status in DENIED:
        raise Denied(f"HTTP {answer.status}: {words_of(answer.body)}")
    if answer.status == 404:
        raise Missing(words_of(answer.body))
    raise Refused(answer.status, answer.body if isinstance(answer.body, Mapping) else {})


def _json(response: requests.Response) -> Any:
    """The body; a success that is no JSON was cut on its way, an error may be a proxy's page."""
    if not response.content:
        return {}
    try:
        return orjson.loads(response.content)
    except orjson.JSONDecodeError as error:
        if response.ok:
            raise Lost("the answer is no JSON") from error
        return {}
