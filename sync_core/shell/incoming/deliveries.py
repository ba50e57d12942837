"""Webhooks on their way into the ledger: those that come together are taken in together, all or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from sync_core.shell.incoming.intake import Seen, intake
from sync_core.shell.storage.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Delivery:
    """A genuine webhook about a record.

    Args:
        webhook_id: Shopify's, by which it is known again; "" where it has none.
        linger_ms: how long to wait for more of the same.
    """

    ledger: Ledger
    webhook_id: str
    topic: str
    seen: Seen
    linger_ms: int = 0


def take(deliveries: Sequence[Delivery], now_ms: int) -> list[bool]:
    """Store what they say; returns of each whether it is taken for the first time. Stores share one database."""
    with deliveries[0].ledger.transaction():
        return [new for _, group in groupby(deliveries, key=_ledger) for new in _take(list(group), now_ms)]


def _take(deliveries: Sequence[Delivery], now_ms: int) -> list[bool]:
    ledger = deliveries[0].ledger
    named = {one.webhook_id: one for one in reversed(deliveries) if one.webhook_id}  # of a double the first
    rows = [(one.webhook_id, one.topic, one.seen.id, one.seen.triggered_at) for one in named.values()]
    received = ledger.receive(rows, now_ms)
    new = [not one.webhook_id or (one.webhook_id in received and named[one.webhook_id] is one) for one in deliveries]
    taken = [one.seen for one, is_new in zip(deliveries, new, strict=True) if is_new]
    intake(ledger, taken, now_ms, linger_ms=deliveries[0].linger_ms)
    return new


def _ledger(one: Delivery) -> int:
    return id(one.ledger)
