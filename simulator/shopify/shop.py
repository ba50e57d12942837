"""One shop during one action: what rules and dialects see of the store, the clock and the webhooks.

An action is one thing that a merchant, a shopper or an app does: all webhooks that follow from it share an event id.
Every write goes through `create`, `update` and `delete` here, so no change can forget its webhook.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from simulator.kernel.resource import Document
from simulator.kernel.simulation import Simulation, Site
from simulator.shopify import webhooks
from simulator.shopify.apps import CUSTOMER_DATA
from simulator.shopify.kinds import FIRST_PART_IDS, SHOPS, Kind


@dataclass(frozen=True, slots=True)
class Caller:
    """Who acts.

    Args:
        app: the app's name; "" for shoppers and merchants.
        app_id: the number under which Shopify knows it.
        scopes: what it may do, implied scopes included.
        api_version: the version that serves it.
        customer_data: what it is approved to see of customers.
    """

    app: str
    app_id: int
    scopes: frozenset[str]
    api_version: str
    customer_data: frozenset[str] = frozenset(CUSTOMER_DATA)


# 580111 is the app_id of orders from Shopify's own online store, in every public sample of one.
ONLINE_STORE = Caller("", 580111, frozenset(), "")


@dataclass
class Shop:
    """A shop in the middle of an action.

    Args:
        record: the shop's own document.
        quiet: no webhooks: what is made was there before anybody listened.
        at_ms: the action happened at this time; None for now.
    """

    site: Site
    record: Document
    caller: Caller = ONLINE_STORE
    quiet: bool = False
    at_ms: int | None = None

    @classmethod
    def open(cls, site: Site, caller: Caller = ONLINE_STORE) -> Shop:
        return cls(site, site.find(SHOPS.resource)[0], caller)

    def now(self) -> int:
        return self.site.now() if self.at_ms is None else self.at_ms

    @property
    def simulation(self) -> Simulation:
        return self.site.simulation

    @property
    def domain(self) -> str:
        return self.site.tenant

    @property
    def currency(self) -> str:
        currency: str = self.record["currency"]
        return currency

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.record["iana_timezone"])

    @cached_property
    def event_id(self) -> str:
        """X-Shopify-Event-Id: drawn when the first webhook of the action is owed."""
        return self.site.chance.uuid("shopify/events")

    # --- reading ---

    def get(self, kind: Kind, id: int) -> Document | None:
        return self.site.get(kind.resource, id)

    def find(self, kind: Kind, where: str = "1", *params: Any, **more: Any) -> list[Document]:
        return self.site.find(kind.resource, where, params, **more)

    def first(self, kind: Kind, where: str, *params: Any) -> Document | None:
        found = self.site.find(kind.resource, where, params, limit=1)
        return found[0] if found else None

    def iso(self, at_ms: int | None) -> str | None:
        """An instant in the shop's own offset, to the second: "2026-11-02T09:30:00-05:00" [AJS]."""
        return None if at_ms is None else _written(at_ms // 1000, self.zone)

    # --- writing ---

    def next_id(self, kind: Kind) -> int:
        return self.site.next_id(kind.resource)

    def next_part_id(self, part: str) -> int:
        return self.site.next_number(part, FIRST_PART_IDS[part])

    def token(self) -> str:
        """32 hex digits, as carts, checkouts and orders have them."""
        return f"{self.site.chance.stream('shopify/tokens').getrandbits(128):032x}"

    def create(self, kind: Kind, document: Document) -> Document:
        return self._write(kind, "create", document)

    def update(self, kind: Kind, document: Document, tell: bool = True) -> Document:
        """Write a changed record, stamped with the time. `tell` False: Shopify sends no webhook for this change."""
        return self._write(kind, "update", document | {"updated_at_ms": self.now()}, tell)

    def delete(self, kind: Kind, document: Document, tell: bool = True) -> None:
        self.site.remove(kind.resource, document["id"])
        self.owe(kind.topics.get("delete") if tell else None, document)

    def owe(self, topic: str | None, document: Document, app: str = "", after_ms: int = 0) -> None:
        """Owe everybody who subscribed to `topic`, or one app alone, a webhook about `document`."""
        if topic and not self.quiet:
            webhooks.owe(self, topic, document, app, after_ms)

    def _write(self, kind: Kind, verb: str, document: Document, tell: bool = True) -> Document:
        notices = None if self.quiet else kind.notices
        before = self.get(kind, document["id"]) if notices and verb == "update" else None
        self.site.put(kind.resource, document["id"], document)
        self.owe(kind.topics.get(verb) if tell else None, document)
        for topic, told in notices(before, document) if notices else ():
            self.owe(topic, told)
        return document


@lru_cache(maxsize=10_000)  # a page of orders writes each second many times over
def _written(second: int, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(second, zone).isoformat()
