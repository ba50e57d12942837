"""The share of changes that HubSpot shows within ten minutes: at parts of what it takes, and under each fault.

HubSpot's limit is made small, so that minutes of trade fill it: the arithmetic is the same. Each change is a new
customer, so none spares the work of another, and HubSpot's own `createdate` says when it was shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scenarios.bench.yard import MINUTE, SECOND, Yard
from scenarios.lag import PROMISE_MS, percentile
from simulator.hubspot import objects
from simulator.kernel.faults import Fault
from simulator.kernel.simulation import Site
from simulator.shopify.rules import customers

BURST = 2  # calls in ten seconds: 20 records a second
CAPACITY = BURST * 100 / 10  # records a second
TRADED_S = 600
OVERLOADED_S = 3_000  # at 1.3 of capacity what waits grows older than the promise; faults need no such backlog
LOADS = (0.5, 0.9, 1.3)
HOUR = 3_600_000

# name -> what happens meanwhile. Late webhooks of an hour are reordered ones too: every other one comes in time.
FAULTS: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "webhooks lost": [{"effect": "lose", "vendor": "shopify"}],
    "webhooks doubled": [{"effect": "double", "vendor": "shopify"}],
    "webhooks out of order": [{"effect": "delay", "vendor": "shopify", "per_mille": 500, "delay_ms": 20 * SECOND}],
    "webhooks late by an hour": [{"effect": "delay", "vendor": "shopify", "per_mille": 500, "delay_ms": HOUR}],
    "5 % of HubSpot's answers are 5xx": [{"effect": "break", "vendor": "hubspot", "per_mille": 50}],
    "5 % of HubSpot's answers are lost": [{"effect": "lose_answer", "vendor": "hubspot", "per_mille": 50}],
    "one record in ten is refused in part": [],
}
REFUSED = "one record in ten is refused in part"


@dataclass(frozen=True, slots=True)
class Kept:
    """One run. `missing` are changes that HubSpot never showed, `doubled` those that it shows twice.

    Args:
        told_s, took_s: where more came than HubSpot takes: how long the rest would take as the sync core told when
            the trade ended, and how long it took.
        rungs: of the ladder, as they were stood on.
    """

    case: str
    load: float
    changes: int
    inside: float
    p50_s: float
    p99_s: float
    max_s: float
    missing: int
    doubled: int
    refused: int
    told_s: float
    took_s: float
    rungs: tuple[int, ...]

    @property
    def holds(self) -> bool:
        """All within the promise up to 0.9 of capacity; above nothing lost, and the time told within a fifth."""
        whole = not self.missing and not self.doubled and not self.refused
        if self.load <= 0.9:
            return whole and self.inside == 1.0
        return whole and abs(self.told_s - self.took_s) <= max(0.2 * self.took_s, 30)


def promise_kept(load: float, fault: str = "", say: Callable[[str], None] = lambda _: None) -> Kept:
    """New customers at this part of capacity.

    Args:
        say: told what happens now; the longest case takes a quarter of an hour.
    """
    yard = Yard("deals")
    yard.until_live()
    yard.allow(BURST)
    yard.passes(5 * MINUTE)  # the nets' calls are told of it
    plan = tuple(Fault(name=f"{fault} {n}", app="", **one) for n, one in enumerate(FAULTS.get(fault, ())))
    yard.world.simulation.faults.replace(plan)
    made_ms: dict[str, int] = {}
    rungs: list[int] = []
    traded_s = OVERLOADED_S if load > 1 and not fault else TRADED_S
    for second in range(traded_s):
        say(f"{load} of capacity, {fault or 'no fault'}: {second} of {traded_s} seconds traded")
        with yard.world.condition:
            for number in range(int(second * load * CAPACITY), int((second + 1) * load * CAPACITY)):
                if fault == REFUSED and number % 10 == 0:
                    customers.create(yard.shop(), {"email": f"c{number}@example.c"})  # which HubSpot does not take
                    continue
                made_ms[f"c{number}@example.com"] = yard.now_ms
                customers.create(yard.shop(), {"email": f"c{number}@example.com", "first_name": "C"})
        yard.passes(SECOND)
        if yard.core.pace.rung not in rungs[-1:]:
            rungs.append(yard.core.pace.rung)
    say(f"{load} of capacity, {fault or 'no fault'}: until nothing waits")
    ended_ms, told_ms = yard.now_ms, yard.core.status()["pace"]["eta_live_ms"]
    yard.until_settled(HOUR, SECOND)
    took_ms = yard.now_ms - ended_ms
    yard.world.simulation.faults.replace(())
    yard.passes(5 * MINUTE)
    yard.until_settled(HOUR)
    kept = _judged(yard, fault or "no fault", load, made_ms, told_ms, took_ms, rungs)
    yard.close()
    return kept


def _judged(
    yard: Yard, case: str, load: float, made_ms: Mapping[str, int], told_ms: int, took_ms: int, rungs: Sequence[int]
) -> Kept:
    contacts = Site(yard.world.simulation, yard.world.spec.portal).find(objects.resources()["contacts"])
    shown_ms = {one["properties"]["email"]: one["createdAt"] for one in contacts if "email" in one["properties"]}
    twice = Counter(one["properties"].get("email") for one in contacts)
    took = sorted(shown_ms[email] - at_ms for email, at_ms in made_ms.items() if email in shown_ms)
    p50, p99 = (percentile(took, share) for share in (50, 99))
    return Kept(
        case=case,
        load=load,
        changes=len(made_ms),
        inside=round(sum(ms <= PROMISE_MS for ms in took) / len(made_ms), 4),
        p50_s=p50 / 1000,
        p99_s=p99 / 1000,
        max_s=took[-1] / 1000,
        missing=len(made_ms) - len(took),
        doubled=sum(count > 1 for count in twice.values()),
        refused=yard.refused(min(made_ms.values())),
        told_s=told_ms / 1000,
        took_s=took_ms / 1000,
        rungs=tuple(rungs),
    )
