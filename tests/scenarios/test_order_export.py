"""Files of a merchant, imported by the command and synced, against a recount of the files over HubSpot's own API.

The recount reads the files with Python's own `csv` and knows HubSpot's properties from the requirements' tables; it
shares nothing with the readers of the import, and nothing with the sync core.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import order_export
import pytest

from scenarios.cli import main
from scenarios.runner import over_http, world_for
from scenarios.verbs import Drill

pytestmark = [pytest.mark.slow, pytest.mark.http]

ROWS, SEED = 5_000, 20_261_122
OF_ONE_FILE = 300  # orders; a merchant's export comes in several files
CATALOGUES = ("apparel.csv", "home-and-garden.csv", "jewelery.csv")
BOTH = pytest.mark.parametrize("drill", ["deals", "data-sync"], indirect=True)
COUNTRIES = {"SE": "Sweden", "FR": "France", "US": "United States"}


@pytest.fixture
def drill(request: pytest.FixtureRequest) -> Iterator[Drill]:
    with over_http() as place, world_for(place, "export", request.param, 1, fields={"calm": True}) as drill:
        yield drill


@BOTH
def test_an_export_of_five_thousand_rows_shows_in_hubspot_to_the_last_field(
    drill: Drill, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    orders = order_export.made(ROWS, SEED)
    assert ROWS == sum(map(len, orders))
    for start in range(0, len(orders), OF_ONE_FILE):
        file, part = tmp_path / f"orders-{start}.csv", orders[start : start + OF_ONE_FILE]
        order_export.write(file, part)
        assert len(part) == imported(drill, capsys, "orders", file)

    fields = FIELDS[drill.integration]
    names = ("shopify_sync_key", *(name for name, _ in fields.values()))
    emails = {one["id"]: one["properties"]["email"] for one in records(drill, "contacts", "email")}
    lines = {one["id"]: one["properties"] for one in records(drill, "line_items", *LINE)}
    sold, named = ("deals", "dealname") if drill.integration == "deals" else ("orders", "hs_order_name")
    found = {one["properties"][named]: one for one in records(drill, sold, *names, also="contacts,line_items")}
    assert {order[0]["Name"] for order in orders} == found.keys()
    assert ROWS == len(lines)
    differ = {
        order[0]["Name"]: wrong
        for order in orders
        if (wrong := differences(order, found[order[0]["Name"]], fields, emails, lines))
    }
    assert {} == differ


@BOTH
@pytest.mark.parametrize("name", CATALOGUES)
def test_a_sample_catalogue_shows_in_hubspot(
    drill: Drill, shared: Callable[[str], Path], name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = shared(f"real/{name}")
    with file.open(encoding="utf-8", newline="") as rows:
        groups: dict[str, list[dict[str, str]]] = {}
        for row in csv.DictReader(rows):
            groups.setdefault(row["Handle"], []).append(row)
    assert len(groups) == imported(drill, capsys, "products", file)

    fields = CATALOGUE[drill.integration]
    found = {one["properties"]["name"]: one["properties"] for one in records(drill, "products", *fields)}
    assert {group[0]["Title"].strip() for group in groups.values()} == found.keys()
    differ = [
        (name, want, have)
        for group in groups.values()
        for name, read in fields.items()
        if (want := read(group)) != (have := shown(name, found[group[0]["Title"].strip()][name] or ""))
    ]
    assert [] == differ


# --- what a row must show as ---


def same(value: str) -> str:
    return value


def money(value: str) -> Decimal:
    return Decimal(value or 0)


def label(value: str) -> str:
    return value.replace("_", " ").capitalize()


def instant(value: str) -> str:
    """The file's moments are whole seconds with their zone; HubSpot shows UTC."""
    return datetime.strptime(value, "%Y-%m-%d %H:%M:%S %z").astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def flag(value: str) -> str:
    return {"yes": "true", "no": "false"}[value]


def guarded(value: str) -> str:
    """An apostrophe keeps spreadsheets from reading a number; it is none of the value."""
    return value.removeprefix("'")


def tags(value: str) -> frozenset[str]:
    return frozenset(tag.strip() for tag in value.split(",") if tag.strip())


Read = Callable[[str], Any]
Fields = Mapping[str, tuple[str, Read]]  # column of an order's first row -> HubSpot's property, and how both are read

FIELDS: Mapping[str, Fields] = {
    "deals": {
        "Name": ("dealname", same),
        "Total": ("amount", money),
        "Currency": ("deal_currency_code", same),
        "Created at": ("closedate", instant),
        "Notes": ("shopify_note", same),
        "Financial Status": ("shopify_financial_status", same),
        "Taxes": ("ip__ecomm_bridge__tax_amount", money),
        "Discount Amount": ("ip__ecomm_bridge__discount_amount", money),
        "Subtotal": ("shopify_subtotal_price", money),
        "Refunded Amount": ("shopify_refund_amount", money),
        "Accepts Marketing": ("shopify_buyer_accepts_marketing", flag),
        "stage": ("dealstage", same),
        "sent": ("shopify_fulfillment_status", same),
        "lines": ("shopify_total_line_items_price", money),
    },
    "data-sync": {
        "Name": ("hs_order_name", same),
        "Total": ("hs_total_price", money),
        "Currency": ("hs_currency_code", same),
        "Created at": ("hs_processed_date", instant),
        "Notes": ("hs_order_note", same),
        "Financial Status": ("hs_payment_status", label),
        "Taxes": ("hs_tax", money),
        "Discount Amount": ("hs_order_discount", money),
        "Subtotal": ("hs_subtotal_price", money),
        "Refunded Amount": ("hs_refund_amount", money),
        "Shipping": ("hs_shipping_cost", money),
        "Accepts Marketing": ("hs_buyer_accepts_marketing", flag),
        "Discount Code": ("hs_discount_codes", same),
        "Tags": ("hs_tags", tags),
        "Email": ("hs_billing_address_email", same),
        "Billing Name": ("hs_billing_address_name", same),
        "Billing City": ("hs_billing_address_city", same),
        "Billing Zip": ("hs_billing_address_postal_code", guarded),
        "Billing Phone": ("hs_billing_address_phone", guarded),
        "Billing Country": ("hs_billing_address_country", lambda code: COUNTRIES.get(code, code)),
        "Shipping Name": ("hs_shipping_address_name", same),
        "Shipping Address1": ("hs_shipping_address_street", same),
        "street": ("hs_billing_address_street", same),
        "stage": ("hs_pipeline_stage", same),
        "sent": ("hs_fulfillment_status", same),
        "status": ("hs_external_order_status", same),
    },
}
LINE = ("name", "price", "quantity", "hs_sku")
OPEN = ("pending", "authorized", "voided")
STAGES = {  # the names that the requirements give the stages, and their ids on every portal (A21, B24)
    "deals": {"open": "checkout_completed", "processed": "processed", "shipped": "shipped", "cancelled": "cancelled"},
    "data-sync": {
        "open": "4b27b500-f031-4927-9811-68a0b525cbae",
        "processed": "937ea84d-0a4f-4dcf-9028-3f9c2aafbf03",
        "shipped": "aa99e8d0-c1d5-4071-b915-d240bbb1aed9",
        "cancelled": "3c85a297-e9ce-400b-b42e-9f16853d69d6",
    },
}
SENT = {
    "deals": {"unfulfilled": "", "partial": "partial", "fulfilled": "fulfilled"},
    "data-sync": {"unfulfilled": "Unfulfilled", "partial": "Partially fulfilled", "fulfilled": "Fulfilled"},
}


def differences(
    order: list[order_export.Row], record: Mapping[str, Any], fields: Fields, emails: Mapping[str, str], lines: Any
) -> list[str]:
    """What HubSpot shows differently of an order, a line each."""
    integration = "deals" if fields is FIELDS["deals"] else "data-sync"
    row = {**order[0], **derived(order, integration)}
    held = record["properties"]
    found = []
    for column, (name, read) in fields.items():
        want, have = read(row[column]), held[name] or ""
        have = read(have) if read in (money, tags) else have
        if want != have:
            found.append(f"{name} is {have!r}, {column} says {want!r}")
    buyers = [emails[id_] for id_ in associated(record, "contacts")]
    if ([row["Email"].lower()] if row["Email"] else []) != buyers:
        found.append(f"buyers are {buyers}, Email says {row['Email']!r}")
    items = Counter(tuple(map(str, line_of(lines[id_]))) for id_ in associated(record, "line items"))
    wanted = Counter(tuple(map(str, line_in(each))) for each in order)
    return found + [f"lines {wanted - items} are {items - wanted}"] * (wanted != items)


def derived(order: list[order_export.Row], integration: str) -> dict[str, str]:
    """What several columns say together (the derived stage rules; partly paid counts as processed in deals alone)."""
    first = order[0]
    paid = first["Financial Status"] not in (OPEN if integration == "deals" else (*OPEN, "partially_paid"))
    stage = "shipped" if first["Fulfillment Status"] == "fulfilled" else "processed" if paid else "open"
    worth = sum(Decimal(row["Lineitem price"]) * int(row["Lineitem quantity"]) for row in order)
    return {
        "stage": STAGES[integration]["cancelled" if first["Cancelled at"] else stage],
        "sent": SENT[integration][first["Fulfillment Status"]],
        "status": "cancelled" if first["Cancelled at"] else "open",
        "street": ", ".join(filter(None, (first["Billing Address1"], first["Billing Address2"]))),
        "lines": str(worth),
    }


def line_in(row: order_export.Row) -> tuple[Any, ...]:
    sku = guarded(row["Lineitem sku"])
    return row["Lineitem name"], Decimal(row["Lineitem price"]).normalize(), int(row["Lineitem quantity"]), sku


def line_of(held: Mapping[str, str]) -> tuple[Any, ...]:
    return held["name"], Decimal(held["price"]).normalize(), int(held["quantity"]), held["hs_sku"] or ""


# --- a catalogue ---

Column = Callable[[list[dict[str, str]]], str]


def first(column: str) -> Column:
    return lambda rows: rows[0][column].strip()


def images(rows: list[dict[str, str]]) -> str:
    """Every picture once, in the order of their positions."""
    placed = {row["Image Src"]: int(row["Image Position"] or 0) for row in reversed(rows) if row["Image Src"]}
    return files(";".join(sorted(placed, key=lambda source: placed[source])))


def files(addresses: str) -> str:
    """Shopify keeps a copy of each picture at an address of its own: its file's name stays, but for odd characters."""
    names = (urlsplit(address).path.rpartition("/")[2] for address in addresses.split(";"))
    return ";".join(re.sub(r"[^\w.-]", "_", name) for name in names)


def shown(name: str, value: str) -> str:
    return files(value) if name == "hs_images" else value


def price(rows: list[dict[str, str]]) -> str:
    return format(Decimal(rows[0]["Variant Price"] or 0), ".2f")


CATALOGUE: Mapping[str, Mapping[str, Column]] = {
    "deals": {
        "name": first("Title"),
        "description": lambda rows: rows[0]["Body (HTML)"],
        "shopify_handle": first("Handle"),
        "shopify_vendor": first("Vendor"),
        "shopify_product_type": first("Type"),
        "shopify_tags": lambda rows: ", ".join(sorted(tags(rows[0]["Tags"]), key=str.lower)),
        "hs_images": images,
        "price": price,
    },
    "data-sync": {
        "name": first("Title"),
        "description": lambda rows: rows[0]["Body (HTML)"],
        "hs_sku": lambda rows: guarded(rows[0]["Variant SKU"].strip()),
        "price": price,
    },
}


# --- over the command and HubSpot's API ---


def imported(drill: Drill, capsys: pytest.CaptureFixture[str], kind: str, file: Path) -> int:
    """Bring the file as a merchant does, and let all of it be synced; returns how many records the command counts."""
    capsys.readouterr()
    assert 0 == main(["import", kind, str(file), "--url", drill.url, "--world", drill.world["name"], "--json"])
    told = json.loads(capsys.readouterr().out)
    drill.passes(minutes=20)
    return int(told[kind])


def associated(record: Mapping[str, Any], name: str) -> list[str]:
    found = record.get("associations", {}).get(name, {}).get("results", ())
    return list(dict.fromkeys(one["id"] for one in found))


def records(drill: Drill, object_type: str, *names: str, also: str = "") -> Iterator[dict[str, Any]]:
    """Every record, over HubSpot's API."""
    headers = {"Authorization": f"Bearer {drill.world['apps']['drill']['hubspot_token']}"}
    after = ""
    while True:
        query = f"limit=100&properties={','.join(names)}" + (f"&associations={also}" if also else "") + after
        page = drill.vendor("GET", f"/crm/v3/objects/{object_type}?{query}", headers)
        yield from page["results"]
        if "paging" not in page:
            return
        after = f"&after={page['paging']['next']['after']}"
