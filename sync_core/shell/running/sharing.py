"""Several processes on one ledger: all take webhooks in, one works, the others stand by for its place.

To take over is to begin anew from the ledger, as after a restart; so is to stand back.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from sqlalchemy.exc import DatabaseError

from sync_core.shell.running.core import SyncCore
from sync_core.shell.running.settings import Wake
from sync_core.shell.running.wakeups import WakeUps
from sync_core.shell.storage.database import RECEIVING
from sync_core.shell.storage.lease import Lease

log = logging.getLogger(__name__)

TICK_S = 2.0  # how often the lease is kept or asked for, and work looked for whose wake-up was lost


class Life(Protocol):
    """A sync core that runs for as long as this process has the lease, or has it not."""

    core: SyncCore
    epoch: int | None

    def start(self) -> None: ...

    def look(self) -> None: ...

    def close(self) -> None: ...


class Sharing:
    """This process among the others.

    Args:
        url: of the ledger.
        owner: a name that no other process has.
        begin: makes a life with this epoch; while that is RECEIVING it tells another process what there is to do.
    """

    def __init__(self, url: str, owner: str, address: str, begin: Callable[[int, Wake | None], Life]) -> None:
        self._begin, self._ended = begin, threading.Event()
        self._life = begin(RECEIVING, self._send)  # which also makes the tables where there are none
        self._lease, self._wakeups = Lease(url, owner, address), WakeUps(url)
        self._thread = threading.Thread(target=self._run, name="lease", daemon=True)

    @property
    def core(self) -> SyncCore:
        return self._life.core

    def start(self) -> None:
        self._life.start()
        self._look()
        self._thread.start()

    def close(self) -> None:
        self._ended.set()
        self._thread.join(TICK_S)
        self._life.close()
        with suppress(DatabaseError):  # it ends by itself then
            self._lease.release()
        self._wakeups.close()

    def _run(self) -> None:
        while not self._ended.wait(TICK_S):
            try:
                self._look()
            except DatabaseError as error:  # whoever reaches it may take the lease; ours ends by itself
                log.warning("the ledger's database does not answer: %s", error.orig)
            except Exception:  # a bug of ours; the next look begins anew
                log.exception("the lease was not looked after")

    def _look(self) -> None:
        epoch = self._lease.hold()
        if epoch == self._life.epoch:
            self._life.look()
            return
        former, self._life = self._life, self._begin(epoch, None if epoch else self._send)
        log.warning("this process works now" if epoch else "another process works now: this one stands by")
        self._life.start()
        if epoch:
            self._wakeups.listen(self._life.look)
        else:
            self._wakeups.ignore()
        former.close()

    def _send(self, _worker: str, _at_ms: int) -> None:
        self._wakeups.send()
