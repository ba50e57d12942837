"""The reference in docs/reference, written from the tables that the code runs on: what is said there is what happens.

A page is a function that returns Markdown. `make docs` writes the files, and a test compares them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from scenarios.reference import commands, control, faults, hubspot, library, mappings, requirements, shopify

PAGES: Mapping[str, Callable[[], str]] = {
    "shopify.md": shopify.page,
    "hubspot.md": hubspot.page,
    "mappings.md": mappings.page,
    "scenarios.md": library.page,
    "requirements.md": requirements.page,
    "faults.md": faults.page,
    "commands.md": commands.page,
    "control.md": control.page,
}


def pages() -> dict[str, str]:
    """The text of every page by its file's name."""
    return {name: page() for name, page in PAGES.items()}
