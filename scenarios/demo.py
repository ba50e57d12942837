"""The main job, end to end: a seeded store, the first import, a day of trade with faults, and a recount.

Every figure of the report is counted from the two fakes, by the oracle and from their change logs; the sync core is
asked only how far its import is, for the progress bar.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from scenarios.invariants import INVARIANTS, Evidence, gather
from scenarios.lag import PROMISE_MS, Summary, summarise
from scenarios.oracle import View, unmet
from scenarios.oracle.verdict import natural_keys
from scenarios.trade import Trade
from scenarios.verbs import Drill
from scenarios.world import WorldSpec
from scenarios.worlds import Registry
from simulator.kernel.clock import DAY, HOUR
from simulator.kernel.faults import ON_THE_WIRE

STORE = {"products": 40, "customers": 150, "orders": 220, "checkouts": 12}  # what was there before anybody connected
DEEDS_OF_THE_DAY = 300
IMPORT_LIMIT_MS = 2 * HOUR  # of world time; far more than such a store needs

# What goes wrong, and in which hours of the day. The merchant's own calls are left in peace.
TROUBLE: tuple[tuple[int, int, Mapping[str, Any]], ...] = (
    (8, 12, {"name": "webhooks lost", "effect": "lose", "per_mille": 400}),
    (9, 20, {"name": "webhooks doubled", "effect": "double", "per_mille": 250}),
    (10, 18, {"name": "webhooks half an hour late", "effect": "delay", "per_mille": 150, "delay_ms": HOUR // 2}),
    (11, 16, {"name": "HubSpot answers 429", "effect": "throttle", "vendor": "hubspot", "per_mille": 100}),
    (12, 20, {"name": "HubSpot's answer is lost", "effect": "lose_answer", "vendor": "hubspot", "per_mille": 60}),
    (14, 22, {"name": "HubSpot answers 502", "effect": "break", "vendor": "hubspot", "status": 502, "per_mille": 40}),
    (15, 17, {"name": "Shopify answers 503", "effect": "break", "vendor": "shopify", "per_mille": 100}),
)

Watch = Callable[[str, int, int, str], None]  # phase, done, total, what happens now


@dataclass(frozen=True, slots=True)
class Report:
    """What the day came to.

    Args:
        store: records before the connection, by kind.
        import_s: world time of the first import.
        deeds: what people did, how often.
        records: by kind of Shopify record: in sync, excluded, failing, as recounted.
        failing: the first of them, in words.
        propagation: by kind and "all"; the clock runs from the commit in Shopify to visible in HubSpot.
        faults: how often each was met.
        invariants: by name, breaches in words; none is good.
        second_run_writes: what a second full run wrote to HubSpot.
        digest: of everything that crossed the wire.
    """

    seed: int
    integration: str
    store: Mapping[str, int]
    import_s: float
    deeds: Mapping[str, int]
    records: Mapping[str, Mapping[str, int]]
    failing: Sequence[str]
    propagation: Mapping[str, Summary]
    faults: Mapping[str, int]
    invariants: Mapping[str, Sequence[str]]
    second_run_writes: int
    calls: int
    digest: str

    @property
    def problems(self) -> list[str]:
        """Why the day is not a good one; empty when it is."""
        found = [f"failing: {what}" for what in self.failing]
        total = self.propagation.get("all")
        if total is None or total.count == 0:
            found.append("no change was measured")
        elif total.late:
            found.append(f"{total.late} changes took longer than {PROMISE_MS // 1000} s")
        found += [f"{name}: {breach}" for name, breaches in self.invariants.items() for breach in breaches]
        found += [f"never met: {name}" for name, count in self.faults.items() if count == 0]
        if self.second_run_writes:
            found.append(f"a second full run wrote {self.second_run_writes} times")
        return found

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"ok": not self.problems, "problems": self.problems}


def run_demo(seed: int, integration: str, catalogue: Sequence[Mapping[str, Any]], watch: Watch) -> Report:
    """The whole day.

    Args:
        catalogue: products as bodies of REST creates, in place of seeded ones.
        watch: told how far it is, for a progress bar.
    """
    registry = Registry()
    try:
        world = registry.open(WorldSpec(seed=seed, integration=integration))
        drill = Drill(registry.session(), registry.fakes_url, world.describe(), f"syncdrill demo --seed {seed}")
        store = _fill(drill, catalogue, watch)
        imported_ms = _import(drill, watch)
        trade = Trade(drill, random.Random(f"{seed}/trade"))
        _day(drill, trade, watch)
        met = _heal(drill, watch)
        watch("checking", 0, 1, "comparing everything again")
        evidence = gather(drill)
        watch("checking", 1, 1, "done")
        journal = drill.control("GET", "journal?limit=1")
        return _report(drill, evidence, trade, store, imported_ms, met, seed, journal)
    finally:
        registry.close()


# --- the day ---


def _fill(drill: Drill, catalogue: Sequence[Mapping[str, Any]], watch: Watch) -> dict[str, int]:
    watch("filling the store", 0, 1, "products")
    counts = dict(STORE)
    if catalogue:
        drill.shop.storefront("POST", "import/products", {"products": list(catalogue)})
        counts["products"] = 0
    drill.shop.seed(days=365, **counts)
    watch("filling the store", 1, 1, "done")
    shop, _ = drill.seen
    return {kind: len(records) for kind, records in shop.records.items()}


def _import(drill: Drill, watch: Watch) -> int:
    """Until the first import is complete; returns when that was."""
    began_ms = drill.now_ms
    while True:
        status = drill.session.get(f"{drill.world['sync_url']}/status", timeout=60).json()
        done = sum(kind["done"] for kind in status["import"].values())
        total = sum(kind["total"] for kind in status["import"].values())
        watch("first import", done, max(total, 1), status["phase"])
        if status["phase"] == "live":
            return drill.now_ms
        if drill.now_ms - began_ms > IMPORT_LIMIT_MS:
            raise AssertionError(f"the first import is not complete after {IMPORT_LIMIT_MS // HOUR} hours: {status}")
        drill.passes(seconds=5)


def _day(drill: Drill, trade: Trade, watch: Watch) -> None:
    midnight_ms = drill.now_ms
    drill.faults(*(_fault(midnight_ms, *row) for row in TROUBLE))
    for at_ms in trade.times(midnight_ms, DEEDS_OF_THE_DAY):
        drill.passes(seconds=max(0, at_ms - drill.now_ms) / 1000)
        watch("a day of trade", drill.now_ms - midnight_ms, DAY, trade.act())
    drill.passes(seconds=max(0, midnight_ms + DAY - drill.now_ms) / 1000)
    watch("a day of trade", DAY, DAY, "midnight")


def _fault(midnight_ms: int, from_hour: int, until_hour: int, row: Mapping[str, Any]) -> dict[str, Any]:
    app = {} if row["effect"] in ON_THE_WIRE else {"app": "sync"}
    return {**row, **app, "from_ms": midnight_ms + from_hour * HOUR, "until_ms": midnight_ms + until_hour * HOUR}


def _heal(drill: Drill, watch: Watch) -> dict[str, int]:
    watch("settling", 0, 1, "all faults end")
    met = drill.heal()
    drill.settles(within_minutes=10)
    watch("settling", 1, 1, "done")
    return {row["name"]: met.get(row["name"], 0) for _, _, row in TROUBLE}


# --- the recount ---


def _report(
    drill: Drill,
    evidence: Evidence,
    trade: Trade,
    store: Mapping[str, int],
    imported_ms: int,
    met: Mapping[str, int],
    seed: int,
    journal: Mapping[str, Any],
) -> Report:
    records, failing = _recount(drill)
    return Report(
        seed=seed,
        integration=drill.integration,
        store=store,
        import_s=(imported_ms - drill.world["now_ms"]) / 1000,
        deeds=dict(sorted(trade.done.items())),
        records=records,
        failing=failing,
        propagation=summarise(drill.lags(from_ms=imported_ms), drill.now_ms),
        faults=met,
        invariants={row.name: list(row.check(evidence)) for row in INVARIANTS},
        second_run_writes=len(evidence.writes_of_resync or ()),
        calls=journal["count"],
        digest=journal["digest"],
    )


def _recount(drill: Drill) -> tuple[dict[str, dict[str, int]], list[str]]:
    """How many records of each kind HubSpot shows as it must, need not show, or shows wrongly."""
    shop, portal = drill.seen
    view = View(shop, portal, drill.integration, drill.now_ms, drill.gone, drill.webhooks_lost)
    counts: dict[str, dict[str, int]] = {}
    failing: list[str] = []
    for kind, documents in shop.records.items():
        states = counts[kind] = {"in sync": 0, "excluded": 0, "failing": 0}
        for document in documents.values():
            problems = unmet(view, kind, document)
            failing += problems
            states["failing" if problems else "in sync" if _shown(view, kind, document) else "excluded"] += 1
    return counts, failing[:10]


def _shown(view: View, kind: str, document: Mapping[str, Any]) -> bool:
    own = {key for key in natural_keys(view, kind, document) if kind == "customer" or key[0] != "contacts"}
    return any(view.portal.live(*key) for key in own)
