"""Contacts and products that only HubSpot has become records of Shopify, where the settings say so (I4).

A net notes them; they are made by the engine's thread, the one writer, before its own work. Shopify's answer is taken
in like any record and linked in the same transaction, so that what was made is never taken for news. A call that may
have been carried out is looked up in Shopify before it is made again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from sync_core.mappings.deals import SOURCE_STORE
from sync_core.pure.convert import email, epoch_ms
from sync_core.pure.model import KEY_PROPERTY, Actual, Kind, ObjectType, Ref
from sync_core.pure.newcomers import Body, agreed, body_of, least
from sync_core.pure.privacy import fingerprint
from sync_core.pure.retry import AuthLost, Rejected
from sync_core.pure.two_way import SHARED, shared_fields
from sync_core.shell.clients.http import CallFailed, NotBefore
from sync_core.shell.clients.hubspot import HubSpot, modified_property
from sync_core.shell.clients.shopify import Shopify
from sync_core.shell.incoming.intake import Seen, intake
from sync_core.shell.storage.image import Link
from sync_core.shell.storage.ledger import Ledger
from sync_core.shell.storage.newcomers import Newcomer

log = logging.getLogger(__name__)

RETRY_MS = 60_000
REFUSED_MS = 3_600_000  # what is wrong with it may be put right in HubSpot, which is noticed at once
CLOCKS_MS = 300_000  # Shopify's clock may be so far behind ours

Held = Mapping[str, str | None]


def notice_newcomers(ledger: Ledger, object_type: ObjectType, records: Mapping[str, Held]) -> None:
    """Of records that were made or changed in HubSpot, those that no store has."""
    if object_type in ledger.choices.create_in_shopify and ledger.choices.state_of(object_type) == "on":
        strangers = records.keys() - ledger.image.sharers(object_type, records).keys()
        changed = modified_property(object_type)
        times = {id_: epoch_ms(records[id_].get(changed)) or 0 for id_ in strangers if not _is_ours(records[id_])}
        ledger.newcomers.note(object_type, times)


class Introducer:
    """Makes them in Shopify."""

    def __init__(self, ledger: Ledger, shopify: Shopify, hubspot: HubSpot, now: Callable[[], int]) -> None:
        self._ledger, self._shopify, self._hubspot, self._now = ledger, shopify, hubspot, now
        self._rows, self._rests_until_ms = ledger.newcomers, 0

    def step(self, now_ms: int) -> int | None:
        """Some of those that are due; returns when the next ones are."""
        if not self._may_begin() or now_ms < self._rests_until_ms:
            return self.next_due()
        if not (due := self._rows.due(now_ms)):
            return self.next_due()
        try:
            self._introduce(due)
        except NotBefore as limit:
            self._rests_until_ms = limit.at_ms
        except CallFailed as failed:
            log.warning("HubSpot's %s wait: %s", due[0].object_type, type(failed.outcome).__name__)
            self._rests_until_ms = now_ms + RETRY_MS
        return self.next_due()

    def next_due(self) -> int | None:
        at_ms = self._rows.next_due() if self._may_begin() else None
        return None if at_ms is None else max(at_ms, self._rests_until_ms, self._now())

    def _may_begin(self) -> bool:
        return self._ledger.connection.phase == "live" and not self._ledger.held

    def _introduce(self, due: list[Newcomer]) -> None:
        object_type, chosen = due[0].object_type, self._ledger.choices
        kind = SHARED["data-sync"][object_type]
        fields = shared_fields(kind, "data-sync")
        names = [*fields, SOURCE_STORE.target, *([KEY_PROPERTY] if kind == "product" else [])]
        held = self._hubspot.values(object_type, [one.hs_id for one in due], names)
        linked = self._ledger.image.sharers(object_type, [one.hs_id for one in due])
        for one in due:
            values = held.get(one.hs_id)
            body = body_of(kind, values, fields) if values else None
            wanted = object_type in chosen.create_in_shopify and kind not in chosen.off and one.hs_id not in linked
            if not wanted or not values or not body or _is_ours(values) or self._is_known(kind, body):
                self._rows.drop(object_type, one.hs_id)
            else:
                self._make(one, kind, body, values, fields)

    def _is_known(self, kind: Kind, body: Body) -> bool:
        """Whether Shopify has it already, so that it is matched, not doubled; or had it and must forget it (I10)."""
        if kind == "customer":
            address = email(body["email"])
            mark = fingerprint(self._ledger.shop, f"email/{address}")
            mine = [one for one in self._ledger.sources.customers_with([address]) if one.shop == self._ledger.shop]
            self._ledger.work.mark([(one.kind, one.id) for one in mine], self._now())
            return bool(mine or self._ledger.image.buried("redacted", [mark]))
        sku = next((variant.get("sku") for variant in body.get("variants", ())), None)
        alike = {"hs_sku": [sku]} if sku else {"name": [body["title"]]}
        found = self._hubspot.having("products", alike, [KEY_PROPERTY])
        return any((one.get(KEY_PROPERTY) or "").startswith(f"{self._ledger.shop}/") for one in found.values())

    # --- making ---

    def _make(self, one: Newcomer, kind: Kind, body: Body, held: Held, fields: Mapping[str, str]) -> None:
        document = self._find(one, kind, body) if one.state == "sent" else None
        try:
            if document is None:
                self._rows.save(Newcomer(one.object_type, one.hs_id, "sent", sent_at_ms=self._now()))
                document, body = self._sent(kind, body)
        except CallFailed as failed:
            self._failed(one, failed)
            return
        properties = agreed(body, held, fields)
        actual = Actual(one.hs_id, properties)
        ref = Ref(one.object_type, f"{self._ledger.shop}/{kind}/{document['id']}")
        key = (kind, str(document["id"]))
        with self._ledger.transaction():
            intake(self._ledger, [Seen(*key, document, "reread")], self._now())
            if not self._ledger.image.links([ref]):
                self._ledger.image.save([Link(ref, actual)])
            self._ledger.audit.expect([key], self._now())
            self._rows.drop(one.object_type, one.hs_id)

    def _sent(self, kind: Kind, body: Body) -> tuple[dict[str, Any], Body]:
        """Shopify's record, and what of the body it took. A customer who is there already is the one (A7)."""
        try:
            return self._shopify.create(kind, body), body
        except CallFailed as failed:
            if not isinstance(failed.outcome, Rejected):
                raise
        if kind == "customer" and (found := self._shopify.customer(body["email"])):
            return found, {}
        return self._shopify.create(kind, least(kind, body)), least(kind, body)

    def _find(self, one: Newcomer, kind: Kind, body: Body) -> dict[str, Any] | None:
        """What a call has made whose answer was lost: a customer by e-mail, a product by title and time."""
        if kind == "customer":
            return self._shopify.customer(body["email"])
        found = self._shopify.titled(body["title"], one.sent_at_ms - CLOCKS_MS)
        refs = {Ref("products", f"{self._ledger.shop}/product/{each['id']}"): each for each in found}
        linked = self._ledger.image.links(refs)
        return next((each for ref, each in sorted(refs.items()) if ref not in linked), None)

    def _failed(self, one: Newcomer, failed: CallFailed) -> None:
        """Refused, it waits for somebody; of anything else nobody knows whether it was carried out."""
        refusal = failed.outcome if isinstance(failed.outcome, Rejected | AuthLost) else None
        if refusal is None:
            log.warning("a record of HubSpot's %s is in doubt: %s", one.object_type, type(failed.outcome).__name__)
            doubt_ms = self._now() + RETRY_MS
            self._rows.save(Newcomer(one.object_type, one.hs_id, "sent", "", self._now(), doubt_ms))
        else:
            later_ms = self._now() + REFUSED_MS
            self._rows.save(Newcomer(one.object_type, one.hs_id, "refused", refusal.words, self._now(), later_ms))


def _is_ours(held: Held) -> bool:
    """A record with a store's mark came from there, whatever this ledger knows of it."""
    return bool(held.get(SOURCE_STORE.target) or held.get(KEY_PROPERTY))
