"""The real names that the schema lacks: asked for one of them, the fake says that it has not simulated it."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


def text(name: str) -> str:
    """A data file of this package."""
    return (files("simulator.shopify.graphql") / name).read_text(encoding="utf-8")


@cache
def undeclared() -> dict[str, frozenset[str]]:
    """Fields by type, and under "types" the types."""
    lines = (line.partition(": ") for line in text("undeclared.txt").splitlines())
    return {name: frozenset(names.split()) for name, _, names in lines}
