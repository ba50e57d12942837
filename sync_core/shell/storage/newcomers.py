"""Contacts and products that only HubSpot has, on their way to Shopify (I4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, func, select

from sync_core.pure.model import ObjectType
from sync_core.shell.storage.database import Database
from sync_core.shell.storage.tables import NEWCOMER

FEW = 20  # a step; each is a call of its own
MOST_TOLD = 20


@dataclass(frozen=True, slots=True)
class Newcomer:
    """One HubSpot record.

    Args:
        state: "due"; "sent", whose answer is not known; "refused" in these words.
        sent_at_ms: when it was last tried.
    """

    object_type: ObjectType
    hs_id: str
    state: str = "due"
    words: str = ""
    sent_at_ms: int = 0
    not_before_ms: int = 0


class Newcomers:
    """The rows of `newcomer`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def note(self, object_type: ObjectType, changed_ms: Mapping[str, int]) -> None:
        """Records that somebody made or changed, with the time. A call that is in doubt is left to be looked up."""
        with self._db.transaction():
            rows = self._db.among(NEWCOMER, {"object_type": object_type}, "hs_id", changed_ms)
            known = {row.hs_id for row in rows if row.state == "sent" or row.sent_at_ms >= changed_ms[row.hs_id]}
            new = sorted(changed_ms.keys() - known)
            self._db.upsert(NEWCOMER, [self._row(Newcomer(object_type, id_)) for id_ in new])

    def save(self, one: Newcomer) -> None:
        with self._db.transaction():
            self._db.upsert(NEWCOMER, [self._row(one)])

    def drop(self, object_type: ObjectType, hs_id: str) -> None:
        own = (NEWCOMER.c.object_type == object_type, NEWCOMER.c.hs_id == hs_id)
        with self._db.transaction():
            self._db.execute(delete(NEWCOMER).where(*self._db.mine(NEWCOMER), *own))

    def due(self, now_ms: int) -> list[Newcomer]:
        """The next ones of one object."""
        with self._db.transaction():
            rows = self._db.execute(self._db.prepared(self._due), {"now": now_ms}).all()
        return [_newcomer(row) for row in rows if row.object_type == rows[0].object_type]

    def next_due(self) -> int | None:
        with self._db.transaction():
            at_ms: int | None = self._db.execute(self._db.prepared(self._first)).scalar()
        return at_ms

    def in_doubt(self, object_type: ObjectType) -> set[str]:
        same = {"object_type": object_type}
        with self._db.transaction():
            return {row.hs_id for row in self._db.among(NEWCOMER, same, "state", ["sent"])}

    def told(self, object_type: ObjectType) -> dict[str, Any]:
        """How many wait, and what Shopify says of those that it refuses."""
        with self._db.transaction():
            rows = self._db.among(NEWCOMER, {"object_type": object_type}, "state", ["due", "sent", "refused"])
        refused = {row.hs_id: row.words for row in rows if row.state == "refused"}
        return {
            "waiting": len(rows) - len(refused),
            "refused": len(refused),
            "words": dict(sorted(refused.items())[:MOST_TOLD]),
        }

    def _row(self, one: Newcomer) -> dict[str, Any]:
        names = ("object_type", "hs_id", "state", "words", "sent_at_ms", "not_before_ms")
        return self._db.owned(**{name: getattr(one, name) for name in names})

    def _due(self) -> Any:
        where = (*self._db.mine(NEWCOMER), NEWCOMER.c.not_before_ms <= bindparam("now"))
        return select(NEWCOMER).where(*where).order_by(NEWCOMER.c.object_type, NEWCOMER.c.hs_id).limit(FEW)

    def _first(self) -> Any:
        return select(func.min(NEWCOMER.c.not_before_ms)).where(*self._db.mine(NEWCOMER))


def _newcomer(row: Any) -> Newcomer:
    return Newcomer(row.object_type, row.hs_id, row.state, row.words, row.sent_at_ms, row.not_before_ms)
