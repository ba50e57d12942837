"""Wakes the process that works on the ledger when another one has taken a webhook in; Procrastinate carries it.

A wake-up says only that there is something: one that waits stands for all that follow it. It may be lost, as the owner
looks by itself every few seconds anyway.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from procrastinate import App, PsycopgConnector, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from sqlalchemy import make_url

log = logging.getLogger(__name__)

QUEUE = TASK = "portal"
POLLING_S = 5.0  # for a job whose notification was lost
CONNECTIONS: dict[str, Any] = {"min_size": 1, "max_size": 2}


class WakeUps:
    """What one process sends and hears.

    Args:
        url: of the ledger; Procrastinate's own tables stand beside it.
    """

    def __init__(self, url: str) -> None:
        self._url = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._sender = App(connector=SyncPsycopgConnector(conninfo=self._url, **CONNECTIONS))
        self._sender.open()
        self._listening: tuple[asyncio.AbstractEventLoop, asyncio.Task[None]] | None = None

    def send(self) -> None:
        """Wake the owner."""
        job = self._sender.configure_task(TASK, queue=QUEUE, queueing_lock=QUEUE)
        with suppress(AlreadyEnqueued, ConnectorException):  # one waits already; nobody works yet
            job.defer()

    def listen(self, woken: Callable[[], None]) -> None:
        """From now on `woken` is called, in a thread of its own, for each wake-up that is sent."""
        self.ignore()
        if not self._sender.check_connection():  # whether its tables are there
            self._sender.schema_manager.apply_schema()
        loop = asyncio.SelectorEventLoop()  # on Windows too: psycopg wants it
        task = loop.create_task(self._work(woken))
        self._listening = loop, task
        threading.Thread(target=_run, args=(loop, task), name="wake-ups", daemon=True).start()

    def ignore(self) -> None:
        """Leave the wake-ups to another process."""
        if self._listening:
            loop, task = self._listening
            with suppress(RuntimeError):  # it has ended by itself
                loop.call_soon_threadsafe(task.cancel)
        self._listening = None

    def close(self) -> None:
        self.ignore()
        self._sender.close()

    async def _work(self, woken: Callable[[], None]) -> None:
        app = App(connector=PsycopgConnector(conninfo=self._url, **CONNECTIONS))
        app.task(name=TASK, queue=QUEUE)(woken)
        async with app.open_async():
            await app.run_worker_async(
                queues=[QUEUE],
                concurrency=1,
                fetch_job_polling_interval=POLLING_S,
                delete_jobs="always",
                install_signal_handlers=False,
            )


def _run(loop: asyncio.AbstractEventLoop, task: asyncio.Task[None]) -> None:
    try:
        with suppress(asyncio.CancelledError):
            loop.run_until_complete(task)
        loop.run_until_complete(loop.shutdown_default_executor())
    except Exception:  # a bug, or the database is away: the owner looks by itself now and then
        log.exception("wake-ups are not heard any more")
    finally:
        loop.close()
