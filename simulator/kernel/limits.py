"""Two ways to count calls: a bucket that leaks, and a window that rolls.

Pure counting on times that are handed in; whose limit it is and how the answer looks is the vendors' affair.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field


@dataclass(slots=True)
class LeakyBucket:
    """A bucket of `size` that leaks `per_second`; each call pours one unit in (or more)."""

    size: float
    per_second: float
    level: float = 0.0
    at_ms: int = 0

    def take(self, now_ms: int, amount: float = 1.0) -> bool:
        """Pour `amount` in if it fits."""
        self._leak(now_ms)
        if self.level + amount > self.size:
            return False
        self.level += amount
        return True

    def give_back(self, amount: float) -> None:
        self.level = max(0.0, self.level - amount)

    def used(self, now_ms: int) -> float:
        self._leak(now_ms)
        return self.level

    def wait_ms(self, now_ms: int, amount: float = 1.0) -> int:
        """How long until `amount` fits."""
        self._leak(now_ms)
        over = self.level + amount - self.size
        return 0 if over <= 0 else int(over / self.per_second * 1000) + 1

    def _leak(self, now_ms: int) -> None:
        if now_ms > self.at_ms:
            self.level = max(0.0, self.level - (now_ms - self.at_ms) / 1000 * self.per_second)
            self.at_ms = now_ms


@dataclass(slots=True)
class RollingWindow:
    """At most `size` calls in any `length_ms`."""

    size: int
    length_ms: int
    calls: deque[int] = field(default_factory=deque)

    def take(self, now_ms: int) -> bool:
        self._roll(now_ms)
        if len(self.calls) >= self.size:
            return False
        self.calls.append(now_ms)
        return True

    def left(self, now_ms: int) -> int:
        self._roll(now_ms)
        return self.size - len(self.calls)

    def _roll(self, now_ms: int) -> None:
        while self.calls and self.calls[0] <= now_ms - self.length_ms:
            self.calls.popleft()
