"""Who works on a ledger that several processes share: one of them, by a lease with a fence.

The lease is a row, its times are the database's own. Whoever takes it over counts its epoch up; from then on every
transaction of the former owner finds an epoch that is not its own, and ends (`database.LostLease`). So a process that
was stopped for a minute, and knows nothing of it, writes nothing more; nor does it begin a call to HubSpot, as each
first takes its place in the ledger. The owner's session also holds a lock, which PostgreSQL lets go when the process
dies: nobody waits then for the lease to end.
"""

from __future__ import annotations

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from sync_core.shell.storage.database import IN_TURN, RECEIVING

TERM_MS = 10_000  # how long an owner that does not answer keeps the others out

NOW_MS = "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)"
KEEP = text(f"UPDATE lease SET until_ms = {NOW_MS} + :term WHERE owner = :owner RETURNING epoch")  # noqa: S608
TAKE = text(
    f"INSERT INTO lease (name, owner, address, epoch, until_ms) "  # noqa: S608  nothing comes from outside
    f"VALUES ('portal', :owner, :address, 1, {NOW_MS} + :term) "
    f"ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, address = excluded.address, epoch = lease.epoch + 1, "
    f"until_ms = excluded.until_ms WHERE lease.until_ms <= {NOW_MS} OR :alone RETURNING epoch"
)
LOCK = "SELECT pg_try_advisory_lock(94, hashtext(current_schema()))"
UNLOCK = "SELECT pg_advisory_unlock(94, hashtext(current_schema()))"
RELEASE = text("UPDATE lease SET until_ms = 0, owner = '' WHERE owner = :owner")


class Lease:
    """The lease as one process sees it.

    Args:
        url: of a ledger on PostgreSQL whose tables are there.
        owner: a name that no other process has, nor had.
        address: where the owner's pages are.
    """

    def __init__(self, url: str, owner: str, address: str, term_ms: int = TERM_MS) -> None:
        self._engine = create_engine(url, poolclass=NullPool)
        self._given = {"owner": owner, "address": address, "term": term_ms}
        self._session: Connection | None = None
        self._locked = False  # whether our session has the owner's lock

    def hold(self) -> int:
        """Keep it, or take it where nobody has it; our epoch, or RECEIVING while another process has it."""
        try:
            if self._session is None:
                self._session = self._engine.connect()
            had_it = self._locked
            kept = self._keep(self._session)
            return kept if kept or had_it else self._take(self._session)  # who has lost it lets the other settle in
        except DBAPIError:
            self.close()
            raise

    def release(self) -> None:
        """Somebody else may have it at once."""
        if self._session:
            with self._session.begin():
                self._session.execute(RELEASE, self._given)
        self.close()

    def close(self) -> None:
        """End the session, as death does."""
        if self._session:
            self._session.invalidate()
            self._session.close()
        self._session, self._locked = None, False

    def _keep(self, session: Connection) -> int:
        with session.begin():
            epoch = session.execute(KEEP, self._given).scalar()
            if bool(epoch) != self._locked:
                done = bool(session.exec_driver_sql(LOCK if epoch else UNLOCK).scalar())
                self._locked = done if epoch else False
        return int(epoch or RECEIVING)

    def _take(self, session: Connection) -> int:
        with session.begin():
            session.exec_driver_sql(IN_TURN)  # behind what the former owner is just committing
            self._locked = bool(session.exec_driver_sql(LOCK).scalar())
            return int(session.execute(TAKE, self._given | {"alone": self._locked}).scalar() or RECEIVING)
