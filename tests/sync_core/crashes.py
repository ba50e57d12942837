"""A sync core that dies at a given point of its life: right behind something that lasts.

What lasts is a commit that wrote, and a call that may have changed something at a vendor. A death anywhere else (inside
a transaction, before its commit, before a call, while something is read) leaves the same behind as the one at the point
before it, so the points are all deaths that there are. Whoever is dead reaches neither store nor wire any more,
whatever its `finally` would like to do; what was not committed is lost with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import requests
from shell_bench import Bench
from sqlalchemy import Connection, Engine, event

from simulator.kernel.wire import InProcess

READS = ("/batch/read", "/search")  # of HubSpot, by POST


class Died(BaseException):
    """The process is no more; no `except Exception` of its own saves it."""


class Mortal(Bench):
    """A bench whose core dies once and is started again at once.

    Args:
        dies_at: the point of its life at which it dies, counted from 1; 0 for never.
    """

    def __init__(self, *args: Any, dies_at: int = 0, **settings: Any) -> None:
        self.dies_at, self.alive = dies_at, True
        self.points: Counter[str] = Counter()
        self.where = ""  # it died
        self.opened: set[Connection] = set()
        self._wrote, self._written = False, 0  # whether the last commit did, and rows since the core began
        for name in ("begin", "commit"):
            event.listen(Engine, name, getattr(self, f"_{name}"))
        super().__init__(*args, **settings)

    def close(self) -> None:
        for name in ("begin", "commit"):
            event.remove(Engine, name, getattr(self, f"_{name}"))
        super().close()

    # --- living ---

    def start(self) -> None:
        try:
            super().start()
        except Died:
            self._begin_anew()
        mine = self.core.receiver
        self.hosts["127.0.0.1:5006"] = lambda environ, start_response: self._listen(mine, environ, start_response)

    def cores_wire(self) -> requests.Session:
        session = requests.Session()
        session.mount("http://", Line(self))
        return session

    def turn(self, worker: str) -> None:
        self.survive(lambda: super(Mortal, self).turn(worker))

    def survive(self, what: Callable[[], Any]) -> None:
        """Do something of the core's; if it dies of it, another one begins."""
        with suppress(Died):
            what()
        if not self.alive:
            self._begin_anew()

    def point(self, where: str) -> None:
        """One more point of its life, unless it is its last."""
        if not self.alive:
            raise Died
        self.points[where] += 1
        if self.points.total() == self.dies_at:
            self.alive, self.where = False, where
            raise Died

    # --- dying ---

    def _begin(self, connection: Connection) -> None:
        self.opened.add(connection)
        self.behind_a_commit()

    def _commit(self, connection: Connection) -> None:
        if not self.alive:
            raise Died
        written = connection.connection.dbapi_connection.total_changes
        self._wrote, self._written = written > self._written, written

    def behind_a_commit(self) -> None:
        """Before the core does anything else."""
        if self._wrote or not self.alive:
            self._wrote = False
            self.point("behind a commit")

    def _begin_anew(self) -> None:
        """What the system does for a process that is no more: its open transaction is undone, its file is free."""
        for connection in self.opened:
            connection.invalidate()
            connection.close()
        self.opened.clear()
        self.alive, self._wrote, self._written = True, False, 0
        self.start()

    def _deliver(self) -> int | None:
        due_ms = super()._deliver()
        if not self.alive:
            self._begin_anew()
        return due_ms

    def _listen(self, receiver: Any, environ: Any, start_response: Any) -> Any:
        """Whoever sends a webhook to one that dies of it finds the line dead."""
        try:
            return receiver(environ, start_response)
        except Died:
            raise requests.ConnectionError("nobody answers") from None


class Line(InProcess):
    """The core's own wire."""

    def __init__(self, bench: Mortal) -> None:
        super().__init__(bench.hosts)
        self._bench = bench

    def send(self, request: requests.PreparedRequest, **how: Any) -> requests.Response:  # type: ignore[override]
        self._bench.behind_a_commit()
        answered = super().send(request, **how)
        if request.method != "GET" and not str(request.path_url).endswith(READS):
            self._bench.point("behind a call")
        return answered
