"""What a client's flows share: each flow is a function; it is run, its calls are counted, a line of JSON tells of it.

Only the standard library is used here, because this runs in the environment of a foreign program.
"""

from __future__ import annotations

import json
import os
import re
import ssl
import threading
import traceback
import urllib.parse
import urllib.request
from collections.abc import Callable
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

MARK = "::flow "  # at the beginning of such a line
NOT_SIMULATED = "not simulated"  # as the fakes name what they lack; such a flow is skipped and says so
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # the control plane is not behind the proxy


class NotSimulated(Exception):
    """The fakes lack what the flow needs."""


flows: list[tuple[Callable[[], None], bool]] = []


def flow(run: Callable[[], None]) -> Callable[[], None]:
    """A flow of the program; its name is its sentence. Time passes before, so no limit that was met before is left."""
    flows.append((run, True))
    return run


def flow_by_the_wall(run: Callable[[], None]) -> Callable[[], None]:
    """Such flows come first: the program compares times that it is told with its own clock."""
    flows.append((run, False))
    return run


def run_all() -> None:
    """Run every flow in its order."""
    for run, later in flows:
        if later:
            passes(60)
        before = told_so_far()
        result, why = attempt(run)
        told = {"flow": run.__name__.replace("_", " "), "result": result, "calls": calls(before), "why": why}
        print(MARK + json.dumps(told), flush=True)


def attempt(run: Callable[[], None]) -> tuple[str, str]:
    try:
        run()
    except NotSimulated as lacking:
        return "skipped", f"{NOT_SIMULATED}: {lacking}"
    except Exception as error:  # whatever a foreign program raises is the flow's result
        told = f"{type(error).__name__}: {error} {getattr(error, 'body', '')}"
        if NOT_SIMULATED in told:
            return "skipped", told
        return "failed", "".join(traceback.format_exception(error, limit=-4, chain=False))
    return "passed", ""


def control(method: str, path: str, body: object = None) -> dict:
    """The control plane of the world; `path` is below it."""
    sent = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{os.environ['WORLD_URL']}/{path}", sent, method=method)
    with DIRECT.open(request, timeout=60) as answer:
        return json.loads(answer.read())


def shop(method: str, path: str, body: object = None) -> dict:
    """The shopper's and merchant's side of the shop."""
    return control(method, f"shopify/{os.environ['SHOP']}/{path}", body)


def portal(method: str, path: str, body: object = None) -> dict:
    """The portal's settings."""
    return control(method, f"hubspot/{os.environ['PORTAL']}/{path}", body)


def installs(page: str, **chosen: str) -> str:
    """Somebody in front of a browser: opens the page that the app leads to, presses its button, and is led back.

    Args:
        chosen: what is chosen in the page's form.

    Returns the address in the app where that ends.
    """
    context = ssl.create_default_context(cafile=os.environ["CA_BUNDLE"])
    browser = urllib.request.build_opener(urllib.request.HTTPSHandler(context=context), Stays)
    with browser.open(page, timeout=60) as asked:
        (token,) = re.findall(r'name="token" value="(\w+)"', asked.read().decode())
        cookie, address = asked.headers["Set-Cookie"].split(";")[0], asked.url
    press = urllib.request.Request(
        address, urllib.parse.urlencode({"token": token} | chosen).encode(), {"Cookie": cookie}
    )
    with browser.open(press, timeout=60) as led_back:
        return led_back.headers["Location"]


class Stays(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: the app is no server here."""

    def http_error_302(self, request: object, answer: object, *_: object) -> object:
        return answer


def passes(seconds: float) -> None:
    control("POST", "clock", {"advance_ms": int(seconds * 1000)})


def told_so_far() -> int:
    """How many entries the world's journal has had."""
    return control("GET", "journal?limit=1")["count"]


def calls(after: int) -> int:
    """How many calls of apps the fakes have answered since, at most a thousand; what they send is not counted."""
    entries = control("GET", f"journal?limit=1000&after={after}")["entries"]
    return sum(entry["source"] not in ("shopify", "hubspot") for entry in entries)


@contextmanager
def receiver():
    """A place for webhooks: its address, and what has arrived there as (path, headers, body)."""
    arrived = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            arrived.append((self.path, self.headers, body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", arrived
    finally:
        server.shutdown()
        server.server_close()


def equal(want: object, have: object) -> None:
    if want != have:
        raise AssertionError(f"expected {want!r}, got {have!r}")


def refused(call: Callable[[], object], *words: str) -> Exception:
    """The call must fail, and its error hold these words."""
    try:
        call()
    except Exception as error:  # as above
        told = f"{error} {getattr(error, 'body', '')} {getattr(error, 'status', '')}"
        missing = [word for word in words if word not in told]
        if missing:
            raise AssertionError(f"{missing} is not in: {told}") from error
        return error
    raise AssertionError("this had to be refused")
