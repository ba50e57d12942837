"""The sync core: one connection's ledger, receiver and workers. Time, chance and wire are handed in."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any, get_args

import requests
from flask import Flask

from sync_core.pure.desired import desired
from sync_core.pure.explain import explain
from sync_core.pure.model import Kind, Ref
from sync_core.shell.batch import Job, held_by
from sync_core.shell.engine import Engine
from sync_core.shell.hubspot import HubSpot
from sync_core.shell.ledger import Ledger
from sync_core.shell.receiver import receiver
from sync_core.shell.settings import CoreSettings, Wake
from sync_core.shell.setup import Setup
from sync_core.shell.shopify import Shopify
from sync_core.shell.surroundings import rules, scenes
from sync_core.shell.sweep import Sweep, import_again
from sync_core.shell.work import Claim

__all__ = ["CoreSettings", "SyncCore"]

Step = Callable[[int], int | None]


class SyncCore:
    """The integration of one shop with one portal.

    Args:
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
    ) -> None:
        self._settings, self._now, self._wake = settings, now, wake
        self._ledger = ledger = Ledger(settings.ledger_url, settings.shop)
        from_shopify = Shopify(shopify, settings.shopify_url, settings.shopify_token, now)
        to_hubspot = HubSpot(hubspot, settings.hubspot_url, settings.hubspot_token, now)
        self._setup = Setup(settings, ledger, from_shopify, to_hubspot, now, wake)
        self.workers: Mapping[str, Step] = {
            "setup": self._setup.step,
            "engine": Engine(settings, ledger, from_shopify, to_hubspot, now, rng).step,
            "sweep": Sweep(settings, ledger, from_shopify, to_hubspot, now, wake).step,
        }
        self.receiver: Flask = receiver(self, settings, ledger, now, wake)

    @property
    def in_transaction(self) -> bool:
        return self._ledger.in_transaction

    def status(self) -> dict[str, Any]:
        """How far the sync is, in numbers."""
        cursors = self._ledger.cursors()
        progress = {
            name.removeprefix("import "): {"done": cursor.done, "total": max(cursor.done, cursor.total)}
            for name, cursor in cursors.items()
            if name.startswith("import ")
        }
        return {
            "phase": self._ledger.connection.phase,
            "trouble": self._setup.trouble,
            "import": progress,
            "records": self._ledger.sources.counts(),
            "due": self._ledger.work.count(self._now()),
            "pending": self.pending(),
        }

    def pending(self) -> str | None:
        """What is still to be done by now, in words; None when idle."""
        phase = self._ledger.connection.phase
        if phase != "live":
            return f"{phase}{': ' + self._setup.trouble if self._setup.trouble else ''}"
        unread = [name for name, cursor in self._ledger.cursors().items() if "import" in name and not cursor.finished]
        if unread:
            return f"still to be read: {', '.join(name.removeprefix('import ') + 's' for name in unread)}"
        due = self._ledger.work.count(self._now())
        return f"{due} record{'' if due == 1 else 's'} to be synced" if due else None

    def explain(self, kind: str, id: str) -> dict[str, Any] | None:
        """Why HubSpot holds what it holds of one Shopify record; None if it was never seen."""
        if kind not in get_args(Kind):
            return None
        stored = self._ledger.sources.of([(kind, id)]).get((kind, id))  # type: ignore[list-item, call-overload]
        if stored is None:
            return None
        settings = rules(self._settings, self._ledger)
        scene = scenes(self._ledger, [stored], settings, self._now())[stored.key]
        decision = desired(scene.source, scene.around, settings)
        companions = [one.ref for one in getattr(decision, "companions", ())]
        held = held_by(self._ledger, {stored.key: decision.ref}, {stored.key: companions})[stored.key]
        job = Job(Claim(stored.kind, stored.id, 0, 0, 0), scene, decision, held)
        exists: set[Ref] = {*self._ledger.image.links(scene.near.refs), *held}
        standing = {"status": stored.status, "reason": stored.reason, "words": stored.words}
        return explain(scene.source, decision, job.actual, frozenset(exists), settings) | {"standing": standing}

    def resync(self) -> int:
        """Read the whole shop again, as the first import did, and decide anew on every record that is known.

        Records that were put into the shop without a change (a restored backup, a seed) are found by this alone.
        Returns how many were known.
        """
        with self._ledger.transaction():
            keys = self._ledger.sources.keys()
            self._ledger.ask_again([key for key in keys if key[0] != "checkout"], self._now())
            self._ledger.work.mark([key for key in keys if key[0] == "checkout"], self._now())
            import_again(self._ledger)
        self._wake("engine", self._now())
        self._wake("sweep", self._now())
        return len(keys)

    def close(self) -> None:
        self._ledger.close()
