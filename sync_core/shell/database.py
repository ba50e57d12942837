"""One connection to the ledger's database, guarded by one lock; every phase of the workers is one transaction.

SQLite wants exactly one writing connection: a WAL that two write and checkpoint can be corrupted by the versions up
to 3.51.2. A transaction that begins inside another joins it.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Table, create_engine, event
from sqlalchemy import select as select_from
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine
from sqlalchemy.pool import StaticPool

from sync_core.shell.tables import METADATA

BUSY_MS = 10_000  # how long SQLite waits for a reader of the file
IN_LIST = 500  # values in one IN list; SQLite's own limit is 32,766 variables


class Database:
    """Rows of one connection: those with its portal and shop.

    Args:
        url: an SQLAlchemy URL; "sqlite://" lives in memory.
        shop: the myshopify.com domain.
    """

    def __init__(self, url: str, shop: str) -> None:
        self.shop, self.tenant = shop, ""
        self._lock = threading.RLock()
        self._depth = 0
        self._prepared: dict[tuple[Any, ...], Any] = {}
        self._engine = _open(url)
        self._connection: Connection = self._engine.connect()
        with self.transaction():
            METADATA.create_all(self._connection)

    def close(self) -> None:
        with self._lock:
            self._connection.close()
            self._engine.dispose()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing."""
        with self._lock:
            self._depth += 1
            try:
                yield
            except BaseException:
                if self._depth == 1:
                    self._connection.rollback()
                raise
            else:
                if self._depth == 1:
                    self._connection.commit()
            finally:
                self._depth -= 1

    @property
    def in_transaction(self) -> bool:
        return self._depth > 0

    def execute(self, statement: Any, rows: Sequence[Mapping[str, Any]] | None = None) -> Any:
        """Run one statement; with `rows`, once for each, and not at all for none."""
        if rows is None:
            return self._connection.execute(statement)
        return self._connection.execute(statement, list(rows)) if rows else None

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
        self, table: Table, where: Any, column: Any, values: Iterable[str], columns: Sequence[Any] = ()
    ) -> list[Any]:
        """Rows of ours whose column is one of `values`, in the order of their keys."""
        wanted = sorted(set(values))
        rows: list[Any] = []
        for start in range(0, len(wanted), IN_LIST):
            chosen = column.in_(wanted[start : start + IN_LIST])
            statement = select_from(*(columns or (table,))).where(*self.mine(table), where, chosen)
            statement = statement.order_by(*table.primary_key)
            rows += self._connection.execute(statement).all()
        return rows

    def insert(self, table: Table) -> Any:
        """An INSERT that knows ON CONFLICT: a word that both databases have and SQLAlchemy Core has not."""
        return (postgresql if self._engine.dialect.name == "postgresql" else sqlite).insert(table)

    def upsert(self, table: Table, rows: Sequence[dict[str, Any]], only: Sequence[str] = ()) -> None:
        """Insert rows; of those that are there, write the columns named in `only`, or all."""
        if not rows:
            return
        self.execute(self.prepared(self._upsert, table, tuple(only or rows[0])), rows)

    def _upsert(self, table: Table, names: Sequence[str]) -> Any:
        keys = [column.name for column in table.primary_key]
        insert = self.insert(table)
        changes = {name: insert.excluded[name] for name in names if name not in keys}
        return insert.on_conflict_do_update(index_elements=keys, set_=changes)


def by_kind(keys: Iterable[tuple[Any, str]]) -> list[tuple[Any, list[str]]]:
    """Ids by kind, both in order and without doubles."""
    ids: dict[Any, set[str]] = defaultdict(set)
    for kind, id_ in keys:
        ids[kind].add(id_)
    return [(kind, sorted(ids[kind])) for kind in sorted(ids)]


def _open(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url)
    engine = create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def prepare(raw: Any, _: Any) -> None:
        for pragma in ("journal_mode = WAL", "synchronous = FULL", f"busy_timeout = {BUSY_MS}"):
            raw.execute(f"PRAGMA {pragma}")

    return engine
