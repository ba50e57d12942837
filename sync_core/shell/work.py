"""What may be stale: keys, never changes, so a thousand changes of a record are one row.

A mark counts the row's generation up. A worker claims due keys for a while, and closes only the generation that it
claimed: a change that came meanwhile stays due.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, bindparam, case, delete, func, or_, select, update

from sync_core.pure.model import Kind
from sync_core.shell.database import Database, by_kind
from sync_core.shell.sources import Key
from sync_core.shell.tables import DIRTY

LIVE, BACKFILL = 0, 1

# When a mark wants to be done: the promise of 10 minutes (B10), a day for what was there before. Products and customers
# get half of it, so that they come before the orders that name them.
WITHIN_MS = {LIVE: 600_000, BACKFILL: 24 * 3_600_000}
FIRST: tuple[Kind, ...] = ("product", "customer")

URGENT = (DIRTY.c.deadline_ms, DIRTY.c.kind, DIRTY.c.id)  # what comes first within a lane
CLAIMED = ("kind", "id", "gen")  # by which a claim finds its row, if it was not marked again meanwhile

LEASE_MS = 5 * 60_000  # longer than the calls of one batch can take, each with its timeout


@dataclass(frozen=True, slots=True)
class Claim:
    """A dirty key that is ours until its lease ends."""

    kind: Kind
    id: str
    gen: int
    attempts: int
    lane: int

    @property
    def key(self) -> Key:
        return self.kind, self.id


@dataclass(frozen=True, slots=True)
class Later:
    """When a claimed key is due again.

    Args:
        rule: nothing has changed; passing time alone makes it due (A25, A26).
        attempts: how often it has failed in a row.
    """

    at_ms: int
    rule: bool = False
    attempts: int = 0


class Work:
    """The rows of `dirty`.

    Attributes:
        off: kinds whose sync is off: their marks are kept, and are no work (B13, B14).
    """

    def __init__(self, database: Database) -> None:
        self._db = database
        self.off: frozenset[Kind] = frozenset()

    def mark(
        self, keys: Sequence[Key], now_ms: int, lane: int = LIVE, linger_ms: int = 0, shop: str | None = None
    ) -> None:
        """Say that the images of these may be stale. The oldest change keeps its deadline.

        Args:
            shop: where they are another shop's, whose own worker finds the marks.
        """
        if not keys:
            return
        rows = [
            self._db.owned(
                kind=kind,
                id=id_,
                gen=1,
                lane=lane,
                dirty_since_ms=now_ms,
                deadline_ms=deadline_ms(kind, now_ms, lane),
                not_before_ms=now_ms + linger_ms,
            )
            | ({} if shop is None else {"shop": shop})
            for kind, id_ in sorted(set(keys))
        ]
        with self._db.transaction():
            self._db.execute(self._db.prepared(self._mark), rows)

    def claim(self, now_ms: int, size: int, backfill_first: bool = False) -> list[Claim]:
        """Take up to `size` due keys of one kind and lane: those of the most urgent key, live before backfill."""
        first_due = self._db.prepared(self._first_due, backfill_first, self.off)
        with self._db.transaction():
            first = self._db.execute(first_due, {"now": now_ms}).first()
            if first is None:
                return []
            alike = {"now": now_ms, "the_kind": first.kind, "the_lane": first.lane, "size": size}
            rows = self._db.execute(self._db.prepared(self._due_alike, self.off), alike).all()
            claims = [Claim(row.kind, row.id, row.gen, row.attempts, row.lane) for row in rows]
            self._change(claims, {"lease_until_ms": now_ms + LEASE_MS})
        return claims

    def still_newest(self, claims: Sequence[Claim]) -> set[Key]:
        """The keys that were not marked again since they were claimed."""
        gens: dict[Key, int] = {}
        with self._db.transaction():
            for kind, ids in by_kind(claim.key for claim in claims):
                for row in self._db.among(DIRTY, {"kind": kind}, "id", ids):
                    gens[kind, row.id] = row.gen
        return {claim.key for claim in claims if gens.get(claim.key) == claim.gen}

    def release(self, claims: Sequence[Claim], not_before_ms: int) -> None:
        """Give claims back undone: nothing was wrong with them."""
        with self._db.transaction():
            self._change(claims, {"lease_until_ms": 0, "not_before_ms": not_before_ms})

    def settle(self, ended: Sequence[tuple[Claim, Later | None]]) -> None:
        """Close claims, or put them off. A key that was marked again meanwhile stays due."""
        done = [claim for claim, later in ended if later is None]
        put_off = [(claim, later) for claim, later in ended if later is not None]
        resting = [(claim, later) for claim, later in put_off if later.rule]
        with self._db.transaction():
            self._change([claim for claim, _ in ended], {"lease_until_ms": 0})
            self._db.execute(self._db.prepared(self._close), [_claim_values(claim) for claim in done])
            self._postpone(put_off)
            self._rest(resting)

    def next_due(self, now_ms: int) -> int | None:
        """When the next key wants to be claimed."""
        with self._db.transaction():
            at_ms = self._db.execute(self._db.prepared(self._next_due, self.off)).scalar()
        return None if at_ms is None else max(int(at_ms), now_ms)

    def count(self, now_ms: int, lane: int | None = None) -> int:
        """How many keys have work left; those that only wait for a rule's time do not count."""
        where = [*self._on(), or_(DIRTY.c.rule == 0, DIRTY.c.not_before_ms <= now_ms)]
        if lane is not None:
            where.append(DIRTY.c.lane == lane)
        with self._db.transaction():
            return int(self._db.execute(select(func.count()).select_from(DIRTY).where(*where)).scalar_one())

    def drop(self, kinds: Sequence[Kind]) -> None:
        """Forget every mark of these kinds."""
        with self._db.transaction():
            self._db.execute(delete(DIRTY).where(*self._db.mine(DIRTY), DIRTY.c.kind.in_(kinds)))

    def forget(self, keys: Sequence[Key]) -> None:
        """Take marks back: nothing is left to be done."""
        with self._db.transaction():
            for kind, ids in by_kind(keys):
                self._db.execute(delete(DIRTY).where(*self._db.mine(DIRTY), DIRTY.c.kind == kind, DIRTY.c.id.in_(ids)))

    def release_leases(self) -> None:
        """End the leases of a process that is no more: one ledger has one owner."""
        with self._db.transaction():
            self._db.execute(update(DIRTY).where(*self._db.mine(DIRTY)).values(lease_until_ms=0))

    def _next_due(self, _: frozenset[Kind]) -> Any:
        leased = DIRTY.c.lease_until_ms > DIRTY.c.not_before_ms
        due = case((leased, DIRTY.c.lease_until_ms), else_=DIRTY.c.not_before_ms)
        return select(func.min(due)).where(*self._on())

    def _change(self, claims: Sequence[Claim], values: Mapping[str, int]) -> None:
        """Write columns of claimed keys, whatever their generation is by now."""
        given = {f"the_{name}": value for name, value in values.items()}
        rows = [{"the_kind": claim.kind, "the_id": claim.id, **given} for claim in claims]
        self._db.execute(self._db.prepared(self._write, ("kind", "id"), tuple(values)), rows)

    def _postpone(self, put_off: Sequence[tuple[Claim, Later]]) -> None:
        rows = [
            _claim_values(claim)
            | {"the_not_before_ms": later.at_ms, "the_attempts": later.attempts, "the_rule": int(later.rule)}
            for claim, later in put_off
        ]
        self._db.execute(self._db.prepared(self._write, CLAIMED, ("not_before_ms", "attempts", "rule")), rows)

    def _rest(self, resting: Sequence[tuple[Claim, Later]]) -> None:
        """Until a rule's time comes nothing is owed; the promise counts from then (B10)."""
        rows = [
            _claim_values(claim)
            | {
                "the_lane": LIVE,
                "the_dirty_since_ms": later.at_ms,
                "the_deadline_ms": deadline_ms(claim.kind, later.at_ms, LIVE),
            }
            for claim, later in resting
        ]
        self._db.execute(self._db.prepared(self._write, CLAIMED, ("lane", "dirty_since_ms", "deadline_ms")), rows)

    # --- the statements, each built once ---

    def _mark(self) -> Any:
        insert = self._db.insert(DIRTY)
        old, new, asleep = DIRTY.c, insert.excluded, DIRTY.c.rule == 1
        changes = {
            "gen": old.gen + 1,
            "lane": case((or_(asleep, new.lane < old.lane), new.lane), else_=old.lane),
            "dirty_since_ms": case((asleep, new.dirty_since_ms), else_=old.dirty_since_ms),
            "deadline_ms": case(
                (or_(asleep, new.deadline_ms < old.deadline_ms), new.deadline_ms), else_=old.deadline_ms
            ),
            "not_before_ms": case((new.not_before_ms < old.not_before_ms, new.not_before_ms), else_=old.not_before_ms),
            "attempts": 0,
            "rule": 0,
        }
        keyed = [column.name for column in DIRTY.primary_key]
        return insert.on_conflict_do_update(index_elements=keyed, set_=changes)

    def _first_due(self, backfill_first: bool, _: frozenset[Kind]) -> Any:
        lane = DIRTY.c.lane.desc() if backfill_first else DIRTY.c.lane
        return select(DIRTY.c.kind, DIRTY.c.lane).where(*self._due()).order_by(lane, *URGENT).limit(1)

    def _due_alike(self, _: frozenset[Kind]) -> Any:
        alike = (DIRTY.c.kind == bindparam("the_kind"), DIRTY.c.lane == bindparam("the_lane"))
        return select(DIRTY).where(*self._due(), *alike).order_by(*URGENT).limit(bindparam("size", type_=Integer))

    def _due(self) -> tuple[Any, ...]:
        now = bindparam("now")
        return (*self._on(), DIRTY.c.not_before_ms <= now, DIRTY.c.lease_until_ms <= now)

    def _on(self) -> tuple[Any, ...]:
        """The marks whose kind is synced."""
        off = (DIRTY.c.kind.not_in(sorted(self.off)),) if self.off else ()
        return (*self._db.mine(DIRTY), *off)

    def _close(self) -> Any:
        return delete(DIRTY).where(*self._matching(CLAIMED))

    def _write(self, by: Sequence[str], names: Sequence[str]) -> Any:
        return update(DIRTY).where(*self._matching(by)).values({name: bindparam(f"the_{name}") for name in names})

    def _matching(self, names: Sequence[str]) -> list[Any]:
        return [*self._db.mine(DIRTY), *(DIRTY.c[name] == bindparam(f"the_{name}") for name in names)]


def deadline_ms(kind: Kind, now_ms: int, lane: int) -> int:
    """When a mark made now wants to be done."""
    return now_ms + (WITHIN_MS[lane] // 2 if kind in FIRST else WITHIN_MS[lane])


def _claim_values(claim: Claim) -> dict[str, Any]:
    return {"the_kind": claim.kind, "the_id": claim.id, "the_gen": claim.gen}
