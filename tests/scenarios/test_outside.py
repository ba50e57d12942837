"""Receivers outside, on real sockets: dripping, silent, late and good ones, and what each costs the others."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
import requests

from scenarios.outside import LARGEST_ANSWER, exchange
from scenarios.verbs import Drill
from scenarios.world import WorldSpec
from scenarios.worlds import Registry

pytestmark = pytest.mark.http
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
SOON_S = 0.3  # the deadline of a single exchange here
SLACK_S = 2.5  # of a busy machine; half of what a bad receiver is waited for


@dataclass
class Receiver:
    """Listens, reads each request whole and has `answer` deal with the connection."""

    answer: Callable[[socket.socket, threading.Event], None]
    got_at_s: list[float] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}/hook"

    def close(self) -> None:
        self.over.set()
        self.listener.close()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            head = b""
            while b"\r\n\r\n" not in head:
                head += connection.recv(65_536)
            length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
            missing = length - len(head.partition(b"\r\n\r\n")[2])
            while missing > 0:
                missing -= len(connection.recv(65_536))
            self.got_at_s.append(time.monotonic())
            self.answer(connection, self.over)


def dripping(text: bytes, every_s: float = 0.02) -> Callable[[socket.socket, threading.Event], None]:
    """One byte now and then: no wait between two bytes is ever long."""

    def answer(connection: socket.socket, over: threading.Event) -> None:
        for place in range(len(text)):
            if over.wait(every_s):
                return
            connection.sendall(text[place : place + 1])

    return answer


def at_once(text: bytes) -> Callable[[socket.socket, threading.Event], None]:
    return lambda connection, _: connection.sendall(text)


def late(after_s: float) -> Callable[[socket.socket, threading.Event], None]:
    def answer(connection: socket.socket, over: threading.Event) -> None:
        if not over.wait(after_s):
            connection.sendall(OK)

    return answer


@pytest.fixture
def receiver() -> Iterator[Callable[..., Receiver]]:
    made: list[Receiver] = []

    def make(answer: Callable[[socket.socket, threading.Event], None]) -> Receiver:
        made.append(Receiver(answer))
        return made[-1]

    yield make
    for one in made:
        one.close()


def post(url: str, total_s: float = SOON_S) -> int:
    prepared = requests.Request("POST", url, data=b"{}").prepare()
    return exchange(prepared, total_s, total_s, time.monotonic).status


# --- one exchange ---


@pytest.mark.parametrize("name", ["head", "body", "silence"])
def test_a_deadline_holds_for_all_of_an_exchange(receiver, name):
    slow = {
        "head": dripping(b"HTTP/1.1 200 OK\r\n" + b"X-Long: y\r\n" * 1_000),
        "body": lambda connection, over: (
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"),
            dripping(b"x" * 1_000)(connection, over),
        ),
        "silence": late(60),
    }[name]
    began_s = time.monotonic()
    with pytest.raises(requests.Timeout):
        post(receiver(slow).url)

    assert SOON_S <= time.monotonic() - began_s < SOON_S + SLACK_S


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (OK, 200),
        (b"HTTP/1.1 204 No Content\r\n\r\n", 204),
        (b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n", 302),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", 200),
        (b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (3 * LARGEST_ANSWER) + b"x" * 2 * LARGEST_ANSWER, 200),
        (b"HTTP/1.0 500 Oops\r\n\r\nall is lost", 500),
    ],
)
def test_an_answer_is_its_status_however_it_is_written(receiver, text, status):
    assert post(receiver(at_once(text)).url, total_s=5) == status


@pytest.mark.parametrize("text", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"])
def test_an_answer_that_is_none_is_no_connection(receiver, text):
    with pytest.raises(requests.ConnectionError):
        post(receiver(at_once(text)).url, total_s=5)


# --- a world with receivers good and bad ---


@pytest.fixture
def served() -> Iterator[Registry]:
    made = Registry(time.monotonic)
    yield made
    made.close()


def test_bad_receivers_do_not_delay_the_good_one(served, receiver):
    """Twelve webhooks to each of four receivers: one silent, one that answers after 6 s, one that drips, one good."""
    good = receiver(at_once(OK))
    bad = [receiver(late(60)), receiver(late(6)), receiver(dripping(OK, every_s=0.5))]
    world = served.open(WorldSpec(sync=False, calm=True))
    drill = Drill(served.session(), served.fakes_url, world.describe())
    token = {"X-Shopify-Access-Token": drill.world["apps"]["dev"]["shopify_token"]}
    for one in (*bad, good):
        wanted = {"webhook": {"topic": "customers/create", "address": one.url}}
        drill.vendor("POST", "/admin/api/2026-07/webhooks.json", token, wanted)
    asked_s = []
    for number in range(12):
        asked_s.append(time.monotonic())
        drill.shop.customer(email=f"buyer{number}@example.com")
    while len(good.got_at_s) < 12 and time.monotonic() < asked_s[-1] + 4:
        time.sleep(0.01)

    delays_s = [got - asked for asked, got in zip(asked_s, sorted(good.got_at_s), strict=True)]
    print(f"the good receiver's delay: {max(delays_s) * 1000:.0f} ms at most")
    assert max(delays_s) < SLACK_S
    assert [0 < len(one.got_at_s) <= 12 for one in bad] == [True] * 3
