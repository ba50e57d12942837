"""The sync core on the real clock: a thread for each worker, and a server for the receiver.

Only here is time read and waited for. A worker's thread runs its step, then waits until the time that the step gave,
or until it is woken.

Processes that share a ledger on PostgreSQL take webhooks in, all of them; one works, the others stand by. To take over
is to begin anew from the ledger, as after a restart.
"""

from __future__ import annotations

import logging
import random
import secrets
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import requests
from requests.adapters import HTTPAdapter
from waitress.server import create_server

from sync_core.shell.clients.together import IN_FLIGHT, Threads
from sync_core.shell.incoming.receiver import LARGEST_BODY
from sync_core.shell.running.core import CoreSettings, SyncCore
from sync_core.shell.running.settings import NETS, Wake
from sync_core.shell.storage.database import RECEIVING, LostLease

if TYPE_CHECKING:
    from sync_core.shell.running.sharing import Sharing

log = logging.getLogger(__name__)

SERVER_THREADS = 24  # Shopify delivers many webhooks at once; those that wait for the ledger share a commit
CRASHED_MS = 1_000  # a worker whose step raised is started again, but not in a tight loop
ENDING_S = 2.0  # how long a running step may take to end


class Worker:
    """A step in a thread of its own."""

    def __init__(self, name: str, step: Callable[[int], int | None]) -> None:
        self._name, self._step = name, step
        self._condition = threading.Condition()
        self._due_ms: int | None = now_ms()
        self._ended = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self, at_ms: int) -> None:
        with self._condition:
            if self._due_ms is None or at_ms < self._due_ms:
                self._due_ms = at_ms
                self._condition.notify()

    def end(self) -> None:
        with self._condition:
            self._ended = True
            self._condition.notify()

    def join(self, timeout_s: float) -> None:
        self._thread.join(timeout_s)

    def _run(self) -> None:
        while self._wait():
            try:
                due_ms = self._step(now_ms())
            except LostLease:
                log.warning("another process has taken over: the %s ends", self._name)
                return
            except Exception:  # a bug of ours; the next step begins from the ledger, which knows no half-done work
                log.exception("the %s stumbled", self._name)
                due_ms = now_ms() + CRASHED_MS
            if due_ms is not None:
                self.wake(due_ms)

    def _wait(self) -> bool:
        """Until the step is due; False when it is over."""
        with self._condition:
            while not self._ended:
                left_ms = None if self._due_ms is None else self._due_ms - now_ms()
                if left_ms is not None and left_ms <= 0:
                    self._due_ms = None
                    return True
                self._condition.wait(None if left_ms is None else left_ms / 1000)
        return False


class Life:
    """A sync core that runs: from the taking of its ledger until the process ends, or another one has taken it.

    Args:
        epoch: of the lease where processes share the ledger; while it is RECEIVING there are no workers here.
        elsewhere: told then what there is to do.
    """

    def __init__(self, settings: CoreSettings, epoch: int | None = None, elsewhere: Wake | None = None) -> None:
        self.epoch = epoch
        self._workers: dict[str, Worker] = {}
        self._threads = Threads()
        self.core = SyncCore(
            settings,
            now=now_ms,
            rng=random.SystemRandom(),  # OAuth draws from it what nobody may guess
            shopify=_session(),
            hubspot=_session(),
            wake=elsewhere or self.wake,
            together=self._threads,
            grouped=True,
            epoch=epoch,
        )
        if epoch != RECEIVING:
            self._workers |= {name: Worker(name, step) for name, step in self.core.workers.items()}

    def start(self) -> None:
        for worker in self._workers.values():
            worker.start()

    def wake(self, name: str, at_ms: int) -> None:
        if name in self._workers:  # not yet: every worker's first step comes anyway
            self._workers[name].wake(at_ms)

    def look(self) -> None:
        """Other processes may have changed something, and their wake-up may be lost."""
        self.core.reload()
        for worker in self._workers.values():
            worker.wake(now_ms())

    def close(self) -> None:
        """End within two seconds; what a call was doing is done again from the ledger."""
        for worker in self._workers.values():
            worker.end()
        ends_at = time.monotonic() + ENDING_S
        for worker in self._workers.values():
            worker.join(max(0.0, ends_at - time.monotonic()))
        self._threads.close()
        self.core.close()


class Host:
    """A process of the sync core.

    Args:
        listener: the bound socket of the receiver.
    """

    def __init__(self, settings: CoreSettings, listener: socket.socket) -> None:
        self.url = _url(listener)
        self._runs = self._sharing(settings) if settings.ledger_url.startswith("postgresql") else Life(settings)
        self._server = create_server(
            self._receive,
            sockets=[listener],
            threads=SERVER_THREADS,
            ident="syncdrill",
            max_request_body_size=2 * LARGEST_BODY,  # the receiver refuses earlier, in its own words
        )

    def _sharing(self, settings: CoreSettings) -> Sharing:
        from sync_core.shell.running.sharing import Sharing  # with the extra `scale`

        owner = f"{socket.gethostname()} {secrets.token_hex(8)}"
        return Sharing(settings.ledger_url, owner, self.url, partial(Life, settings))

    @property
    def core(self) -> SyncCore:
        return self._runs.core

    def start(self) -> None:
        threading.Thread(target=self._serve, name="receiver", daemon=True).start()
        self._runs.start()

    def wait(self, stop: threading.Event) -> None:
        """Until somebody sets `stop`."""
        while not stop.wait(1.0):  # short enough for a signal to be noticed on Windows too
            pass

    def close(self) -> None:
        self._server.close()
        self._runs.close()

    def _receive(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        return self.core.receiver(environ, start_response)

    def _serve(self) -> None:
        try:
            self._server.run()
        except OSError:  # closed under its select, which is how it ends
            return


@contextmanager
def hosting(port: int = 0, public_url: str | None = None, **settings: Any) -> Iterator[Host]:
    """Run a sync core whose receiver listens at `port` of loopback; 0 takes a free one. OSError where it is taken.

    Args:
        public_url: where Shopify reaches the receiver, if that is another address.
        settings: those of CoreSettings but for its own addresses.
    """
    listener = _listen(port)
    try:
        own = _url(listener)
        host = Host(CoreSettings(receiver_url=public_url or own, pages_url=own, **settings), listener)
    except BaseException:
        listener.close()
        raise
    try:
        host.start()
        yield host
    finally:
        host.close()


def run(port: int, on_ready: Callable[[Host], None], public_url: str | None = None, **settings: Any) -> None:
    """Run until SIGINT or SIGTERM."""
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    with hosting(port, public_url, **{"nets": NETS, **settings}) as host:
        on_ready(host)
        host.wait(stop)


def now_ms() -> int:
    return int(time.time() * 1000)


def _session() -> requests.Session:
    """With a socket for every call that may be under way, those of the nets too."""
    session = requests.Session()
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(pool_maxsize=2 * IN_FLIGHT))
    return session


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError:
        listener.close()
        raise
    return listener


def _url(listener: socket.socket) -> str:
    return f"http://127.0.0.1:{listener.getsockname()[1]}"
