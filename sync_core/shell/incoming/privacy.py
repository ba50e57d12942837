"""The worker that forgets (I10): what Shopify asks to redact goes from HubSpot and from the ledger, for good.

The request's own webhook writes the fingerprints of whom to forget, so that nothing of them is taken in from that
moment; this worker then erases what is there. It works for a shop that has turned the app out as well.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sync_core.pure.model import Ref, Update
from sync_core.pure.plan import apply
from sync_core.pure.privacy import PERSONAL_PROPERTIES, address, buyer, fingerprint, scrubbed
from sync_core.shell.clients.http import CallFailed, NotBefore
from sync_core.shell.clients.hubspot import HubSpot, Input
from sync_core.shell.engine.losses import forget
from sync_core.shell.storage.image import Link
from sync_core.shell.storage.ledger import Ledger
from sync_core.shell.storage.sources import Note, Stored

log = logging.getLogger(__name__)

RETRY_MS = 60_000
SOON_MS = 1_000  # a step of the engine takes about as long
CUSTOMER, SHOP, DATA = "customers/redact", "shop/redact", "customers/data_request"
TOPICS = (CUSTOMER, SHOP, DATA)
REQUESTS = "privacy_requests"  # name of what the ledger keeps of them
CHUNK = 500
MOST = 1_000  # requests that are kept
KEPT = frozenset({"email"})  # of a contact that was there before us: by it HubSpot's users know the contact

Request = dict[str, Any]


def take(ledger: Ledger, topic: str, body: Mapping[str, Any], now_ms: int) -> None:
    """Note a request; from now on nothing of whom it names is taken in. A ValueError where the body is none."""
    customer = body.get("customer") or {}
    id_ = str(customer.get("id") or "")
    if topic != SHOP and not id_.isdigit():
        raise ValueError("the request names no customer")
    with ledger.transaction():
        requests: list[Request] = requests_of(ledger)
        requests.append({"topic": topic, "customer": id_, "asked_at_ms": now_ms, "done_at_ms": 0})
        ledger.save_setting(REQUESTS, requests[-MOST:])
        if topic == CUSTOMER:
            known = ledger.sources.of([("customer", id_)]).get(("customer", id_))
            document = (known.document if known else None) or {}
            emails = {address(one) for one in (customer, document)} - {""}
            ledger.image.bury("redacted", _marks(ledger.shop, id_, emails), now_ms)


def requests_of(ledger: Ledger) -> list[Request]:
    """Every request that came, the oldest first; none holds more of a person than Shopify's number."""
    found: list[Request] | None = ledger.setting(REQUESTS)
    return found or []


def held(ledger: Ledger, customer: str) -> dict[str, Any]:
    """What is held of a customer (data_request): the records, here and in HubSpot."""
    rows = [row for row in _all(ledger) if _concerns(row, customer)]
    refs = {row.ref for row in rows if row.ref}
    links = ledger.image.links(refs)
    return {
        "shopify": [{"kind": row.kind, "id": row.id, "document": row.document} for row in rows],
        "hubspot": [
            {"object": ref.object_type, "id": link.actual.id, "properties": dict(link.actual.properties)}
            for ref, link in sorted(links.items())
        ],
    }


class Privacy:
    """The worker; it has nothing to do until somebody asks."""

    def __init__(self, ledger: Ledger, hubspot: HubSpot, now: Callable[[], int]) -> None:
        self._ledger, self._hubspot, self._now = ledger, hubspot, now

    def step(self, now_ms: int) -> int | None:
        for place, request in enumerate(requests_of(self._ledger)):
            if request["done_at_ms"]:
                continue
            try:
                self._carry_out(request)
            except NotBefore as limit:
                return limit.at_ms
            except CallFailed as failed:
                log.warning("a redaction is put off: %s", type(failed.outcome).__name__)
                return now_ms + RETRY_MS
            self._done(place)
        return None

    def _carry_out(self, request: Request) -> None:
        """A shop that is to be forgotten has turned the app out, so the engine has left it."""
        if request["topic"] == CUSTOMER:
            self._forget_customer(request["customer"])
        elif request["topic"] == SHOP:
            self._forget_all(list(_all(self._ledger)))

    def _forget_customer(self, id_: str) -> None:
        """While the engine writes what is to be forgotten, it is waited for: its answers would bring it back."""
        rows = [row for row in _all(self._ledger) if _concerns(row, id_)]
        claims = self._ledger.work.seize({("customer", id_), *(row.key for row in rows)}, self._now())
        if claims is None:
            raise NotBefore(self._now() + SOON_MS)
        try:
            self._ledger.decisions.forget([("customer", id_)])  # perhaps deleted long ago
            rows = list(self._ledger.sources.of(claim.key for claim in claims).values())  # as they are now
            self._forget_all([row for row in rows if row.document])
        except (CallFailed, NotBefore):
            self._ledger.work.release(claims, self._now())
            raise
        with self._ledger.transaction():
            self._ledger.work.release([one for one in claims if one.kind != "customer"], self._now())
            self._ledger.work.forget([one.key for one in claims if one.kind == "customer"])

    def _forget_all(self, rows: Sequence[Stored]) -> None:
        self._ledger.decisions.forget([row.key for row in rows])
        self._forget_contacts([row for row in rows if row.kind in ("customer", "checkout")])
        self._scrub([row for row in rows if row.kind in ("order", "checkout")])

    def _forget_contacts(self, rows: Iterable[Stored]) -> None:
        shop = self._ledger.shop
        for row in rows:
            mail = address(row.document or {})
            own = {Ref("contacts", f"{shop}/email/{mail}")} if mail else set()
            if row.kind == "customer":
                own.add(Ref("contacts", f"{shop}/customer/{row.id}"))
            for link in self._ledger.image.links(own).values():
                self._forget_contact(link, own)
            with self._ledger.transaction():
                forget(self._ledger, sorted(own))
                self._ledger.image.drop(own)
                self._ledger.audit.forget(own)
                self._ledger.image.nobody_mentions(own)
                self._ledger.image.bury("redacted", _marks(shop, row.id * (row.kind == "customer"), {mail} - {""}), 0)
                if row.kind == "customer":
                    self._erase(row, mail)

    def _forget_contact(self, link: Link, own: set[Ref]) -> None:
        """Deleted for good where we made it and nobody else's it is; else without what this shop gave."""
        sharers = self._ledger.image.sharers("contacts", [link.actual.id])
        strangers = set(sharers.get(link.actual.id, ())) - own
        if self._ledger.image.was_made(link.ref) and not strangers:
            self._hubspot.erase(link.actual.id)
            return
        given = {name: "" for name, value in link.actual.properties.items() if value and name not in KEPT}
        if not strangers and given:
            self._hubspot.update("contacts", [Input("contact", link.actual.id, given)])

    def _erase(self, row: Stored, mail: str) -> None:
        """What is left of a customer is a number that says: forgotten."""
        self._ledger.image.exhume("email", [mail])
        self._ledger.sources.erase(row.kind, row.id, self._now())
        self._ledger.sources.note([Note(row.kind, row.id, "tombstoned", "redacted")])
        self._ledger.work.forget([row.key])

    def _scrub(self, rows: Iterable[Stored]) -> None:
        """Blank the personal fields of deals, orders and carts, and of what the ledger keeps of them."""
        for row in rows:
            link = self._ledger.image.links([row.ref]).get(row.ref) if row.ref else None
            if link is not None:
                self._blank(link)
            with self._ledger.transaction():
                self._ledger.sources.replace_document(row.kind, row.id, scrubbed(row.document or {}))

    def _blank(self, link: Link) -> None:
        names = PERSONAL_PROPERTIES.get(link.ref.object_type, ())
        blank = {name: "" for name in names if link.actual.properties.get(name)}
        if blank:
            self._hubspot.update(link.ref.object_type, [Input("record", link.actual.id, blank)])
            ops = (Update(link.ref, link.actual.id, blank, {}),)
            after = apply(link.ref, link.actual, ops, {})
            assert after is not None
            self._ledger.image.save([Link(link.ref, after, link.parent)])

    def _done(self, place: int) -> None:
        with self._ledger.transaction():
            requests = requests_of(self._ledger)
            requests[place]["done_at_ms"] = self._now()
            self._ledger.save_setting(REQUESTS, requests)


def _all(ledger: Ledger) -> Iterable[Stored]:
    """Every customer, order and checkout of the shop that holds something."""
    keys = ledger.sources.known("customer", "order", "checkout")
    for start in range(0, len(keys), CHUNK):
        yield from (row for row in ledger.sources.of(keys[start : start + CHUNK]).values() if row.document)


def _concerns(row: Stored, customer: str) -> bool:
    document = row.document or {}
    about = document if row.kind == "customer" else buyer(document)
    return str(about.get("id") or "") == customer


def _marks(shop: str, id_: str, emails: Iterable[str]) -> list[str]:
    ids = [f"id/{id_}"] if id_ else []
    return [fingerprint(shop, what) for what in (*ids, *(f"email/{one}" for one in emails))]
