"""Shopify's product CSV: one row is a variant or a further image; a handle's first row has the product's own columns.

A blank cell says nothing, so its field is left to Shopify's own default. Some columns have no place in a product here:
metafields (SEO and Google Shopping ones among them), cost, tax code, and which variant shows which image (in a REST
body an image has no id yet).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from scenarios.importing.cells import Column, address, grams, guarded, money, one_of, position, truth, whole
from scenarios.importing.files import Record, Row, Shape, grouped, rows_of

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
SHAPE = Shape(
    name="product",
    needed=("Handle", "Title"),
    known=frozenset(
        {"Handle", VARIANT_IMAGE.header}
        | {column.header for column in PRODUCT + VARIANT + IMAGE}
        | {header for names in OPTIONS for header in names[:2]}
    ),
    without_a_place=re.compile(
        r"Google Shopping / .*|SEO (Title|Description)|Gift Card|Product Category|Cost per item|Variant Tax Code"
        r"|Option[123] Linked To|(Included|Price|Compare At Price) / .*|.*\((product|variant)\.metafields\..*\)"
    ),
)


def read_products(files: Sequence[Path], say: Callable[[str], None]) -> list[Record]:
    """The bodies of `POST products`, one for each handle, in the order of the files.

    Args:
        say: told in a sentence which columns are unknown and therefore ignored.
    """
    groups = grouped(rows_of(files, SHAPE, say), "Handle", "product")
    return [rows[0].record(_product(handle, rows)) for handle, rows in groups.items()]


def _product(handle: str, rows: list[Row]) -> dict[str, Any]:
    first = rows[0]
    product = {"handle": handle, **first.fields(PRODUCT)}
    if "title" not in product:
        raise first.unreadable("Title", "the first row of a product must have a title")
    names = [first.cell(name) for name, _, _ in OPTIONS]
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
        chosen = {field: row.cell(value) for _, value, field in OPTIONS}
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
