"""The reference is in step with the tables, complete, and about nobody's machine."""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from pathlib import Path

import pytest
from project import ROOT, parsed, sources

from scenarios.reference import PAGES
from scenarios.reference.markdown import GENERATED, arguments, said, table
from simulator import hubspot, shopify
from simulator.hubspot import sources as hubspot_sources
from simulator.shopify import sources as shopify_sources

FOLDER = ROOT / "docs" / "reference"


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return {name: page() for name, page in PAGES.items()}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_what_the_tables_say(name: str, pages: dict[str, str]) -> None:
    file = FOLDER / name
    written = file.read_text(encoding="utf-8") if file.exists() else ""

    assert written == pages[name], f"docs/reference/{name} is behind the code: run `make docs`"


def test_the_folder_holds_the_pages_and_nothing_else() -> None:
    assert sorted(PAGES) == sorted(file.name for file in FOLDER.iterdir())


@pytest.mark.parametrize("name", PAGES)
def test_a_page_begins_with_what_it_is_and_that_it_is_generated(name: str, pages: dict[str, str]) -> None:
    title, blank, sentence = pages[name].splitlines()[:3]

    assert title.startswith("# ")
    assert "" == blank
    assert sentence.endswith(GENERATED)
    assert len(GENERATED) + 20 < len(sentence)


def test_no_page_names_a_place_on_this_machine(pages: dict[str, str]) -> None:
    places = [str(place) for place in (ROOT, Path.home(), Path(sys.prefix)) if len(place.parts) > 1]

    assert [] == [(name, place) for name, text in pages.items() for place in places if place in text]


@pytest.mark.parametrize(
    ("name", "vendor"), [("shopify.md", shopify.VENDOR), ("hubspot.md", hubspot.VENDOR)], ids=["shopify", "hubspot"]
)
def test_every_route_that_is_served_is_on_the_page(name: str, vendor, pages: dict[str, str]) -> None:
    told = {line.split("`")[i] for line in pages[name].splitlines() for i in range(1, line.count("`"), 2)}
    served = {_written(rule.rule) for rule in vendor.app().url_map.iter_rules()}

    assert set() == {path for path in served if path not in told and f"{path.removesuffix('/{rest}')}/..." not in told}


@pytest.mark.parametrize(
    ("package", "known"),
    [("simulator/shopify", shopify_sources.SOURCES), ("simulator/hubspot", hubspot_sources.SOURCES)],
)
def test_every_tag_of_a_source_is_explained(package: str, known: dict[str, str]) -> None:
    used = {tag for _, text in sources(package) for tag in _tags(text)}

    assert set() == used - set(known)


def test_what_a_function_says_is_its_first_paragraph_or_its_name() -> None:
    def long_enough() -> None:
        """One thing
        and another.

        Not this.
        """

    def rather_plain() -> None: ...

    assert ("One thing and another.", "Rather plain.") == (said(long_enough), said(rather_plain))


def test_arguments_are_read_from_a_docstring_with_their_continued_lines() -> None:
    class Described:
        """A thing.

        Args:
            one, two: both of
                these.
            three: alone.
        """

    assert {"one": "both of these.", "two": "both of these.", "three": "alone."} == arguments(Described)


def test_a_table_keeps_its_cells_apart() -> None:
    assert "| a | b |\n| --- | --- |\n| x\\|y | one two |" == table(("a", "b"), [("x|y", "one\n two")])
    assert "" == table(("a",), [])


def _written(rule: str) -> str:
    """A rule of Flask's as the pages write it."""
    inner = re.sub(r"^/admin/(api/<version>/)?|\.json$", "", rule)
    inner = re.sub(r"<any\([^)]*\):version>", "{version}", inner)
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", inner)


def _tags(text: str) -> set[str]:
    """Tags such as [REC], [X live] and [VD, TR] in comments and docstrings."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    prose = [token.string for token in tokens if token.type == tokenize.COMMENT]
    tree = ast.walk(parsed(text))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    prose += [ast.get_docstring(node) or "" for node in tree if isinstance(node, documented)]
    brackets = [found for one in prose for found in re.findall(r"\[([A-Z][^\[\]]*)\]", one)]
    words = [part.strip() for bracket in brackets for part in re.split(r"[,/]", bracket)]
    return {found.group() for word in words if (found := re.match(r"[A-Z]+\d*\b", word))}
