"""Shopify's customer CSV: one row a customer.

What the shop works out for itself is not believed: Total Spent and Total Orders follow from the orders. A customer
gets an id of its new shop, so the exported one has no place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from scenarios.importing.cells import Column, guarded, truth
from scenarios.importing.files import Record, Row, Shape, rows_of

CUSTOMER = (
    Column("First Name", "first_name"),
    Column("Last Name", "last_name"),
    Column("Email", "email"),
    Column("Phone", "phone", guarded),
    Column("Note", "note", trimmed=False),
    Column("Tax Exempt", "tax_exempt", truth),
    Column("Tags", "tags"),
)
ADDRESS = tuple(
    Column(f"Default Address {header}", field, guarded)
    for header, field in (
        ("Company", "company"),
        ("Address1", "address1"),
        ("Address2", "address2"),
        ("City", "city"),
        ("Province Code", "province_code"),
        ("Country Code", "country_code"),
        ("Zip", "zip"),
        ("Phone", "phone"),
    )
)
# Column -> the consent that it tells of, and what a person needs to give it.
CONSENTS = (
    (Column("Accepts Email Marketing", "email_marketing_consent", truth), "email"),
    (Column("Accepts SMS Marketing", "sms_marketing_consent", truth), "phone"),
)
SHAPE = Shape(
    name="customer",
    needed=("First Name", "Last Name", "Email"),
    known=frozenset(column.header for column in (*CUSTOMER, *ADDRESS, *(column for column, _ in CONSENTS))),
    without_a_place=re.compile(r"Customer ID|Total (Spent|Orders)|.*\(customer\.metafields\..*\)"),
)


def read_customers(files: Sequence[Path], say: Callable[[str], None]) -> list[Record]:
    """The bodies of `POST customers`, in the order of the files.

    Args:
        say: told in a sentence which columns are unknown and therefore ignored.
    """
    return [row.record(_customer(row)) for row in rows_of(files, SHAPE, say)]


def _customer(row: Row) -> dict[str, Any]:
    customer = row.fields(CUSTOMER)
    if not any(customer.get(name) for name in ("first_name", "last_name", "email", "phone")):
        raise row.unreadable("Email", "a customer must have a name, a phone number or an e-mail address")
    if address := row.fields(ADDRESS):
        names = {name: customer[name] for name in ("first_name", "last_name") if name in customer}
        customer["addresses"] = [names | address]
    for column, needed in CONSENTS:
        if customer.get(needed) and (given := row.get(column)) is not None:
            customer[column.field] = {"state": "subscribed" if given else "not_subscribed"}
    return customer
