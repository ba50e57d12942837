"""One HTTP exchange with the world outside that is over in time, whatever the other side does.

The time limits of `requests` begin anew with each byte that arrives, so a server that drips one now and then is waited
for without end. Here a deadline holds for all of it: connecting, sending, the head of the answer and its body.
"""

from __future__ import annotations

import io
import socket
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection, IncompleteRead
from urllib.parse import urlsplit

import requests
import urllib3

LARGEST_ANSWER = 64 * 1024  # more of an answer's body is not read: its status has said what there is to know

OF_THE_TRANSFER = (
    "content-length",
    "content-encoding",
    "transfer-encoding",
)  # they say nothing of a body that was read


def exchange(
    request: requests.PreparedRequest, connect_s: float, total_s: float, seconds: Callable[[], float]
) -> urllib3.HTTPResponse:
    """Send a request and read the answer; no redirect is followed. Raises what `requests` raises.

    Args:
        seconds: the clock of the world outside.
    """
    until = _Deadline(seconds, seconds() + total_s)
    url = urlsplit(request.url or "")
    kind = HTTPSConnection if url.scheme == "https" else HTTPConnection
    connection = kind(url.hostname or "", url.port, timeout=min(connect_s, total_s))
    try:
        return _exchanged(connection, request, until)
    except TimeoutError as error:
        raise requests.Timeout(f"{url.netloc} did not answer in time", request=request) from error
    except (OSError, HTTPException) as error:
        raise requests.ConnectionError(f"{url.netloc}: {error or type(error).__name__}", request=request) from error
    finally:
        connection.close()


def _exchanged(connection: HTTPConnection, request: requests.PreparedRequest, until: _Deadline) -> urllib3.HTTPResponse:
    connection.connect()
    connected: socket.socket = connection.sock
    connected.settimeout(until.left())  # sending as a whole may take that long
    connection.request(request.method or "", request.path_url, request.body, dict(request.headers))
    answer = HTTPResponse(_Hurried(connected, until), method=request.method)  # type: ignore[arg-type]
    try:
        answer.begin()
        body = answer.read(LARGEST_ANSWER)
        if answer.length and len(body) < LARGEST_ANSWER:
            raise IncompleteRead(body, answer.length)
    finally:
        answer.close()
    return urllib3.HTTPResponse(
        body=io.BytesIO(body),
        headers=[(name, value) for name, value in answer.getheaders() if name.lower() not in OF_THE_TRANSFER],
        status=answer.status,
        reason=answer.reason,
        preload_content=False,
    )


@dataclass(frozen=True, slots=True)
class _Deadline:
    seconds: Callable[[], float]
    at_s: float

    def left(self) -> float:
        left = self.at_s - self.seconds()
        if left <= 0:
            raise TimeoutError
        return left


class _Hurried(io.RawIOBase):
    """What comes in on a socket until the deadline; as much of a socket as http.client needs."""

    def __init__(self, connected: socket.socket, until: _Deadline) -> None:
        super().__init__()
        self._socket, self._until = connected, until

    def makefile(self, mode: str) -> io.BufferedReader:  # noqa: ARG002  http.client asks for "rb"
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._socket.settimeout(self._until.left())
        return self._socket.recv_into(buffer)
