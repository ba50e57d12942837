"""The ledger's version: a new database gets today's tables, an older one is brought up to them, any other is refused.

The version is that of the newest file in `sync_core/migrations/versions`. Alembic is loaded only when a migration is
due. Everything happens in the caller's transaction, so that a ledger is never left in between.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import resources

from sqlalchemy import Connection, delete, insert, inspect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable, ExecutableDDLElement

from sync_core.migrations import versions
from sync_core.shell.storage.tables import METADATA, VERSION

UNVERSIONED = "0001"  # what the last ledgers without a version have
DAMAGES = ("not a database", "malformed", "corrupt")
ANEW = "the sync then reads all of Shopify again and finds its records in HubSpot by their own marks"


class UnusableLedger(ValueError):
    """What is wrong with the database, and the way out."""


def newest() -> str:
    """The version that this code works with."""
    return _versions()[-1]


def prepare(connection: Connection) -> None:
    """Bring the tables to today's version, or say why that cannot be."""
    tables = frozenset(inspect(connection).get_table_names())
    found = _version(connection, tables)
    if found == newest():
        return
    if found and found not in _versions():
        raise UnusableLedger(
            f"the ledger is of a newer version of syncdrill (its tables are {found}, here they are {newest()}): use "
            f"that version, or name another ledger; {ANEW}"
        )
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # the driver begins no transaction for changes of tables
    if found:
        _migrate(connection)
    elif _is_new(connection, tables):
        for statement in _making(connection.dialect.name):
            connection.exec_driver_sql(statement)
        _stamp(connection, newest())
    elif _has_base_tables(connection, tables):
        VERSION.create(connection)
        _stamp(connection, UNVERSIONED)
        _migrate(connection)
    else:
        raise UnusableLedger(
            "these tables are none of a ledger that syncdrill still knows, or no ledger's at all: move the database "
            f"away, or name another ledger; {ANEW}"
        )


def check(connection: Connection) -> None:
    """Refuse an SQLite file that is damaged, before anything else is read from it or written."""
    told = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar())
    if told != "ok":
        raise _damaged(told.splitlines()[-1])


def refused(told: str) -> UnusableLedger:
    """What SQLite's words about a file mean to its owner."""
    if "locked" in told:
        return UnusableLedger("another process has this ledger open: end it first, or name another ledger")
    if any(word in told for word in DAMAGES):
        return _damaged(told)
    return UnusableLedger(f"the ledger cannot be used ({told}): name another one")


def _damaged(told: str) -> UnusableLedger:
    return UnusableLedger(f"the ledger is damaged ({told}): move the file away, or name another ledger; {ANEW}")


@cache
def _versions() -> tuple[str, ...]:
    """From the oldest to the newest; `v0001_base.py` is "0001"."""
    return tuple(sorted(module.name[1:5] for module in pkgutil.iter_modules(versions.__path__)))


def _version(connection: Connection, tables: frozenset[str]) -> str:
    """The version that stands in the database; "" where none does."""
    return (VERSION.name in tables and connection.execute(select(VERSION.c.version_num)).scalar()) or ""


@cache
def _making(dialect: str) -> tuple[str, ...]:
    """What makes all tables, in a database's words. To find the words costs ten times what running them does."""
    words = (postgresql if dialect == "postgresql" else sqlite).dialect()
    tables = METADATA.sorted_tables
    indexes = [CreateIndex(one) for table in tables for one in sorted(table.indexes, key=lambda index: str(index.name))]
    made: list[ExecutableDDLElement] = [*map(CreateTable, tables), *indexes]
    return tuple(str(one.compile(dialect=words)) for one in made)


def _stamp(connection: Connection, version: str) -> None:
    connection.execute(delete(VERSION))
    connection.execute(insert(VERSION).values(version_num=version))


def _is_new(connection: Connection, tables: frozenset[str]) -> bool:
    """A file of our own has nothing in it; a PostgreSQL database may hold other programs' tables."""
    return not tables or (connection.dialect.name != "sqlite" and not tables & METADATA.tables.keys())


def _has_base_tables(connection: Connection, tables: frozenset[str]) -> bool:
    """Whether the tables are those that the first migration makes."""
    from sync_core.migrations.versions.v0001_base import METADATA as BASE

    wanted = {name: [column.name for column in table.columns] for name, table in BASE.tables.items()}
    return wanted == _columns(connection, tables & (wanted.keys() | METADATA.tables.keys()))


def _columns(connection: Connection, tables: frozenset[str]) -> Mapping[str, list[str]]:
    inspector = inspect(connection)
    return {name: [column["name"] for column in inspector.get_columns(name)] for name in tables}


def _migrate(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    with resources.as_file(resources.files("sync_core.migrations")) as folder:
        config = Config()
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
