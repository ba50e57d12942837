"""Bulk operations: one row each, and how it goes from CREATED to its end [BO, DP].

A worker takes a step with each row when it falls due. Lines are read a turn at a time, so an export of a large shop
neither fills the memory nor makes others wait; what changes between two turns is seen by the later one (our reading:
Shopify does not promise that an export is of one instant).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from simulator.kernel.clock import DAY
from simulator.kernel.resource import Document
from simulator.shopify.kinds import BULK_OPERATIONS, VENDOR
from simulator.shopify.shop import Shop

WORKER = f"{VENDOR} bulk operations"
TOPIC = "bulk_operations/finish"
MOST_AT_ONCE = 5  # of one app and type in one shop [BO, DP]; before 2026-01 it was one, no such version is served
# A small one has taken one or two seconds where it was recorded [DP]. Our reading: and 1 ms more for each object.
BEGINS_AFTER_MS = 1_000
TURN_MS, LINES_A_TURN = 250, 250
KEPT_MS = 7 * DAY  # [S]

GOES_ON = ("created", "running", "canceling")


@dataclass(frozen=True, slots=True)
class Line:
    """One object of the result, as JSON, and whether it stands at the root of the query."""

    text: bytes
    at_root: bool


class Failure(Exception):
    """The operation cannot go on; the text is its error code."""


def start(shop: Shop, kind: str, query: str) -> Document:
    now = shop.now()
    operation = {
        "id": shop.next_id(BULK_OPERATIONS),
        "app": shop.caller.app,
        "api_version": shop.caller.api_version,
        "type": kind,
        "query": query,
        "status": "created",
        "error_code": None,
        "object_count": 0,
        "root_object_count": 0,
        "file_size": None,
        "key": shop.token(),  # of its file: nobody guesses the address
        "created_at_ms": now,
        "completed_at_ms": None,
        "due_ms": now + BEGINS_AFTER_MS,
    }
    return _write(shop, operation)


def running(shop: Shop, kind: str) -> list[Document]:
    """The operations of the caller that have not ended."""
    where = f"app = ? AND type = ? AND status IN {GOES_ON}"
    return shop.find(BULK_OPERATIONS, where, shop.caller.app, kind)


def mine(shop: Shop) -> tuple[str, tuple[str]]:
    """An app sees its own operations alone."""
    return "app = ?", (shop.caller.app,)


def cancel(shop: Shop, operation: Document) -> Document:
    """Ask a running one to end; it does at its next turn."""
    if operation["status"] == "canceling":
        return operation
    return _write(shop, operation | {"status": "canceling", "due_ms": shop.now() + TURN_MS})


# --- the steps ---


def step(shop: Shop, operation: Document, lines: Iterator[Line]) -> Document:
    """What is due of an operation, in one transaction; `lines` is what is left of its result, a Failure at its end."""
    match operation["status"]:
        case "created":
            shop.simulation.files.remove(shop.domain, operation["key"])
            begun = {"status": "running", "object_count": 0, "root_object_count": 0, "due_ms": shop.now() + TURN_MS}
            return _write(shop, operation | begun)
        case "running":
            return _turn(shop, operation, lines)
        case "canceling":
            shop.simulation.files.remove(shop.domain, operation["key"])
            return _ended(shop, operation, "canceled")
        case ended:  # its file has been kept long enough
            shop.simulation.files.remove(shop.domain, operation["key"])
            status = "expired" if ended == "completed" else ended
            return _write(shop, operation | {"status": status, "file_size": None, "due_ms": None})


def _turn(shop: Shop, operation: Document, lines: Iterator[Line]) -> Document:
    found: list[Line] = []
    error_code = None
    try:
        found.extend(islice(lines, LINES_A_TURN))
    except Failure as failure:
        error_code = str(failure)
    if found:
        text = b"".join(one.text + b"\n" for one in found)
        shop.simulation.files.append(shop.domain, operation["key"], text)
    operation = operation | {
        "object_count": operation["object_count"] + len(found),
        "root_object_count": operation["root_object_count"] + sum(one.at_root for one in found),
    }
    if error_code:
        return _ended(shop, operation | {"error_code": error_code}, "failed")
    if len(found) < LINES_A_TURN:
        return _ended(shop, operation | {"completed_at_ms": shop.now()}, "completed")
    return _write(shop, operation | {"due_ms": shop.now() + TURN_MS})


def _ended(shop: Shop, operation: Document, status: str) -> Document:
    """Its file, where there is one, is kept for seven days; the app is told."""
    size = shop.simulation.files.size(shop.domain, operation["key"])
    kept = {"file_size": size, "due_ms": None if size is None else shop.now() + KEPT_MS}
    operation = _write(shop, operation | kept | {"status": status})
    shop.owe(TOPIC, operation, operation["app"])
    return operation


def _write(shop: Shop, operation: dict[str, Any]) -> Document:
    shop.site.put(BULK_OPERATIONS.resource, operation["id"], operation)
    if operation["due_ms"] is not None:
        shop.simulation.wake(WORKER, operation["due_ms"])
    return operation
