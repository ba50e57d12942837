"""A virtual world to measure in: every call takes 0.2 s, HubSpot counts as for a private app, our own work is timed.

What the merchant does is done in the fake itself, so that only the sync core uses up its limits.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from scenarios.world import World, WorldSpec
from scenarios.worlds import Registry
from simulator import hubspot
from simulator.hubspot import limits
from simulator.kernel.journal import Entry
from simulator.kernel.simulation import Site
from simulator.shopify.shop import Shop

ONE_WAY_MS = 100  # a call of 0.2 s
TIER = "professional"
SECOND, MINUTE = 1_000, 60_000
NETS = ("/search", "/pipelines/", "archived=true", "/account-info/")  # what the nets ask for beside the engine


@dataclass(frozen=True, slots=True)
class Seconds:
    """Of this process' processor, and on the wall: waiting for a disk or a database is in the second alone."""

    cpu: float
    wall: float

    @classmethod
    def now(cls) -> Seconds:
        return cls(time.process_time(), time.perf_counter())

    def __add__(self, other: Seconds) -> Seconds:
        return Seconds(self.cpu + other.cpu, self.wall + other.wall)

    def __sub__(self, other: Seconds) -> Seconds:
        return Seconds(self.cpu - other.cpu, self.wall - other.wall)


class Yard:
    """One world and its sync core.

    Args:
        burst: calls in ten seconds that the portal allows; 100 and 190 are HubSpot's own [K].
        fields: of the WorldSpec, where they differ.
    """

    def __init__(self, integration: str = "deals", burst: int = 100, seed: int = 1, **fields: Any) -> None:
        self.registry = Registry()
        spec = WorldSpec("bench", seed, integration, sync_as="private", **fields)
        world = self.registry.open(spec)
        assert isinstance(world, World)
        assert world.core is not None
        self.world, self.core = world, world.core
        world.wire.latency_ms = (ONE_WAY_MS, ONE_WAY_MS)
        self._quotas = limits.PRIVATE
        self.allow(burst)
        self.entries: list[Entry] = []  # the sync core's calls to HubSpot, as far as they were read
        self._read = 0
        self._fakes_s = _time_the_fakes(world)

    @property
    def now_ms(self) -> int:
        return self.world.clock.now()

    @property
    def connection(self) -> Any:
        return self.core.first

    def shop(self) -> Shop:
        """The store in the middle of an action; `quiet` ones send no webhook."""
        return Shop.open(Site(self.world.simulation, self.world.spec.shop))

    def quietly(self) -> Shop:
        return replace(self.shop(), quiet=True)

    def allow(self, burst: int) -> None:
        """So many calls in ten seconds from now on."""
        self.burst = burst
        limits.PRIVATE = {**self._quotas, TIER: replace(self._quotas[TIER], burst=burst)}

    # --- time ---

    def passes(self, ms: int) -> None:
        self.world.advance(ms)
        self._look()

    def until_live(self, within_ms: int = 4 * 3_600_000) -> None:
        self._until(lambda: self.connection.pending() is None, within_ms, 5 * SECOND)

    def until_settled(self, within_ms: int, step_ms: int = SECOND) -> None:
        """Until nothing is left that the engine could do."""
        self._until(lambda: not self.due(), within_ms, step_ms)

    def hold(self, for_ms: int) -> int:
        """No call to HubSpot for this long; returns when it ends."""
        until_ms = self.now_ms + for_ms
        self.core.hubspot.window.hold(until_ms)
        return until_ms

    def due(self) -> int:
        return int(self.connection.ledger.work.count(self.now_ms))

    # --- figures ---

    def calls(self, from_ms: int) -> list[Entry]:
        """The engine's calls since then, without those of the nets."""
        return [one for one in self.entries if one.at_ms >= from_ms and not any(part in one.path for part in NETS)]

    def refused(self, from_ms: int = 0) -> int:
        """Calls that were too fast; a refusal that a fault made does not count."""
        return sum(one.status == 429 and not one.injected for one in self.entries if one.at_ms >= from_ms)

    def own_seconds(self) -> Callable[[], Seconds]:
        """Starts a clock of this process' work that stands still while a fake works."""
        gc.collect()
        gc.freeze()  # the fakes' records are not in the process of a real sync core: its collector never walks them
        began, fakes = Seconds.now(), self._fakes_s[0]
        return lambda: Seconds.now() - began - (self._fakes_s[0] - fakes)

    def close(self) -> None:
        gc.unfreeze()
        limits.PRIVATE = self._quotas
        self.registry.close()

    def _until(self, done: Callable[[], bool], within_ms: int, step_ms: int) -> None:
        until_ms = self.now_ms + within_ms
        while not done():
            if self.now_ms >= until_ms:
                raise RuntimeError(f"not done within {within_ms} ms: {self.connection.pending()}")
            self.passes(step_ms)

    def _look(self) -> None:
        new = [one for one in self.world.simulation.journal.entries if one.seq > self._read]
        self._read = new[-1].seq if new else self._read
        self.entries += [one for one in new if one.source == "sync" and one.target == hubspot.VENDOR.name]


def _time_the_fakes(world: World) -> list[Seconds]:
    """Adds up the time in which a host of the world other than the sync core answers."""
    spent, answer = [Seconds(0.0, 0.0)], world.wire.answer_here

    def timed(host: str, request: Any) -> Any:
        began = Seconds.now()
        try:
            return answer(host, request)
        finally:
            if host in world.place.fakes_url:
                spent[0] += Seconds.now() - began

    world.wire.answer_here = timed  # type: ignore[method-assign]
    return spent
