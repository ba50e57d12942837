"""One HTTP call: bounded in time, never repeated here; it gives an answer, or an error that says what it means.

A worker catches the error and returns when it next wants to run; nothing waits inside a call.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
import requests

from sync_core.pure.retry import NO_ANSWER, Outcome, classify

TIMEOUT_S = (5, 30)  # to connect, and between two bytes of the answer
PARTIAL = 206  # a part of a file, as it was asked for
ERRORS_FROM = 400
CHUNK = 65_536  # bytes read at once


class NotBefore(Exception):
    """The other side's limit: call again at `at_ms`. Nothing was wrong with the call."""

    def __init__(self, at_ms: int) -> None:
        super().__init__(f"not before {at_ms}")
        self.at_ms = at_ms


class CallFailed(Exception):
    """A call that did not do what was asked, and what that means; `status` is 0 where there was no answer."""

    def __init__(self, outcome: Outcome, status: int = 0) -> None:
        super().__init__(type(outcome).__name__)
        self.outcome, self.status = outcome, status


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: Any
    links: Mapping[str, Mapping[str, str]]


def call(
    session: requests.Session, method: str, url: str, headers: Mapping[str, str], body: Any = None, **params: Any
) -> Answer:
    """Make one call. A redirect is not followed: it would carry the token elsewhere."""
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
        raise CallFailed(classify(NO_ANSWER)) from error
    if answer.status >= 300:
        raise CallFailed(classify(answer.status, answer.body, answer.headers.get("Retry-After")), answer.status)
    return answer


def download(session: requests.Session, url: str, start: int, size: int) -> bytes:
    """Up to `size` bytes of a file, from byte `start`. Its signed address opens it by itself: no token goes along."""
    try:
        headers = {"Range": f"bytes={start}-{start + size - 1}", "Accept-Encoding": "identity"}
        with session.get(url, headers=headers, timeout=TIMEOUT_S, allow_redirects=False, stream=True) as response:
            if response.status_code != PARTIAL:
                raise CallFailed(classify(max(response.status_code, ERRORS_FROM)), response.status_code)
            return b"".join(_first(response, size))
    except requests.RequestException as error:
        raise CallFailed(classify(NO_ANSWER)) from error


def _first(response: requests.Response, size: int) -> Iterator[bytes]:
    """No more than was asked for, whatever comes."""
    for part in response.iter_content(min(size, CHUNK)):
        yield part[:size]
        size -= len(part)
        if size <= 0:
            return


def _json(response: requests.Response) -> Any:
    """The body; a success that is no JSON was cut on its way, an error may be a proxy's page."""
    if not response.content:
        return {}
    try:
        return orjson.loads(response.content)
    except orjson.JSONDecodeError as error:
        if response.ok:
            raise CallFailed(classify(NO_ANSWER)) from error
        return None
