"""Versions of the ledger: an older one is brought up to date with all its rows, any other is refused untouched."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, insert, select
from sqlalchemy.pool import NullPool

from sync_core.migrations import versions
from sync_core.migrations.versions import v0001_base as base
from sync_core.shell.storage.database import Wire
from sync_core.shell.storage.schema import UnusableLedger, newest
from sync_core.shell.storage.tables import METADATA, VERSION

OWNED = {"tenant": "1", "shop": "a.myshopify.com"}


@pytest.fixture
def file(tmp_path) -> Path:
    return tmp_path / "ledger.db"


def url(file: Path) -> str:
    return f"sqlite:///{file}"


def of_old(url: str) -> None:
    """A ledger from before ledgers had versions, with a source and its link."""
    engine = create_engine(url, poolclass=NullPool)
    base.METADATA.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(base.SOURCE), {**OWNED, "kind": "order", "id": "7", "document": b'{"id":7}'})
        connection.execute(insert(base.LINK), {**OWNED, "object_type": "deals", "key": "7", "hs_id": "99"})
    engine.dispose()


def sql(file: Path, statement: str) -> list:
    connection = sqlite3.connect(file)
    with connection:
        rows = connection.execute(statement).fetchall()
    connection.close()
    return rows


def differences(url: str) -> list:
    with create_engine(url, poolclass=NullPool).connect() as connection:
        return compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), METADATA)


def test_a_new_ledger_has_the_newest_version_and_needs_no_migration(file):
    Wire(url(file)).close()

    assert [(newest(),)] == sql(file, "SELECT version_num FROM alembic_version")
    assert [] == differences(url(file))


def test_an_old_ledger_is_brought_up_to_date_with_all_its_rows(file):
    of_old(url(file))

    wire = Wire(url(file))
    with wire.transaction():
        version = wire.connection.execute(select(VERSION.c.version_num)).scalar_one()
    wire.close()
    Wire(url(file)).close()

    assert newest() == version
    assert [("7", b'{"id":7}')] == sql(file, "SELECT id, document FROM source")
    assert [("deals", "99")] == sql(file, "SELECT object_type, hs_id FROM link")


def test_the_migrations_make_the_same_tables_as_a_new_ledger(file):
    of_old(url(file))
    Wire(url(file)).close()

    assert [] == differences(url(file))


@pytest.mark.postgres
def test_the_migrations_make_the_same_tables_on_postgresql(postgres):
    old, new = postgres.ledger(), postgres.ledger()
    of_old(old)
    for ledger in (old, new):
        Wire(ledger).close()

    assert [[], []] == [differences(ledger) for ledger in (old, new)]


def test_each_migration_follows_the_one_before_it():
    names = sorted(module.name for module in iter_modules(versions.__path__))
    modules = [import_module(f"{versions.__name__}.{name}") for name in names]

    assert [f"{number:04d}" for number in range(1, len(names) + 1)] == [one.revision for one in modules]
    assert [None, *(one.revision for one in modules[:-1])] == [one.down_revision for one in modules]


def test_a_ledger_of_a_newer_version_is_refused_untouched(file):
    Wire(url(file)).close()
    sql(file, "UPDATE alembic_version SET version_num = '9999'")
    before = file.read_bytes()

    with pytest.raises(
        UnusableLedger, match=r"newer version of syncdrill \(its tables are 9999, .*name another ledger"
    ):
        Wire(url(file))
    assert before == file.read_bytes()


def test_a_ledger_of_a_shape_that_nobody_knows_is_refused_untouched(file):
    of_old(url(file))
    sql(file, "ALTER TABLE source DROP COLUMN words")
    before = file.read_bytes()

    with pytest.raises(UnusableLedger, match=r"none of a ledger that syncdrill still knows.*name another ledger"):
        Wire(url(file))
    assert before == file.read_bytes()


@pytest.mark.parametrize("where", [0, 4096 * 3])
def test_a_damaged_file_is_refused_untouched(file, where):
    of_old(url(file))
    content = bytearray(file.read_bytes())
    content[where : where + 2048] = b"\xff" * 2048
    file.write_bytes(content)

    with pytest.raises(UnusableLedger, match=r"the ledger is damaged .*move the file away"):
        Wire(url(file))
    assert bytes(content) == file.read_bytes()


def test_a_migration_that_fails_leaves_the_old_ledger_as_it_was(file, monkeypatch):
    of_old(url(file))
    before = file.read_bytes()
    monkeypatch.setattr("sync_core.shell.storage.schema._stamp", lambda connection, version: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        Wire(url(file))
    assert before == file.read_bytes()


def test_two_processes_do_not_share_a_file(file):
    wire = Wire(url(file))
    try:
        with pytest.raises(UnusableLedger, match="another process has this ledger open"):
            Wire(url(file))
    finally:
        wire.close()


@pytest.mark.slow
def test_alembic_is_loaded_only_where_a_migration_is_due(file):
    script = "import sys; from sync_core.shell.storage.database import Wire; Wire(sys.argv[1]).close(); "
    script += "print('alembic' in sys.modules)"
    old = file.with_name("old.db")
    of_old(url(old))

    told = [
        subprocess.run(
            [sys.executable, "-c", script, url(one)], capture_output=True, text=True, check=True
        ).stdout.strip()
        for one in (file, file, old, old)
    ]

    assert ["False", "False", "True", "False"] == told
