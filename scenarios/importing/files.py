"""A file becomes rows: its encoding, its quoting, its header, and how large it may be."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scenarios.importing.cells import Column, Unreadable

MOST_ROWS = 100_000
LARGEST_FILE = 64 * 1024 * 1024  # bytes; as much as the control plane takes in one request


@dataclass(frozen=True, slots=True)
class Record:
    """What was read of one product, customer or order.

    Args:
        file, line: where it begins.
        body: what is sent to the shop.
    """

    file: Path
    line: int
    body: dict[str, Any]

    @property
    def place(self) -> str:
        return f"{self.file}, line {self.line}"


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `line` is where it begins in its file."""

    file: Path
    line: int
    cells: Mapping[str, str]

    def cell(self, header: str) -> str:
        """What stands there, without blanks around it; nothing where the file has no such column."""
        return self.cells.get(header, "").strip()

    def get(self, column: Column) -> Any:
        """The value in this row, None where the cell is blank or the file has no such column."""
        whole_cell = self.cells.get(column.header, "")
        cell = whole_cell.strip()
        try:
            return column.read(cell if column.trimmed else whole_cell) if cell else None
        except ValueError as error:
            raise self.unreadable(column.header, f"{cell[:60]!r} {error}") from None

    def fields(self, columns: Iterable[Column]) -> dict[str, Any]:
        values = {column.field: self.get(column) for column in columns}
        return {field: value for field, value in values.items() if value is not None}

    def unreadable(self, column: str, reason: str) -> Unreadable:
        return Unreadable(self.file, self.line, column, reason)

    def record(self, body: dict[str, Any]) -> Record:
        return Record(self.file, self.line, body)


@dataclass(frozen=True, slots=True)
class Shape:
    """The columns of one kind of export.

    Args:
        name: as in "Shopify's product CSV".
        needed: without these it is another file.
        known: all that are read.
        without_a_place: those that Shopify writes and a REST body has no place for.
    """

    name: str
    needed: tuple[str, ...]
    known: Collection[str]
    without_a_place: re.Pattern[str]


def rows_of(files: Iterable[Path], shape: Shape, say: Callable[[str], None]) -> list[Row]:
    """All rows that are not blank, in the order of the files.

    Args:
        say: told in a sentence which columns are unknown and therefore ignored.
    """
    rows = [row for file in files for row in _rows(Path(file), shape, say)]
    if len(rows) > MOST_ROWS:
        raise rows[MOST_ROWS].unreadable("", f"there are more than {MOST_ROWS:,} rows: import them in parts")
    return rows


def grouped(rows: Iterable[Row], header: str, what: str) -> dict[str, list[Row]]:
    """Rows by the cell that says to which `what` they belong."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        key = row.cell(header)
        if not key:
            raise row.unreadable(header, f"a row must say to which {what} it belongs")
        group = groups.setdefault(key, [])
        if group and group[0].file != row.file:
            raise row.unreadable(header, f"{key!r} stands in {group[0].file} already, on line {group[0].line}")
        group.append(row)
    return groups


def _rows(file: Path, shape: Shape, say: Callable[[str], None]) -> list[Row]:
    lines = _records(file)
    line, header = next(lines, (1, []))
    header = [name.strip() for name in header]
    for name in shape.needed:
        if name not in header:
            raise Unreadable(file, line, name, f"there is no such column: is this Shopify's {shape.name} CSV?")
    for name in header:
        if name and header.count(name) > 1:
            raise Unreadable(file, line, name, "the column stands there twice")
    unknown = [
        name for name in header if name and name not in shape.known and not shape.without_a_place.fullmatch(name)
    ]
    if unknown:
        say(f"{file}: unknown columns are ignored: {', '.join(unknown)}")
    rows = []
    for line, cells in lines:
        if len(cells) != len(header):
            column = header[len(cells)] if len(cells) < len(header) else ""
            raise Unreadable(file, line, column, f"the row has {len(cells)} cells, the header {len(header)}")
        rows.append(Row(file, line, dict(zip(header, cells, strict=True))))
    return rows


def _records(file: Path) -> Iterator[tuple[int, list[str]]]:
    """The records of a file that are not blank, each with the physical line on which it begins."""
    reader = csv.reader(io.StringIO(_content(file), newline=""), strict=True)
    line = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise Unreadable(file, line, "", f"the row's quoting is broken ({error})") from None
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield line, cells
        line = reader.line_num + 1


def _content(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST_FILE + 1)
    except OSError as error:
        raise Unreadable(file, 1, "", f"the file cannot be opened ({error.strerror})") from None
    if len(content) > LARGEST_FILE:
        raise Unreadable(file, 1, "", f"the file is larger than {LARGEST_FILE // 1024**2} MB: import it in parts")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unreadable(file, line, "", "the file is not UTF-8: export it again as CSV UTF-8") from None
