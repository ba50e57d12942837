"""How many calls the two sides still allow, kept from what their answers say: so that no call is refused in vain.

The state lives in memory. After a restart the first answers set it right; a refusal on the way there costs nothing but
its own time.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

WINDOW_MS = 10_000  # HubSpot's burst limit counts any ten seconds [K: usage guidelines]
FIRST_SIZE = 100  # the smallest limit that any kind of HubSpot app has, until an answer says more

# Shopify: a bucket of 40 leaks 2 a second, of 80 4, of 400 20: always a twentieth [RLR, staff].
BUCKET_SECONDS = 20
FIRST_BUCKET = 40
HEADROOM = 2  # places left free, for a call whose answer was lost


@dataclass(slots=True)
class Window:
    """HubSpot's rolling window.

    When HubSpot counts a call lies between its start and its answer; a call occupies its place from the start until
    ten seconds after the answer, so that the sum is right wherever in between that was.
    """

    size: int = FIRST_SIZE
    in_flight: int = 0
    ended: deque[int] = field(default_factory=deque)
    blocked_until_ms: int = 0

    def not_before(self, now_ms: int) -> int:
        """When a place is free: now, or later."""
        while self.ended and self.ended[0] + WINDOW_MS <= now_ms:
            self.ended.popleft()
        over = self.in_flight + len(self.ended) + 1 - self.size
        free_ms = now_ms if over <= 0 or not self.ended else self.ended[min(over, len(self.ended)) - 1] + WINDOW_MS
        return max(free_ms, self.blocked_until_ms)

    def began(self) -> None:
        self.in_flight += 1

    def finished(self, now_ms: int, size: int | None) -> None:
        self.in_flight -= 1
        self.ended.append(now_ms)
        self.size = size or self.size


@dataclass(slots=True)
class Bucket:
    """Shopify's leaky bucket, as the last answer showed it."""

    size: int = FIRST_BUCKET
    level: float = 0.0
    at_ms: int = 0
    blocked_until_ms: int = 0

    def not_before(self, now_ms: int) -> int:
        over = self._level(now_ms) + 1 + HEADROOM - self.size
        free_ms = now_ms if over <= 0 else now_ms + int(over * BUCKET_SECONDS * 1000 / self.size) + 1
        return max(free_ms, self.blocked_until_ms)

    def poured(self, now_ms: int) -> None:
        self.level, self.at_ms = self._level(now_ms) + 1, now_ms

    def shown(self, header: str, now_ms: int) -> None:
        """`X-Shopify-Shop-Api-Call-Limit: 32/40`."""
        used, _, size = header.partition("/")
        if used.isdigit() and size.isdigit() and int(size) > 0:
            self.level, self.size, self.at_ms = float(used), int(size), now_ms

    def _level(self, now_ms: int) -> float:
        return max(0.0, self.level - (now_ms - self.at_ms) / 1000 * self.size / BUCKET_SECONDS)
