"""Whether a HubSpot record shows what a Shopify document says, in words where it does not."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from scenarios.oracle.records import Document, Held, Portal, Shop, ms_of
from scenarios.oracle.tables import ABSENT, Field

NO_VARIANT = "Default Title"  # Shopify's name of the only variant of a product without options


def differences(table: Iterable[Field], document: Document, held: Held, blank_erases: bool) -> list[str]:
    """What differs, a line a property."""
    found = []
    for field in table:
        want = field.value(document)
        if want is ABSENT or (not blank_erases and want in (None, "")):
            continue
        have = held.properties.get(field.name)
        if field.ours and have in (None, ""):
            continue
        if not same(field, want, have):
            found.append(f"{field.name} is {have!r}, must be {shown(want)!r}")
    return found


def same(field: Field, want: Any, have: Any) -> bool:
    if want in (None, "") or have in (None, ""):
        return want in (None, "") and have in (None, "")
    match field.sort:
        case "number" | "money":
            return decimal(want) == decimal(have)  # to the last digit; 199.0 is 199.00
        case "instant":
            return ms_of(want) // 1000 == ms_of(have) // 1000  # type: ignore[operator]  Shopify gives whole seconds
        case "flag":
            return str(want).lower() == str(have).lower()
        case _:
            return text(want) == text(have)


def line_differences(document: Document, held: Held, shop: Shop, portal: Portal) -> list[str]:
    """Line items: as many as lines, each with its price, SKU, quantity, name and product (A22, A34, A35)."""
    want = lines(document)
    have = portal.neighbours(held, "line_items")
    found = []
    for line in want:
        alike = [item for item in have if not line_problem(line, item, shop, portal)]
        match = min(alike, key=lambda item: len(item.get("name") or ""), default=None)  # "Part 3" is in "Part 30" too
        if match is None:
            close = next((item for item in have if item.get("hs_sku") == (line.get("sku") or "")), None)
            why = line_problem(line, close, shop, portal) if close else "there is none such"
            found.append(f"line item {line['title']!r} x {quantity(line)}: {why}")
        else:
            have.remove(match)
    if not found and have:
        found.append(f"{len(have)} line items too many: {', '.join(item.get('name') for item in have)}")
    return found


def lines(document: Document) -> list[Document]:
    """The lines that still stand: an edit or a removal leaves a line with nothing of it (A34)."""
    return [line for line in document.get("line_items") or () if quantity(line) > 0]


def quantity(line: Document) -> int:
    return int(line["quantity"] if line.get("current_quantity") is None else line["current_quantity"])


def line_problem(line: Document, item: Held, shop: Shop, portal: Portal) -> str | None:
    """Why a line item does not show this line; None when it does."""
    if decimal(item.get("quantity")) != quantity(line):
        return f"quantity is {item.get('quantity')!r}, must be {quantity(line)}"
    if decimal(item.get("price")) != decimal(line.get("price")):
        return f"price is {item.get('price')!r}, must be {line.get('price')!r}"
    if item.get("hs_sku") != (line.get("sku") or ""):
        return f"hs_sku is {item.get('hs_sku')!r}, must be {line.get('sku')!r}"
    variant = line.get("variant_title") if line.get("variant_title") != NO_VARIANT else None
    for part in filter(None, (line.get("title"), variant)):
        if part not in item.get("name"):
            return f"name is {item.get('name')!r}, must hold {part!r}"
    return product_problem(line, item, shop, portal)


def product_problem(line: Document, item: Held, shop: Shop, portal: Portal) -> str | None:
    """A line of a product that exists is linked to it, a line without one to nothing (A22)."""
    linked = portal.records.get(("products", item.get("hs_product_id")))
    if not line.get("product_id"):
        return f"linked to the product {linked.get('name')!r}, must be linked to none" if linked else None
    product = shop.records["product"].get(str(line["product_id"]))
    if product is None:
        return None  # deleted: a line item made before keeps its link, one made later has none (A33)
    if linked is None:
        return f"not linked to the product {product['title']!r}"
    named_alike = linked.get("name") == product["title"]
    return None if named_alike else f"linked to {linked.get('name')!r}, must be linked to {product['title']!r}"


def decimal(value: Any) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def text(value: Any) -> str:
    """Text as it is compared: HubSpot may trim the ends and changes line breaks."""
    value = ", ".join(value) if isinstance(value, list) else str(value)
    return value.replace("\r\n", "\n").strip()


def shown(value: Any) -> Any:
    return text(value) if isinstance(value, list) else value
