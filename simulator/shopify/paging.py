"""Pages by cursor: `page_info` in, `Link` out.

A cursor holds the last record's place in the order and the parameters of the first request, so that a page is
stable while records come and go. With a cursor only `limit` and `fields` may be sent [GH].
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

import orjson

from simulator.kernel.errors import Malformed
from simulator.shopify import parameters

DEFAULT_LIMIT, LARGEST_LIMIT = 50, 250  # [RR]
BESIDE_CURSOR = ("page_info", "limit", "fields")
NO_CURSOR_WITH = "{0} cannot be passed when page_info is present. See https://shopify.dev/api/usage/pagination-rest for more information."  # noqa: E501  Shopify's sentence [GH]


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins.

    Args:
        direction: "next" begins behind the place, "prev" ends before it.
        last_value, last_id: the place: the value of the order's column, and the id.
        filters: the parameters of the first request, its order among them.
    """

    direction: str
    last_value: int
    last_id: int
    filters: Mapping[str, str] = field(default_factory=dict)

    def text(self) -> str:
        values = {name: getattr(self, name) for name in self.__slots__}
        return base64.urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("=")


def read(args: Mapping[str, str]) -> Cursor | None:
    """The cursor of a request, if it has one."""
    if "page_info" not in args:
        return None
    for name in args:
        if name not in BESIDE_CURSOR:
            raise Malformed(NO_CURSOR_WITH.format(name), name)
    sent = args["page_info"]
    try:
        values = orjson.loads(base64.urlsafe_b64decode(sent + "=" * (-len(sent) % 4)))
        cursor = Cursor(**values)
    except (binascii.Error, ValueError, TypeError):
        raise Malformed("Invalid value.", "page_info") from None  # UNVERIFIED text
    if not _is_ours(cursor):
        raise Malformed("Invalid value.", "page_info")
    return cursor


def _is_ours(cursor: Cursor) -> bool:
    """Whether it has the types that `text` wrote; anybody can send anything."""
    places = all(isinstance(value, int) and abs(value) < 2**63 for value in (cursor.last_value, cursor.last_id))
    filters = isinstance(cursor.filters, dict) and all(isinstance(value, str) for value in cursor.filters.values())
    return cursor.direction in ("next", "prev") and places and filters


def limit(args: Mapping[str, str]) -> int:
    """The page's size. Our reading: above 250 it is 250, and what is no number is refused."""
    sent = args.get("limit", str(DEFAULT_LIMIT))
    try:
        size = parameters.natural(sent, "")
    except ValueError:
        size = 0
    if not size:
        raise Malformed("must be a number greater than 0", "limit")
    return min(size, LARGEST_LIMIT)


def link(base_url: str, shown: Mapping[str, str], cursors: Mapping[str, Cursor]) -> str:
    """The Link header: `<url>; rel="previous", <url>; rel="next"`, each with `limit` and `fields` as sent."""
    kept = {name: shown[name] for name in ("limit", "fields") if name in shown}
    parts = [
        f'<{base_url}?{urlencode(kept | {"page_info": cursors[rel].text()})}>; rel="{rel}"'
        for rel in ("previous", "next")
        if rel in cursors
    ]
    return ", ".join(parts)
