"""The sync core: the shops of one portal, their receiver and workers. Time, chance and wire are handed in."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import requests
from flask import Flask
from sqlalchemy import select

from sync_core.shell.clients.access import PORTAL, Access, Accesses, Keeper
from sync_core.shell.clients.hubspot import HubSpot
from sync_core.shell.clients.together import Together, one_by_one
from sync_core.shell.incoming.deliveries import Delivery, take
from sync_core.shell.incoming.groups import Groups
from sync_core.shell.incoming.receiver import receiver
from sync_core.shell.oauth.vendors import Vendors
from sync_core.shell.running.connection import Connection, Step
from sync_core.shell.running.pace import Pace
from sync_core.shell.running.settings import CoreSettings, Wake
from sync_core.shell.running.turns import Turns
from sync_core.shell.storage.database import Wire
from sync_core.shell.storage.ledger import Ledger
from sync_core.shell.storage.quotas import shelves
from sync_core.shell.storage.tables import LEASE

__all__ = ["CoreSettings", "SyncCore"]

WORKERS = ("setup", "engine", "sweep", "privacy", "survey")


class SyncCore:
    """The integration of one portal with its shops.

    Args:
        settings: of the first shop; `others` are those of more shops on the same portal (B6). The ledger knows those
            that were connected since, by OAuth or by the operator.
        now: milliseconds since the epoch.
        rng: for the jitter of retries, and for what nobody may guess in OAuth.
        shopify, hubspot: the wires to the two APIs.
        wake: told that a worker has something to do, by its name, and when.
        together: how several calls are made at the same time.
        epoch: of the lease under which this process works, where several share the ledger (see `Wire`).
        grouped: whether webhooks come in several threads at once; their commits are then made together.
    """

    def __init__(
        self,
        settings: CoreSettings,
        *,
        now: Callable[[], int],
        rng: random.Random,
        shopify: requests.Session,
        hubspot: requests.Session,
        wake: Wake,
        others: Sequence[CoreSettings] = (),
        together: Together = one_by_one,
        epoch: int | None = None,
        grouped: bool = False,
    ) -> None:
        self.settings, self.rng, self._now, self._wake = settings, rng, now, wake
        self._from_shopify = shopify
        self._wire = Wire(settings.ledger_url, epoch)
        self._groups = Groups(self._take) if grouped else None
        self.accesses, self.vendors = Accesses(self._wire), Vendors(settings, shopify, hubspot, now)
        known = self.accesses.all()
        stored = known.pop(PORTAL, Access())
        portals = Access(settings.hubspot_token) if settings.hubspot_token else stored
        self.portal = Keeper(PORTAL, portals, self.accesses, self.vendors.hubspot_renewed, now)
        self.hubspot = HubSpot(
            hubspot,
            settings.hubspot_url,
            self.portal,
            now,
            shelf=shelves(self._wire, self._portal_id),
            together=together,
        )
        self.connections: dict[str, Connection] = {}
        self.pace = Pace()
        try:
            self._connect_all((settings, *others), known)
        except BaseException:
            self._wire.close()
            raise
        turns = Turns(self.connections, self.hubspot, self.pace, now)
        self.workers: Mapping[str, Step] = {
            name: turns.step if name == "engine" else self._round(name) for name in WORKERS
        }
        self.receiver: Flask = receiver(self, now, wake)

    def _connect_all(self, given: Sequence[CoreSettings], known: dict[str, Access]) -> None:
        for each in given:
            if each.shop:
                self.connect(each, known.pop(each.shop, None))
        for shop, access in known.items():
            self.connect(self.settings.at(shop), access)

    @property
    def works(self) -> bool:
        """Whether this process does the work; else it takes webhooks in for another one."""
        return self._wire.works

    def owner(self) -> str:
        """Where the pages of the process are that does."""
        with self._wire.transaction():
            return self._wire.connection.execute(select(LEASE.c.address)).scalar() or "nobody yet"

    def reload(self) -> None:
        """Know what other processes have changed: which stores are connected, and how they stand."""
        with self._wire.transaction():
            for shop, access in self.accesses.all().items():
                if shop not in (PORTAL, *self.connections):
                    self.connect(self.settings.at(shop), access)
            self.portal.reload()
            for one in list(self.connections.values()):
                one.ledger.reload()
                one.shopify.access.reload()

    def _portal_id(self) -> str:
        """ "" while no shop is connected."""
        return next((one.ledger.connection.tenant for one in self.connections.values()), "")

    def connect(self, settings: CoreSettings, stored: Access | None = None) -> Connection:
        """Connect a shop to the portal; a ValueError where it is connected already (B6).

        Args:
            stored: how it is reached as far as the ledger knows.
        """
        shop = settings.shop
        if shop in self.connections:
            raise ValueError(f"{shop} is connected already: a store has one connection to a portal")
        access = _newest(settings, stored)

        def renewal(refresh_token: str) -> Access:
            return self.vendors.shopify_renewed(shop, refresh_token)

        made = Connection(
            replace(settings, shopify_secret=access.secret or settings.shopify_secret),
            self._wire,
            self.hubspot,
            Keeper(shop, access, self.accesses, renewal, self._now),
            now=self._now,
            rng=self.rng,
            shopify=self._from_shopify,
            wake=self._wake,
            pace=self.pace,
        )
        self.connections[shop] = made
        return made

    def let_in(self, shop: str, access: Access) -> Connection:
        """A shop lets the app in, for the first time or anew; a ValueError where it is in already (B6)."""
        known = self.connections.get(shop)
        if known and known.ledger.connection.paused:
            known.reconnect(access)
            return known
        made = self.connect(self.settings.at(shop), access)
        made.shopify.access.use(access)
        self._wake("setup", self._now())
        return made

    def let_into_portal(self, access: Access) -> None:
        """A user of HubSpot lets the app in, for the first time or anew; a ValueError where the portal is another."""
        synced = {one.ledger.connection.tenant for one in self.connections.values()} - {""}
        if synced and access.portal not in synced:
            raise ValueError(f"the stores here are synced to portal {min(synced)}, not to {access.portal}")
        self.portal.use(access)
        for worker in self.workers:
            self._wake(worker, self._now())

    @property
    def ledger(self) -> Ledger:
        """The first shop's."""
        return self.first.ledger

    @property
    def first(self) -> Connection:
        return next(iter(self.connections.values()))

    @property
    def in_transaction(self) -> bool:
        return self._wire.in_transaction

    def take(self, delivery: Delivery) -> bool:
        """Store what a webhook says, durably; False where it was taken before."""
        return self._groups.run(delivery) if self._groups else self._take([delivery])[0]

    def _take(self, deliveries: Sequence[Delivery]) -> Sequence[bool]:
        return take(deliveries, self._now())

    def status(self, shop: str = "") -> dict[str, Any]:
        """How far the sync of a shop is, in numbers; of the first one where none is named."""
        if not self.connections:
            return {"phase": "unconnected", "paused": None, "pending": self.pending()}
        return self._of(shop).status()

    def pending(self) -> str | None:
        """What is still to be done by now, in words; None when idle."""
        if not self.connections:
            return "no shop is connected yet"
        words = {shop: one.pending() for shop, one in self.connections.items()}
        told = [f"{shop}: {what}" if len(words) > 1 else what for shop, what in words.items() if what]
        return "; ".join(told) or None

    def explain(self, kind: str, id: str, shop: str = "") -> dict[str, Any] | None:
        """Why HubSpot holds what it holds of one Shopify record; None if it was never seen."""
        return self._of(shop).explain(kind, id) if self.connections else None

    def resync(self) -> int:
        """Read all shops again, as the first import did, and decide anew on every record that is known.

        Records that were put into a shop without a change (a restored backup, a seed) are found by this alone.
        Returns how many were known.
        """
        return sum(one.resync() for one in self.connections.values())

    def close(self) -> None:
        self._wire.close()

    def _of(self, shop: str) -> Connection:
        return self.connections[shop] if shop else self.first

    def _round(self, name: str) -> Step:
        """One worker for all shops: a step of each in turn."""

        def step(now_ms: int) -> int | None:
            due = [each.step(name, now_ms) for each in list(self.connections.values())]
            return min((at for at in due if at is not None), default=None)

        return step


def _newest(given: CoreSettings, stored: Access | None) -> Access:
    """A shop that was connected anew is reached by that token, until it is given another one at the start."""
    if stored is None or given.shopify_token not in ("", stored.instead_of):
        return Access(given.shopify_token)
    return stored
