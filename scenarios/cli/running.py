"""A running `syncdrill up`, as the other commands speak to it: through its control plane, without requests."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import quote, urlsplit

import click

from scenarios.cli.exits import BROKEN, UNREACHABLE, USAGE, Problem

DEFAULT_PORT = 5005
LONGEST_WAIT_S = 300  # a large import or seed is one request


class Refused(Problem):
    """An answer that says no; `status` is HTTP's, `reason` in the words of whoever answered."""

    def __init__(self, url: str, status: int, reason: str) -> None:
        super().__init__(f"{url} refuses: {reason}", USAGE if status < 500 else BROKEN)
        self.status, self.reason = status, reason


def which_world(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options `--url` and `--world` of a command that needs a running `up`."""
    world = click.option("--world", default="main", show_default=True, help="The world's name.")
    url = click.option(
        "--url",
        default=f"http://127.0.0.1:{DEFAULT_PORT}",
        show_default=True,
        help="Where `syncdrill up` listens.",
    )
    return url(world(command))


def world_at(url: str, name: str) -> dict[str, Any]:
    """What the running `up` says of a world."""
    told: dict[str, Any] = call(url, "GET", f"/_sim/worlds/{quote(name, safe='')}")
    return told


def shop_path(world: Mapping[str, Any], rest: str) -> str:
    """The control plane's path to something of the world's shop."""
    return f"/_sim/worlds/{quote(world['name'])}/shopify/{quote(world['shop'])}/{rest}"


def call(
    url: str, method: str, path: str, body: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
) -> Any:
    """One request; the answer's JSON. Whatever goes wrong is a Problem that says what to do."""
    status, text = _exchange(url, method, path, body, headers or {})
    try:
        answer = json.loads(text)
    except ValueError:
        raise Problem(f"what answers at {url} is not syncdrill: look at --url", UNREACHABLE) from None
    if status >= 400:
        reason = answer.get("error", text) if isinstance(answer, dict) else text
        raise Refused(url, status, reason)
    return answer


def _exchange(
    url: str, method: str, path: str, body: Mapping[str, Any] | None, headers: Mapping[str, str]
) -> tuple[int, str]:
    host, port, above = _parts(url)
    sent = None if body is None else json.dumps(body).encode()
    try:
        with closing(HTTPConnection(host, port, timeout=LONGEST_WAIT_S)) as connection:
            connection.request(method, above + path, sent, {"Content-Type": "application/json", **headers})
            response = connection.getresponse()
            return response.status, response.read().decode(errors="replace")
    except (OSError, HTTPException, ValueError) as error:
        raise Problem(
            f"nothing answers at {url} ({error}): start it with `syncdrill up`, or say where it is with --url",
            UNREACHABLE,
        ) from None


def _parts(url: str) -> tuple[str, int | None, str]:
    """Host, port and path of an address."""
    try:
        parts = urlsplit(url)
        if parts.scheme == "http" and parts.hostname:
            return parts.hostname, parts.port, parts.path.rstrip("/")
    except ValueError:  # a port that is no number
        pass
    raise Problem(f"{url!r} is no address of a running syncdrill: it looks like http://127.0.0.1:5005", USAGE)
