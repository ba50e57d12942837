"""How the parameters of a query are read: text in, the value that SQL or Python compares out, or a ValueError."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import orjson

from simulator.shopify.rules import inputs
from simulator.shopify.shop import Shop

LARGEST_ID = 2**63 - 1


def as_sent(_: Shop, sent: str) -> str:
    return sent


def instant(shop: Shop, sent: str) -> int:
    found = inputs.read_time(sent, shop.zone)
    if found is None:
        raise ValueError("is not a valid date")
    return found


def words(_: Shop, sent: str) -> str:
    """ "Product,Order" as a JSON list, for SQLite's json_each."""
    return orjson.dumps([part.strip() for part in sent.split(",")]).decode()


def number(_: Shop, sent: str) -> int:
    if not sent.isdecimal():
        raise ValueError("is not a number")
    return min(int(sent), LARGEST_ID)


def numbers(_: Shop, sent: str) -> str:
    """ "1,2,3" as a JSON list, for SQLite's json_each."""
    ids = [part.strip() for part in sent.split(",") if part.strip()]
    if not all(id.isdecimal() for id in ids):
        raise ValueError("is not a list of numbers")
    return orjson.dumps([min(int(id), LARGEST_ID) for id in ids]).decode()


# parameter of a list of parts -> the field, how it is compared, how it is read; a part without the field passes
OF_PARTS: dict[str, tuple[str, Callable[[Any, Any], bool], Callable[[Shop, str], Any]]] = {
    "since_id": ("id", operator.gt, number),
    "created_at_min": ("created_at_ms", operator.ge, instant),
    "created_at_max": ("created_at_ms", operator.le, instant),
    "updated_at_min": ("updated_at_ms", operator.ge, instant),
    "updated_at_max": ("updated_at_ms", operator.le, instant),
}
