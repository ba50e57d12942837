"""Markdown as the pages need it: a title with its sentence, tables, code, and what a function says of itself."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any

GENERATED = "Generated from the tables of the code by `make docs`: change the code, not this page."


def document(title: str, sentence: str, *sections: str) -> str:
    """A page. `sentence` says what it is."""
    return "\n\n".join((f"# {title}", f"{sentence} {GENERATED}", *(one for one in sections if one))) + "\n"


def section(title: str, *parts: str, level: int = 2) -> str:
    return "\n\n".join((f"{'#' * level} {title}", *(part for part in parts if part)))


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """ "" where there is no row."""
    listed = [[_cell(cell) for cell in row] for row in rows]
    if not listed:
        return ""
    heads = list(head)
    lines = [heads, ["---"] * len(heads), *listed]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def code(text: str) -> str:
    return f"`{text}`" if text else ""


def codes(texts: Iterable[str], between: str = ", ") -> str:
    return between.join(code(text) for text in texts)


def said(function: Callable[..., Any]) -> str:
    """The first paragraph of a function's docstring, else its name in words."""
    inner = getattr(function, "func", function)  # out of a functools.partial
    doc = (inspect.getdoc(inner) or "").strip().split("\n\n")[0]
    return " ".join(doc.split()) if doc else inner.__name__.replace("_", " ").capitalize() + "."


def arguments(described: type) -> dict[str, str]:
    """What the `Args:` of a docstring say of each name; "a, b: ..." counts for both."""
    found: dict[str, str] = {}
    names: list[str] = []
    for line in (inspect.getdoc(described) or "").partition("Args:")[2].strip("\n").splitlines():
        if line.startswith(" " * 8):
            found |= {name: f"{found[name]} {line.strip()}" for name in names}
        else:
            told, _, text = line.strip().partition(": ")
            names = told.split(", ")
            found |= dict.fromkeys(names, text)
    return found


def sources(found: Mapping[str, str]) -> str:
    """The legend of the tags that behaviours carry."""
    told = "A tag in square brackets, here and in the comments of the code, says where a behaviour comes from."
    return section("Sources", told, table(("tag", "source"), ((f"[{tag}]", what) for tag, what in found.items())))


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
