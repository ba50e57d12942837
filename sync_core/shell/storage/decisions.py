"""The log of decisions: what was done on which record, when and why, of the last days.

It is written in the transaction that settles a record, so it says neither more nor less than what was done. Where
nothing was to be done and nothing was found out, nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import delete, select

from sync_core.pure.decisions import Change
from sync_core.pure.model import Kind
from sync_core.shell.storage.database import Database, by_kind
from sync_core.shell.storage.sources import Key
from sync_core.shell.storage.tables import DECISION

KEPT_MS = 14 * 86_400_000
MOST = 50_000  # rows of a shop


@dataclass(frozen=True, slots=True)
class Entry:
    """One decision.

    Args:
        gen, attempts: of the claim; with the time they tell decisions of one moment apart.
        version: `updated_at` of the Shopify record that it was made on.
        took_ms: from that to the end of the last call; -1 where Shopify gives no time.
    """

    kind: Kind
    id: str
    at_ms: int
    gen: int
    attempts: int
    version: str
    status: str
    reason: str
    words: str
    took_ms: int
    changes: Sequence[Change] = field(default_factory=tuple)


class Decisions:
    """The rows of `decision`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def note(self, entries: Iterable[Entry]) -> None:
        rows = [
            self._db.owned(
                kind=one.kind,
                id=one.id,
                at=f"{one.at_ms:015d}-{one.gen:09d}-{one.attempts:05d}",
                at_ms=one.at_ms,
                version=one.version,
                status=one.status,
                reason=one.reason,
                words=one.words,
                took_ms=one.took_ms,
                changes=orjson.dumps(list(one.changes)),
            )
            for one in sorted(entries, key=lambda one: (one.kind, one.id))
        ]
        with self._db.transaction():
            self._db.upsert(DECISION, rows)

    def of(self, key: Key, most: int) -> list[dict[str, Any]]:
        """The last decisions on a record, the oldest first."""
        where = (*self._db.mine(DECISION), DECISION.c.kind == key[0], DECISION.c.id == key[1])
        with self._db.transaction():
            rows = self._db.execute(select(DECISION).where(*where).order_by(DECISION.c.at.desc()).limit(most)).all()
        names = ("at_ms", "version", "status", "reason", "words", "took_ms")
        return [
            {name: getattr(row, name) for name in names} | {"changes": orjson.loads(row.changes)}
            for row in reversed(rows)
        ]

    def forget(self, keys: Iterable[Key]) -> None:
        """Nothing is kept of what these records held (I10)."""
        with self._db.transaction():
            for kind, ids in by_kind(keys):
                one_of = (DECISION.c.kind == kind, DECISION.c.id.in_(ids))
                self._db.execute(delete(DECISION).where(*self._db.mine(DECISION), *one_of))

    def tidy(self, now_ms: int) -> None:
        """Let go of what is old, and of the oldest where there is too much."""
        mine = self._db.mine(DECISION)
        with self._db.transaction():
            newest_first = select(DECISION.c.at_ms).where(*mine).order_by(DECISION.c.at_ms.desc())
            over_ms = self._db.execute(newest_first.offset(MOST).limit(1)).scalar() or 0
            until_ms = max(over_ms + 1 if over_ms else 0, now_ms - KEPT_MS)
            self._db.execute(delete(DECISION).where(*mine, DECISION.c.at_ms < until_ms))
