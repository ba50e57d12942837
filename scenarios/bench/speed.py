"""Our own work for each change where nothing limits us: this process without its fakes, its ledger on a disk."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count as numbers

from sqlalchemy import create_engine, make_url

from scenarios.bench import schedule

WIDE = 100_000  # calls in ten seconds: no limit at all
LARGEST = 190 / 10 * schedule.RECORDS  # records in a second that the larger of HubSpot's limits lets through


@dataclass(frozen=True, slots=True)
class Speed:
    """Of one ledger, in microseconds for each change: an order is four records, itself and its three line items.

    `wall` is with what the process waits for: the disk, or the database server.
    """

    case: str
    changes: int
    contact_cpu_us: float
    contact_wall_us: float
    order_cpu_us: float
    order_wall_us: float
    contacts_a_second: int
    records_a_second: int  # of orders and their line items

    @property
    def holds(self) -> bool:
        """Fast enough for the larger of HubSpot's limits: then it is the limit that decides, never our own work."""
        return min(self.contacts_a_second, self.records_a_second) >= LARGEST


def own_speed(count: int, server: str = "") -> Speed:
    """Measure it.

    Args:
        server: the URL of a PostgreSQL database, for SQLAlchemy; "" has the ledger in a file of SQLite's.
    """
    with _ledgers(server) as (ledger, ready):
        contacts = schedule.changed_contacts(WIDE, count, ledger(), ready)
        orders = schedule.new_orders(WIDE, count, ledger(), ready)
    return Speed(
        case=f"no limits, {'PostgreSQL' if server else 'SQLite'}",
        changes=count,
        contact_cpu_us=contacts.cpu_us,
        contact_wall_us=contacts.wall_us,
        order_cpu_us=orders.cpu_us,
        order_wall_us=orders.wall_us,
        contacts_a_second=int(1e6 / contacts.wall_us),
        records_a_second=int(4e6 / orders.wall_us),
    )


@contextmanager
def _ledgers(server: str) -> Iterator[tuple[Callable[[], str], Callable[[], None]]]:
    """Makes ledgers that go with the run, files or schemas of the database; and what makes them ready to be timed."""
    number = numbers(1)
    if not server:
        with tempfile.TemporaryDirectory() as folder:
            yield lambda: f"sqlite:///{folder}/{next(number)}.db", lambda: None
        return
    url, made = make_url(server), []
    engine = create_engine(url)

    def run(statement: str) -> None:
        with engine.begin() as connection:
            connection.exec_driver_sql(statement)

    def schema() -> str:
        made.append(f"bench_{next(number)}")
        run(f"CREATE SCHEMA {made[-1]}")
        return url.update_query_dict({"options": f"-csearch_path={made[-1]}"}).render_as_string(hide_password=False)

    try:
        yield schema, lambda: run("ANALYZE")  # a server does so by itself, a minute after its tables have filled
    finally:
        for name in made:
            run(f"DROP SCHEMA {name} CASCADE")
        engine.dispose()
