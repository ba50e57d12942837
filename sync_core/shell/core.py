"""The sync core: the shops of one portal, their receiver and workers. Time, chance and wire are handed in."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import requests
from flask import Flask

from sync_core.shell.connection import Connection, Step
from sync_core.shell.database import Wire
from sync_core.shell.hubspot import HubSpot
from sync_core.shell.ledger import Ledger, accesses
from sync_core.shell.receiver import receiver
from sync_core.shell.settings import CoreSettings, Wake

__all__ = ["CoreSettings", "SyncCore"]

WORKERS = ("setup", "engine", "sweep", "privacy")


class SyncCore:
    """The integration of one portal with its shops.

    Args:
        settings: of the first shop; `others` are those of more shops on the same portal (B6).
        now: milliseconds since the epoch.
        rng: for the jitter of retries alone.
        shopify, hubspot: the wires to the two APIs.
        wake: told that a worker has something to do, by its name, and when.
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
    ) -> None:
        self.settings, self._now, self._rng, self._wake = settings, now, rng, wake
        self._from_shopify = shopify
        self._wire = Wire(settings.ledger_url)
        self._hubspot = HubSpot(hubspot, settings.hubspot_url, settings.hubspot_token, now)
        self.connections: dict[str, Connection] = {}
        known = accesses(self._wire)
        for each in (settings, *others):
            self.connect(_newest(each, known.pop(each.shop, None)))
        for shop, access in known.items():
            self.connect(replace(settings, shop=shop, shopify_token=access["token"], shopify_secret=access["secret"]))
        self.workers: Mapping[str, Step] = {name: self._round(name) for name in WORKERS}
        self.receiver: Flask = receiver(self, now, wake)

    def connect(self, settings: CoreSettings) -> Connection:
        """Connect a shop to the portal; a ValueError where it is connected already (B6)."""
        if settings.shop in self.connections:
            raise ValueError(f"{settings.shop} is connected already: a store has one connection to a portal")
        made = Connection(
            settings,
            self._wire,
            self._hubspot,
            now=self._now,
            rng=self._rng,
            shopify=self._from_shopify,
            wake=self._wake,
        )
        self.connections[settings.shop] = made
        return made

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

    def status(self, shop: str = "") -> dict[str, Any]:
        """How far the sync of a shop is, in numbers; of the first one where none is named."""
        return self._of(shop).status()

    def pending(self) -> str | None:
        """What is still to be done by now, in words; None when idle."""
        words = {shop: one.pending() for shop, one in self.connections.items()}
        told = [f"{shop}: {what}" if len(words) > 1 else what for shop, what in words.items() if what]
        return "; ".join(told) or None

    def explain(self, kind: str, id: str, shop: str = "") -> dict[str, Any] | None:
        """Why HubSpot holds what it holds of one Shopify record; None if it was never seen."""
        return self._of(shop).explain(kind, id)

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
        """One worker for all shops: a step of each in turn. What one marks for another is due at once (I5)."""

        def step(now_ms: int) -> int | None:
            due = [each.step(name, now_ms) for each in list(self.connections.values())]
            if name == "engine" and len(due) > 1:
                due += [each.engine.next_due() for each in self.connections.values()]
            return min((at for at in due if at is not None), default=None)

        return step


def _newest(given: CoreSettings, access: Mapping[str, str] | None) -> CoreSettings:
    """A shop that was connected anew is reached by that token, until it is given another one at the start."""
    if access is None or given.shopify_token not in ("", access["instead_of"]):
        return given
    return replace(given, shopify_token=access["token"], shopify_secret=access["secret"])
