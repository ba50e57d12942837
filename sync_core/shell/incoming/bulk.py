"""The customers of a large store, read by one bulk operation: one call begins it, and its file costs none.

Customers alone: GraphQL has no `token` of an order (A-ORDER 20) and no `published_scope` of a product (A-PRODUCT 8), so
a file of those would have to be read by REST once more. The file is taken part by part; each part and the cursor behind
it are one transaction. What comes of nothing (refused, failed, expired) is read by REST, page by page.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import orjson

from sync_core.pure.from_graphql import CUSTOMER
from sync_core.pure.retry import Rejected
from sync_core.shell.clients.http import CallFailed
from sync_core.shell.clients.shopify import Shopify

log = logging.getLogger(__name__)

QUERY = "{ customers(sortKey: ID, reverse: true) { edges { node { " + CUSTOMER + " } } } }"  # the newest first
PART = 256 * 1024  # bytes of the file in one step: some hundred customers
LOOK_MS = 5_000  # how often it is asked whether the operation has ended
GID = "gid://shopify/BulkOperation/"
RUNNING = frozenset({"CREATED", "RUNNING"})

RUN = """mutation ($query: String!) { bulkOperationRunQuery(query: $query) {
  bulkOperation { id } userErrors { message } } }"""
ASK = "query ($id: ID!) { node(id: $id) { ... on BulkOperation { status errorCode url fileSize } } }"


def begin(shopify: Shopify) -> str:
    """The id of an operation that has begun; "" where Shopify does not take it."""
    try:
        data = shopify.query(RUN, {"query": QUERY})
    except CallFailed as failed:
        if isinstance(failed.outcome, Rejected):
            log.warning("the bulk operation is refused: %s", failed.outcome.words)
            return ""
        raise
    told = data["bulkOperationRunQuery"]
    for error in told["userErrors"]:
        log.warning("the bulk operation is refused: %s", error["message"])
    return str((told["bulkOperation"] or {}).get("id", ""))


def ask(shopify: Shopify, id_: str) -> Mapping[str, Any]:
    """How far the operation is; an operation that Shopify does not know has failed."""
    found: Mapping[str, Any] | None = shopify.query(ASK, {"id": id_})["node"]
    return found or {"status": "EXPIRED"}


def read(shopify: Shopify, operation: Mapping[str, Any], start: int) -> tuple[list[dict[str, Any]], int]:
    """The objects of the part that begins at byte `start`, and where the next one begins: the size is the end.

    Raises ValueError where that is no such file.
    """
    data = shopify.download(operation["url"], start, PART)
    whole = data[: data.rfind(b"\n") + 1] if start + len(data) < int(operation["fileSize"]) else data
    if not whole:
        raise ValueError("a line without an end")
    return [orjson.loads(line) for line in whole.splitlines() if line], start + len(whole)
