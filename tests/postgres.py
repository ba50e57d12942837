"""A PostgreSQL for the tests: the server that SYNCDRILL_POSTGRES names, or a scratch cluster that ends with the run.

A plugin of pytest: `--ledger postgres` has every ledger that a test does not care about stand there instead of in
SQLite's memory; tests marked `postgres` need one in any case, and are skipped with a word where there is none.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url
from sqlalchemy.pool import NullPool

PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/*/bin")
# A crash of the machine may cost a scratch cluster; English letters' order is what ours must not depend on.
SETTINGS = ("fsync=off", "full_page_writes=off", "listen_addresses=", "max_connections=60", "shared_buffers=32MB")
INITDB = ("--auth=trust", "--encoding=UTF8", "--no-sync", "--locale-provider=icu", "--icu-locale=en-US", "--locale=C")


class Postgres:
    """A server; each ledger is a schema of its own in one of its databases."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url).set(drivername="postgresql+psycopg")
        self._engine = create_engine(self._url, poolclass=NullPool)
        self._numbers = count(1)
        self._made: list[str] = []
        self.run("SELECT 1")

    def ledger(self) -> str:
        """The URL of a new and empty one."""
        name = f"ledger_{os.getpid()}_{next(self._numbers)}"
        self.run(f"CREATE SCHEMA {name}")
        self._made.append(name)
        url = self._url.update_query_dict({"options": f"-csearch_path={name}"})
        return url.render_as_string(hide_password=False)

    def run(self, statement: str) -> None:
        with self._engine.begin() as connection:
            connection.exec_driver_sql(statement)

    def close(self) -> None:
        for name in self._made:
            self.run(f"DROP SCHEMA IF EXISTS {name} CASCADE")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--ledger", choices=("sqlite", "postgres"), default="sqlite", help="where ledgers stand")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with ExitStack() as stack:
        url = os.environ.get("SYNCDRILL_POSTGRES") or stack.enter_context(_cluster())
        server = Postgres(url)
        yield server
        if "SYNCDRILL_POSTGRES" in os.environ:  # a scratch one is deleted as a whole
            server.close()


@pytest.fixture(scope="session")
def new_ledger(request: pytest.FixtureRequest) -> Callable[[], str]:
    """Makes ledgers of tests that do not care where they stand: "" is in memory."""
    if request.config.getoption("--ledger") == "postgres":
        return request.getfixturevalue("postgres").ledger  # type: ignore[no-any-return]
    return lambda: ""


@contextmanager
def _cluster() -> Iterator[str]:
    """A cluster on a socket of its own, below a folder that is deleted."""
    programs = _programs()
    if programs is None:
        pytest.skip("no PostgreSQL on this machine: install the package postgresql, or set SYNCDRILL_POSTGRES=URL")
    with tempfile.TemporaryDirectory(prefix="drill-pg-", ignore_cleanup_errors=True) as folder:
        user = "postgres" if os.geteuid() == 0 else None  # which refuses to run as root
        if user:
            shutil.chown(folder, user)

        def run(*command: str) -> None:
            subprocess.run(command, user=user, cwd=folder, check=True, stdout=subprocess.DEVNULL)

        control = (str(programs / "pg_ctl"), "-D", f"{folder}/data", "-w")
        run(str(programs / "initdb"), "-U", "postgres", "-D", f"{folder}/data", *INITDB)
        options = " ".join(f"-c {setting}" for setting in (*SETTINGS, f"unix_socket_directories={folder}"))
        run(*control, "-l", f"{folder}/log", "-o", options, "start")
        try:
            yield f"postgresql://postgres@/postgres?host={folder}"
        finally:
            run(*control, "-m", "immediate", "stop")


def _programs() -> Path | None:
    """Where initdb and pg_ctl stand: as `pg_config` says, or at the places that distributions take."""
    if shutil.which("pg_config"):
        told = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=False).stdout.strip()
        if told and (Path(told) / "initdb").exists():
            return Path(told)
    found = [path for pattern in PLACES for path in Path("/").glob(pattern[1:]) if (path / "initdb").exists()]
    return max(found, key=lambda path: path.parent.name, default=None)
