"""The sync core's memory: what was seen, what may be stale, what is in HubSpot, how far each net has come.

Every step of a worker is one atomic phase between two foreign calls, so that a crash loses none of them:
`with ledger.transaction()` makes several writes one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

import orjson
from sqlalchemy import delete, select

from sync_core.pure.choices import NAMES, Choices
from sync_core.pure.model import Ref
from sync_core.shell.storage.audit import Audit
from sync_core.shell.storage.database import Database, Wire
from sync_core.shell.storage.decisions import Decisions
from sync_core.shell.storage.image import Image
from sync_core.shell.storage.matches import Matches
from sync_core.shell.storage.newcomers import Newcomers
from sync_core.shell.storage.sources import Key, Sources, Stored
from sync_core.shell.storage.tables import CONNECTION, CURSOR, INBOX, SETTING
from sync_core.shell.storage.work import LIVE, Work

INBOX_KEPT_MS = 7 * 86_400_000  # longer than any retry of Shopify's: 8 over 4 hours [VD]


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a net has come.

    Args:
        watermark: where the next round begins, on Shopify's clock or by its ids.
        moved_at_ms: when the watermark last moved, on our clock.
        page: the address of the next page while a round is under way.
        finished: of a net that is cast only once.
    """

    net: str
    watermark: str = ""
    moved_at_ms: int = 0
    page: str = ""
    started_at_ms: int = 0
    due_at_ms: int = 0
    done: int = 0
    total: int = 0
    finished: bool = False


@dataclass(frozen=True, slots=True)
class ConnectionState:
    """What connecting has found out and set up.

    Args:
        tenant: the HubSpot portal.
        phase: "connecting", "importing" or "live".
        stages: our stage name -> stage id in that portal.
        paused: why nothing of this shop is synced for now (I11).
        refused: properties that HubSpot lets nobody but its own app write (A14).
    """

    tenant: str = ""
    phase: str = "connecting"
    connected_at_ms: int = 0
    timezone: str = "UTC"
    pipeline: str = ""
    stages: Mapping[str, str] = field(default_factory=dict)
    paused: str = ""
    refused: tuple[str, ...] = ()


HELD = "held"  # name of a setting: nothing is written
LEFT = "left_by_setup"  # the same: connecting wrote nothing yet, as the connection was held


class Ledger:
    """The ledger of one connection.

    Args:
        database: an SQLAlchemy URL, "sqlite://" lives in memory; or the wire that the ledgers of a portal share.
        shop: the myshopify.com domain.

    Attributes:
        found: how many live changes each way in was the first to tell of, since this process began.
    """

    def __init__(self, database: str | Wire, shop: str) -> None:
        self.found: Counter[str] = Counter()
        self._own = Wire(database) if isinstance(database, str) else None
        self._db = Database(self._own or database, shop)  # type: ignore[arg-type]
        self.sources, self.work, self.image = Sources(self._db), Work(self._db), Image(self._db)
        self.audit, self.matches = Audit(self._db), Matches(self._db)
        self.newcomers, self.decisions = Newcomers(self._db), Decisions(self._db)
        self.reload()
        if self._db.works:
            self.work.release_leases()

    def reload(self) -> None:
        """Know what the database says by now: another process may have changed it."""
        with self.transaction():
            self._state = self._read_connection()
            chosen = self._settings()
            self._db.tenant = self._state.tenant
            self._held = bool(chosen.get(HELD))
            self._choices = Choices(**{name: value for name, value in chosen.items() if name in NAMES})
            self.work.off = self._choices.off

    def close(self) -> None:
        if self._own:
            self._own.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self._db.transaction():
            yield

    @property
    def shop(self) -> str:
        return self._db.shop

    @property
    def in_transaction(self) -> bool:
        return self._db.in_transaction

    # --- the connection ---

    @property
    def connection(self) -> ConnectionState:
        return self._state

    def save_connection(self, state: ConnectionState) -> None:
        """Only what is another than it was is written: the rest may be changed by another process meanwhile."""
        before, row = _row(self._state), _row(state)
        changed = [name for name in row if row[name] != before[name]]
        with self.transaction():
            self._db.upsert(CONNECTION, [{"shop": self._db.shop, **row}], only=changed or ["phase"])
        self._state, self._db.tenant = state, state.tenant

    @property
    def held(self) -> bool:
        """Whether nothing is written, on either side, until a person has seen what would be."""
        return self._held

    def hold(self, on: bool) -> None:
        self.save_setting(HELD, on)
        self._held = on

    # --- what the user has chosen ---

    @property
    def choices(self) -> Choices:
        return self._choices

    def save_choices(self, choices: Choices) -> None:
        for name in NAMES:
            self.save_setting(name, getattr(choices, name))
        self._choices, self.work.off = choices, choices.off

    def setting(self, name: str) -> Any:
        """A value that was saved; None where none was."""
        return self._settings().get(name)

    def save_setting(self, name: str, value: Any) -> None:
        """Keep a value as JSON; None forgets it."""
        where = (SETTING.c.shop == self._db.shop, SETTING.c.name == name)
        with self.transaction():
            if value is None:
                self._db.execute(delete(SETTING).where(*where))
            else:
                self._db.upsert(SETTING, [{"shop": self._db.shop, "name": name, "value": orjson.dumps(value)}])

    def _settings(self) -> dict[str, Any]:
        with self.transaction():
            rows = self._db.execute(select(SETTING).where(SETTING.c.shop == self._db.shop)).all()
        return {row.name: orjson.loads(row.value) for row in rows}

    # --- what concerns several of its parts ---

    def ask_again(self, keys: Iterable[Key], now_ms: int, lane: int = LIVE) -> None:
        """Have records read by id before the next decision: those of which we know too little, or nothing."""
        wanted = sorted({key for key in keys if key[0] not in self._choices.deleted})
        with self.transaction():
            known = self.sources.of(wanted)
            rows = [known.get(key) or Stored(*key, first_seen_ms=now_ms) for key in wanted]
            alive = [row for row in rows if not row.deleted_at_ms]
            self.sources.flag([row.key for row in alive], now_ms)
            self.work.mark([row.key for row in alive], now_ms, lane)

    def wake(self, changed: Sequence[Ref], now_ms: int, but: Iterable[Key] = ()) -> None:
        """Mark every source that speaks of a record which has appeared in HubSpot, or gone from it."""
        with self.transaction():
            self.work.mark(sorted(self.image.mentions_of(changed) - set(but)), now_ms)

    # --- nets ---

    def cursors(self) -> dict[str, Cursor]:
        with self.transaction():
            rows = self._db.execute(self._db.prepared(self._all_cursors)).all()
        names = [each.name for each in fields(Cursor)]
        found = [Cursor(**{name: getattr(row, name) for name in names}) for row in rows]
        return {cursor.net: replace(cursor, finished=bool(cursor.finished)) for cursor in found}

    def drop_cursors(self, names: Iterable[str]) -> None:
        """Have these nets begin anew."""
        with self.transaction():
            self._db.execute(delete(CURSOR).where(*self._db.mine(CURSOR), CURSOR.c.net.in_(sorted(names))))

    def save_cursor(self, cursor: Cursor) -> Cursor:
        row = self._db.owned(**asdict(cursor) | {"finished": int(cursor.finished)})
        with self.transaction():
            self._db.upsert(CURSOR, [row])
        return cursor

    # --- webhooks ---

    def receive(self, webhooks: Iterable[tuple[str, str, str, str]], now_ms: int) -> set[str]:
        """Note webhooks by id, topic, record and triggering; returns the ids of those that were not taken before."""
        names = ("webhook_id", "topic", "source_id", "triggered_at")
        rows = [self._db.owned(at_ms=now_ms, **dict(zip(names, one, strict=True))) for one in sorted(webhooks)]
        with self.transaction():
            found = self._db.execute(self._db.prepared(self._receive), rows)
            return set() if found is None else set(found.scalars())

    def tidy(self, now_ms: int) -> None:
        """Let go of webhooks that were taken and decisions that were made long ago."""
        with self.transaction():
            self.decisions.tidy(now_ms)
            old = INBOX.c.at_ms < now_ms - INBOX_KEPT_MS
            self._db.execute(delete(INBOX).where(*self._db.mine(INBOX), old))

    def connected_at_ms(self) -> dict[str, int]:
        """When each shop was connected to the same portal."""
        columns = (CONNECTION.c.shop, CONNECTION.c.connected_at_ms)
        with self.transaction():
            rows = self._db.execute(select(*columns).where(CONNECTION.c.tenant == self._db.tenant)).all()
        return {row.shop: row.connected_at_ms for row in sorted(rows, key=lambda row: row.shop)}

    def _receive(self) -> Any:
        return self._db.insert(INBOX).on_conflict_do_nothing().returning(INBOX.c.webhook_id)

    def _all_cursors(self) -> Any:
        return select(CURSOR).where(*self._db.mine(CURSOR)).order_by(CURSOR.c.net)

    def _read_connection(self) -> ConnectionState:
        with self.transaction():
            row = self._db.execute(select(CONNECTION).where(CONNECTION.c.shop == self._db.shop)).first()
        if row is None:
            return ConnectionState()
        return ConnectionState(
            tenant=row.tenant,
            phase=row.phase,
            connected_at_ms=row.connected_at_ms,
            timezone=row.timezone,
            pipeline=row.pipeline,
            stages=orjson.loads(row.stages),
            paused=row.paused,
            refused=tuple(orjson.loads(row.refused)),
        )


def _row(state: ConnectionState) -> dict[str, Any]:
    stages, refused = orjson.dumps(dict(state.stages)), orjson.dumps(list(state.refused))
    return asdict(state) | {"stages": stages, "refused": refused}
