"""A world that follows the wall clock: one pump thread owns its actors, server threads take turns with it.

A jump is run by the pump thread while its caller waits: all that falls due, in order, and a call that has left the
process is waited for. An actor that fails ends the world; whoever asks it for anything is told why.
"""

from __future__ import annotations

import threading
from typing import Any

from scenarios.world import World

LONGEST_NAP_S = 1.0  # between two looks at the clock, so that the end of the process is not waited for


class Served:
    """A world and its thread."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._jump_to: int | None = None
        self._failure: BaseException | None = None
        self._ending = False
        world.clock.run(1.0)
        self._thread = threading.Thread(target=self._run, name=f"world {world.spec.name}", daemon=True)
        self._thread.start()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._world, name)

    def advance(self, by_ms: int) -> None:
        """Jump; returns when all that fell due has run."""
        with self.condition:
            self._jump_to = self.clock.now() + by_ms
            self.condition.notify_all()
            while self._jump_to is not None and self._failure is None:
                self.condition.wait(LONGEST_NAP_S)
        self.check()

    def pause(self, for_ms: int) -> None:
        """Let a server thread wait until the world's time has passed; an actor just waits its turn."""
        if self.pump.is_actor():
            self.pump.sleep(for_ms)
            return
        until_ms = self.clock.now() + for_ms
        with self.condition:
            while self.clock.now() < until_ms and not self._ending:
                self.condition.wait(min(LONGEST_NAP_S, self.clock.wall_seconds_until(until_ms) or LONGEST_NAP_S))

    def close(self) -> None:
        with self.condition:
            self._ending = True
            self.condition.notify_all()
        self._thread.join(timeout=10)

    def _run(self) -> None:
        try:
            with self.condition:
                while not self._ending:
                    self._turn()
                self._world.close()
        except BaseException as failure:  # noqa: BLE001  kept, and raised in whoever drives the world
            self._failure = failure
            with self.condition:
                self.condition.notify_all()

    def _turn(self) -> None:
        if self._jump_to is not None:
            self.pump.run_until(self._jump_to)
            self._jump_to = None
            self.condition.notify_all()
        self.pump.run_due()
        due_ms = self.pump.next_due()
        nap_s = None if due_ms is None else self.clock.wall_seconds_until(due_ms)
        self.condition.wait(LONGEST_NAP_S if nap_s is None else min(nap_s, LONGEST_NAP_S))

    def check(self) -> None:
        """Raise if the world has ended by a failure of its own."""
        if self._failure is not None:
            raise RuntimeError(f"the world {self._world.spec.name!r} has ended: {self._failure}") from self._failure
