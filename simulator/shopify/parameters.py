"""How the parameters of a query are read: text in, the value that SQL or Python compares out, or a ValueError."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import orjson

from simulator.shopify.rules import inputs
from simulator.shopify.shop import Shop

LARGEST_ID, MOST_DIGITS = 2**63 - 1, 19


def as_sent(_: Shop, sent: str) -> str:
    return sent


def instant(shop: Shop, sent: str) -> int:
    found = inputs.read_time(sent, shop.zone)
    if found is None:
        raise ValueError("is not a valid date")
    return found


def app(shop: Shop, sent: str) -> int:
    """An app's number; "current" is the caller's [RR]."""
    return shop.caller.app_id if sent == "current" else number(shop, sent)


def words(_: Shop, sent: str) -> str:
    """ "Product,Order" as a JSON list, for SQLite's json_each."""
    return orjson.dumps([part.strip() for part in sent.split(",")]).decode()


def number(_: Shop, sent: str) -> int:
    return natural(sent, "is not a number")


def numbers(_: Shop, sent: str) -> str:
    """ "1,2,3" as a JSON list, for SQLite's json_each."""
    return orjson.dumps(id_list(sent)).decode()


def id_list(sent: str) -> list[int]:
    ids = [part.strip() for part in sent.split(",") if part.strip()]
    return [natural(id, "is not a list of numbers") for id in ids]


def natural(sent: str, otherwise: str) -> int:
    """A whole number from 0 on; one of any length, as Python itself reads no more than 4300 digits."""
    if not sent.isdecimal():
        raise ValueError(otherwise)
    return min(int(sent), LARGEST_ID) if len(sent) <= MOST_DIGITS else LARGEST_ID


# parameter of a list of parts -> the field, how it is compared, how it is read; a part without the field passes
OF_PARTS: dict[str, tuple[str, Callable[[Any, Any], bool], Callable[[Shop, str], Any]]] = {
    "since_id": ("id", operator.gt, number),
    "created_at_min": ("created_at_ms", operator.ge, instant),
    "created_at_max": ("created_at_ms", operator.le, instant),
    "updated_at_min": ("updated_at_ms", operator.ge, instant),
    "updated_at_max": ("updated_at_ms", operator.le, instant),
}
