"""One connection: a shop and the portal that it is synced to, with its ledger and its workers' steps."""

from __future__ import annotations

import logging
import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, get_args

import requests

from sync_core.pure.choices import BadChoice, kinds_of
from sync_core.pure.desired import desired
from sync_core.pure.explain import explain
from sync_core.pure.model import Kind, Ref
from sync_core.shell.clients.access import Access, Keeper
from sync_core.shell.clients.hubspot import HubSpot
from sync_core.shell.clients.shopify import Shopify
from sync_core.shell.engine.batch import Job, held_by
from sync_core.shell.engine.engine import Done, Engine
from sync_core.shell.engine.introducing import Introducer
from sync_core.shell.engine.notices import notices
from sync_core.shell.engine.surroundings import rules, scenes
from sync_core.shell.incoming.privacy import Privacy
from sync_core.shell.incoming.scopes import blocked
from sync_core.shell.incoming.sweep import Sweep, import_again, imports_of
from sync_core.shell.oversight.comparing import Comparing
from sync_core.shell.oversight.planning import Planning
from sync_core.shell.oversight.survey import Surveyor
from sync_core.shell.oversight.switches import objects_of
from sync_core.shell.running.pace import GIVES_WAY, Pace
from sync_core.shell.running.settings import CoreSettings, Wake
from sync_core.shell.running.setup import Setup
from sync_core.shell.storage.database import Wire
from sync_core.shell.storage.ledger import HELD, LEFT, Ledger
from sync_core.shell.storage.work import BACKFILL, LIVE, Claim, Head

log = logging.getLogger(__name__)

# A14, A16: where the original source of contacts stands.
WRITTEN_MARKS = "in HubSpot's own properties of new contacts, and in ours"
REFUSED_MARKS = "in properties of ours alone: HubSpot does not let this app write its own"

Step = Callable[[int], int | None]


class Connection:
    """A shop's way into the portal.

    Args:
        wire: the ledger's database, which the portal's connections share; `hubspot`, which they share too, holds the
            portal's one window of calls.
        access: how the shop is reached.
        rng: for the jitter of retries alone.
    """

    def __init__(
        self,
        settings: CoreSettings,
        wire: Wire,
        hubspot: HubSpot,
        access: Keeper,
        *,
        now: Callable[[], int],
        rng: random.Random,
        shopify: requests.Session,
        wake: Wake,
        pace: Pace,
    ) -> None:
        self.settings, self.hubspot, self._now, self._wake = settings, hubspot, now, wake
        self.pace = pace
        self.ledger = ledger = Ledger(wire, settings.shop)
        self.shopify = from_shopify = Shopify(shopify, settings.shopify_url, access, now)
        self._setup = Setup(settings, ledger, from_shopify, hubspot, now, wake)
        self.engine = Engine(settings, ledger, from_shopify, hubspot, now, rng)
        self._introducer = Introducer(ledger, from_shopify, hubspot, now)
        self.surveyor = Surveyor(now)
        if settings.hold and ledger.setting(HELD) is None:
            self.hold()
        self._steps: Mapping[str, Step] = {
            "setup": self._setup.step,
            "privacy": Privacy(ledger, hubspot, now).step,
            "survey": self.surveyor.step,
            "sweep": Sweep(settings, ledger, from_shopify, hubspot, now, wake).step,
        }

    def step(self, worker: str, now_ms: int) -> int | None:
        """A worker's step. A shop that has turned the app out, or refuses its token, is left in peace (I11)."""
        if self.ledger.connection.paused and worker != "privacy":  # who asks to be forgotten is (I10)
            return None
        if not self.hubspot.access.works:
            return None
        due_ms = self._steps[worker](now_ms)
        return None if self._is_refused() else due_ms

    def next_due(self, now_ms: int) -> int | None:
        """When the engine has something to do for this store."""
        if self.ledger.connection.paused or not self.hubspot.access.works:
            return None
        times = (self.engine.next_due(now_ms), self._introducer.next_due())
        return min((at_ms for at_ms in times if at_ms is not None), default=None)

    def introduce(self, now_ms: int) -> None:
        """What only HubSpot has goes to Shopify first; the engine then knows of it."""
        if not self.ledger.connection.paused and self.hubspot.access.works:
            self._introducer.step(now_ms)
            self._is_refused()

    def turn(self, head: Head, size: int, now_ms: int) -> Done:
        """The engine's turn."""
        done = self.engine.turn(head, size, now_ms)
        self._is_refused()
        return done

    def _is_refused(self) -> bool:
        if self.shopify.access.refused:
            self.pause(f"Shopify refuses the token: {self.shopify.access.refused}")
        return bool(self.shopify.access.refused)

    # --- pausing (I11) ---

    @property
    def paused(self) -> str:
        """Why nothing of the shop is synced; "" while it is."""
        refused = self.hubspot.access.refused
        return self.ledger.connection.paused or (f"HubSpot refuses the token: {refused}" if refused else "")

    def pause(self, why: str) -> None:
        """Nothing is synced from now on, and nothing is deleted."""
        log.warning("%s is paused: %s", self.settings.shop, why)
        self.ledger.save_connection(replace(self.ledger.connection, paused=why))

    def reconnect(self, access: Access) -> None:
        """The shop has let the app in again: go on with what was, and catch up with what changed meanwhile."""
        secret = access.secret or self.shopify.access.access.secret
        self.shopify.access.use(replace(access, secret=secret, instead_of=self.settings.shopify_token))
        self.settings = replace(self.settings, shopify_secret=secret or self.settings.shopify_secret)
        state = self.ledger.connection
        self.ledger.save_connection(replace(state, paused=""))
        if state.phase == "connecting":
            self._wake("setup", self._now())
            return
        self.ledger.drop_cursors(["subscriptions"])  # they went with the app [GH]
        self.resync()

    # --- holding ---

    def hold(self) -> None:
        """Read, and write nothing, until a person has seen what would be written."""
        log.warning("%s is held: nothing is written", self.settings.shop)
        self.ledger.hold(True)

    def let_go(self) -> None:
        """Write from now on; connecting does first what it left undone."""
        self.ledger.hold(False)
        if self.ledger.setting(LEFT):
            self.ledger.save_connection(replace(self.ledger.connection, phase="connecting"))
            self._setup.again()
        for worker in ("setup", "sweep", "engine"):
            self._wake(worker, self._now())

    # --- looking ahead, and all over ---

    def plan(self, apply: str = "") -> None:
        """Make the plan of all that waits, or apply the one with this digest if it is still the same."""
        if not self.ledger.held:
            raise BadChoice("held", "the connection is not held, so it writes as it goes: hold it first")
        self.surveyor.begin(Planning(self, self._now, apply, self.let_go))
        self._wake("survey", self._now())

    def compare(self) -> None:
        """Compare all of Shopify with all that HubSpot shows of it."""
        if self.ledger.connection.phase != "live":
            raise BadChoice("phase", "the import is not over: compare when the connection is live")
        self.surveyor.begin(Comparing(self, self._now))
        self._wake("survey", self._now())

    def reading(self) -> bool:
        """Whether the import still reads Shopify, or connecting is not done."""
        cursors = self.ledger.cursors()
        imports = [cursors.get(name) for name in imports_of(self.ledger)]
        return self.ledger.connection.phase == "connecting" or not all(one and one.finished for one in imports)

    # --- telling ---

    def status(self) -> dict[str, Any]:
        """How far the sync is, in numbers."""
        cursors = self.ledger.cursors()
        progress = {
            name.removeprefix("import "): {"done": cursor.done, "total": max(cursor.done, cursor.total)}
            for name, cursor in cursors.items()
            if name.startswith("import ")
        }
        pace = self._pace()
        return {
            "phase": self.ledger.connection.phase,
            "paused": self.paused or None,
            "trouble": self.trouble,
            "notices": notices(self.ledger, self.settings.integration),
            "original_source": REFUSED_MARKS if self.ledger.connection.refused else WRITTEN_MARKS,
            "import": progress,
            "records": self.ledger.sources.counts(),
            "due": pace["due_live"] + pace["due_backfill"],
            "pending": self.pending(),
            "held": self.ledger.held,
            "lag": self.engine.lags.told(),
            "pace": pace,
        }

    def _pace(self) -> dict[str, Any]:
        """How well it keeps up with live changes (B10), and what gives way meanwhile."""
        now_ms, load, quota = self._now(), self.pace.load, self.hubspot.window.quota
        oldest_ms = self.ledger.work.oldest_ms()
        live, before = (self.ledger.work.count(now_ms, lane) for lane in (LIVE, BACKFILL))
        known = load.at(live=live, backfill=before, rate=quota.rate)
        return {
            "oldest_unsynced_ms": 0 if oldest_ms is None else max(0, now_ms - oldest_ms),
            "due_live": live,
            "due_backfill": before,
            "eta_live_ms": known.eta_ms,
            "eta_all_ms": known.all_eta_ms,
            "rung": self.pace.rung,
            "gives_way": GIVES_WAY[self.pace.rung],
            "calls_per_window": quota.allowed,
            "calls_limit": quota.size,
            "calls_left_today": quota.daily_left if quota.daily else None,
        }

    def objects(self) -> dict[str, Any]:
        """Each object with its switch, its records in HubSpot and how the sync of its sources stands."""
        states, linked = self.ledger.sources.counts(), self.ledger.image.counts()
        told: dict[str, Any] = {}
        lacking, chosen = blocked(self.ledger), self.ledger.choices
        for name in objects_of(self.settings.integration):
            counts: Counter[str] = Counter()
            for kind in kinds_of(name):
                of_kind = states.get(kind, {})
                counts.update({"blocked": sum(of_kind.values())} if kind in lacking and of_kind else of_kind)
            scope = next((lacking[kind] for kind in kinds_of(name) if kind in lacking), None)
            told[name] = {
                "sync": chosen.state_of(name),
                "blocked": scope,
                "in_shopify": None if scope else counts.total(),  # without the scope Shopify does not even count them
                "in_hubspot": linked.get(name, 0),
                "states": dict(sorted(counts.items())),
                "to_shopify": self.ledger.newcomers.told(name) if name in chosen.create_in_shopify else None,
            }
        return told

    @property
    def trouble(self) -> str:
        """Why it does not go on, though nobody has paused it; "" while it does."""
        if not self.hubspot.access.access.token:
            return "HubSpot is not connected yet"
        denied = self.hubspot.denied  # of a token that was given at the start: it may be good again at any time
        return self._setup.trouble or (f"HubSpot refuses the token: {denied}" if denied else "")

    def pending(self) -> str | None:
        """What is still to be done by now, in words; None when idle."""
        phase = self.ledger.connection.phase
        if self.paused:
            return f"paused: {self.paused}"
        if self.ledger.held and phase != "connecting":
            return f"held: {self.ledger.work.count(self._now())} records wait for a person to see the plan"
        if phase != "live":
            return f"{phase}{': ' + self._setup.trouble if self._setup.trouble else ''}"
        open_nets = [name.partition(" ") for name, cursor in self.ledger.cursors().items() if not cursor.finished]
        if unread := [f"{what}s" for group, _, what in open_nets if group == "import"]:
            return f"still to be read: {', '.join(unread)}"
        if uncompared := [what for group, _, what in open_nets if group == "compare"]:
            return f"still to be compared: {', '.join(uncompared)}"
        due = self.ledger.work.count(self._now())
        trouble = f" ({self.trouble})" if self.trouble else ""
        return f"{due} record{'' if due == 1 else 's'} to be synced{trouble}" if due else None

    def explain(self, kind: str, id: str) -> dict[str, Any] | None:
        """Why HubSpot holds what it holds of one Shopify record; None if it was never seen."""
        key = next(((one, id) for one in get_args(Kind) if one == kind), None)
        stored = self.ledger.sources.of([key]).get(key) if key else None
        if stored is None:
            return None
        settings = rules(self.settings, self.ledger)
        scene = scenes(self.ledger, [stored], settings, self._now())[stored.key]
        decision = desired(scene.source, scene.around, settings)
        companions = [one.ref for one in getattr(decision, "companions", ())]
        held = held_by(self.ledger, {stored.key: decision.ref}, {stored.key: companions})[stored.key]
        job = Job(Claim(stored.kind, stored.id, 0, 0, 0), scene, decision, held)
        exists: set[Ref] = {*self.ledger.image.links(scene.near.refs), *held}
        standing = {"status": stored.status, "reason": stored.reason, "words": stored.words}
        explained = explain(scene.source, decision, job.actual, frozenset(exists), settings)
        return explained | {"standing": standing, "lost_values": self.ledger.audit.of(decision.ref)}

    def weak_matches(self) -> list[dict[str, Any]]:
        """The products that are linked by their name alone, or wait to be, and nobody has spoken of yet (S37)."""
        told = []
        found = self.ledger.matches.undecided()
        known = self.ledger.sources.of(("product", one.product) for one in found)
        for one in found:
            stored = known.get(("product", one.product))
            if stored is not None and stored.document is not None:
                state = "waits" if stored.reason == "weak_match" else "linked"
                title = stored.document.get("title")
                told.append({"product": one.product, "title": title, "hubspot": one.hs_id, "state": state})
        return told

    def resync(self) -> int:
        """Read the whole shop again, as the first import did, decide anew on all that is known, look for it in HubSpot.

        Records that were put into the shop without a change (a restored backup, a seed) are found by this alone, and
        so is what was deleted in HubSpot of deals and products (I9).
        Returns how many were known.
        """
        with self.ledger.transaction():
            keys = self.ledger.sources.known()
            self.ledger.ask_again([key for key in keys if key[0] != "checkout"], self._now())
            self.ledger.work.mark([key for key in keys if key[0] == "checkout"], self._now())
            import_again(self.ledger)
        self._wake("engine", self._now())
        self._wake("sweep", self._now())
        return len(keys)
