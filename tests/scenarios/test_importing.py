"""Shopify's product CSV: what is read, and how a place that cannot be read is named."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.importing import Unreadable, read_products

HEADER = "Handle,Title,Option1 Name,Option1 Value,Variant Price,Image Src"


def read(*contents: str, folder: Path, said: list[str] | None = None) -> list[dict[str, Any]]:
    files = [folder / f"{number}.csv" for number, _ in enumerate(contents, start=1)]
    for file, content in zip(files, contents, strict=True):
        file.write_bytes(content.encode())
    return [record.body for record in read_products(files, (said if said is not None else []).append)]


@pytest.fixture
def refusal(tmp_path: Path) -> Callable[..., Unreadable]:
    def refused(*contents: str) -> Unreadable:
        with pytest.raises(Unreadable) as caught:
            read(*contents, folder=tmp_path)
        return caught.value

    return refused


def test_rows_of_one_handle_are_one_product_with_its_variants_in_order(tmp_path: Path) -> None:
    content = f"{HEADER}\ncup,Cup,Size,Small,9.5,\ncup,,,Large,12,\nbag,Bag,,,30,\n"

    products = read(content, folder=tmp_path)

    assert [
        {
            "handle": "cup",
            "title": "Cup",
            "variants": [{"option1": "Small", "price": "9.50"}, {"option1": "Large", "price": "12.00"}],
            "options": [{"name": "Size", "values": ["Small", "Large"]}],
        },
        {"handle": "bag", "title": "Bag", "variants": [{"price": "30.00"}]},
    ] == products


def test_a_row_with_only_a_handle_and_an_image_is_a_further_image(tmp_path: Path) -> None:
    first, second = "https://shop.example/1.jpg", "https://shop.example/2.jpg"
    content = f"{HEADER},Image Position\ncup,Cup,Title,Default Title,9,{second},2\ncup,,,,,{first},1\n"

    (product,) = read(content, folder=tmp_path)

    assert [{"option1": "Default Title", "price": "9.00"}] == product["variants"]
    assert [{"src": first, "position": 1}, {"src": second, "position": 2}] == product["images"]


def test_an_image_of_a_variant_joins_the_product_s_images_once(tmp_path: Path) -> None:
    content = (
        f"{HEADER},Variant Image\n"
        "cup,Cup,Size,S,9,https://shop.example/a.jpg,https://shop.example/b.jpg\n"
        "cup,,,L,9,https://shop.example/c.jpg,https://shop.example/a.jpg\n"
    )

    (product,) = read(content, folder=tmp_path)

    assert ["a.jpg", "c.jpg", "b.jpg"] == [image["src"].rsplit("/", 1)[1] for image in product["images"]]
    assert [1, 2, 3] == [image["position"] for image in product["images"]]


def test_every_column_of_a_variant_finds_its_field(tmp_path: Path) -> None:
    cells = {
        "Handle": "cup",
        "Title": "Cup",
        "Published": "FALSE",
        "Status": "Draft",
        "Tags": "a, b",
        "Body (HTML)": " <p>Two\nlines, and a comma</p>\n",
        "Variant SKU": "'00123",
        "Variant Grams": "453.59237",
        "Variant Inventory Tracker": "shopify",
        "Variant Inventory Qty": "-3",
        "Variant Inventory Policy": "deny",
        "Variant Fulfillment Service": "manual",
        "Variant Price": "50",
        "Variant Compare At Price": "60.5",
        "Variant Requires Shipping": "yes",
        "Variant Taxable": "no",
        "Variant Barcode": "'7210448301122",
        "Variant Weight Unit": "lb",
    }
    out = io.StringIO()
    csv.writer(out).writerows([list(cells), list(cells.values())])

    (product,) = read(out.getvalue(), folder=tmp_path)

    variant = {
        "sku": "00123",
        "grams": 454,
        "inventory_management": "shopify",
        "inventory_quantity": -3,
        "inventory_policy": "deny",
        "fulfillment_service": "manual",
        "price": "50.00",
        "compare_at_price": "60.50",
        "requires_shipping": True,
        "taxable": False,
        "barcode": "7210448301122",
        "weight_unit": "lb",
    }
    assert {
        "handle": "cup",
        "title": "Cup",
        "body_html": " <p>Two\nlines, and a comma</p>\n",
        "tags": "a, b",
        "published": False,
        "status": "draft",
        "variants": [variant],
    } == product


def test_a_title_keeps_its_apostrophe(tmp_path: Path) -> None:
    assert "'90s jacket" == read("Handle,Title\njacket,'90s jacket\n", folder=tmp_path)[0]["title"]


def test_a_byte_order_mark_and_windows_line_ends_are_no_part_of_the_values(tmp_path: Path) -> None:
    products = read("\ufeffHandle,Title\r\ncup,Cup\r\n\r\nbag,Bag\r\n", folder=tmp_path)

    assert [{"handle": "cup", "title": "Cup"}, {"handle": "bag", "title": "Bag"}] == products


def test_an_unknown_column_is_ignored_with_a_word_and_a_known_one_without_a_place_silently(tmp_path: Path) -> None:
    said: list[str] = []

    products = read(
        "Handle,Title,Colour of the box,Google Shopping / Gender,SEO Title\ncup,Cup,red,male,Best\n",
        folder=tmp_path,
        said=said,
    )

    assert [{"handle": "cup", "title": "Cup"}] == products
    assert [f"{tmp_path / '1.csv'}: unknown columns are ignored: Colour of the box"] == said


BROKEN = {
    "a price with a comma": ('cup,Cup,,,"9,50",', 2, "Variant Price"),
    "a price that is not a number": ("cup,Cup,,,NaN,", 2, "Variant Price"),
    "a negative price": ("cup,Cup,,,-1,", 2, "Variant Price"),
    "a price of a tenth of a cent": ("cup,Cup,,,1.005,", 2, "Variant Price"),
    "no title on the first row": ("cup,,,,9,", 2, "Title"),
    "no handle": ("cup,Cup,,,9,\n,,,,9,", 3, "Handle"),
    "too few cells": ("cup,Cup,,,9,\nbag,Bag,,", 3, "Variant Price"),
    "too many cells": ("cup,Cup,,,9,,more", 2, ""),
    "a quote that never ends": ('cup,Cup,,,9,\nbag,"Bag,,,9,\nhat,Hat,,,9,', 3, ""),
    "text behind a closing quote": ('cup,"Cup"s,,,9,', 2, ""),
    "a row after a cell of two lines": ('cup,"Cup\nof clay",,,9,\nbag,Bag,,,nine,', 4, "Variant Price"),
    "an option without a value": ("cup,Cup,Size,Small,9,\ncup,,,,9,", 3, "Option1 Value"),
    "a value without an option": ("cup,Cup,,Small,9,", 2, "Option1 Value"),
    "the same variant twice": ("cup,Cup,Size,Small,9,\ncup,,,Small,9,", 3, "Option1 Value"),
    "an image that is no address": ("cup,Cup,,,9,image.jpg", 2, "Image Src"),
    "a cell beyond the limit": (f"cup,{'x' * 131_073},,,9,", 2, ""),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_row_that_cannot_be_read_is_named_by_file_line_and_column(
    name: str, refusal: Callable[..., Unreadable], tmp_path: Path
) -> None:
    rows, line, column = BROKEN[name]

    refused = refusal("Handle,Title\nfine,Fine\n", f"{HEADER}\n{rows}\n")

    assert (tmp_path / "2.csv", line, column) == (refused.file, refused.line, refused.column)
    assert str(refused).startswith(f"{tmp_path / '2.csv'}, line {line}")


WRONG_CELLS = {
    "Published": "maybe",
    "Status": "gone",
    "Variant Grams": "heavy",
    "Variant Inventory Qty": "1.5",
    "Variant Inventory Policy": "perhaps",
    "Variant Compare At Price": "1e3",
    "Variant Requires Shipping": "1",
    "Variant Taxable": "ja",
    "Variant Weight Unit": "stone",
    "Image Position": "0",
    "Variant Image": "ftp://shop.example/a.jpg",
}


@pytest.mark.parametrize("column", WRONG_CELLS)
def test_a_cell_that_its_column_cannot_hold_is_refused(column: str, refusal: Callable[..., Unreadable]) -> None:
    refused = refusal(f"Handle,Title,{column}\ncup,Cup,{WRONG_CELLS[column]}\n")

    assert (2, column) == (refused.line, refused.column)
    assert WRONG_CELLS[column] in refused.reason


def test_a_handle_in_two_files_is_refused(refusal: Callable[..., Unreadable]) -> None:
    refused = refusal("Handle,Title\ncup,Cup\n", "Handle,Title\nbag,Bag\ncup,Cup\n")

    assert ("2.csv", 3, "Handle") == (refused.file.name, refused.line, refused.column)


@pytest.mark.parametrize(("header", "column"), [("", "Handle"), ("Name,Email", "Handle"), ("Handle,Tags", "Title")])
def test_another_kind_of_file_is_refused(header: str, column: str, refusal: Callable[..., Unreadable]) -> None:
    assert (1, column) == (refusal(f"{header}\n").line, refusal(f"{header}\n").column)


def test_a_column_that_stands_there_twice_is_refused(refusal: Callable[..., Unreadable]) -> None:
    assert "Title" == refusal("Handle,Title,Title\ncup,Cup,Mug\n").column


def test_a_file_in_another_encoding_is_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "latin.csv"
    file.write_bytes(b"Handle,Title\ncup,Cup\ncafe,Caf\xe9\n")

    with pytest.raises(Unreadable, match=r"latin\.csv, line 3: the file is not UTF-8"):
        read_products([file], print)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="cannot be opened"):
        read_products([tmp_path / "none.csv"], print)


@given(
    st.lists(
        st.tuples(
            st.sampled_from("abcdefgh"),
            st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=20),
            st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False, allow_infinity=False),
        ),
        max_size=30,
    )
)
def test_there_are_as_many_products_as_handles_and_each_price_is_the_first_variant_s(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, Any]]
) -> None:
    out = io.StringIO()
    table = [["Handle", "Title", "Body (HTML)", "Option1 Name", "Option1 Value", "Variant Price"]]
    table += [[handle, "T", body, "No", f"v{at}", str(price)] for at, (handle, body, price) in enumerate(rows)]
    csv.writer(out).writerows(table)

    products = read(out.getvalue(), folder=tmp_path_factory.mktemp("csv"))

    firsts = {handle: (body if body.strip() else None, f"{price:.2f}") for handle, body, price in reversed(rows)}
    assert firsts == {
        product["handle"]: (product.get("body_html"), product["variants"][0]["price"]) for product in products
    }
    assert len(firsts) == len(products)


@pytest.mark.parametrize("name", ["apparel", "home-and-garden", "jewelery"])
def test_shopify_s_own_samples_are_read_whole(name: str, shared: Callable[[str], Path]) -> None:
    file = shared(f"real/{name}.csv")
    with file.open(newline="") as opened:
        rows = list(csv.DictReader(opened))
    said: list[str] = []

    products = [record.body for record in read_products([file], said.append)]

    firsts = {row["Handle"]: row for row in reversed(rows)}
    assert {handle: row["Title"] for handle, row in firsts.items()} == {p["handle"]: p["title"] for p in products}
    assert {handle: float(row["Variant Price"]) for handle, row in firsts.items()} == {
        product["handle"]: float(product["variants"][0]["price"]) for product in products
    }
    assert sum(bool(row["Variant Price"]) for row in rows) == sum(len(product["variants"]) for product in products)
    assert [] == said
