"""How a stored document takes a shape: the tool of all views."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from simulator.kernel.resource import Document

if TYPE_CHECKING:
    from simulator.shopify.shop import Shop

Json = dict[str, Any]


def gid(type_name: str, id: int) -> str:
    return f"gid://shopify/{type_name}/{id}"


def shaped(shape: tuple[str, ...], shop: Shop, document: Document, worked_out: Mapping[str, Any]) -> Json:
    """One record in its shape; `created_at` is the stored `created_at_ms` in the shop's time."""
    known = {**document, **worked_out}
    found: Json = {name: known.get(name) for name in shape}
    for name, stored in _moments(shape):
        if name not in known:
            found[name] = shop.iso(document.get(stored))
    return found


@lru_cache  # a page of orders takes a few shapes thousands of times
def _moments(shape: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((name, f"{name}_ms") for name in shape if name.endswith("_at"))
