"""One cell of an export: what it says, or why it cannot be read."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

Read = Callable[[str], Any]


@dataclass
class Unreadable(Exception):
    """A place in a file that cannot be read. `line` is the physical line on which the row begins."""

    file: Path
    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        column = f", column {self.column!r}" if self.column else ""
        return f"{self.file}, line {self.line}{column}: {self.reason}"


def text(cell: str) -> str:
    return cell


def guarded(cell: str) -> str:
    """An apostrophe in front of what a spreadsheet would take for a number or a formula is not part of the value."""
    return cell[1:] if re.match(r"'[0-9+\-=@]", cell) else cell


def truth(cell: str) -> bool:
    words = {"true": True, "yes": True, "false": False, "no": False}
    if cell.lower() not in words:
        raise ValueError("is neither true nor false")
    return words[cell.lower()]


def money(cell: str) -> str:
    """Every export writes two decimals, whatever the currency."""
    if not re.fullmatch(r"[0-9]{1,16}(\.[0-9]{1,2})?", cell):
        raise ValueError("is not a price such as 1234.50")
    return f"{Decimal(cell):.2f}"


def whole(cell: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,9}", cell):
        raise ValueError("is not a whole number")
    return int(cell)


def position(cell: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", cell) or int(cell) == 0:
        raise ValueError("is not a position: 1, 2, 3 ...")
    return int(cell)


def grams(cell: str) -> int:
    """Whole grams; weights that were given in pounds or ounces are exported with decimals."""
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,12})?", cell):
        raise ValueError("is not a weight in grams")
    return int(Decimal(cell).to_integral_value(ROUND_HALF_UP))


def address(cell: str) -> str:
    if not re.fullmatch(r"https?://[^\s/]+(/\S*)?", cell):
        raise ValueError("is not an address that begins with http:// or https://")
    return cell


def moment(cell: str) -> str:
    """A time as the exports write it, in the shop's zone, becomes ISO 8601 with its offset."""
    try:
        return datetime.strptime(cell, "%Y-%m-%d %H:%M:%S %z").isoformat()
    except ValueError:
        raise ValueError("is not a time such as 2025-10-07 09:50:26 +0200") from None


def one_of(*words: str) -> Read:
    def read(cell: str) -> str:
        if cell.lower() not in words:
            raise ValueError(f"is none of {', '.join(words)}")
        return cell.lower()

    return read


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file and the field of the REST body that it fills; `trimmed` of blanks at both ends."""

    header: str
    field: str
    read: Read = text
    trimmed: bool = True
