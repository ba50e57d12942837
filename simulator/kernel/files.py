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

    def parts(self, tenant: str, name: str) -> Iterator[bytes]:
        """One after the other, never the whole of it."""
        part = 0
        while row := self._store.execute(
            "SELECT data FROM files WHERE tenant = ? AND name = ? AND part = ?", (tenant, name, part)
        ).fetchone():
            yield row[0]
            part += 1

    def remove(self, tenant: str, name: str) -> None:
        self._store.execute("DELETE FROM files WHERE tenant = ? AND name = ?", (tenant, name))
