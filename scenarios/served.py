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
        """Jump; returns when all that fell due has run. Two jumps take place one after the other."""
        with self.condition:
            self._wait_while_jumping()
            self._jump_to = self.clock.now() + by_ms
            self.condition.notify_all()
            self._wait_while_jumping()
        self.check()

    def pause(self, for_ms: int) -> None:
        """Let a server thread wait until the world's time has passed; an actor just waits its turn."""
        if self.pump.is_actor():
            self.pump.sleep(for_ms)
            return
        until_ms = self.clock.now() + for_ms
        with self.condition:
            while self.clock.now() < until_ms and self._lives:
                self.condition.wait(min(LONGEST_NAP_S, self.clock.wall_seconds_until(until_ms) or LONGEST_NAP_S))

    def describe(self) -> dict[str, Any]:
        """As of any world; one that has ended says why."""
        return self._world.describe() | ({"ended": self._why()} if self._failure else {})

    def close(self) -> None:
        with self.condition:
            self._ending = True
            self.condition.notify_all()
        self._thread.join(timeout=10)

    def check(self) -> None:
        """Raise if the world has ended by a failure of its own."""
        if self._failure is not None:
            raise RuntimeError(self._why()) from self._failure

    def _run(self) -> None:
        with self.condition:
            try:
                while not self._ending:
                    self._turn()
            except BaseException as failure:  # noqa: BLE001  kept, and raised in whoever drives the world
                self._failure = failure
                self.condition.notify_all()
            while not self._ending:  # what it was can still be looked at
                self.condition.wait(LONGEST_NAP_S)
            self._world.close()

    def _turn(self) -> None:
        if self._jump_to is not None:
            self.pump.run_until(self._jump_to)
            self._jump_to = None
            self.condition.notify_all()
        self.pump.run_due()
        due_ms = self.pump.next_due()
        nap_s = None if due_ms is None else self.clock.wall_seconds_until(due_ms)
        self.condition.wait(LONGEST_NAP_S if nap_s is None else min(nap_s, LONGEST_NAP_S))

    @property
    def _lives(self) -> bool:
        return self._failure is None and not self._ending

    def _wait_while_jumping(self) -> None:
        while self._jump_to is not None and self._lives:
            self.condition.wait(LONGEST_NAP_S)

    def _why(self) -> str:
        failure = self._failure
        told = [f"{type(failure).__name__}: {failure}", *getattr(failure, "__notes__", ())]
        return f"the world {self._world.spec.name!r} has ended: {', '.join(told)}"
