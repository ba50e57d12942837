"""The limits' numbers in the ledger: a restart knows which calls still count, and processes share what is left.

A ledger in memory ends with its process, so nothing is kept there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import orjson
from sqlalchemy import bindparam, select

from sync_core.pure.quota import Quota, as_json, from_json
from sync_core.shell.clients.limits import InMemory, Shelf
from sync_core.shell.storage.database import Wire, insert_into
from sync_core.shell.storage.tables import QUOTA

T = TypeVar("T")


def shelves(wire: Wire, portal: Callable[[], str]) -> Callable[[str, Quota], Shelf]:
    """Where a limit's numbers are kept, by its name and what it is at first.

    Args:
        portal: whose limits they are; "" while that is not known.
    """

    def shelf(name: str, first: Quota) -> Shelf:
        return Kept(wire, portal, name, first) if wire.outlives_us else InMemory(first)

    return shelf


class Kept:
    """A quota in a row of its own. Who alone calls HubSpot need not read again what it has written."""

    def __init__(self, wire: Wire, portal: Callable[[], str], name: str, first: Quota) -> None:
        self._wire, self._portal, self._name, self._first = wire, portal, name, first
        self._known: Quota | None = None
        self._keep = _keep(wire.dialect)

    def read(self) -> Quota:
        if self._known and self._wire.works_alone:
            return self._known
        with self._wire.transaction():
            return self._read()

    def change(self, by: Callable[[Quota], tuple[Quota, T]]) -> T:
        with self._wire.transaction():
            changed, told = by(self._read())
            row = {"tenant": self._portal(), "name": self._name, "value": orjson.dumps(as_json(changed))}
            self._wire.connection.execute(self._keep, row)
            self._known = changed
        return told

    def _read(self) -> Quota:
        if self._known and self._wire.works_alone:
            return self._known
        rows = self._wire.connection.execute(READ, {"name": self._name, "tenants": ["", self._portal()]}).all()
        return from_json(orjson.loads(rows[0].value)) if rows else self._first


# Until the portal is known its calls are counted under "", and from there it goes on.
READ = (
    select(QUOTA.c.value)
    .where(QUOTA.c.name == bindparam("name"), QUOTA.c.tenant.in_(bindparam("tenants", expanding=True)))
    .order_by(QUOTA.c.tenant.desc())
)


def _keep(dialect: str) -> Any:
    insert = insert_into(QUOTA, dialect)
    return insert.on_conflict_do_update(index_elements=["tenant", "name"], set_={"value": insert.excluded.value})
