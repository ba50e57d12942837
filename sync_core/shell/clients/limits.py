"""How many calls the two sides still allow, so that no call is refused in vain.

A call asks for its place and takes it in one go, whatever thread it is made in. HubSpot's numbers are those of
`pure/quota.py`; where they are kept is the affair of a `Shelf`: in memory here, in the ledger where several processes
share them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

from sync_core.pure import quota
from sync_core.pure.quota import Quota, Told
from sync_core.shell.clients.http import NotBefore

# Shopify: a bucket of 40 leaks 2 a second, of 80 4, of 400 20: always a twentieth [RLR, staff].
BUCKET_SECONDS = 20
FIRST_BUCKET = 40
HEADROOM = 2  # places left free, for a call whose answer was lost
RESERVE = 0.25  # of the bucket, for live changes

T = TypeVar("T")


class Shelf(Protocol):
    """Where a quota is kept: nobody else changes it between the reading and the writing of one `change`."""

    def read(self) -> Quota: ...

    def change(self, by: Callable[[Quota], tuple[Quota, T]]) -> T: ...


class InMemory:
    """A quota of this process alone; its first answers set it right after a restart."""

    def __init__(self, first: Quota) -> None:
        self._quota, self._lock = first, threading.Lock()

    def read(self) -> Quota:
        return self._quota

    def change(self, by: Callable[[Quota], tuple[Quota, T]]) -> T:
        with self._lock:
            self._quota, told = by(self._quota)
        return told


class Window:
    """One of HubSpot's rolling limits, for all who call the portal."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    @property
    def quota(self) -> Quota:
        """The numbers as they are."""
        return self._shelf.read()

    def not_before(self, now_ms: int, places: int = 1) -> int:
        """When so many places are free: now, or later."""
        return quota.free_at(self.quota, now_ms, places)

    def places_left(self, now_ms: int) -> int:
        """How many calls may begin now."""
        return quota.places_left(self.quota, now_ms)

    def take(self, now_ms: int) -> int:
        """Begin a call; its number is for `finished`. A NotBefore says when there is a place."""

        def taken(known: Quota) -> tuple[Quota, int | None]:
            return quota.take(known, now_ms)

        number = self._shelf.change(taken)
        if number is None:
            raise NotBefore(max(self.not_before(now_ms), now_ms + 1))
        return number

    def finished(self, number: int, now_ms: int, told: Told | None) -> None:
        """The call has come back; `told` is None where it failed."""
        self._shelf.change(lambda known: (quota.finished(known, number, now_ms, told), None))

    def hold(self, until_ms: int) -> None:
        """No call before then."""
        self._shelf.change(lambda known: (replace(known, blocked_until_ms=max(until_ms, known.blocked_until_ms)), None))

    def refused(self, now_ms: int, policy: str, retry_after_ms: int | None) -> None:
        """A call was answered with 429."""
        self._shelf.change(lambda known: (quota.refused(known, now_ms, policy, retry_after_ms), None))


@dataclass(slots=True)
class Bucket:
    """Shopify's leaky bucket, as the last answer showed it."""

    size: int = FIRST_BUCKET
    level: float = 0.0
    at_ms: int = 0
    blocked_until_ms: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def not_before(self, now_ms: int, left: float = HEADROOM) -> int:
        """When a call has room and leaves so much of the bucket free."""
        over = self._level(now_ms) + 1 + left - self.size
        free_ms = now_ms if over <= 0 else now_ms + int(over * BUCKET_SECONDS * 1000 / self.size) + 1
        return max(free_ms, self.blocked_until_ms)

    def take(self, now_ms: int) -> None:
        """Pour a call in; a NotBefore says when there is room for it."""
        with self._lock:
            if (free_ms := self.not_before(now_ms)) > now_ms:
                raise NotBefore(free_ms)
            self.level, self.at_ms = self._level(now_ms) + 1, now_ms

    def leave_some(self, now_ms: int) -> None:
        """Called by whoever is in no hurry: a NotBefore says when the live changes have enough left for them."""
        if (free_ms := self.not_before(now_ms, self.size * RESERVE)) > now_ms:
            raise NotBefore(free_ms)

    def shown(self, header: str, now_ms: int) -> None:
        """`X-Shopify-Shop-Api-Call-Limit: 32/40`."""
        used, _, size = header.partition("/")
        if used.isdigit() and size.isdigit() and int(size) > 0:
            with self._lock:
                self.level, self.size, self.at_ms = float(used), int(size), now_ms

    def _level(self, now_ms: int) -> float:
        return max(0.0, self.level - (now_ms - self.at_ms) / 1000 * self.size / BUCKET_SECONDS)
