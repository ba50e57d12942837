"""What may be stale: keys, never changes, so a thousand changes of a record are one row.

A mark counts the row's generation up. A worker claims due keys for a while, and closes only the generation that it
claimed: a change that came meanwhile stays due.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from sqlalchemy import Integer, and_, bindparam, case, delete, func, or_, select, update

from sync_core.pure.ladder import HOT, LONGEST_LINGER_MS, PROMISE_MS, Line, hot_linger_ms
from sync_core.pure.model import Kind
from sync_core.shell.storage.database import Database, by_kind
from sync_core.shell.storage.sources import Key
from sync_core.shell.storage.tables import DIRTY

LIVE, BACKFILL = 0, 1
LANES: Mapping[Line, int] = {"live": LIVE, "late": LIVE, "backfill": BACKFILL}

# When a mark wants to be done: the promise of 10 minutes (B10), a day for what was there before. Products and customers
# get half of it, so that they come before the orders that name them.
WITHIN_MS = {LIVE: PROMISE_MS, BACKFILL: 24 * 3_600_000}
FIRST: tuple[Kind, ...] = ("product", "customer")

OLDEST = (DIRTY.c.dirty_since_ms, DIRTY.c.id)  # what comes first of one kind within a line
MOST_HOT = 10_000  # records that are remembered because they were written a moment ago
SIZE = bindparam("size", type_=Integer)
CLAIMED = ("kind", "id", "gen")  # by which a claim finds its row, if it was not marked again meanwhile

JUST_LOOKED_MS, LOOKED_MS = 10_000, 60_000  # HubSpot's window, so that a call finds a place behind the looking
LEASE_MS = 5 * 60_000  # longer than the calls of one batch can take, each with its timeout
BROKEN_OFF = 1  # a lease that ended long ago: its turn broke off, and what it had begun is in doubt until it ends


@dataclass(frozen=True, slots=True)
class Claim:
    """A dirty key that is ours until its lease ends.

    Args:
        since_ms: when its oldest change was made in Shopify that is not in HubSpot.
        at_ms: when it was claimed.
        broken_off: a process died over it, or stumbled.
    """

    kind: Kind
    id: str
    gen: int
    attempts: int
    lane: int
    since_ms: int = 0
    at_ms: int = 0
    broken_off: bool = False

    @property
    def key(self) -> Key:
        return self.kind, self.id

    def is_in_doubt(self, looked_ms: int) -> bool:
        """Whether HubSpot may have made a contact for it that the ledger does not know, and the recycle bin was looked
        into too long ago. A large bin takes many calls: what fails again and again is looked for now and then only."""
        begun = self.broken_off or self.attempts > 0
        fresh_ms = JUST_LOOKED_MS if self.broken_off else LOOKED_MS
        return self.kind != "product" and begun and looked_ms < self.at_ms - fresh_ms


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


@dataclass(frozen=True, slots=True)
class Head:
    """What is due in a line: the kind that comes first, and how many keys of it, as far as they were counted."""

    line: Line
    kind: Kind
    due: int


class Work:
    """The rows of `dirty`.

    Attributes:
        off: kinds whose sync is off: their marks are kept, and are no work (B13, B14).
        in_doubt: whether some call may have been carried out though nobody took that down: its process died, or its
            answer did not come.
    """

    def __init__(self, database: Database) -> None:
        self._db = database
        self.off: frozenset[Kind] = frozenset()
        self.in_doubt = False
        self._hot: dict[Key, tuple[int, int]] = {}  # when it was written last, and how long it lingered

    def mark(
        self,
        keys: Sequence[Key],
        now_ms: int,
        lane: int = LIVE,
        linger_ms: int = 0,
        shop: str | None = None,
        since: Mapping[Key, int] = {},
    ) -> None:
        """Say that the images of these may be stale. The oldest change keeps its deadline.

        Args:
            shop: where they are another shop's, whose own worker finds the marks.
            since: when they were changed in Shopify, where that is known.
        """
        if not keys:
            return
        rows = [
            self._db.owned(
                kind=kind,
                id=id_,
                gen=1,
                lane=lane,
                dirty_since_ms=min(since.get((kind, id_), now_ms), now_ms),
                not_before_ms=now_ms + max(linger_ms, self._still_hot(kind, id_, now_ms)),
            )
            | ({} if shop is None else {"shop": shop})
            for kind, id_ in sorted(set(keys))
        ]
        with self._db.transaction():
            self._db.execute(self._db.prepared(self._mark), rows)

    def head(self, now_ms: int, line: Line, most: int, carts_last: bool = False) -> Head | None:
        """What is due first in a line; None where nothing is."""
        given = _given(now_ms, line)
        with self._db.transaction():
            oldest = self._of_each_kind(self._oldest_due, line, given=given)
            if not oldest:
                return None

            def urgency(kind: Kind) -> tuple[bool, int, Kind]:
                return carts_last and kind == "checkout", deadline_ms(kind, oldest[kind], LANES[line]), kind

            given |= {"the_kind": (first := min(oldest, key=urgency)), "size": most}
            due = self._db.execute(self._db.prepared(self._count_due, line), given).scalar_one()
            return Head(line, first, int(due))

    def claim(self, now_ms: int, size: int, head: Head | None = None) -> list[Claim]:
        """Take up to `size` due keys of one kind and line, the most urgent first; of the line that is first if none
        is given."""
        lines: tuple[Line, ...] = ("live", "late", "backfill")
        head = head or next((one for line in lines if (one := self.head(now_ms, line, 1))), None)
        if head is None:
            return []
        given = _given(now_ms, head.line) | {"the_kind": head.kind, "size": size}
        with self._db.transaction():
            rows = self._db.execute(self._db.prepared(self._all_due, head.line), given).all()
            claims = [_claim(row, now_ms) for row in rows]
            self._change(claims, {"lease_until_ms": now_ms + LEASE_MS})
        return claims

    def seize(self, keys: Iterable[Key], now_ms: int) -> list[Claim] | None:
        """Claim just these, due or not, so that nobody else works on them; None while somebody does."""
        wanted = sorted(set(keys))
        with self._db.transaction():
            if any(row.lease_until_ms > now_ms for row in self._rows(wanted)):
                return None
            self.mark(wanted, now_ms)
            claims = [_claim(row, now_ms) for row in self._rows(wanted)]
            self._change(claims, {"lease_until_ms": now_ms + LEASE_MS})
        return claims

    def still_newest(self, claims: Sequence[Claim]) -> set[Key]:
        """The keys that were not marked again since they were claimed."""
        with self._db.transaction():
            gens = {(row.kind, row.id): row.gen for row in self._rows(claim.key for claim in claims)}
        return {claim.key for claim in claims if gens.get(claim.key) == claim.gen}

    def release(self, claims: Sequence[Claim], not_before_ms: int) -> None:
        """Give claims back undone: nothing was wrong with them."""
        with self._db.transaction():
            sound = [claim for claim in claims if not claim.broken_off]
            self._change(sound, {"lease_until_ms": 0, "not_before_ms": not_before_ms})
            self.break_off([claim for claim in claims if claim.broken_off], not_before_ms)

    def break_off(self, claims: Sequence[Claim], not_before_ms: int) -> None:
        """Give claims back of which something may have been carried out that nobody took down."""
        with self._db.transaction():
            self._change(claims, {"lease_until_ms": BROKEN_OFF, "not_before_ms": not_before_ms})

    def settle(self, ended: Sequence[tuple[Claim, Later | None]]) -> None:
        """Close claims, or put them off. A key that was marked again meanwhile stays due."""
        ended = sorted(ended, key=lambda one: one[0].key)  # rows are always locked in the order of their keys
        done = [claim for claim, later in ended if later is None]
        put_off = [(claim, later) for claim, later in ended if later is not None]
        resting = [(claim, later) for claim, later in put_off if later.rule]
        with self._db.transaction():
            self._db.execute(self._db.prepared(self._close), [_claim_values(claim) for claim in done])
            self._go_on(done)
            self._change([claim for claim, _ in put_off], {"lease_until_ms": 0})
            self._postpone(put_off)
            self._rest(resting)

    def written(self, claims: Sequence[Claim], now_ms: int) -> None:
        """Live changes of these are in HubSpot: one that is changed again and again is written less and less often."""
        for claim in claims:
            if claim.lane == LIVE:
                last_ms, lingered_ms = self._hot.pop(claim.key, (0, 0))
                self._hot[claim.key] = now_ms, hot_linger_ms(lingered_ms, now_ms - last_ms) if last_ms else 0
        while len(self._hot) > MOST_HOT:
            del self._hot[next(iter(self._hot))]

    def next_due(self, now_ms: int) -> int | None:
        """When the next key wants to be claimed; those that are claimed count from the end of their lease on."""
        with self._db.transaction():
            times = self._of_each_kind(self._next_of, given={"now": now_ms}).values()
        return max(min(times), now_ms) if times else None

    def count(self, now_ms: int, lane: int | None = None) -> int:
        """How many keys have work left; those that only wait for a rule's time do not count."""
        where = [*self._on(), _has_work(now_ms)]
        if lane is not None:
            where.append(DIRTY.c.lane == lane)
        with self._db.transaction():
            return int(self._db.execute(select(func.count()).select_from(DIRTY).where(*where)).scalar_one())

    def waiting(self, now_ms: int) -> list[Claim]:
        """Every key that has work left, unclaimed, by kind and id."""
        where = [*self._on(), _has_work(now_ms)]
        with self._db.transaction():
            rows = self._db.execute(select(DIRTY).where(*where).order_by(DIRTY.c.kind, DIRTY.c.id)).all()
        return [_claim(row, now_ms) for row in rows]

    def still_waiting(self, keys: Iterable[Key], now_ms: int) -> set[Key]:
        """Those of these keys that have work left."""
        with self._db.transaction():
            rows = self._rows(keys)
        return {(row.kind, row.id) for row in rows if not row.rule or row.dirty_since_ms <= now_ms}

    def oldest_ms(self) -> int | None:
        """When the oldest live change was made that has work left; None where there is none."""
        with self._db.transaction():
            return min(self._of_each_kind(self._oldest_live).values(), default=None)

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
        """End the leases of a process that is no more: one ledger has one owner. What it began is in doubt."""
        begun = (*self._db.mine(DIRTY), or_(DIRTY.c.lease_until_ms > 0, DIRTY.c.attempts > 0))
        with self._db.transaction():
            self.in_doubt = self._db.execute(select(DIRTY.c.id).where(*begun).limit(1)).first() is not None
            held = (*self._db.mine(DIRTY), DIRTY.c.lease_until_ms > 0)
            self._db.execute(update(DIRTY).where(*held).values(lease_until_ms=BROKEN_OFF))

    def _rows(self, keys: Iterable[Key]) -> list[Any]:
        return [row for kind, ids in by_kind(keys) for row in self._db.among(DIRTY, {"kind": kind}, "id", ids)]

    def _change(self, claims: Sequence[Claim], values: Mapping[str, int]) -> None:
        """Write columns of claimed keys, whatever their generation is by now."""
        given = {f"the_{name}": value for name, value in values.items()}
        rows = [{"the_kind": kind, "the_id": id_, **given} for kind, id_ in sorted(claim.key for claim in claims)]
        self._db.execute(self._db.prepared(self._write, ("kind", "id"), tuple(values)), rows)

    def _go_on(self, done: Sequence[Claim]) -> None:
        """Those of them that were marked again meanwhile: what came before the claim is in HubSpot."""
        rows = [
            {
                "the_kind": claim.kind,
                "the_id": claim.id,
                "the_lease_until_ms": 0,
                "the_dirty_since_ms": claim.at_ms,
            }
            for claim in done
        ]
        names = ("lease_until_ms", "dirty_since_ms")
        self._db.execute(self._db.prepared(self._write, ("kind", "id"), names), rows)

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
            _claim_values(claim) | {"the_lane": LIVE, "the_dirty_since_ms": later.at_ms} for claim, later in resting
        ]
        self._db.execute(self._db.prepared(self._write, CLAIMED, ("lane", "dirty_since_ms")), rows)

    # --- the statements, each built once ---

    def _mark(self) -> Any:
        insert = self._db.insert(DIRTY)
        old, new = DIRTY.c, insert.excluded
        sooner = or_(old.rule == 1, new.lane < old.lane)  # what waited was promised nothing: this change is
        older = and_(new.lane == old.lane, new.dirty_since_ms < old.dirty_since_ms)
        changes = {
            "gen": old.gen + 1,
            "lane": case((sooner, new.lane), else_=old.lane),
            "dirty_since_ms": case((or_(sooner, older), new.dirty_since_ms), else_=old.dirty_since_ms),
            "not_before_ms": case((new.not_before_ms < old.not_before_ms, new.not_before_ms), else_=old.not_before_ms),
            "attempts": 0,
            "rule": 0,
        }
        keyed = [column.name for column in DIRTY.primary_key]
        return insert.on_conflict_do_update(index_elements=keyed, set_=changes)

    def _of_each_kind(
        self, build: Callable[..., Any], *what: Any, given: Mapping[str, Any] | None = None
    ) -> dict[Kind, int]:
        """The first number that `build(kind, *what)` finds of each kind that is synced, in one statement: however much
        waits, an index has it at its beginning."""
        kinds = [kind for kind in get_args(Kind) if kind not in self.off]
        if not kinds:
            return {}
        row = self._db.execute(self._db.prepared(self._firsts, build, tuple(kinds), *what), given).one()
        return {kind: int(found) for kind, found in zip(kinds, row, strict=True) if found is not None}

    def _firsts(self, build: Callable[..., Any], kinds: Sequence[Kind], *what: Any) -> Any:
        return select(*(build(kind, *what).limit(1).scalar_subquery().label(kind) for kind in kinds))

    def _oldest_due(self, kind: Kind, line: Line) -> Any:
        return select(DIRTY.c.dirty_since_ms).where(*self._due(line, kind)).order_by(*OLDEST)

    def _oldest_live(self, kind: Kind) -> Any:
        live = (*self._db.mine(DIRTY), DIRTY.c.lane == LIVE, DIRTY.c.kind == kind, DIRTY.c.rule == 0)
        return select(DIRTY.c.dirty_since_ms).where(*live).order_by(*OLDEST)

    def _next_of(self, kind: Kind) -> Any:
        free = (*self._db.mine(DIRTY), DIRTY.c.kind == kind, DIRTY.c.lease_until_ms <= bindparam("now"))
        return select(DIRTY.c.not_before_ms).where(*free).order_by(DIRTY.c.not_before_ms)

    def _count_due(self, line: Line) -> Any:
        some = select(DIRTY.c.id).where(*self._due(line, bindparam("the_kind"))).limit(SIZE).subquery()
        return select(func.count()).select_from(some)

    def _all_due(self, line: Line) -> Any:
        return select(DIRTY).where(*self._due(line, bindparam("the_kind"))).order_by(*OLDEST).limit(SIZE)

    def _due(self, line: Line, kind: Any) -> tuple[Any, ...]:
        now: Any = bindparam("now")
        alike = (DIRTY.c.lane == LANES[line], DIRTY.c.kind == kind, *_of_line(line))
        return (*self._db.mine(DIRTY), *alike, DIRTY.c.not_before_ms <= now, DIRTY.c.lease_until_ms <= now)

    def _on(self) -> tuple[Any, ...]:
        """The marks whose kind is synced."""
        off = (DIRTY.c.kind.not_in(sorted(self.off)),) if self.off else ()
        return (*self._db.mine(DIRTY), *off)

    def _close(self) -> Any:
        return delete(DIRTY).where(*self._matching(CLAIMED))

    def _write(self, by: Sequence[str], names: Sequence[str]) -> Any:
        return update(DIRTY).where(*self._matching(by)).values({name: bindparam(f"the_{name}") for name in names})

    def _still_hot(self, kind: Kind, id_: str, now_ms: int) -> int:
        """How long a change of a record lingers that was written again a moment ago."""
        last_ms, lingered_ms = self._hot.get((kind, id_), (0, 0))
        if not last_ms or now_ms - last_ms > HOT * LONGEST_LINGER_MS:
            return 0
        return max(0, lingered_ms - (now_ms - last_ms))

    def _matching(self, names: Sequence[str]) -> list[Any]:
        return [*self._db.mine(DIRTY), *(DIRTY.c[name] == bindparam(f"the_{name}") for name in names)]


def _of_line(line: Line) -> tuple[Any, ...]:
    """Live changes are in time, or late."""
    in_time = DIRTY.c.dirty_since_ms > bindparam("promised")
    return {"live": (in_time,), "late": (~in_time,), "backfill": ()}[line]


def _given(now_ms: int, line: Line) -> dict[str, Any]:
    return {"now": now_ms} if line == "backfill" else {"now": now_ms, "promised": now_ms - PROMISE_MS}


def _has_work(now_ms: int) -> Any:
    """What waits for a rule's time has none before."""
    return or_(DIRTY.c.rule == 0, DIRTY.c.dirty_since_ms <= now_ms)


def deadline_ms(kind: Kind, now_ms: int, lane: int) -> int:
    """When a mark made now wants to be done."""
    return now_ms + (WITHIN_MS[lane] // 2 if kind in FIRST else WITHIN_MS[lane])


def _claim(row: Any, now_ms: int) -> Claim:
    broken_off = row.lease_until_ms == BROKEN_OFF
    return Claim(row.kind, row.id, row.gen, row.attempts, row.lane, row.dirty_since_ms, now_ms, broken_off)


def _claim_values(claim: Claim) -> dict[str, Any]:
    return {"the_kind": claim.kind, "the_id": claim.id, "the_gen": claim.gen}
