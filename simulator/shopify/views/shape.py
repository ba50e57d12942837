"""How a stored document takes a shape: the tool of all views."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from simulator.kernel.resource import Document

if TYPE_CHECKING:
    from simulator.shopify.shop import Shop

Json = dict[str, Any]


def gid(type_name: str, id: int) -> str:
    return f"gid://shopify/{type_name}/{id}"


def shaped(shape: tuple[str, ...], shop: Shop, document: Document, worked_out: Mapping[str, Any]) -> Json:
    """One record in its shape; `created_at` is the stored `created_at_ms` in the shop's time."""
    found: Json = {}
    for name in shape:
        if name in worked_out:
            found[name] = worked_out[name]
        elif name in document:
            found[name] = document[name]
        else:
            found[name] = shop.iso(document.get(f"{name}_ms")) if name.endswith("_at") else None
    return found
