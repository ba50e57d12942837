"""Shopify's product CSV, as merchants export it, becomes REST product bodies; whatever cannot be read is named.

Read by header, never by position: exports of different age have different columns. One row is a variant or a
further image; the first row of a handle carries the product's own columns. A blank cell says nothing, so its field is
left to Shopify's own default. Some columns have no place in a product here: metafields (SEO and Google Shopping ones
among them), cost, tax code, and which variant shows which image (in a REST body an image has no id yet).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

MOST_ROWS = 100_000
LARGEST_FILE = 64 * 1024 * 1024  # bytes; as much as the control plane takes in one request

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


def read_products(files: Iterable[Path], say: Callable[[str], None]) -> list[dict[str, Any]]:
    """The bodies of `POST products`, one for each handle, in the order of the files.

    Args:
        say: told in a sentence which columns are unknown and therefore ignored.
    """
    rows = [row for file in files for row in _rows(Path(file), say)]
    if len(rows) > MOST_ROWS:
        raise rows[MOST_ROWS].unreadable("", f"there are more than {MOST_ROWS:,} rows: import them in parts")
    groups: dict[str, list[Row]] = {}
    for row in rows:
        handle = row.cells["Handle"].strip()
        if not handle:
            raise row.unreadable("Handle", "a row must say to which product it belongs")
        group = groups.setdefault(handle, [])
        if group and group[0].file != row.file:
            raise row.unreadable("Handle", f"{handle!r} stands in {group[0].file} already, on line {group[0].line}")
        group.append(row)
    return [_product(handle, group) for handle, group in groups.items()]


def place_of(files: Iterable[Path], handle: str) -> str:
    """Where a product begins: file and line, for whoever refuses what these files say."""
    rows = (row for file in files for row in _rows(Path(file), lambda _: None))
    return next((f"{row.file}, line {row.line}" for row in rows if row.cells["Handle"].strip() == handle), handle)


# --- cells ---


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


def one_of(*words: str) -> Read:
    def read(cell: str) -> str:
        if cell.lower() not in words:
            raise ValueError(f"is none of {', '.join(words)}")
        return cell.lower()

    return read


# --- columns ---


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file and the field of the REST body that it fills; `trimmed` of blanks at both ends."""

    header: str
    field: str
    read: Read = text
    trimmed: bool = True


PRODUCT = (
    Column("Title", "title"),
    Column("Body (HTML)", "body_html", trimmed=False),
    Column("Vendor", "vendor"),
    Column("Type", "product_type"),
    Column("Tags", "tags"),
    Column("Published", "published", truth),
    Column("Status", "status", one_of("active", "draft", "archived")),
)
VARIANT = (
    Column("Variant SKU", "sku", guarded),
    Column("Variant Grams", "grams", grams),
    Column("Variant Inventory Tracker", "inventory_management"),
    Column("Variant Inventory Qty", "inventory_quantity", whole),
    Column("Variant Inventory Policy", "inventory_policy", one_of("deny", "continue")),
    Column("Variant Fulfillment Service", "fulfillment_service"),
    Column("Variant Price", "price", money),
    Column("Variant Compare At Price", "compare_at_price", money),
    Column("Variant Requires Shipping", "requires_shipping", truth),
    Column("Variant Taxable", "taxable", truth),
    Column("Variant Barcode", "barcode", guarded),
    Column("Variant Weight Unit", "weight_unit", one_of("g", "kg", "oz", "lb")),
)
IMAGE = (
    Column("Image Src", "src", address),
    Column("Image Position", "position", position),
    Column("Image Alt Text", "alt"),
)
OPTIONS = tuple((f"Option{number} Name", f"Option{number} Value", f"option{number}") for number in (1, 2, 3))
VARIANT_IMAGE = Column("Variant Image", "src", address)
NEEDED = ("Handle", "Title")
WITHOUT_A_PLACE = re.compile(
    r"Google Shopping / .*|SEO (Title|Description)|Gift Card|Product Category|Cost per item|Variant Tax Code"
    r"|Option[123] Linked To|(Included|Price|Compare At Price) / .*|.*\((product|variant)\.metafields\..*\)"
)
KNOWN = frozenset(
    {"Handle", VARIANT_IMAGE.header}
    | {column.header for column in PRODUCT + VARIANT + IMAGE}
    | {header for names in OPTIONS for header in names[:2]}
)


# --- rows become products ---


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `line` is where it begins in its file."""

    file: Path
    line: int
    cells: Mapping[str, str]

    def get(self, column: Column) -> Any:
        """The value in this row, None where the cell is blank or the file has no such column."""
        whole_cell = self.cells.get(column.header, "")
        cell = whole_cell.strip()
        try:
            return column.read(cell if column.trimmed else whole_cell) if cell else None
        except ValueError as error:
            raise self.unreadable(column.header, f"{cell[:60]!r} {error}") from None

    def fields(self, columns: tuple[Column, ...]) -> dict[str, Any]:
        values = {column.field: self.get(column) for column in columns}
        return {field: value for field, value in values.items() if value is not None}

    def unreadable(self, column: str, reason: str) -> Unreadable:
        return Unreadable(self.file, self.line, column, reason)


def _product(handle: str, rows: list[Row]) -> dict[str, Any]:
    first = rows[0]
    product = {"handle": handle, **first.fields(PRODUCT)}
    if "title" not in product:
        raise first.unreadable("Title", "the first row of a product must have a title")
    names = [first.cells.get(name, "").strip() for name, _, _ in OPTIONS]
    variants = _variants(rows, names)
    if variants:
        product["variants"] = variants
    if any(names):
        product["options"] = [
            {"name": name, "values": list(dict.fromkeys(variant[field] for variant in variants))}
            for name, (_, _, field) in zip(names, OPTIONS, strict=True)
            if name
        ]
    if images := _images(rows):
        product["images"] = images
    return product


def _variants(rows: list[Row], names: list[str]) -> list[dict[str, Any]]:
    """A row is a variant unless it says nothing of one: then it is a further image."""
    variants: dict[tuple[str, ...], dict[str, Any]] = {}
    for row in rows:
        fields = row.fields(VARIANT)
        chosen = {field: row.cells.get(value, "").strip() for _, value, field in OPTIONS}
        if row is not rows[0] and not fields and not any(chosen.values()):
            continue
        for name, (name_header, value_header, field) in zip(names, OPTIONS, strict=True):
            if name and not chosen[field]:
                raise row.unreadable(value_header, f"a variant must have a value for the option {name!r}")
            if chosen[field] and not name:
                raise row.unreadable(value_header, f"the product's first row names no option in {name_header!r}")
        values = tuple(chosen.values())
        if values in variants:
            told = " / ".join(value for value in values if value)
            raise row.unreadable(OPTIONS[0][1], f"the product has a variant {told!r} already")
        variants[values] = {field: value for field, value in chosen.items() if value} | fields
    return [variant for variant in variants.values() if variant]


def _images(rows: list[Row]) -> list[dict[str, Any]]:
    """Each address once, by position; those that only a variant names come last."""
    own = [image for row in rows if "src" in (image := row.fields(IMAGE))]
    own.sort(key=lambda image: image.get("position", len(rows) + 1))
    of_variants = [{"src": src} for row in rows if (src := row.get(VARIANT_IMAGE)) is not None]
    once: dict[str, dict[str, Any]] = {}
    for image in own + of_variants:
        once.setdefault(image["src"], image)
    return [{**image, "position": place} for place, image in enumerate(once.values(), start=1)]


# --- files become rows ---


def _rows(file: Path, say: Callable[[str], None]) -> list[Row]:
    lines = _records(file)
    line, header = next(lines, (1, []))
    header = [name.strip() for name in header]
    for name in NEEDED:
        if name not in header:
            raise Unreadable(file, line, name, "there is no such column: is this Shopify's product CSV?")
    for name in header:
        if name and header.count(name) > 1:
            raise Unreadable(file, line, name, "the column stands there twice")
    unknown = [name for name in header if name and name not in KNOWN and not WITHOUT_A_PLACE.fullmatch(name)]
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
