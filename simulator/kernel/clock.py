"""The one clock of a world: held, running at any rate, or moved by hand; never backwards.

Milliseconds since the Unix epoch, UTC. A held clock is virtual time: it stands still until somebody moves it. A
running clock follows a wall that is handed in, so this module reads no clock of its own.
"""

from __future__ import annotations

from collections.abc import Callable

from simulator.kernel.errors import BadInput

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


class Clock:
    """Time of one world.

    Args:
        start_ms: the first instant.
        wall: seconds that pass outside, any monotonic origin; needed only to run.
    """

    def __init__(self, start_ms: int, wall: Callable[[], float] | None = None) -> None:
        self._base_ms = start_ms
        self._wall = wall
        self._wall_base = 0.0
        self.rate = 0.0

    def now(self) -> int:
        if self._wall is None or self.rate == 0:
            return self._base_ms
        return self._base_ms + int((self._wall() - self._wall_base) * self.rate * SECOND)

    def run(self, rate: float = 1.0) -> None:
        """Follow the wall at `rate` world seconds a wall second; 0 holds the clock."""
        if rate < 0:
            raise BadInput("a clock does not run backwards")
        if rate and self._wall is None:
            raise BadInput("this clock has no wall to follow: move it by hand")
        self._settle()
        self.rate = rate

    def move_to(self, at_ms: int) -> None:
        """Jump forward to `at_ms`; an instant that has passed already changes nothing."""
        if at_ms > self.now():
            self._settle()
            self._base_ms = at_ms

    def wall_seconds_until(self, at_ms: int) -> float | None:
        """How long the wall will take to reach `at_ms`; None where a held clock never will."""
        left_ms = at_ms - self.now()
        if left_ms <= 0:
            return 0.0
        return left_ms / SECOND / self.rate if self.rate else None

    def _settle(self) -> None:
        """Count from now on. The part of a millisecond that has passed is kept: a clock that is settled a thousand
        times a second would fall behind its wall by a half of each."""
        wall = self._wall() if self._wall else 0.0
        passed_ms = (wall - self._wall_base) * self.rate * SECOND
        self._base_ms += int(passed_ms)
        self._wall_base = wall - (passed_ms % 1) / (self.rate * SECOND) if self.rate else wall
