"""Shopify's order CSV: rows that share a Name are one order, one row a line item; the first has the order's columns.

An order is told as a merchant would make it again over the API: made, then sent, paid back, cancelled. The sums of
the file are believed only where they add up; its id and its tokens belong to another shop and stay behind, and its
times but for `processed_at`, which is the only one that the API takes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from scenarios.importing.cells import Column, guarded, moment, money, one_of, text, truth, whole
from scenarios.importing.files import Record, Row, Shape, grouped, rows_of

ORDER = (
    Column("Name", "name"),
    Column("Email", "email"),
    Column("Phone", "phone", guarded),
    Column("Accepts Marketing", "buyer_accepts_marketing", truth),
    Column("Currency", "currency"),
    Column("Created at", "processed_at", moment),
    Column("Notes", "note", trimmed=False),
    Column("Tags", "tags"),
    Column("Id", "source_identifier", guarded),
)
LINE = (
    Column("Lineitem name", "title"),
    Column("Lineitem quantity", "quantity", whole),
    Column("Lineitem price", "price", money),
    Column("Lineitem sku", "sku", guarded),
    Column("Lineitem requires shipping", "requires_shipping", truth),
    Column("Lineitem taxable", "taxable", truth),
)
SENT = Column(
    "Lineitem fulfillment status", "sent", one_of("fulfilled", "partial", "pending", "unfulfilled", "restocked")
)
ADDRESS = (
    ("Name", "name"),
    ("Address1", "address1"),
    ("Address2", "address2"),
    ("Company", "company"),
    ("City", "city"),
    ("Zip", "zip"),
    ("Province", "province_code"),
    ("Country", "country_code"),
    ("Phone", "phone"),
)
ADDRESSES = {
    field: tuple(Column(f"{kind} {header}", name, guarded) for header, name in ADDRESS)
    for kind, field in (("Billing", "billing_address"), ("Shipping", "shipping_address"))
}
FINANCIAL = Column(
    "Financial Status",
    "financial_status",
    one_of("pending", "authorized", "paid", "partially_paid", "partially_refunded", "refunded", "voided", "expired"),
)
FULFILLMENT = Column(
    "Fulfillment Status", "fulfillment_status", one_of("fulfilled", "partial", "unfulfilled", "restocked")
)
SUBTOTAL, SHIPPING, TAXES, TOTAL = (Column(name, name, money) for name in ("Subtotal", "Shipping", "Taxes", "Total"))
OFF, OFF_LINE = Column("Discount Amount", "", money), Column("Lineitem discount", "", money)
OFF_CODE, SHIPPING_METHOD = Column("Discount Code", ""), Column("Shipping Method", "")
REFUNDED, OUTSTANDING = Column("Refunded Amount", "", money), Column("Outstanding Balance", "", money)
DUTIES = Column("Duties", "", money)
GATEWAY, CANCELLED = Column("Payment Method", ""), Column("Cancelled at", "", moment)
ATTRIBUTES = Column("Note Attributes", "", text, trimmed=False)
TAX_LINES = tuple((Column(f"Tax {n} Name", "title"), Column(f"Tax {n} Value", "price", money)) for n in range(1, 6))

SHAPE = Shape(
    name="order",
    needed=("Name", "Financial Status", "Lineitem name", "Lineitem quantity", "Lineitem price"),
    known=frozenset(
        column.header
        for column in (
            *(*ORDER, *LINE, *(column for pair in TAX_LINES for column in pair)),
            *(column for columns in ADDRESSES.values() for column in columns),
            *(SENT, FINANCIAL, FULFILLMENT, SUBTOTAL, SHIPPING, TAXES, TOTAL, OFF, OFF_LINE, OFF_CODE),
            *(SHIPPING_METHOD, REFUNDED, OUTSTANDING, DUTIES, GATEWAY, CANCELLED, ATTRIBUTES),
        )
    ),
    without_a_place=re.compile(
        r"(Paid|Fulfilled) at|(Billing|Shipping) (Street|Province Name)|Lineitem compare at price|Vendor|Employee"
        r"|Location|Device ID|Risk Level|Source|Payment (Reference|References|ID|Terms Name)|Receipt Number"
        r"|Next Payment Due At"
    ),
)
PAID = ("paid", "partially_paid", "partially_refunded", "refunded")  # somebody has paid something


def read_orders(files: Sequence[Path], say: Callable[[str], None]) -> list[Record]:
    """The orders, each as `POST import/orders` of the control plane takes it.

    The oldest comes first, though a file begins with the newest.

    Args:
        say: told in a sentence which columns are unknown and therefore ignored.
    """
    groups = grouped(rows_of(files, SHAPE, say), "Name", "order")
    records = [rows[0].record(_order(rows)) for rows in groups.values()]
    records.reverse()
    return sorted(records, key=lambda record: record.body["order"].get("processed_at", ""))


def _order(rows: list[Row]) -> dict[str, Any]:
    first = rows[0]
    status = first.get(FINANCIAL)
    if status is None:
        raise first.unreadable(FINANCIAL.header, "the first row of an order must have one")
    for row in rows[1:]:
        if row.cell(FINANCIAL.header):
            raise row.unreadable("Name", f"{row.cell('Name')!r} began on line {first.line} already")
    if first.get(DUTIES) not in (None, "0.00"):
        raise first.unreadable(DUTIES.header, "duties are not simulated")
    order = first.fields(ORDER) | {"line_items": [_line(row) for row in rows]}
    order |= {name: address for name, columns in ADDRESSES.items() if (address := _address(first, columns))}
    if attributes := _attributes(first):
        order["note_attributes"] = attributes
    order |= _sums(first, rows)
    order |= _payment(first, status)
    wanted: dict[str, Any] = {"order": order} | _sending(first, rows)
    if (refunded := first.get(REFUNDED)) not in (None, "0.00"):
        wanted["refunded_amount"] = refunded
    if first.get(CANCELLED):
        wanted["cancelled"] = True
    return wanted


def _line(row: Row) -> dict[str, Any]:
    line = row.fields(LINE)
    for column in LINE[:3]:
        if column.field not in line:
            raise row.unreadable(column.header, "a line item must have one")
    if line["quantity"] < 1:
        raise row.unreadable("Lineitem quantity", "a line item is of one or more")
    return line


def _address(row: Row, columns: tuple[Column, ...]) -> dict[str, Any]:
    """Its one name is split before the last word, as Shopify's addresses have a first and a last name."""
    address = row.fields(columns)
    before, _, last = address.pop("name", "").rpartition(" ")
    names = {"first_name": before, "last_name": last}
    return address | {name: value for name, value in names.items() if value}


def _attributes(row: Row) -> list[dict[str, str]]:
    """A line each, "name: value"."""
    lines = (row.get(ATTRIBUTES) or "").splitlines()
    pairs = [line.partition(": ") for line in lines if line.strip()]
    return [{"name": name.strip(), "value": value} for name, _, value in pairs]


def _sending(first: Row, rows: list[Row]) -> dict[str, Any]:
    """Which lines were sent: all of them, or the places of those that say so."""
    status = first.get(FULFILLMENT)
    if status == "fulfilled":
        return {"sent": list(range(len(rows)))}
    if status != "partial":
        return {}
    sent = [place for place, row in enumerate(rows) if row.get(SENT) == "fulfilled"]
    if not sent:
        raise first.unreadable(FULFILLMENT.header, "the order is partly sent, but none of its lines is")
    return {"sent": sent}


# --- money ---


def _sums(first: Row, rows: list[Row]) -> dict[str, Any]:
    """Shipping, taxes and discount as the API takes them; an error where they and the lines do not make the total."""
    lines = sum((_amount(row, LINE[2]) * row.get(LINE[1]) for row in rows), Decimal(0))
    shipping, taxes, total = (_amount(first, column) for column in (SHIPPING, TAXES, TOTAL))
    off, of_shipping = _off(first, rows, lines)
    subtotal = lines - off
    sums: dict[str, Any] = {"taxes_included": subtotal + shipping == total and taxes > 0}
    if total not in (subtotal + shipping, subtotal + shipping + taxes) or (
        taxes and subtotal + shipping + taxes < total
    ):
        raise first.unreadable(
            TOTAL.header,
            f"the lines less discount ({subtotal}), shipping ({shipping}) and taxes ({taxes}) do not make {total}",
        )
    if off or of_shipping:
        kind = "shipping" if of_shipping else "fixed_amount"
        code = first.get(OFF_CODE) or "Discount"
        sums["discount_codes"] = [{"code": code, "amount": f"{off or of_shipping:.2f}", "type": kind}]
    if shipping or of_shipping or first.get(SHIPPING_METHOD):
        title = first.get(SHIPPING_METHOD) or "Shipping"
        sums["shipping_lines"] = [{"title": title, "price": f"{shipping + of_shipping:.2f}"}]
    return sums | {"tax_lines": _tax_lines(first, taxes)}


def _off(first: Row, rows: list[Row], lines: Decimal) -> tuple[Decimal, Decimal]:
    """What is taken off the lines, and what off the shipping, of which the file shows what is left.

    Our reading: "Discount Amount" is all of it; older exports may leave the discounts of single lines out of it.
    """
    subtotal = _amount(first, SUBTOTAL) if first.get(SUBTOTAL) else lines - _amount(first, OFF)
    off, of_lines = _amount(first, OFF), sum((_amount(row, OFF_LINE) for row in rows), Decimal(0))
    if subtotal == lines:
        return Decimal(0), off
    if lines - subtotal in (off, of_lines, off + of_lines):
        return lines - subtotal, Decimal(0)
    raise first.unreadable(
        SUBTOTAL.header, f"the lines add up to {lines}, less {off} of discount that is not {subtotal}"
    )


def _tax_lines(first: Row, taxes: Decimal) -> list[dict[str, Any]]:
    """The named taxes; a tax without a name bears the whole sum. A name ends in its rate: "VAT 20%"."""
    named = [(first.get(title), first.get(price)) for title, price in TAX_LINES if first.get(price)]
    if not named and taxes:
        named = [("Tax", f"{taxes:.2f}")]
    if sum((Decimal(price) for _, price in named), Decimal(0)) != taxes:
        raise first.unreadable(TAXES.header, f"the named taxes do not add up to {taxes}")
    return [{"title": title or "Tax", "price": price, "rate": _rate(title or "")} for title, price in named]


def _rate(title: str) -> float:
    found = re.search(r"([0-9]{1,3}(?:\.[0-9]{1,6})?) ?%$", title)
    return float(Decimal(found[1]) / 100) if found else 0.0


def _payment(first: Row, status: str) -> dict[str, Any]:
    """What was paid, or set aside, as the transaction that it was: the status follows from it, and from a refund."""
    total, owed = _amount(first, TOTAL), _amount(first, OUTSTANDING)
    paid = total - owed if status == "partially_paid" else total
    if status not in (*PAID, "authorized") or not paid:
        return {"financial_status": status}
    kind = "authorization" if status == "authorized" else "sale"
    transaction = {"kind": kind, "status": "success", "amount": f"{paid:.2f}"}
    if gateway := first.get(GATEWAY):
        transaction["gateway"] = gateway
    return {"transactions": [transaction]}


def _amount(row: Row, column: Column) -> Decimal:
    return Decimal(row.get(column) or 0)
