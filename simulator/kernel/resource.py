"""The vocabulary of the tables: one `Resource` for each kind of record that a fake keeps.

A record is a document (JSON) under (tenant, id). The few fields that queries need stand beside it as columns, which
are computed here in Python when the row is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A field of the document that queries look for.

    Args:
        name: the column, and the document's field unless `of` says otherwise.
        type: the Python type that SQLite stores: str, int or float.
        of: computes the value where it is not simply the field.
    """

    name: str
    type: type = str
    of: Callable[[Document], Any] | None = None

    def value(self, document: Document) -> Any:
        return self.of(document) if self.of else document.get(self.name)


@dataclass(frozen=True, slots=True)
class Resource:
    """One kind of record.

    Args:
        vendor: the fake that keeps it.
        name: its name there, plural: "customers", "line_items".
        columns: the fields that queries need.
        unique: groups of columns whose values stand only once in a tenant; NULLs do not count.
        first_id: where the ids of a tenant begin.
        secret: its rows hold credentials, so neither the change log nor a dump shows them.
    """

    vendor: str
    name: str
    columns: tuple[Column, ...] = ()
    unique: tuple[tuple[str, ...], ...] = ()
    first_id: int = 1
    secret: bool = False

    @property
    def table(self) -> str:
        return f"{self.vendor}_{self.name}"

    def row(self, document: Document) -> dict[str, Any]:
        return {column.name: column.value(document) for column in self.columns}


@dataclass(frozen=True, slots=True)
class Change:
    """One committed write, as the change log keeps it.

    Args:
        seq: the order of commits in the world.
        at_ms: when.
        verb: "create", "update" or "delete".
        document: the record after the write; None after a deletion.
    """

    seq: int
    at_ms: int
    vendor: str
    resource: str
    tenant: str
    id: int
    verb: str
    document: Mapping[str, Any] | None = field(default=None)
