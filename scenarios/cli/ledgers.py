"""The database that a person names for a ledger."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from scenarios.cli.exits import USAGE, Problem


def database(given: str | None) -> tuple[str, str]:
    """The URL for SQLAlchemy, and a name to show that holds no password.

    Args:
        given: an SQLite file, a postgresql:// URL, or nothing, which is memory.
    """
    if not given:
        return "sqlite://", "in memory"
    if "://" not in given:
        return f"sqlite:///{Path(given).resolve()}", given
    return server(given)


def server(given: str) -> tuple[str, str]:
    """The same of a PostgreSQL database."""
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(given)
    except (ArgumentError, ValueError):  # which may quote the password
        raise Problem("a database on a server looks like postgresql://user:password@host/database", USAGE) from None
    if url.get_backend_name() != "postgresql":
        raise Problem(f"a ledger is an SQLite file or a postgresql:// URL, not {url.get_backend_name()}", USAGE)
    if not (find_spec("psycopg") and find_spec("procrastinate")):
        raise Problem("a ledger on PostgreSQL needs an extra: pip install 'syncdrill[scale]'", USAGE)
    return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False), str(url)
