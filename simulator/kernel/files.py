"""Files that a fake holds ready, such as an export to be downloaded: bytes in parts, written and read part by part."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.kernel.store import Store


class Files:
    """The files of a world, by tenant and name. They are no records: the change log does not know of them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        columns = "tenant TEXT, name TEXT, part INTEGER, data BLOB, PRIMARY KEY (tenant, name, part)"
        store.execute(f"CREATE TABLE IF NOT EXISTS files ({columns})")

    def append(self, tenant: str, name: str, data: bytes) -> None:
        """Add a part at the end; the first one makes the file."""
        self._store.execute(
            "INSERT INTO files SELECT ?, ?, count(*), ? FROM files WHERE tenant = ? AND name = ?",
            (tenant, name, data, tenant, name),
        )

    def size(self, tenant: str, name: str) -> int | None:
        """In bytes; None where there is no such file."""
        sql = "SELECT sum(length(data)) FROM files WHERE tenant = ? AND name = ?"
        found: int | None = self._store.execute(sql, (tenant, name)).fetchone()[0]
        return found

    def parts(self, tenant: str, name: str, start: int = 0) -> Iterator[bytes]:
        """From byte `start` on, one after the other, never the whole of it."""
        part, begins = self._part_with(tenant, name, start)
        while row := self._store.execute(
            "SELECT data FROM files WHERE tenant = ? AND name = ? AND part = ?", (tenant, name, part)
        ).fetchone():
            yield row[0][max(0, start - begins) :]
            begins += len(row[0])
            part += 1

    def _part_with(self, tenant: str, name: str, byte: int) -> tuple[int, int]:
        """The part that holds a byte, and the byte it begins with; no data is read for it."""
        ends = "sum(length(data)) OVER (ORDER BY part)"
        sizes = f"SELECT part, {ends} AS ends, length(data) AS size FROM files WHERE tenant = ? AND name = ?"  # noqa: S608
        sql = f"SELECT part, ends - size FROM ({sizes}) WHERE ends > ? ORDER BY part LIMIT 1"  # noqa: S608
        found: tuple[int, int] | None = self._store.execute(sql, (tenant, name, byte)).fetchone()
        return (found[0], found[1]) if found else (-1, 0)

    def remove(self, tenant: str, name: str) -> None:
        self._store.execute("DELETE FROM files WHERE tenant = ? AND name = ?", (tenant, name))
