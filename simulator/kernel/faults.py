"""Faults as data: what to match, how often, what happens instead.

`choose` is a pure function of plan, event and one draw. Faults are enacted in two places only: the gate in front of
a fake (an answer of the vendor's kind, marked in the journal), and the wire between hosts (a message that is lost,
late or doubled).
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from simulator.kernel.errors import BadInput

Effect = Literal["throttle", "break", "lose_answer", "slow", "lose", "double", "delay"]
AT_THE_GATE: tuple[Effect, ...] = ("throttle", "break", "lose_answer", "slow")
ON_THE_WIRE: tuple[Effect, ...] = ("lose", "double", "delay")
LOCKED = (423, 477)  # a vendor that is busy with the data itself: a lock, a migration
MOST_FAULTS = 100  # in one plan
LONGEST_DELAY_MS = 24 * 3_600_000


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault.

    Args:
        name: shown in the journal and in summaries.
        effect: at the gate `throttle` (429), `break` (`status`), `lose_answer` (the request is carried out,
            its answer never arrives), `slow` (the request is carried out and answered `delay_ms` later); on the wire,
            for webhooks, `lose`, `double`, `delay` (by `delay_ms`).
        vendor: whose requests or webhooks; "" for both.
        app: the app whose requests are hit; "" for every app, and for webhooks.
        method: the request's; "" for any.
        path: a part of the request's path, for a webhook of its topic; "" for any.
        per_mille: how many of a thousand matching events are hit.
        from_ms, until_ms: the world's time in which it is active: from the first, before the second.
        delay_ms: of `slow` and `delay`. A server holds so many answers back and refuses more with a 503 of its own.
        status: what `break` answers: a 5xx, or one of `LOCKED`.
    """

    name: str
    effect: Effect
    vendor: str = ""
    app: str = ""
    method: str = ""
    path: str = ""
    per_mille: int = 1000
    from_ms: int = 0
    until_ms: int = 2**62
    delay_ms: int = 0
    status: int = 503

    def __post_init__(self) -> None:
        if self.effect not in AT_THE_GATE + ON_THE_WIRE:
            raise BadInput(f"no such effect: {self.effect!r}; there are {', '.join(AT_THE_GATE + ON_THE_WIRE)}")
        if not 0 <= self.per_mille <= 1000:
            raise BadInput(f"per_mille is a share of a thousand, not {self.per_mille}")
        if not 0 <= self.delay_ms <= LONGEST_DELAY_MS:
            raise BadInput(f"delay_ms goes from 0 to {LONGEST_DELAY_MS}, not {self.delay_ms}")
        if not 500 <= self.status <= 599 and self.status not in LOCKED:
            raise BadInput(f"status is a 5xx, {' or '.join(map(str, LOCKED))}, not {self.status}")


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a fault may hit: a request at the gate, or a webhook on the wire."""

    at_ms: int
    effects: tuple[Effect, ...]
    vendor: str
    app: str
    method: str
    path: str


def choose(plan: tuple[Fault, ...], event: Event, rng: random.Random) -> Fault | None:
    """The first fault of `plan` that hits `event`; one draw for each that could."""
    for fault in plan:
        if _matches(fault, event) and rng.randrange(1000) < fault.per_mille:
            return fault
    return None


def _matches(fault: Fault, event: Event) -> bool:
    return (
        fault.effect in event.effects
        and fault.from_ms <= event.at_ms < fault.until_ms
        and fault.vendor in ("", event.vendor)
        and fault.app in ("", event.app)
        and fault.method in ("", event.method)
        and fault.path in event.path
    )


class Switchboard:
    """The plan that is in force in a world, and how often each of its faults was met."""

    def __init__(self, rng: random.Random) -> None:
        self.plan: tuple[Fault, ...] = ()
        self.met: Counter[str] = Counter()
        self._rng = rng

    def choose(self, event: Event) -> Fault | None:
        fault = choose(self.plan, event, self._rng)
        if fault:
            self.met[fault.name] += 1
        return fault

    def replace(self, plan: tuple[Fault, ...]) -> None:
        if len(plan) > MOST_FAULTS:
            raise BadInput(f"at most {MOST_FAULTS} faults in a plan, not {len(plan)}")
        self.plan = plan

    def as_json(self) -> dict[str, Any]:
        return {"plan": [asdict(fault) for fault in self.plan], "met": dict(sorted(self.met.items()))}


def read(plan: list[Mapping[str, Any]]) -> tuple[Fault, ...]:
    """A plan from JSON; a BadInput names the field that is wrong."""
    try:
        return tuple(Fault(**fault) for fault in plan)
    except TypeError as error:
        raise BadInput(str(error).replace("Fault.__init__() ", "a fault ")) from None
