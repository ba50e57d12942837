"""One connection to the ledger's database, guarded by one lock; every phase of the workers is one transaction.

SQLite wants exactly one writing connection: a WAL that two write and checkpoint can be corrupted by the versions up
to 3.51.2. A transaction that begins inside another joins it.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Table, bindparam, create_engine, event, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import StaticPool

from sync_core.shell.storage.planner import inform
from sync_core.shell.storage.schema import check, prepare, refused
from sync_core.shell.storage.tables import LEASE

BUSY_MS = 1_000  # how long SQLite waits for another process that has the file open
PRAGMAS = (
    f"busy_timeout = {BUSY_MS}",
    "locking_mode = EXCLUSIVE",  # one process alone; the system gives the lock back when that dies
    "synchronous = FULL",
)
IN_TURN = "SELECT pg_advisory_xact_lock(93, hashtext(current_schema()))"  # 93: ours among a database's locks
EPOCH = select(LEASE.c.epoch)
RECEIVING = 0  # the epoch of a process that takes webhooks in while another one works
IDLE_MS = 5_000  # none of our transactions waits for anything: a process that stops in one may not stop the others
IN_LIST = 500  # values in one IN list; SQLite's own limit is 32,766 variables


class LostLease(Exception):
    """Another process has taken this one's place: nothing more may be written."""


class Wire:
    """The one connection to a database, and its lock.

    Args:
        epoch: of the lease under which this process works, where several share the ledger: under another's its
            transactions end. RECEIVING has none and may still take webhooks in.
    """

    def __init__(self, url: str, epoch: int | None = None) -> None:
        self._lock, self._epoch = threading.RLock(), epoch
        self._depth = 0
        self._engine = _open(url)
        self.dialect = self._engine.dialect.name
        self.works = epoch != RECEIVING
        self.works_alone = self.dialect == "sqlite" or bool(epoch)  # nobody else calls HubSpot
        self.is_ours_alone = self.dialect == "sqlite"  # nobody else writes
        self.outlives_us = not (self.is_ours_alone and self._engine.url.database in (None, "", ":memory:"))
        try:
            self.connection: Connection = self._engine.connect()
            self._prepare()
        except BaseException as error:
            self._engine.dispose()
            if isinstance(error, DatabaseError) and self.dialect == "sqlite":
                raise refused(str(error.orig)) from None
            raise

    def _prepare(self) -> None:
        is_file = self.dialect == "sqlite"
        with self.transaction():
            if is_file:
                check(self.connection)
            prepare(self.connection)
            if is_file:
                inform(self.connection)
        if is_file:  # only now: it writes to the file
            with self.transaction():
                self.connection.exec_driver_sql("PRAGMA journal_mode = WAL")

    def close(self) -> None:
        with self._lock:
            self.connection.close()
            self._engine.dispose()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing."""
        with self._lock:
            self._depth += 1
            try:
                if self._depth == 1 and not self.is_ours_alone:
                    self._begin()
                yield
            except BaseException:
                if self._depth == 1:
                    self.connection.rollback()
                raise
            else:
                if self._depth == 1:
                    self.connection.commit()
            finally:
                self._depth -= 1

    def _begin(self) -> None:
        """Other processes write too: one transaction at a time, as on a file, and none of who has lost the lease."""
        self.connection.exec_driver_sql(IN_TURN)
        if self._epoch and self.connection.execute(EPOCH).scalar() != self._epoch:
            raise LostLease

    @property
    def in_transaction(self) -> bool:
        return self._depth > 0


class Database:
    """Rows of one connection: those with its portal and shop.

    Args:
        wire: shared by the shops of one portal.
        shop: the myshopify.com domain.
    """

    def __init__(self, wire: Wire, shop: str) -> None:
        self.shop, self.tenant = shop, ""
        self._wire = wire
        self._prepared: dict[tuple[Any, ...], Any] = {}

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing."""
        with self._wire.transaction():
            yield

    @property
    def in_transaction(self) -> bool:
        return self._wire.in_transaction

    @property
    def works(self) -> bool:
        """Whether this process does the ledger's work; else another one does."""
        return self._wire.works

    def execute(self, statement: Any, given: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None) -> Any:
        """Run one statement with its values; with a list of them, once for each, and not at all for none."""
        if isinstance(given, Sequence) and not given:
            return None
        return self._wire.connection.execute(statement, given)

    def owned(self, **values: Any) -> dict[str, Any]:
        """The values of a row of ours."""
        return {"tenant": self.tenant, "shop": self.shop, **values}

    def mine(self, table: Table) -> tuple[Any, ...]:
        """The condition that a row is ours."""
        return table.c.tenant == self.tenant, table.c.shop == self.shop

    def prepared(self, build: Callable[..., Any], *what: Any) -> Any:
        """The statement `build(*what)` about our rows, built once: building costs ten times what running it does."""
        key = build.__qualname__, *what, self.tenant
        if key not in self._prepared:
            self._prepared[key] = build(*what)
        return self._prepared[key]

    def among(
        self, table: Table, same: Mapping[str, str], column: str, values: Iterable[str], only: tuple[str, ...] = ()
    ) -> list[Any]:
        """Rows of ours with the values of `same` whose `column` is one of `values`, in the order of their keys.

        Args:
            only: the columns that are read, where not all are.
        """
        return self._rows(self.prepared(self._among, table, tuple(same), column, only), same, values)

    def of_portal(self, table: Table, same: Mapping[str, str], column: str, values: Iterable[str]) -> list[Any]:
        """The same, of every shop that is connected to the portal."""
        return self._rows(self.prepared(self._among_all, table, tuple(same), column), same, values)

    def _rows(self, statement: Any, same: Mapping[str, str], values: Iterable[str]) -> list[Any]:
        given = {f"the_{name}": value for name, value in same.items()}
        wanted = sorted(set(values))
        rows: list[Any] = []
        for start in range(0, len(wanted), IN_LIST):
            rows += self.execute(statement, {**given, "wanted": wanted[start : start + IN_LIST]}).all()
        return rows

    def insert(self, table: Table) -> Any:
        return insert_into(table, self._wire.dialect)

    def upsert(self, table: Table, rows: Sequence[dict[str, Any]], only: Sequence[str] = ()) -> None:
        """Insert rows; of those that are there, write the columns named in `only`, or all."""
        if not rows:
            return
        self.execute(self.prepared(self._upsert, table, tuple(only or rows[0])), rows)

    def _among(self, table: Table, same: Sequence[str], column: str, only: Sequence[str]) -> Any:
        alike = [table.c[name] == bindparam(f"the_{name}") for name in same]
        chosen = table.c[column].in_(bindparam("wanted", expanding=True))
        columns = [table.c[name] for name in only or table.c.keys()]
        return select(*columns).where(*self.mine(table), *alike, chosen).order_by(*table.primary_key)

    def _among_all(self, table: Table, same: Sequence[str], column: str) -> Any:
        alike = [table.c[name] == bindparam(f"the_{name}") for name in same]
        chosen = table.c[column].in_(bindparam("wanted", expanding=True))
        return select(table).where(table.c.tenant == self.tenant, *alike, chosen).order_by(*table.primary_key)

    def _upsert(self, table: Table, names: Sequence[str]) -> Any:
        keys = [column.name for column in table.primary_key]
        insert = self.insert(table)
        changes = {name: insert.excluded[name] for name in names if name not in keys}
        return insert.on_conflict_do_update(index_elements=keys, set_=changes)


def insert_into(table: Table, dialect: str) -> Any:
    """An INSERT that knows ON CONFLICT: a word that both databases have and SQLAlchemy Core has not."""
    return (postgresql if dialect == "postgresql" else sqlite).insert(table)


def by_kind(keys: Iterable[tuple[Any, str]]) -> list[tuple[Any, list[str]]]:
    """Ids by kind, both in order and without doubles."""
    ids: dict[Any, set[str]] = defaultdict(set)
    for kind, id_ in keys:
        ids[kind].add(id_)
    return [(kind, sorted(ids[kind])) for kind in sorted(ids)]


def _open(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return _open_server(url)
    engine = create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})
    if (path := engine.url.database) and not path.startswith(":"):
        with contextlib.suppress(OSError):  # what is wrong with the path the driver tells in its own words
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))  # it holds tokens: its owner's alone

    @event.listens_for(engine, "connect")
    def set_up(raw: Any, _: Any) -> None:
        for pragma in PRAGMAS:
            raw.execute(f"PRAGMA {pragma}")

    return engine


def _open_server(url: str) -> Engine:
    from psycopg.types.string import StrDumper  # with the extra `scale`

    class WithoutNul(StrDumper):
        """A text of PostgreSQL's cannot hold the character 0, and an order's note may."""

        def dump(self, obj: str) -> Any:
            return super().dump(obj.replace("\0", ""))

    engine = create_engine(url)

    @event.listens_for(engine, "connect")
    def set_up(raw: Any, _: Any) -> None:
        raw.adapters.register_dumper(str, WithoutNul)
        raw.execute(f"SET idle_in_transaction_session_timeout = {IDLE_MS}")
        raw.commit()

    return engine
