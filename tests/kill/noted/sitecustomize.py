"""Notes what a process of the sync core is doing, in a file that outlives `kill -9`; the process does not need it.

Python imports this module at the start of every process whose PYTHONPATH leads here. The file is a shared mapping, so
it holds at the moment of death what the process noted last, as the kernel keeps it: transactions that are open (or
waited for, while another is open), calls that began and whose answer was not read yet, and writes among these.
"""

from __future__ import annotations

import mmap
import os
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

NAMES = ("transactions", "calls", "writes")
FORM = struct.Struct(f"<{len(NAMES)}q")
READS = ("/batch/read", "/search")


class Notes:
    """Counters in a mapped file."""

    def __init__(self, path: str) -> None:
        with open(path, "r+b") as file:
            self._map = mmap.mmap(file.fileno(), FORM.size)
        self._lock = threading.Lock()

    @contextmanager
    def during(self, *names: str) -> Iterator[None]:
        self._add(names, 1)
        try:
            yield
        finally:
            self._add(names, -1)

    def _add(self, names: tuple[str, ...], by: int) -> None:
        with self._lock:
            counts = FORM.unpack_from(self._map)
            FORM.pack_into(self._map, 0, *(n + by * (name in names) for name, n in zip(NAMES, counts, strict=True)))


def note_in(path: str) -> None:
    from sync_core.shell.clients import http
    from sync_core.shell.storage import database

    notes, transaction, call = Notes(path), database.Wire.transaction, http.call

    @contextmanager
    def noted_transaction(wire: Any) -> Iterator[None]:
        with notes.during("transactions"), transaction(wire):
            yield

    def noted_call(session: Any, method: str, url: str, *rest: Any, **params: Any) -> Any:
        writes = ("writes",) if method != "GET" and not url.endswith(READS) else ()
        with notes.during("calls", *writes):
            return call(session, method, url, *rest, **params)

    database.Wire.transaction = noted_transaction  # type: ignore[method-assign]
    http.call = noted_call


if os.environ.get("NOTED_IN"):
    note_in(os.environ["NOTED_IN"])
