"""What two sides disagreed on: which records are to be compared, and every value that lost (I4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, select

from sync_core.pure.model import Ref
from sync_core.pure.two_way import Conflict
from sync_core.shell.storage.database import Database, by_kind
from sync_core.shell.storage.sources import Key
from sync_core.shell.storage.tables import AUDIT, EXPECTED


class Audit:
    """The rows of `expected` and `audit`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def expect(self, keys: Iterable[Key], now_ms: int) -> None:
        """Somebody else changed the HubSpot records of these: compare them at the next decision."""
        rows = [self._db.owned(kind=kind, id=id_, at_ms=now_ms) for kind, id_ in sorted(set(keys))]
        with self._db.transaction():
            self._db.upsert(EXPECTED, rows)

    def expected(self, keys: Iterable[Key]) -> set[Key]:
        found: set[Key] = set()
        with self._db.transaction():
            for kind, ids in by_kind(keys):
                found |= {(kind, row.id) for row in self._db.among(EXPECTED, {"kind": kind}, "id", ids)}
        return found

    def settle(self, key: Key) -> None:
        """It has been compared."""
        with self._db.transaction():
            self._db.execute(self._db.prepared(self._settle), {"the_kind": key[0], "the_id": key[1]})

    def note(self, ref: Ref, conflicts: Sequence[Conflict], winner: str, now_ms: int) -> None:
        """Keep the values that lost."""
        rows = [
            self._db.owned(
                object_type=ref.object_type,
                key=ref.key,
                property=one.name,
                at=f"{now_ms:015d}",
                kept=one.kept,
                lost=one.lost,
                winner=winner,
            )
            for one in conflicts
        ]
        with self._db.transaction():
            self._db.upsert(AUDIT, rows)

    def of(self, ref: Ref) -> list[dict[str, Any]]:
        """The values that lost on a record, the oldest first."""
        where = (*self._db.mine(AUDIT), AUDIT.c.object_type == ref.object_type, AUDIT.c.key == ref.key)
        with self._db.transaction():
            rows = self._db.execute(select(AUDIT).where(*where).order_by(AUDIT.c.at, AUDIT.c.property)).all()
        return [
            {"property": row.property, "kept": row.kept, "lost": row.lost, "winner": row.winner, "at_ms": int(row.at)}
            for row in rows
        ]

    def forget(self, refs: Iterable[Ref]) -> None:
        """Nothing is kept of what these records held (I10)."""
        rows = [{"the_type": ref.object_type, "the_key": ref.key} for ref in sorted(set(refs))]
        with self._db.transaction():
            self._db.execute(self._db.prepared(self._forget), rows)

    def _forget(self) -> Any:
        mine, alike = (
            self._db.mine(AUDIT),
            (AUDIT.c.object_type == bindparam("the_type"), AUDIT.c.key == bindparam("the_key")),
        )
        return delete(AUDIT).where(*mine, *alike)

    def _settle(self) -> Any:
        mine = self._db.mine(EXPECTED)
        return delete(EXPECTED).where(
            *mine, EXPECTED.c.kind == bindparam("the_kind"), EXPECTED.c.id == bindparam("the_id")
        )
