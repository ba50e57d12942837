"""Files of a merchant, imported and synced, against a recount of the files over HubSpot's own API."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import order_export
import pytest

from scenarios.importing import read_orders, read_products
from scenarios.runner import in_process, world_for
from scenarios.verbs import Drill

ROWS, SEED = 5_000, 20_261_122
AT_ONCE = 250  # records that one call of the control plane is given
STAGES = {"pending": "checkout_completed", "authorized": "checkout_completed", "voided": "checkout_completed"}
CATALOGUES = ("apparel.csv", "home-and-garden.csv", "jewelery.csv")


@pytest.fixture
def drill() -> Iterator[Drill]:
    with in_process() as place, world_for(place, "export", "deals", 1, fields={"calm": True}) as drill:
        yield drill


@pytest.mark.slow
def test_an_export_of_five_thousand_rows_shows_in_hubspot_to_the_last_field(drill: Drill, tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    orders = order_export.write(file, ROWS, SEED)
    assert ROWS == sum(map(len, orders))

    records = [record.body for record in read_orders([file], lambda _: None)]
    for start in range(0, len(records), AT_ONCE):
        drill.shop.bring("orders", *records[start : start + AT_ONCE])
        drill.passes(minutes=2)
    drill.passes(minutes=10)

    names = ("dealname", "amount", "deal_currency_code", "dealstage", "closedate", *OF_FIRST.values())
    deals = {deal["properties"]["dealname"]: deal for deal in _all(drill, "deals", *names, also="contacts,line_items")}
    emails = {one["id"]: one["properties"]["email"] for one in _all(drill, "contacts", "email")}
    lines = {one["id"]: one["properties"] for one in _all(drill, "line_items", "name", "price", "quantity", "hs_sku")}
    assert {order[0]["Name"] for order in orders} == set(deals)
    assert ROWS == len(lines)
    differ = {
        order[0]["Name"]: (wanted, shown)
        for order in orders
        if (wanted := _wanted(order)) != (shown := _shown(deals[order[0]["Name"]], emails, lines))
    }
    assert {} == differ


@pytest.mark.slow
@pytest.mark.parametrize("name", CATALOGUES)
def test_a_sample_catalogue_shows_in_hubspot(drill: Drill, shared: Callable[[str], Path], name: str) -> None:
    file = shared(f"real/{name}")
    drill.shop.bring("products", *(record.body for record in read_products([file], lambda _: None)))
    drill.passes(minutes=10)

    with file.open(encoding="utf-8", newline="") as rows:
        firsts = [row for row in csv.DictReader(rows) if row["Title"]]
    wanted = sorted(
        (row["Title"].strip(), Decimal(row["Variant Price"] or 0), row["Vendor"].strip(), row["Handle"].strip())
        for row in firsts
    )
    found = [one["properties"] for one in _all(drill, "products", "name", "price", "shopify_vendor", "shopify_handle")]
    assert wanted == sorted(
        (one["name"], Decimal(one["price"]), one["shopify_vendor"], one["shopify_handle"]) for one in found
    )


# Columns of an order's first row, and the deal's properties that show them.
OF_FIRST = {
    "Notes": "shopify_note",
    "Financial Status": "shopify_financial_status",
    "Taxes": "ip__ecomm_bridge__tax_amount",
    "Discount Amount": "ip__ecomm_bridge__discount_amount",
    "Subtotal": "shopify_subtotal_price",
    "Refunded Amount": "shopify_refund_amount",
}
MONEY = {"Taxes", "Discount Amount", "Subtotal", "Refunded Amount"}


def _wanted(order: list[order_export.Row]) -> dict[str, Any]:
    """What HubSpot must show of an order, from its rows alone."""
    first = order[0]
    sent, paid = first["Fulfillment Status"], first["Financial Status"]
    stage = "shipped" if sent == "fulfilled" else STAGES.get(paid, "processed")
    return {
        "amount": Decimal(first["Total"]),
        "currency": "USD",
        "stage": "cancelled" if first["Cancelled at"] else stage,
        "email": first["Email"].lower(),
        "lines": Counter(
            (
                row["Lineitem name"],
                Decimal(row["Lineitem price"]),
                int(row["Lineitem quantity"]),
                row["Lineitem sku"].removeprefix("'"),
            )
            for row in order
        ),
        **{column: Decimal(first[column]) if column in MONEY else first[column] for column in OF_FIRST},
    }


def _shown(deal: dict[str, Any], emails: dict[str, str], lines: dict[str, Any]) -> dict[str, Any]:
    held = deal["properties"]
    contacts = [emails[id] for id in _associated(deal, "contacts")]
    items = [lines[id] for id in _associated(deal, "line items")]
    return {
        "amount": Decimal(held["amount"]),
        "currency": held["deal_currency_code"],
        "stage": held["dealstage"],
        "email": ",".join(contacts),
        "lines": Counter(
            (one["name"], Decimal(one["price"]), int(one["quantity"]), one["hs_sku"] or "") for one in items
        ),
        **{
            column: Decimal(held[name] or 0) if column in MONEY else held[name] or ""
            for column, name in OF_FIRST.items()
        },
    }


def _associated(deal: dict[str, Any], label: str) -> list[str]:
    found = deal.get("associations", {}).get(label, {}).get("results", ())
    return list(dict.fromkeys(one["id"] for one in found))


def _all(drill: Drill, object_type: str, *names: str, also: str = "") -> Iterator[dict[str, Any]]:
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
