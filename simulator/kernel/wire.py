"""HTTP without sockets: a `requests` transport that calls WSGI applications in this process.

Hosts are looked up by "host:port". An application that announces a longer body than it sends has cut the connection,
as a server that dies in the middle of an answer does; the caller sees requests' ConnectionError.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class InProcess(HTTPAdapter):
    """A transport for `session.mount("http://", InProcess({"127.0.0.1:5005": gate}))`."""

    def __init__(self, hosts: Mapping[str, WsgiApp]) -> None:
        super().__init__()
        self.hosts = hosts

    def send(self, request: requests.PreparedRequest, **_: Any) -> requests.Response:  # type: ignore[override]
        host = urlsplit(request.url or "").netloc
        if host not in self.hosts:
            raise requests.ConnectionError(
                f"nobody listens at {host}: this session never leaves the process", request=request
            )
        return self.build_response(request, answer(self.hosts[host], request))


def answer(app: WsgiApp, request: requests.PreparedRequest) -> HTTPResponse:
    """Call `app` with a prepared request."""
    status_and_headers: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:  # noqa: ARG001
        status_and_headers[:] = [status, headers]

    chunks = app(environ_of(request), start_response)
    try:
        body = b"".join(chunks)
    finally:
        if hasattr(chunks, "close"):
            chunks.close()
    status, headers = status_and_headers
    promised = {name.lower(): value for name, value in headers}.get("content-length")
    if promised is not None and request.method != "HEAD" and int(promised) > len(body):
        raise requests.ConnectionError("the connection was cut before the answer arrived", request=request)
    return HTTPResponse(
        body=io.BytesIO(body), headers=headers, status=int(status[:3]), reason=status[4:], preload_content=False
    )


def environ_of(request: requests.PreparedRequest) -> dict[str, Any]:
    """The WSGI environment of a prepared request."""
    url = urlsplit(request.url or "")
    body = request.body.encode() if isinstance(request.body, str) else request.body or b""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(url.path or "/").decode("latin-1"),
        "QUERY_STRING": url.query,
        "SERVER_NAME": url.hostname or "",
        "SERVER_PORT": str(url.port or 80),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": url.netloc,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": url.scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in request.headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
    environ.setdefault("CONTENT_LENGTH", str(len(body)))
    return environ
