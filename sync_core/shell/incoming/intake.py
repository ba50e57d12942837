"""The one way in: a webhook, a page of a poll, a sweep and a backfill all end here.

The newest snapshot is kept under a version guard (`updated_at`, Shopify's own), and the key is marked dirty, in one
transaction. What came, in which order and how often then no longer matters. Where the version cannot decide, the
record is flagged to be read again by its id.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sync_core.pure.convert import email
from sync_core.pure.model import Kind
from sync_core.pure.privacy import fingerprints, scrubbed
from sync_core.shell.engine.siblings import mark_buyers, mark_siblings
from sync_core.shell.storage.ledger import Ledger
from sync_core.shell.storage.sources import Key, Stored
from sync_core.shell.storage.work import BACKFILL, LIVE

Origin = Literal["webhook", "page", "reread"]


@dataclass(frozen=True, slots=True)
class Seen:
    """A record as it was met.

    Args:
        document: None where it is gone.
        origin: a webhook may be late or lack fields; a page may cross a change; a reread was asked for by id.
        triggered_at: X-Shopify-Triggered-At of a webhook.
    """

    kind: Kind
    id: str
    document: Mapping[str, Any] | None
    origin: Origin
    triggered_at: str = ""


def intake(
    ledger: Ledger,
    seen: Sequence[Seen],
    now_ms: int,
    lane: int = LIVE,
    linger_ms: int = 0,
    claimed: Collection[Key] = (),
) -> int:
    """Store what is new in `seen` and mark it dirty; returns how many records that were.

    Args:
        linger_ms: how long to wait for more of the same; a merchant's click often makes several webhooks.
        claimed: keys that the caller is about to decide on: they need no mark.
    """
    changed: dict[Key, Stored] = {}
    origins: dict[Key, Origin] = {}
    seen = [one for one in seen if one.kind not in ledger.choices.deleted]  # B15: nothing is kept of these
    seen = _without_redacted(ledger, seen)
    if not seen:
        return 0
    with ledger.transaction():
        stored = ledger.sources.of((one.kind, one.id) for one in seen)
        before = dict(stored)
        for one in seen:
            verdict = judge(stored.get((one.kind, one.id)), one, now_ms)
            if verdict is not None:
                stored[verdict.key] = changed[verdict.key] = verdict
                origins[verdict.key] = one.origin
        ledger.sources.store(list(changed.values()))
        dirty = {*changed, *_checkouts_of(ledger, changed.values())} - {*claimed}
        if lane == BACKFILL:
            ledger.work.mark(sorted(dirty), now_ms, lane)
        else:
            ledger.work.mark(sorted(dirty), now_ms, lane, linger_ms, since=_since(changed, before))
        emails = {row.email for row in changed.values()} | {row.email for key, row in before.items() if key in changed}
        mark_siblings(ledger, emails, now_ms, lane, changed)
        mark_buyers(ledger, changed.values(), now_ms, lane)
    if lane != BACKFILL:
        ledger.found.update(origins.values())
    return len(changed)


def _since(changed: Mapping[Key, Stored], before: Mapping[Key, Stored]) -> dict[Key, int]:
    """When Shopify made these changes, where a newer version tells it."""
    return {
        key: row.updated_at_ms
        for key, row in changed.items()
        if row.updated_at_ms > (before[key].updated_at_ms if key in before else 0)
    }


def _without_redacted(ledger: Ledger, seen: Sequence[Seen]) -> list[Seen]:
    """Customers that were redacted are not taken in, nor what an order or a checkout says of them (I10)."""
    marks = {id(one): fingerprints(one.kind, one.document or {}, ledger.shop) for one in seen if one.kind != "product"}
    buried = ledger.image.buried("redacted", {mark for group in marks.values() for mark in group})
    if not buried:
        return list(seen)
    found = []
    for one in seen:
        if not buried & marks.get(id(one), frozenset()):
            found.append(one)
        elif one.kind != "customer" and one.document is not None:
            found.append(replace(one, document=scrubbed(one.document)))
    return found


def judge(stored: Stored | None, seen: Seen, now_ms: int) -> Stored | None:
    """The row to store, or None where `seen` says nothing new."""
    if stored and stored.deleted_at_ms:
        return None  # Shopify never gives an id twice: whatever comes after a deletion is late
    row = stored or Stored(seen.kind, seen.id, first_seen_ms=now_ms)
    if seen.document is None:
        return replace(row, document=None, deleted_at_ms=now_ms, refetch=False)
    version = version_of(seen.document)
    if version is None:
        return None if seen.kind == "checkout" else replace(row, refetch=True)  # the API reads no checkout by id
    taken = _taken(row, seen, version)
    if row.document is None or version > row.updated_at_ms:
        return taken
    if version < row.updated_at_ms:
        return None
    return _tie(row, seen, taken)


def version_of(document: Mapping[str, Any]) -> int | None:
    """`updated_at` in milliseconds; None where there is none to be read."""
    try:
        moment = datetime.fromisoformat(document["updated_at"])
        return int(moment.timestamp() * 1000) if moment.tzinfo else None
    except (KeyError, TypeError, ValueError):
        return None


def agrees(one: Any, other: Any) -> bool:
    """Whether two pictures of a record say the same where both say something: a webhook and REST give other fields."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return all(agrees(one[name], other[name]) for name in one.keys() & other.keys())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(agrees, one, other))
    return bool(one == other)


def _taken(row: Stored, seen: Seen, version: int) -> Stored:
    """The row with what was seen in it. A field that a webhook does not give is not a blank one: it stays."""
    kept = row.document or {} if seen.origin == "webhook" else {}
    document = {**kept, **(seen.document or {})}
    customer_id, sale = _sale(row, document)
    return replace(
        row,
        document=document,
        customer_id=customer_id,
        sale=sale,
        checkout_token=str(document.get("checkout_token") or "") if row.kind == "order" else "",
        email=email(document.get("email") or "") if row.kind == "customer" else "",
        updated_at_ms=version,
        triggered_at=seen.triggered_at,
        refetch=_is_partial(seen) or (row.refetch and seen.origin != "reread"),
    )


def _sale(row: Stored, document: Mapping[str, Any]) -> tuple[str, str]:
    """Whose it is, and a key by which the oldest comes first."""
    customer = document.get("customer") if row.kind in ("order", "checkout") else None
    id_ = customer.get("id") if isinstance(customer, Mapping) else None
    created_ms = version_of({"updated_at": document.get("created_at")}) or row.first_seen_ms
    return (str(id_), f"{created_ms:015d}/{row.kind}/{row.id}") if id_ else ("", "")


def _tie(row: Stored, seen: Seen, taken: Stored) -> Stored | None:
    """Two states of one second: `updated_at` has no finer resolution, so only a read by id tells which is newer."""
    if seen.origin == "reread":
        return None if row.document == seen.document and not row.refetch else taken
    if _is_partial(seen):
        return None if row.refetch else replace(row, refetch=True)
    if row.document == seen.document:
        return None
    if agrees(row.document, seen.document):
        return taken if seen.origin == "page" and taken.document != row.document else None
    if seen.kind == "checkout":  # the API reads no checkout by id: a page wins, then the webhook triggered later
        return taken if seen.origin == "page" or seen.triggered_at > row.triggered_at else None
    return None if row.refetch else replace(row, refetch=True)


def _is_partial(seen: Seen) -> bool:
    """A customer's webhook has no tags, counts and consent: shopify-api.md section 6 [WH]."""
    return seen.origin == "webhook" and seen.kind == "customer"


def _checkouts_of(ledger: Ledger, changed: Iterable[Stored]) -> list[Key]:
    """The known checkouts of orders that came: an order takes its checkout out of the abandoned ones (I2)."""
    tokens = {row.checkout_token for row in changed}
    return sorted(ledger.sources.standing(("checkout", token) for token in tokens if token))
