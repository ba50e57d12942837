"""Who goes first, how much at a time, and what gives way when more has changed than HubSpot takes in time (B10).

Three lines wait: live changes that can still keep the promise, those that have missed it, and what was there before.
The first goes first, a tenth of the calls is kept for each of the others. When live changes would wait too long, things
give way rung by rung; a mark is never dropped, so what gave way comes later.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from math import ceil
from typing import Literal

Line = Literal["live", "late", "backfill"]

PROMISE_MS = 600_000  # B10
RESERVE = 0.1  # of the calls, for each line that would starve
REMEMBERED = 1_000.0  # calls: what was spent longer ago counts less
LATELY = 100  # calls: what they settled says how long the rest takes

STEP, SMALL = 2_000, 100  # keys of a step: as many as one call associates; as many as one call writes
NEARLY = 0.25  # of a call: a cost that was measured is not exact
LONG_MS, SHORT_MS = 20_000, 5_000  # a step that took longer is followed by a smaller one, after a shorter one it grows

LINGER_MS = 1_000  # how long a change waits for more of the same: one click in Shopify makes several webhooks
STRETCHED_MS = 30_000  # the same on a rung of the ladder
LONGEST_LINGER_MS = 60_000  # of a record that is changed again and again
HOT = 4  # a record that changes again within so many of its lingers is changed again and again

RUNGS_MS = (30_000, 300_000, 540_000)  # how long live changes will wait, where each rung begins
SAVED = 0.2  # of the day's calls: below it what was there before waits


@dataclass(frozen=True, slots=True)
class Load:
    """What waits, and how fast it goes.

    Args:
        live: keys of live changes that are due, `backfill` those of what was there before.
        rate: calls a second that HubSpot allows for long.
        calls, keys: what was settled lately, by how many calls; at first a guess.
        day_left: the share of the day's calls that is left.
    """

    live: int = 0
    backfill: int = 0
    rate: float = 10.0
    calls: float = 1.0
    keys: float = 25.0
    day_left: float = 1.0

    @property
    def keys_per_call(self) -> float:
        return max(1.0, self.keys / self.calls)

    @property
    def eta_ms(self) -> int:
        """How long it takes until every live change that is due now is in HubSpot."""
        return int(self.live / (self.rate * self.keys_per_call) * 1000)

    def at(self, **known: float) -> Load:
        """With what is known anew."""
        return replace(self, **known)  # type: ignore[arg-type]

    @property
    def all_eta_ms(self) -> int:
        return int((self.live + self.backfill) / (self.rate * self.keys_per_call) * 1000)


def learned(load: Load, calls: int, settled: int) -> Load:
    """After a step. A call is as dear for one key as for a hundred, and one that was in vain counts as well: over so
    many of them that a few which fail are neither forgotten nor all that is seen."""
    if not calls:
        return load
    kept = max(0.0, 1 - calls / LATELY)
    return load.at(calls=kept * load.calls + calls, keys=kept * load.keys + SMALL * hundreds(settled))


# --- the ladder ---


def rung(load: Load, before: int = 0) -> int:
    """0 at rest; 1 lingers longer; 2 pauses what was there before; 3 lets carts go last and says when all is done.

    Args:
        before: the rung so far, which is left at half of where it begins: it would be stepped on and off otherwise.
    """
    begin_ms = [at_ms // 2 if number <= before else at_ms for number, at_ms in enumerate(RUNGS_MS, 1)]
    return max(sum(load.eta_ms >= at_ms for at_ms in begin_ms), 2 if load.day_left < SAVED else 0)


def linger_ms(on_rung: int) -> int:
    return STRETCHED_MS if on_rung else LINGER_MS


def hot_linger_ms(last_ms: int, since_written_ms: int) -> int:
    """How long the next change of a record waits, that was written `since_written_ms` after it was written before."""
    if since_written_ms > HOT * max(last_ms, LINGER_MS):
        return LINGER_MS
    return min(LONGEST_LINGER_MS, 2 * max(last_ms, LINGER_MS))


# --- whose turn ---


def next_line(waiting: Collection[Line], spent: Mapping[Line, float], on_rung: int = 0) -> Line | None:
    """The line that takes the next step.

    Args:
        waiting: the lines in which something is due.
        spent: calls that each has used.
    """
    total = sum(spent.values())
    others: tuple[Line, ...] = ("late",) if on_rung >= 2 and "live" in waiting else ("late", "backfill")
    for line in others:
        if line in waiting and spent.get(line, 0.0) < RESERVE * total:
            return line
    order: tuple[Line, ...] = ("live", "late", "backfill")
    return next((line for line in order if line in waiting), None)


def remember(spent: Mapping[Line, float], line: Line, calls: float) -> dict[Line, float]:
    """With what a step has used."""
    after = {**spent, line: spent.get(line, 0.0) + calls}
    share = min(1.0, REMEMBERED / max(sum(after.values()), 1.0))
    return {one: used * share for one, used in after.items()}


def least_served(waiting: Collection[str], used: Mapping[str, float]) -> tuple[str, dict[str, float]]:
    """The store that has used the fewest calls of those that wait. Whoever had nothing to do has saved nothing up:
    it begins where the least served of the others stands."""
    floor = min((used[shop] for shop in waiting if shop in used), default=0.0)
    level = {**used, **{shop: floor for shop in waiting if shop not in used}}
    return min(sorted(waiting), key=lambda shop: level[shop]), level


def idle(used: Mapping[str, float], waiting: Collection[str]) -> dict[str, float]:
    """Without the stores that wait for nothing any more."""
    return {shop: calls for shop, calls in used.items() if shop in waiting}


# --- how much at a time ---
#
# What a step costs is counted in calls for a hundred keys: a call is as dear for one key as for a hundred.


def hundreds(keys: int) -> int:
    """How many calls write so many records."""
    return -(-keys // SMALL)


def step_size(due: int, places: int, cost: float, most: int = STEP) -> int:
    """How many keys a step takes: an even part of what the window can carry now, in full calls; few if few are due."""
    cost = max(cost, 1.0)
    steps = max(1, -int(-places // (hundreds(most) * cost)))
    carried = int(places / steps / cost + NEARLY)
    return min(due, most, SMALL * max(1, carried))


def places_wanted(due: int, cost: float, size: int, starved: int = 0) -> int:
    """How many places must be free before a step begins: half a window, or what is due. A step that stops in the
    middle, or many small ones, would make more calls; the smallest step has to fit whole.

    Args:
        starved: how many steps in a row could end nothing for lack of places: each has the next one wait for more.
    """
    most = max(ceil(cost - NEARLY), size // 2 - size // 20)
    wanted = min(ceil(hundreds(min(due, STEP)) * cost - NEARLY), most)
    return max(1, min(wanted << starved, size))


def next_limit(limit: int, took_ms: int) -> int:
    """The most keys of the next step: no live change waits long behind a step."""
    if took_ms > LONG_MS:
        return max(SMALL, limit // 2)
    return min(STEP, 2 * limit) if took_ms < SHORT_MS else limit
