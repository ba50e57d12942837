"""All state of a world's fakes: one SQLite database, documents under (tenant, id), and a log of every change.

The store alone touches the database. sqlite-utils makes the schema; request work goes to sqlite3 on the same
connection. A write is one transaction: the row, its line in the change log, and whatever the fake hangs on it
(outbox rows), itself or through `watch`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

import orjson
import sqlite_utils

from simulator.kernel.resource import Change, Document, Resource

SCHEMA_VERSION = 2
CHANGES_PER_READ = 1_000
Instead = Mapping[int, Document | None]
CLOCK = "clock"  # the counter that holds the time


class Store:
    """One world's records.

    Args:
        path: a file, or ":memory:".
        resources: every kind of record, of both fakes.
        now: the world's clock.
    """

    def __init__(self, path: str, resources: Iterable[Resource], now: Callable[[], int]) -> None:
        self.resources = {resource.table: resource for resource in resources}
        self._now = now
        self._told: dict[str, Callable[[Change, Document | None], None]] = {}
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            self._prepare()
        except BaseException:
            self._connection.close()
            raise
        self.boot = self._counted("boot", 0)

    def close(self) -> None:
        self._connection.close()

    def add(self, resource: Resource) -> None:
        """A kind of record that came up while the world was running; one that is known is left as it is."""
        if resource.table not in self.resources:
            _create_table(sqlite_utils.Database(self._connection), resource)
            self.resources[resource.table] = resource

    # --- writing ---

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. A transaction inside a transaction is part of the outer one."""
        if self._connection.in_transaction:
            yield
            return
        self._connection.execute("BEGIN IMMEDIATE")
        known = dict(self.resources)
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            self.resources = known  # tables that came up in it are gone too
            raise
        self._connection.execute("COMMIT")

    @property
    def in_transaction(self) -> bool:
        return self._connection.in_transaction

    def next_id(self, resource: Resource, tenant: str) -> int:
        """A fresh id; never given twice, not even after a deletion."""
        return self._counted(f"{resource.table}/{tenant}", resource.first_id)

    def next_number(self, name: str, first: int) -> int:
        """The next number of the series `name`: order numbers, sub-ids of lines and addresses."""
        return self._counted(name, first)

    def put(self, resource: Resource, tenant: str, id: int, document: Document) -> Change:
        """Write one record and log the change. Raises sqlite3.IntegrityError where a unique group is broken."""
        with self.transaction():
            before = self.get(resource, tenant, id)
            verb = "create" if before is None else "update"
            columns = {"tenant": tenant, "id": id, "doc": orjson.dumps(document).decode(), **resource.row(document)}
            names, marks = ", ".join(columns), ", ".join("?" * len(columns))
            changes = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in ("tenant", "id"))
            self._connection.execute(
                f"INSERT INTO {resource.table} ({names}) VALUES ({marks}) "  # noqa: S608  names come from the tables
                f"ON CONFLICT (tenant, id) DO UPDATE SET {changes}",
                tuple(columns.values()),
            )
            return self._log(resource, tenant, id, verb, document, before)

    def remove(self, resource: Resource, tenant: str, id: int) -> Change | None:
        """Delete one record and log it; None where there was none."""
        with self.transaction():
            before = self.get(resource, tenant, id)
            if before is None:
                return None
            sql = f"DELETE FROM {resource.table} WHERE tenant = ? AND id = ?"  # noqa: S608
            self._connection.execute(sql, (tenant, id))
            return self._log(resource, tenant, id, "delete", None, before)

    def watch(self, vendor: str, told: Callable[[Change, Document | None], None]) -> None:
        """Have `told` hear of each write of a vendor's records and of how the record was, in the same transaction."""
        self._told[vendor] = told

    # --- reading ---

    def get(self, resource: Resource, tenant: str, id: int) -> Document | None:
        found = self.find(resource, tenant, "id = ?", (id,))
        return found[0] if found else None

    def find(
        self,
        resource: Resource,
        tenant: str,
        where: str = "1",
        params: Sequence[Any] = (),
        order: str = "id",
        limit: int = -1,
        offset: int = 0,
        instead: Instead = MappingProxyType({}),
    ) -> list[Document]:
        """Records whose columns fulfil `where`, a piece of SQL over the resource's columns, in a total order.

        Args:
            instead: other states of some records, by id, that are searched in the place of theirs; None for none.
        """
        source, more = _source(resource, tenant, instead)
        sql = f"SELECT doc FROM {source} WHERE tenant = ? AND ({where}) ORDER BY {order} LIMIT ? OFFSET ?"  # noqa: S608
        rows = self._connection.execute(sql, (*more, tenant, *params, limit, offset))
        return [orjson.loads(row["doc"]) for row in rows]

    def count(
        self,
        resource: Resource,
        tenant: str,
        where: str = "1",
        params: Sequence[Any] = (),
        instead: Instead = MappingProxyType({}),
    ) -> int:
        source, more = _source(resource, tenant, instead)
        sql = f"SELECT count(*) FROM {source} WHERE tenant = ? AND ({where})"  # noqa: S608
        return int(self._connection.execute(sql, (*more, tenant, *params)).fetchone()[0])

    def as_of(self, resource: Resource, tenant: str, at_ms: int) -> dict[int, Document | None]:
        """The records that changed after `at_ms`, as they were then; None for those that were not, or are no more."""
        changed = set()
        for row in self._connection.execute("SELECT * FROM changes ORDER BY seq DESC"):
            if row["at_ms"] <= at_ms:
                break
            if (row["vendor"], row["resource"], row["tenant"]) == (resource.vendor, resource.name, tenant):
                changed.add(row["id"])
        return {id: self._as_of(resource, tenant, id, at_ms) for id in sorted(changed)}

    def _as_of(self, resource: Resource, tenant: str, id: int, at_ms: int) -> Document | None:
        if self.get(resource, tenant, id) is None:
            return None
        row = self._connection.execute(
            "SELECT doc FROM changes WHERE vendor = ? AND resource = ? AND tenant = ? AND id = ? AND at_ms <= ? "
            "ORDER BY seq DESC LIMIT 1",
            (resource.vendor, resource.name, tenant, id, at_ms),
        ).fetchone()
        return orjson.loads(row["doc"]) if row and row["doc"] else None

    def ids(self, resource: Resource, tenant: str, where: str = "1", params: Sequence[Any] = ()) -> list[int]:
        """Of the same records the ids alone, in order."""
        sql = f"SELECT id FROM {resource.table} WHERE tenant = ? AND ({where}) ORDER BY id"  # noqa: S608
        return [row["id"] for row in self._connection.execute(sql, (tenant, *params))]

    def tenants(self, resource: Resource) -> list[str]:
        """Who has records of this kind."""
        sql = f"SELECT DISTINCT tenant FROM {resource.table} ORDER BY tenant"  # noqa: S608
        return [row["tenant"] for row in self._connection.execute(sql)]

    def changes(self, after: int = 0, limit: int = CHANGES_PER_READ, vendor: str = "") -> list[Change]:
        """The change log behind the sequence number `after`, oldest first."""
        rows = self._connection.execute(
            "SELECT * FROM changes WHERE seq > ? AND (? = '' OR vendor = ?) ORDER BY seq LIMIT ?",
            (after, vendor, vendor, limit),
        )
        return [_change(row) for row in rows]

    def changes_of(self, resource: Resource, tenant: str, id: int) -> list[Change]:
        """What happened to one record, oldest first."""
        rows = self._connection.execute(
            "SELECT * FROM changes WHERE vendor = ? AND resource = ? AND tenant = ? AND id = ? ORDER BY seq",
            (resource.vendor, resource.name, tenant, id),
        )
        return [_change(row) for row in rows]

    def last_ms(self) -> int:
        """The newest time that the database knows of: of a change, or as noted; 0 in an empty one."""
        sql = "SELECT max(at_ms) AS at_ms FROM changes UNION SELECT value FROM counters WHERE name = ?"
        return max(row["at_ms"] or 0 for row in self._connection.execute(sql, (CLOCK,)))

    def note_time(self) -> None:
        """Keep what time it is, for the next start: time passes also where nothing changes."""
        self._connection.execute("INSERT OR REPLACE INTO counters (name, value) VALUES (?, ?)", (CLOCK, self._now()))

    def agree(self, name: str, value: object) -> None:
        """What the world is made from stays as it was at first; a ValueError says what that is."""
        self._connection.execute("INSERT OR IGNORE INTO facts (name, value) VALUES (?, ?)", (name, str(value)))
        (known,) = self._connection.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        if known != str(value):
            raise ValueError(
                f"this database was made with {name} {known}, not {value}: start with that, or begin with a new file"
            )

    def dump(self, vendor: str, tenant: str) -> dict[str, list[Document]]:
        """Every record of a tenant by resource name, ordered by id; credentials are left out."""
        mine = [one for one in self.resources.values() if one.vendor == vendor and not one.secret]
        return {resource.name: self.find(resource, tenant) for resource in mine}

    # --- plain SQL for the kernel's own tables (the outbox) ---

    def execute(self, sql: str, params: Sequence[Any] = ()) -> sqlite3.Cursor:
        return self._connection.execute(sql, params)

    def _log(
        self, resource: Resource, tenant: str, id: int, verb: str, document: Document | None, before: Document | None
    ) -> Change:
        text = None if document is None else orjson.dumps(document).decode()
        at_ms = self._now()
        if resource.secret:
            return Change(0, at_ms, resource.vendor, resource.name, tenant, id, verb, document)
        cursor = self._connection.execute(
            "INSERT INTO changes (at_ms, vendor, resource, tenant, id, verb, doc) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (at_ms, resource.vendor, resource.name, tenant, id, verb, text),
        )
        change = Change(cursor.lastrowid or 0, at_ms, resource.vendor, resource.name, tenant, id, verb, document)
        if resource.vendor in self._told:
            self._told[resource.vendor](change, before)
        return change

    def _counted(self, name: str, first: int) -> int:
        row = self._connection.execute(
            "INSERT INTO counters (name, value) VALUES (?, ?) "
            "ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value",
            (name, first),
        ).fetchone()
        return int(row[0])

    def _prepare(self) -> None:
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._create()

    def _create(self) -> None:
        version = self._connection.execute("PRAGMA user_version").fetchone()[0]
        if version not in (0, SCHEMA_VERSION):
            raise ValueError(
                f"this database was made by another version of syncdrill (schema {version}, this is {SCHEMA_VERSION}): "
                "use that version, or begin with a new file"
            )
        database = sqlite_utils.Database(self._connection)
        for resource in self.resources.values():
            _create_table(database, resource)
        database["counters"].create({"name": str, "value": int}, pk="name", if_not_exists=True)
        database["facts"].create({"name": str, "value": str}, pk="name", if_not_exists=True)
        log = {
            "seq": int,
            "at_ms": int,
            "vendor": str,
            "resource": str,
            "tenant": str,
            "id": int,
            "verb": str,
            "doc": str,
        }
        database["changes"].create(log, pk="seq", if_not_exists=True)
        database["changes"].create_index(["vendor", "resource", "tenant", "id"], if_not_exists=True)
        self._connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _source(resource: Resource, tenant: str, instead: Instead) -> tuple[str, tuple[Any, ...]]:
    """The table, or the table with other states of some records; under the same name, with the same columns."""
    if not instead:
        return resource.table, ()
    names = ["tenant", "id", "doc", *(column.name for column in resource.columns)]
    rows = [
        {"tenant": tenant, "id": id, "doc": orjson.dumps(document).decode(), **resource.row(document)}
        for id, document in instead.items()
        if document is not None
    ]
    read = ", ".join(f"json_extract(value, '$.{name}') AS {name}" for name in names)
    source = (
        f"(SELECT {', '.join(names)} FROM {resource.table} "  # noqa: S608  names come from the tables
        "WHERE tenant = ? AND id NOT IN (SELECT value FROM json_each(?)) "
        f"UNION ALL SELECT {read} FROM json_each(?)) AS {resource.table}"
    )
    return source, (tenant, orjson.dumps(list(instead)).decode(), orjson.dumps(rows).decode())


def _create_table(database: sqlite_utils.Database, resource: Resource) -> None:
    columns: dict[str, Any] = {"tenant": str, "id": int, "doc": str}
    columns |= {column.name: column.type for column in resource.columns}
    table = database[resource.table]
    table.create(columns, pk=("tenant", "id"), not_null={"doc"}, if_not_exists=True)
    for column in resource.columns:
        # With the id at its end the index serves `ORDER BY id` too; else SQLite walks the whole tenant to spare a sort.
        table.create_index(["tenant", column.name, "id"], if_not_exists=True)
    for group in resource.unique:
        name = f"unique_{resource.table}_{'_'.join(group)}"
        table.create_index(["tenant", *group], index_name=name, unique=True, if_not_exists=True)


def _change(row: sqlite3.Row) -> Change:
    document = None if row["doc"] is None else orjson.loads(row["doc"])
    values = {key: row[key] for key in ("seq", "at_ms", "vendor", "resource", "tenant", "id", "verb")}
    return Change(**values, document=document)
