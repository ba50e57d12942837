"""What SQLite's planner is told of the ledger's indexes, as nothing else tells it what they are worth.

Where nobody has counted, it takes every equality for a good one: it would then read all rows of a shop in the order of
their keys rather than the few that an e-mail address leads to. All our rows begin with the portal and the shop; the
numbers are those that ANALYZE would find in a large ledger [SQLite: "The Sqlite_stat1 table" in its file format].
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, Table

from sync_core.shell.storage.tables import METADATA

ROWS = 1_000_000  # of each table
SAME = ("tenant", "shop")
FEW = ("kind", "object_type", "parent_type", "lane", "what")  # names that share a handful of values
ALIKE = 10  # rows with one value of any other column


def inform(connection: Connection) -> None:
    """Write down what each index is worth, and have the planner read it."""
    told = sorted(_told())
    connection.exec_driver_sql("ANALYZE sqlite_master")  # makes the table of statistics
    known = connection.exec_driver_sql("SELECT tbl, idx, stat FROM sqlite_stat1 ORDER BY tbl, idx").all()
    if [tuple(row) for row in known] != told:
        connection.exec_driver_sql("DELETE FROM sqlite_stat1")
        connection.exec_driver_sql("INSERT INTO sqlite_stat1 VALUES (?, ?, ?)", told)
        connection.exec_driver_sql("ANALYZE sqlite_master")  # reads it


def _told() -> Iterator[tuple[str, str, str]]:
    """Table, index and statistics, in SQLite's words."""
    for table in METADATA.sorted_tables:
        if _is_owned(table):
            *before, _ = _alike(column.name for column in table.primary_key)
            yield table.name, f"sqlite_autoindex_{table.name}_1", _stat([*before, 1])
            for index in table.indexes:
                yield table.name, str(index.name), _stat(_alike(column.name for column in index.columns))


def _is_owned(table: Table) -> bool:
    return [column.name for column in table.primary_key][:2] == list(SAME)


def _alike(names: Iterable[str]) -> Iterator[int]:
    """How many rows have the same values in the first column, in the first two, and so on."""
    rows = ROWS
    for name in names:
        if name in FEW:
            rows = max(1, rows // len(FEW))
        elif name not in SAME:
            rows = min(rows, ALIKE)
        yield rows


def _stat(alike: Iterable[int]) -> str:
    return " ".join(map(str, (ROWS, *alike)))
