"""What crossed the wire, in order: a bounded list to look at, and a running digest of all of it.

Two runs of one seed are the same run exactly when their digests are equal. Bodies and tokens are not kept: an entry
holds the digest of each body, so the journal can be shown to anybody.
"""

from __future__ import annotations

import hashlib
from collections import deque
from dataclasses import asdict, dataclass
from typing import Any

KEPT_ENTRIES = 10_000  # about 4 MB; older ones stay in the digest alone


@dataclass(frozen=True, slots=True)
class Entry:
    """One call.

    Args:
        seq: its place in the world's order.
        at_ms: when it was answered.
        source: the app or actor that called.
        target: the vendor or receiver that was called.
        injected: the fault that made this answer, or "" for the target's own.
        sent, got: digests of the two bodies.
    """

    seq: int
    at_ms: int
    source: str
    target: str
    method: str
    path: str
    status: int
    injected: str
    sent: str
    got: str


class Journal:
    def __init__(self, kept: int = KEPT_ENTRIES) -> None:
        self.entries: deque[Entry] = deque(maxlen=kept)
        self.count = 0
        self._digest = hashlib.blake2b(digest_size=16)

    def add(self, **what: Any) -> None:
        """Note one call; `sent` and `got` are the bodies as bytes."""
        self.count += 1
        what["sent"], what["got"] = _short(what["sent"]), _short(what["got"])
        entry = Entry(seq=self.count, **what)
        self.entries.append(entry)
        self._digest.update(repr(entry).encode())

    @property
    def digest(self) -> str:
        return self._digest.hexdigest()

    def tail(self, limit: int, after: int = 0) -> list[dict[str, Any]]:
        """The newest `limit` entries that came after the sequence number `after`, oldest first."""
        newer = [entry for entry in self.entries if entry.seq > after]
        return [asdict(entry) for entry in newer[-limit:]]


def _short(body: bytes) -> str:
    return hashlib.blake2b(body, digest_size=6).hexdigest() if body else ""
