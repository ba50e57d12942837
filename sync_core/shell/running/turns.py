"""Whose turn it is: of the stores of one portal the one that used the fewest calls, of what waits the most urgent line.

One step at a time for a portal: its calls run beside each other, its decisions do not. What this knows of the past is
in memory; a restart begins with guesses that the first steps set right.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sync_core.pure import ladder
from sync_core.pure.ladder import Line
from sync_core.pure.model import Kind
from sync_core.shell.clients.hubspot import HubSpot
from sync_core.shell.engine.engine import Done
from sync_core.shell.running.connection import Connection
from sync_core.shell.running.pace import Pace
from sync_core.shell.storage.work import BACKFILL, LIVE, Head

log = logging.getLogger(__name__)

LOOK_MS, LOOKS = 1_000, 100  # a backlog is counted once a second at most, and so often at most while it is worked off
MOST_STARVED = 8  # then a step waits for the whole window
NEWEST = 0.3  # what the last step weighs among those before it


@dataclass(slots=True)
class Turns:
    """The engine's worker for all stores of a portal; `step` runs in one thread only."""

    connections: Mapping[str, Connection]
    hubspot: HubSpot
    pace: Pace
    now: Callable[[], int]
    _spent: dict[Line, float] = field(default_factory=dict)  # calls of each line
    _used: dict[str, float] = field(default_factory=dict)  # calls of each store that has something to do
    _cost: dict[Kind, float] = field(default_factory=dict)  # calls for a hundred keys of each kind
    _starved: dict[Kind, int] = field(default_factory=dict)  # steps in a row that could end nothing
    _limit: int = ladder.STEP
    _looked_ms: int = 0
    _made: int = 0  # calls to HubSpot so far, whoever made them
    _behind: bool = False  # whether the last step left something undone

    def step(self, now_ms: int) -> int | None:
        """Let one store do what is due in one line."""
        due_ms = self._next(now_ms)
        if due_ms is None or due_ms > now_ms:
            return due_ms
        for each in list(self.connections.values()):
            each.introduce(now_ms)
        heads = {shop: self._heads(each, now_ms) for shop, each in list(self.connections.items())}
        self._look(heads, now_ms)
        line = ladder.next_line({one for found in heads.values() for one in found}, self._spent, self.pace.rung)
        if line is None:
            return self._next(self.now())
        waiting = {shop: found[line] for shop, found in heads.items() if line in found}
        self._used = ladder.idle(self._used, [one for one, found in heads.items() if found])
        shop, self._used = ladder.least_served(waiting, self._used)
        free_ms = self._take(shop, waiting[shop], len(waiting), now_ms)
        return self._next(self.now()) if free_ms is None else free_ms

    def _next(self, now_ms: int) -> int | None:
        """When something is due, and there is a place for a call."""
        times = [at for each in list(self.connections.values()) if (at := each.next_due(now_ms)) is not None]
        return max(min(times), self.hubspot.window.not_before(now_ms)) if times else None

    def _heads(self, connection: Connection, now_ms: int) -> dict[Line, Head]:
        lines: tuple[Line, ...] = ("live", "late", "backfill")
        if connection.next_due(now_ms) != now_ms or connection.engine.next_due(now_ms) != now_ms:
            return {}
        work, last = connection.ledger.work, self.pace.rung >= 3
        found = {line: work.head(now_ms, line, ladder.STEP, carts_last=last) for line in lines}
        return {line: head for line, head in found.items() if head}

    def _take(self, shop: str, head: Head, stores: int, now_ms: int) -> int | None:
        """A step of one store; or when there will be places enough for it."""
        window, cost = self.hubspot.window, self._cost.get(head.kind, 1.0)
        wanted = ladder.places_wanted(head.due, cost, window.quota.allowed, self._starved.get(head.kind, 0))
        if (free_ms := window.not_before(now_ms, wanted)) > now_ms:
            return free_ms
        most = max(ladder.SMALL, min(self._limit, ladder.STEP // stores))
        size = ladder.step_size(head.due, window.places_left(now_ms), cost, most)
        before = self.hubspot.made
        done = self.connections[shop].turn(head, size, now_ms)
        self._account(shop, head, size, done, self.hubspot.made - before)
        self._limit = ladder.next_limit(self._limit, self.now() - now_ms)
        return None

    def _account(self, shop: str, head: Head, size: int, done: Done, calls: int) -> None:
        """What a step has used, and what for."""
        used = max(float(calls), size / ladder.STEP)
        self._spent = ladder.remember(self._spent, head.line, used)
        self._used[shop] = self._used.get(shop, 0.0) + used
        if done.ended:
            self._starved[head.kind] = 0
            self._cost[head.kind] = _weighed(self._cost.get(head.kind), calls / ladder.hundreds(done.ended))
        elif calls and done.stopped:
            self._starved[head.kind] = min(MOST_STARVED, self._starved.get(head.kind, 0) + 1)
        everyones, self._made = self.hubspot.made - self._made, self.hubspot.made
        since, self._behind = self._behind, head.due > size
        # Since more waited than the last step could take, the nets' calls have had places that it would have used.
        self.pace.load = ladder.learned(self.pace.load, everyones if since and calls else calls, done.settled)

    def _look(self, heads: Mapping[str, Mapping[Line, Head]], now_ms: int) -> None:
        """How far behind we are; a backlog that a step cannot take is counted, now and then."""
        every = [head for found in heads.values() for head in found.values()]
        behind = any(head.due >= ladder.STEP for head in every)
        if behind and now_ms < self._looked_ms + max(LOOK_MS, self.pace.load.all_eta_ms // LOOKS):
            return
        self._looked_ms = now_ms
        works = [each.ledger.work for each in self.connections.values()] if behind else []
        quota = self.hubspot.window.quota
        self.pace.load = self.pace.load.at(
            live=sum(work.count(now_ms, LIVE) for work in works) or sum(one.due for one in every if one.line == "live"),
            backfill=sum(work.count(now_ms, BACKFILL) for work in works),
            rate=quota.rate,
            day_left=quota.daily_left / quota.daily if quota.daily else 1.0,
        )
        rung = ladder.rung(self.pace.load, self.pace.rung)
        if rung != self.pace.rung:
            log.info("rung %d of the ladder: live changes take %d s", rung, self.pace.load.eta_ms // 1000)
        self.pace.rung = rung


def _weighed(before: float | None, newest: float) -> float:
    return newest if before is None else before + NEWEST * (newest - before)
