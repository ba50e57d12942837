"""A way in for programs that insist on the vendors' https hosts: CONNECT, TLS, and from then on only bytes.

A program that is told of the proxy (HTTPS_PROXY) and of its certificate authority believes that it speaks with
`*.myshopify.com` or `api.hubapi.com`. The proxy ends the TLS and hands the bytes to the server of the fakes, which
knows by the `Host` header that links must be https. Nothing is read or changed on the way, so a world behind a tunnel
is the same world; an answer that a fault holds back is waited for, however long.

The authority lives as long as the proxy and its private key never leaves the memory of the process: what trusts it
need fear nothing afterwards.
"""

from __future__ import annotations

import asyncio
import re
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from socket import socket

import trustme

from simulator.kernel.gate import Vendor

LARGEST_HEAD = 8 * 1024  # bytes of CONNECT and its headers
MOST_CONNECTIONS = 64  # at a time; the server behind takes 100
CHUNK = 64 * 1024  # bytes passed on at once
START_S = 10
CERTIFICATE_DAYS = 30  # none outlives its proxy, and no proxy runs for ever
CONNECT = re.compile(rb"CONNECT ([^\s:/]{1,253}):(\d{1,5}) HTTP/1\.[01]\r\n")
READ_BY_PROGRAMS = (  # where common stacks look for a file of trusted authorities
    "REQUESTS_CA_BUNDLE",  # Python's requests
    "SSL_CERT_FILE",  # OpenSSL: Python's httpx and urllib, Ruby, PHP; Go on Linux
    "CURL_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS",
)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long somebody may take, in seconds, until the tunnel stands. After that the server's own limits count."""

    head_s: float = 10
    handshake_s: float = 10


class Refused(Exception):
    """A request that gets no tunnel, and why."""

    def __init__(self, status: HTTPStatus, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


@contextmanager
def proxying(
    listener: socket,
    fakes: tuple[str, int],
    vendors: Sequence[Vendor],
    ca_file: Path,
    now: datetime,
    patience: Patience = Patience(),
) -> Iterator[str]:
    """Serve tunnels at `listener` to the fakes' host and port; yields the proxy's address.

    Args:
        ca_file: where the authority's certificate is written, for programs to trust.
        now: from when on the certificates count.
    """
    hosts = sorted(host for vendor in vendors for host in vendor.hosts)
    context = _certify(hosts, ca_file, now)
    tunnels = Tunnels(fakes, lambda host: any(vendor.owns_host(host) for vendor in vendors), context, patience)
    started: Future[Callable[[], None]] = Future()
    thread = threading.Thread(target=asyncio.run, args=(tunnels.serve(listener, started),), name="proxy", daemon=True)
    thread.start()
    end = started.result(START_S)
    try:
        yield "http://{}:{}".format(*listener.getsockname())
    finally:
        end()
        thread.join()


def variables(proxy_url: str, ca_file: Path) -> dict[str, str]:
    """What a program's environment needs to go through the proxy, as far as its stack reads the environment.

    Our authority stands alone in its file: a program that trusts nobody else and misses the proxy fails, where it
    might else reach a real vendor.
    """
    trusted = str(ca_file)
    return {
        "PROXY_URL": proxy_url,
        "CA_BUNDLE": trusted,
        "HTTPS_PROXY": proxy_url,
        "NO_PROXY": "localhost,127.0.0.1,::1",  # the fakes' own addresses, and a program's other local servers
        "NODE_USE_ENV_PROXY": "1",  # Node's fetch reads HTTPS_PROXY only when told to, and only from Node 24 on
        **dict.fromkeys(READ_BY_PROGRAMS, trusted),
    }


class Tunnels:
    """The proxy's connections.

    Args:
        fakes: host and port of the server behind.
        owns: whether a host name is a vendor's.
        context: the TLS of the vendors' hosts.
    """

    def __init__(
        self, fakes: tuple[str, int], owns: Callable[[str], bool], context: ssl.SSLContext, patience: Patience
    ) -> None:
        self._fakes, self._owns, self._context, self._patience = fakes, owns, context, patience
        self._tasks: set[asyncio.Task[None]] = set()  # held here: asyncio itself forgets a task that has begun TLS

    async def serve(self, listener: socket, started: Future[Callable[[], None]]) -> None:
        """Until `started`'s result is called; then every tunnel is cut."""
        loop, ending = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._begin, sock=listener, limit=LARGEST_HEAD)
        started.set_result(lambda: _tell(loop, ending))
        await ending.wait()
        server.close()

    def _begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._connection(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._tunnel(reader, writer)
        except Refused as refused:
            await _refuse(writer, refused)
        except (
            OSError,
            EOFError,
        ):  # the program has gone, or trusts another authority; it knows, and nobody else cares
            pass
        finally:
            writer.transport.abort()

    async def _tunnel(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._admit(await self._head(reader))
        if len(self._tasks) > MOST_CONNECTIONS:
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, f"{MOST_CONNECTIONS} tunnels at a time: close some first")
        try:
            from_fakes, to_fakes = await asyncio.open_connection(*self._fakes)
        except OSError as error:
            raise Refused(
                HTTPStatus.BAD_GATEWAY, f"the fakes do not answer ({error}): is `syncdrill up` running?"
            ) from None
        try:
            writer.write(b"HTTP/1.1 200 Connection Established\r\n\r\n")
            reader, secured = await self._secure(writer)
            await _join((reader, to_fakes), (from_fakes, secured))
        finally:
            to_fakes.transport.abort()

    async def _head(self, reader: asyncio.StreamReader) -> bytes:
        """The request line and the headers; TLS begins only after our answer."""
        try:
            async with asyncio.timeout(self._patience.head_s):
                return await reader.readuntil(b"\r\n\r\n")
        except TimeoutError:
            raise Refused(HTTPStatus.REQUEST_TIMEOUT, "the request took too long to arrive") from None
        except asyncio.LimitOverrunError:
            reason = f"a request here has at most {LARGEST_HEAD} bytes of headers"
            raise Refused(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, reason) from None

    def _admit(self, head: bytes) -> None:
        """A CONNECT to a vendor's https; anything else is Refused."""
        if not head.startswith(b"CONNECT "):
            reason = "this proxy makes tunnels for https and nothing else: set HTTPS_PROXY to it, not HTTP_PROXY"
            raise Refused(HTTPStatus.METHOD_NOT_ALLOWED, reason)
        asked = CONNECT.match(head)
        if asked is None:
            raise Refused(HTTPStatus.BAD_REQUEST, "CONNECT takes a host and a port, as in CONNECT api.hubapi.com:443")
        host, port = asked[1].decode("latin-1").lower(), int(asked[2])
        if port != 443 or not self._owns(host):
            reason = f"{host}:{port} is no address of a simulated vendor, and nothing here leaves the machine"
            raise Refused(HTTPStatus.FORBIDDEN, reason)

    async def _secure(self, writer: asyncio.StreamWriter) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """The same connection with TLS on it, as new streams: the old reader would go on steering the bare socket."""
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader()
        protocol = asyncio.StreamReaderProtocol(reader)
        transport = await loop.start_tls(
            writer.transport,
            protocol,
            self._context,
            server_side=True,
            ssl_handshake_timeout=self._patience.handshake_s,
        )
        assert transport is not None
        protocol.connection_made(transport)
        return reader, asyncio.StreamWriter(transport, protocol, reader, loop)


def _certify(hosts: Sequence[str], ca_file: Path, now: datetime) -> ssl.SSLContext:
    """A new authority, its certificate in the file, and the TLS of these hosts."""
    authority = trustme.CA(organization_name="syncdrill", path_length=0)
    leaf = authority.issue_cert(
        *hosts,
        organization_name="syncdrill",
        not_before=now - timedelta(days=1),  # a container's clock may be behind
        not_after=now + timedelta(days=CERTIFICATE_DAYS),
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["http/1.1"])  # the server behind speaks no other
    leaf.configure_cert(context)
    authority.cert_pem.write_to_path(ca_file)
    return context


def _tell(loop: asyncio.AbstractEventLoop, ending: asyncio.Event) -> None:
    loop.call_soon_threadsafe(ending.set)


async def _refuse(writer: asyncio.StreamWriter, refused: Refused) -> None:
    body = f"{refused.reason}\n".encode()
    head = (
        f"HTTP/1.1 {refused.status.value} {refused.status.phrase}\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\nAllow: CONNECT\r\nConnection: close\r\n\r\n"
    )
    writer.write(head.encode() + body)
    await _close(writer)


async def _join(*ways: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> None:
    """Pass bytes both ways until one side has no more; what it has sent still arrives."""
    passing = [asyncio.create_task(_pass_on(source, target)) for source, target in ways]
    try:
        await asyncio.wait(passing, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in passing:
            task.cancel()
        await asyncio.gather(*passing, return_exceptions=True)
    for _, target in ways:
        await _close(target)


async def _pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(OSError):  # either side may leave at any time
        while data := await source.read(CHUNK):
            target.write(data)
            await target.drain()


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
