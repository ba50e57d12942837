"""Products that were found in HubSpot by their name alone, and what a person has said of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update

from sync_core.pure.matching import Verdict
from sync_core.shell.storage.database import Database
from sync_core.shell.storage.tables import WEAK_MATCH


@dataclass(frozen=True, slots=True)
class WeakMatch:
    """A Shopify product and the HubSpot product that it may be.

    Args:
        verdict: "" while nobody has said anything.
    """

    product: str
    hs_id: str
    verdict: Verdict | str = ""


class Matches:
    """The rows of `weak_match`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def of(self, products: Iterable[str]) -> dict[str, WeakMatch]:
        with self._db.transaction():
            rows = self._db.among(WEAK_MATCH, {}, "id", products)
        return {row.id: WeakMatch(row.id, row.hs_id, row.verdict) for row in rows}

    def undecided(self) -> list[WeakMatch]:
        where = (*self._db.mine(WEAK_MATCH), WEAK_MATCH.c.verdict == "")
        with self._db.transaction():
            rows = self._db.execute(select(WEAK_MATCH).where(*where).order_by(WEAK_MATCH.c.id)).all()
        return [WeakMatch(row.id, row.hs_id) for row in rows]

    def note(self, found: Iterable[WeakMatch]) -> None:
        rows = [self._db.owned(id=one.product, hs_id=one.hs_id, verdict=one.verdict) for one in found]
        with self._db.transaction():
            self._db.upsert(WEAK_MATCH, rows)

    def decide(self, product: str, verdict: Verdict) -> bool:
        """Keep a person's word; False where there is no such match."""
        where = (*self._db.mine(WEAK_MATCH), WEAK_MATCH.c.id == product)
        with self._db.transaction():
            done: Any = self._db.execute(update(WEAK_MATCH).where(*where).values(verdict=verdict))
            return bool(done.rowcount)

    def drop(self) -> None:
        """Forget all of them (B15)."""
        with self._db.transaction():
            self._db.execute(delete(WEAK_MATCH).where(*self._db.mine(WEAK_MATCH)))
