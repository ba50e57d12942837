"""Actors on one clock in one thread: blocking code that waits on the world's time instead of sleeping.

An actor is a greenlet. It gives way only inside the wire (`sleep`, `call`, `outside`), so between two foreign calls
it is alone. The pump resumes whoever is due first and moves the clock to that instant; only the pump switches.
"""

from __future__ import annotations

import heapq
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from typing import Any

from greenlet import GreenletExit, getcurrent, greenlet

from simulator.kernel.clock import Clock

Step = Callable[[int], int | None]

MOST_TURNS_IN_ONE_INSTANT = 100_000  # more is not a busy moment but a worker that never lets time pass


class Timeout(Exception):
    """A call took longer than its caller waits."""


class Actor:
    """Something that acts: a worker with a step that comes again and again, or an errand that runs once."""

    def __init__(self, name: str, run: Callable[[], None]) -> None:
        self.name = name
        self.run = run
        self.greenlet: greenlet | None = None  # made at the first turn, in the pump's thread
        self.ticket = 0  # of its places in the queue only the one with the newest ticket counts
        self.due_ms: int | None = None
        self.in_step = False
        self.wake_ms: int | None = None  # woken in the middle of a step: run again at this time


class Pump:
    """The queue of actors by due time.

    Args:
        clock: moved to each due time as it comes.
        condition: guards the world; notified when a call outside the process has come back.
    """

    def __init__(self, clock: Clock, condition: threading.Condition) -> None:
        self.clock, self.condition = clock, condition
        self._actors: dict[greenlet, Actor] = {}
        self._queue: list[tuple[int, int, Actor]] = []
        self._places = 0
        self._hub = getcurrent()
        self._away = 0  # calls that have left the process
        self._ended = False
        self._last_ms, self._turns_then = 0, 0  # how many turns were due at the instant of the last one

    # --- for the world ---

    def add(self, name: str, step: Step) -> Actor:
        """A worker whose `step(now_ms)` returns when it next wants to run; None waits until it is woken."""

        def run() -> None:
            while True:
                actor.in_step, actor.wake_ms = True, None
                due_ms = step(self.clock.now())
                actor.in_step = False
                wanted = [at for at in (due_ms, actor.wake_ms) if at is not None]
                self._place(actor, min(wanted) if wanted else None)
                self._give_way()

        actor = Actor(name, run)
        self._place(actor, self.clock.now())
        return actor

    def spawn(self, name: str, errand: Callable[[], None]) -> Actor:
        """Run `errand` once, beginning now."""
        actor = Actor(name, errand)
        self._place(actor, self.clock.now())
        return actor

    def wake(self, actor: Actor, at_ms: int) -> None:
        """Have a worker take its step at `at_ms` or earlier."""
        if actor.in_step:
            actor.wake_ms = at_ms if actor.wake_ms is None else min(at_ms, actor.wake_ms)
        elif actor.due_ms is None or at_ms < actor.due_ms:
            self._place(actor, at_ms)
        self.condition.notify_all()

    def next_due(self) -> int | None:
        while self._queue and self._queue[0][1] != self._queue[0][2].ticket:
            heapq.heappop(self._queue)
        return self._queue[0][0] if self._queue else None

    def run_due(self) -> None:
        """Take every turn that is due by now. What a running clock makes due meanwhile is for the next call."""
        now_ms = self.clock.now()
        while (due_ms := self.next_due()) is not None and due_ms <= now_ms:
            self._turn()

    def run_until(self, at_ms: int) -> None:
        """Let time pass to `at_ms`, turn by turn as they fall due. A call outside is waited for, not overtaken."""
        while True:
            due_ms = self.next_due()
            idle = due_ms is None or due_ms > at_ms
            if self._away and (idle or due_ms > self.clock.now()):  # type: ignore[operator]
                self.condition.wait()
                continue
            if idle:
                break
            self._turn()
        self.clock.move_to(at_ms)

    def kill(self) -> None:
        """End every actor; nothing of them runs on."""
        self._ended = True
        self._queue.clear()
        for running in list(self._actors):
            running.throw()
        self._actors.clear()

    # --- for the wire ---

    def is_actor(self) -> bool:
        """Whether the code that asks runs in an actor; elsewhere no virtual time can pass."""
        return getcurrent() in self._actors

    def sleep(self, for_ms: int) -> None:
        """Let `for_ms` pass for the actor that calls."""
        self._place(self._current(), self.clock.now() + for_ms)
        self._give_way()

    def call(self, work: Callable[[], Any], timeout_ms: int | None) -> Any:
        """Run `work` as an errand and wait for it, `timeout_ms` at most: then Timeout, and the errand goes on alone."""
        caller, outcome = self._current(), []
        waiting = True

        def errand() -> None:
            try:
                outcome.append((True, work()))
            except Exception as error:  # noqa: BLE001  it is raised again in the caller
                outcome.append((False, error))
            if waiting:
                self._place(caller, self.clock.now())

        self.spawn(f"{caller.name}: call", errand)
        self._place(caller, None if timeout_ms is None else self.clock.now() + timeout_ms)
        self._give_way()
        waiting = False
        if not outcome:
            raise Timeout
        succeeded, value = outcome[0]
        if not succeeded:
            raise value
        return value

    def together(self, works: Sequence[Callable[[], Any]], most: int) -> Iterator[tuple[int, Any]]:
        """Run these as errands, `most` at a time; gives each one's place and result as they end."""
        caller, ended, waiting = self._current(), deque[tuple[int, Any]](), False
        left = iter(enumerate(works))

        def errand() -> None:
            for place, work in left:
                ended.append((place, work()))
                if waiting:
                    self._place(caller, self.clock.now())

        for _ in range(min(most, len(works))):
            self.spawn(f"{caller.name}: call", errand)
        for _ in works:
            waiting = True
            while not ended:
                self._place(caller, None)
                self._give_way()
            waiting = False
            yield ended.popleft()

    def outside(self, future: Future[Any]) -> Any:
        """Wait for a call that left the process; the others go on meanwhile."""
        actor = self._current()

        def returned(_: Future[Any]) -> None:
            with self.condition:
                self._away -= 1
                self._place(actor, self.clock.now())
                self.condition.notify_all()

        self._away += 1
        self._place(actor, None)
        future.add_done_callback(returned)
        self._give_way()
        return future.result()

    def _give_way(self) -> None:
        """Back to the pump until the next turn; in a world that has ended there is none."""
        if self._ended:
            raise GreenletExit
        self._hub.switch()

    def _current(self) -> Actor:
        return self._actors[getcurrent()]

    def _place(self, actor: Actor, at_ms: int | None) -> None:
        """Give the actor its one place in the queue; None takes it out."""
        self._places += 1
        actor.ticket, actor.due_ms = self._places, at_ms
        if at_ms is not None:
            heapq.heappush(self._queue, (at_ms, self._places, actor))

    def _turn(self) -> None:
        self._refuse_standstill(self._queue[0][0])
        due_ms, _, actor = heapq.heappop(self._queue)
        actor.due_ms = None
        self.clock.move_to(due_ms)
        self._hub = getcurrent()
        if actor.greenlet is None:
            actor.greenlet = greenlet(actor.run, parent=self._hub)
            self._actors[actor.greenlet] = actor
        try:
            actor.greenlet.switch()
        except Exception as failure:
            failure.add_note(f"in the actor {actor.name!r}")
            raise
        finally:
            if actor.greenlet.dead:
                del self._actors[actor.greenlet]

    def _refuse_standstill(self, due_ms: int) -> None:
        self._turns_then = self._turns_then + 1 if due_ms == self._last_ms else 0
        self._last_ms = due_ms
        if self._turns_then > MOST_TURNS_IN_ONE_INSTANT:
            names = sorted({entry[2].name for entry in self._queue})
            raise RuntimeError(
                f"time stands still: {self._turns_then} turns at {due_ms} ms; in the queue: {', '.join(names)}"
            )
