"""An order export of a shop that has seen everything: written from a seed, in the shape of Shopify's own files."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

HEADER = (
    "Name,Email,Financial Status,Fulfillment Status,Accepts Marketing,Currency,Subtotal,Shipping,Taxes,Total,"
    "Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,Lineitem price,"
    "Lineitem sku,Lineitem requires shipping,Lineitem taxable,Lineitem fulfillment status,Billing Name,"
    "Billing Address1,Billing Address2,Billing City,Billing Zip,Billing Country,Billing Phone,Shipping Name,"
    "Shipping Address1,Shipping City,Shipping Country,Notes,Cancelled at,Payment Method,Refunded Amount,"
    "Outstanding Balance,Id,Tags,Tax 1 Name,Tax 1 Value,Tax 2 Name,Tax 2 Value"
)

Row = dict[str, str]

EMAILS = ("ann@example.com", "Ann@Example.COM", "josé@example.com", "o'brien+shop@mail.example.org", "", "")
TITLES = (
    "Cup",
    "Träskål – “stor”",
    "日本の茶碗",
    "Gift wrap 🎁",
    'Board, 12" wide',
    "Café <b>Ø</b>",
    "Name\nof two lines",
)
NOTES = ("", "Ring twice", 'Said: "later", then; left', "Zwei\nZeilen", "😀" * 40, "x" * 5_000, "=SUM(A1)")
TAGS = ("", "vip", "b2b, wholesale", "naïve, 常連")
PHONES = ("", "", "+45 4545 4545", "ext. 123", "'+13125550100", "none of your business")  # as people write them
LARGEST_ORDER = 500  # lines
CITIES = (("Lund", "'22350", "SE"), ("Paris", "'75008", "FR"), ("Louisville", "40202", "US"))
# The clocks of New York skip an hour on 8 March 2026 and double one on 1 November 2025.
MOMENTS = (
    "2025-11-01 23:30:00 -0400",
    "2025-11-02 01:30:00 -0400",
    "2025-11-02 01:30:00 -0500",
    "2026-03-08 01:59:59 -0500",
    "2026-03-08 03:00:00 -0400",
    "2026-02-28 12:00:00 +0100",
)
STATUSES = ("paid",) * 8 + ("pending", "authorized", "partially_paid", "partially_refunded", "refunded", "voided")


def made(rows: int, seed: int) -> list[list[Row]]:
    """Orders of so many rows in all, each as its rows."""
    rng = random.Random(seed)
    orders: list[list[Row]] = []
    while (left := rows - sum(map(len, orders))) > 0:
        lines = LARGEST_ORDER if not orders and rows > LARGEST_ORDER else rng.choice((1, 1, 1, 2, 3, 8))
        orders.append(list(_order(rng, len(orders) + 1, min(left, lines))))
    return orders


def write(path: Path, orders: list[list[Row]]) -> None:
    """Write them to a file, the newest first."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEADER.split(","), restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(row for order in reversed(orders) for row in order)


def _order(rng: random.Random, number: int, lines: int) -> Iterator[Row]:
    status, cancelled = rng.choice(STATUSES), False
    sent = rng.choice(("unfulfilled", "unfulfilled", "fulfilled", "partial" if lines > 1 else "fulfilled"))
    items = [_line(rng, number, place, sent) for place in range(lines)]
    worth = sum((Decimal(item["Lineitem price"]) * int(item["Lineitem quantity"]) for item in items), Decimal(0))
    off = min(worth, _cents(rng, 900)) if not rng.randrange(4) else Decimal(0)
    shipping = rng.choice((Decimal(0), Decimal("4.90"), Decimal("12.05")))
    taxes = [_cents(rng, 700) for _ in range(rng.randrange(3))]
    included = bool(sum(taxes)) and sum(taxes) < worth - off and not rng.randrange(2)
    total = worth - off + shipping + (0 if included else sum(taxes))
    if not total and status != "pending":
        status = "paid"
    refunded = {"refunded": total, "partially_refunded": (total / 2).quantize(Decimal("0.01"))}.get(status, Decimal(0))
    if status == "partially_refunded" and not 0 < refunded < total:
        status, refunded = "paid", Decimal(0)
    cancelled = status == "refunded" and sent == "unfulfilled" and not rng.randrange(2)
    owed = total / 4 if status == "partially_paid" else Decimal(0)
    city, zip_code, country = rng.choice(CITIES)
    common = {"Name": _name(rng, number), "Email": _email(rng, number), "Created at": rng.choice(MOMENTS)}
    first = {
        "Financial Status": status,
        "Fulfillment Status": sent,
        "Accepts Marketing": rng.choice(("yes", "no")),
        "Currency": "USD",
        "Subtotal": f"{worth - off:.2f}",
        "Shipping": f"{shipping:.2f}",
        "Taxes": f"{sum(taxes):.2f}",
        "Total": f"{total:.2f}",
        "Discount Code": "SAVE" if off else "",
        "Discount Amount": f"{off:.2f}",
        "Shipping Method": "Post" if shipping else "",
        "Billing Name": "Anna Maria Berg",
        "Billing Address1": rng.choice(("1 Main St", "Storgatan 5, 2 tr", "")),
        "Billing Address2": rng.choice(("", "Floor 3")),
        "Billing Phone": rng.choice(PHONES),
        "Shipping Name": "Jo Lee",
        "Shipping Address1": "9 Side St",
        "Shipping City": city,
        "Shipping Country": country,
        "Billing City": city,
        "Billing Zip": zip_code,
        "Billing Country": country,
        "Notes": rng.choice(NOTES) if not number % 7 else "",
        "Cancelled at": "2026-04-01 00:00:00 +0000" if cancelled else "",
        "Payment Method": "Visa" if status != "pending" else "",
        "Refunded Amount": f"{refunded:.2f}",
        "Outstanding Balance": f"{owed:.2f}",
        "Id": f"'{5_500_000_000_000 + number}",
        "Tags": rng.choice(TAGS),
    }
    for place, tax in enumerate(taxes, start=1):
        first |= {f"Tax {place} Name": f"Tax {place} {place}.5%", f"Tax {place} Value": f"{tax:.2f}"}
    yield common | first | items[0]
    yield from (common | item for item in items[1:])


def _line(rng: random.Random, number: int, place: int, sent: str) -> Row:
    state = {"fulfilled": "fulfilled", "partial": "fulfilled" if not place else "pending"}.get(sent, "pending")
    return {
        "Lineitem quantity": str(rng.choice((1, 1, 2, 3, 250))),
        "Lineitem name": rng.choice(TITLES),
        "Lineitem price": f"{rng.choice((Decimal(0), _cents(rng, 20_000), Decimal('9999.99'))):.2f}",
        "Lineitem sku": rng.choice(("", f"SKU-{number}-{place}", "'00042", "SAME")),
        "Lineitem requires shipping": "true",
        "Lineitem taxable": rng.choice(("true", "false")),
        "Lineitem fulfillment status": state,
    }


def _name(rng: random.Random, number: int) -> str:
    return rng.choice((f"#{1000 + number}", f"#{1000 + number}", f"EU{number}-A", f"R{number}.2"))


def _email(rng: random.Random, number: int) -> str:
    return rng.choice((*EMAILS, f"buyer.{number}@example.com", f"buyer.{number // 3}@example.com"))


def _cents(rng: random.Random, most: int) -> Decimal:
    return Decimal(rng.randint(1, most)) / 100
