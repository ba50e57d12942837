"""Bulk operations, as GraphQL shows them."""

from __future__ import annotations

from typing import Any

from simulator.shopify import storage
from simulator.shopify.graphql import lists
from simulator.shopify.graphql.pages import CONNECTION, EDGE, Page
from simulator.shopify.graphql.things import How, Thing, of, own_id, row, thing
from simulator.shopify.graphql.types.connect import listing, with_info
from simulator.shopify.kinds import BULK_OPERATIONS
from simulator.shopify.rules import bulk


def _file(*statuses: str) -> How:
    """The address of the result of an operation that ended so; there is none where it found nothing [BO]."""

    @with_info
    def resolve(it: Thing, info: Any) -> str | None:
        there = it["status"] in statuses and it["file_size"] is not None
        return storage.url(info.context.base, it.shop.site, it.document) if there else None

    return resolve


@with_info
def operations(_: Any, info: Any, **args: Any) -> Page:
    """The newest first, so `reverse` turns to the oldest [S]."""
    return listing(lists.BULK_OPERATIONS, info, args | {"reverse": not args.get("reverse")})


@with_info
def current(_: Any, info: Any, type: str) -> Thing | None:
    shop = info.context.shop
    where, params = bulk.mine(shop)
    found = shop.find(BULK_OPERATIONS, f"{where} AND type = ?", *params, type.lower(), order="id DESC", limit=1)
    return thing(shop, "BulkOperation", found[0]) if found else None


TYPES: dict[str, dict[str, Any]] = {
    "BulkOperation": row(
        "errorCode fileSize objectCount query rootObjectCount status type",
        id=own_id,
        completedAt=of("completed_at_ms"),
        createdAt=of("created_at_ms"),
        url=_file("completed"),
        partialDataUrl=_file("failed"),
    ),
    "BulkOperationConnection": CONNECTION,
    "BulkOperationEdge": EDGE,
}
