"""How many calls HubSpot still allows, in numbers: a rolling window, what its answers say of it, and the day.

When HubSpot counts a call lies between its start and its answer. So a call has its place from its start until a window
after its answer, and the sum is right wherever in between that was: the whole limit can be used, in bursts too. The
place of a call whose process was killed falls free by itself, once the call can no longer be under way.

A refusal halves what we take, once a window, and every window without one gives a tenth of the limit back. Behind it
one call goes alone; the others wait for its answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

WINDOW_MS = 10_000  # HubSpot's burst limit counts any ten seconds [K: usage guidelines]
FIRST_SIZE = 100  # the smallest limit that any kind of HubSpot app has, until an answer says more
SEARCH_MS, SEARCH_SIZE = 1_000, 5  # of a portal; its answers do not tell [K]
LONGEST_CALL_MS = 40_000  # connecting and waiting for the answer, with their timeouts
FEWEST = 5  # calls in a window, however often we are refused
DAILY_PAUSE_MS = 15 * 60_000  # the day's calls are used up: ask again now and then, the day ends in the portal's zone

NEXT = -1  # the next call goes alone
DAILY = "DAILY"  # the policy of a refusal because the day's calls are used up [K]


@dataclass(frozen=True, slots=True)
class Told:
    """What an answer says of the limits; None where it says nothing.

    Args:
        size: `X-HubSpot-RateLimit-Max`.
        daily, daily_left: calls of the day, and those that are left of them.
    """

    size: int | None = None
    daily: int | None = None
    daily_left: int | None = None


@dataclass(frozen=True, slots=True)
class Quota:
    """The state of one limit.

    Args:
        length_ms: of the window.
        size: calls in a window as HubSpot says, and `allowed`: those that we take of them.
        places: number of a call -> when its place falls free.
        last: the number that was given last.
        changed_at_ms: when `allowed` was changed last.
        probe: the number of the call that goes alone, -1 where the next one will; 0 for none.
        daily: calls of the whole day; 0 where no answer has told.
    """

    length_ms: int = WINDOW_MS
    size: int = FIRST_SIZE
    allowed: int = FIRST_SIZE
    places: Mapping[int, int] = field(default_factory=dict)
    last: int = 0
    blocked_until_ms: int = 0
    changed_at_ms: int = 0
    probe: int = 0
    daily: int = 0
    daily_left: int = 0

    @property
    def rate(self) -> float:
        """Calls a second that it lets through for long."""
        return self.allowed * 1000 / self.length_ms


def limit(size: int, length_ms: int = WINDOW_MS) -> Quota:
    return Quota(length_ms=length_ms, size=size, allowed=size)


def free_at(quota: Quota, now_ms: int, places: int = 1) -> int:
    """When so many places are free: now, or later."""
    taken = sorted(until_ms for until_ms in quota.places.values() if until_ms > now_ms)
    over = len(taken) + min(places, quota.allowed) - quota.allowed
    return max(now_ms if over <= 0 else taken[min(over, len(taken)) - 1], quota.blocked_until_ms)


def places_left(quota: Quota, now_ms: int) -> int:
    """How many calls may begin now."""
    if quota.blocked_until_ms > now_ms:
        return 0
    return max(0, quota.allowed - sum(until_ms > now_ms for until_ms in quota.places.values()))


def take(quota: Quota, now_ms: int) -> tuple[Quota, int | None]:
    """Begin a call: its number, or None where there is no place for it before `free_at`."""
    if free_at(quota, now_ms) > now_ms:
        return quota, None
    number = quota.last + 1
    kept = {one: until_ms for one, until_ms in quota.places.items() if until_ms > now_ms}
    kept[number] = now_ms + LONGEST_CALL_MS + quota.length_ms
    taken = replace(quota, places=kept, last=number)
    if quota.probe == NEXT:
        taken = replace(taken, probe=number, blocked_until_ms=now_ms + LONGEST_CALL_MS)
    return taken, number


def finished(quota: Quota, number: int, now_ms: int, told: Told | None) -> Quota:
    """A call has come back; with `told` if it was let through."""
    known = replace(quota, places={**quota.places, number: now_ms + quota.length_ms})
    if number == quota.probe:
        known = replace(known, probe=NEXT if told is None else 0, blocked_until_ms=now_ms)
    if told is None:
        return known
    if told.daily is not None and told.daily_left is not None:
        known = replace(known, daily=told.daily, daily_left=told.daily_left)
    return _recovered(_with_size(known, told.size), now_ms)


def refused(quota: Quota, now_ms: int, policy: str, retry_after_ms: int | None) -> Quota:
    """A call was answered with 429: nothing until it says, then one call alone, and less from then on."""
    quota = replace(quota, probe=NEXT)
    if policy == DAILY:
        until_ms = now_ms + (retry_after_ms or DAILY_PAUSE_MS)
        return replace(quota, daily_left=0, blocked_until_ms=max(until_ms, quota.blocked_until_ms))
    until_ms = now_ms + max(1, retry_after_ms or quota.length_ms)
    slowed = replace(quota, blocked_until_ms=max(until_ms, quota.blocked_until_ms))
    if now_ms < quota.changed_at_ms + quota.length_ms and quota.allowed < quota.size:
        return slowed  # the other refusals of the same burst
    return replace(slowed, allowed=max(min(FEWEST, quota.size), quota.allowed // 2), changed_at_ms=now_ms)


# --- how it changes ---


def _with_size(quota: Quota, size: int | None) -> Quota:
    """A limit that has changed is used in full at once, unless we are being slow."""
    if not size or size == quota.size:
        return quota
    allowed = size if quota.allowed == quota.size else min(quota.allowed, size)
    return replace(quota, size=size, allowed=allowed)


def _recovered(quota: Quota, now_ms: int) -> Quota:
    if quota.allowed == quota.size or now_ms < max(quota.changed_at_ms, quota.blocked_until_ms) + quota.length_ms:
        return quota
    more = max(1, quota.size // 10)
    return replace(quota, allowed=min(quota.size, quota.allowed + more), changed_at_ms=now_ms)


# --- kept ---


def as_json(quota: Quota) -> dict[str, Any]:
    """As it is kept between two processes: plain numbers, the places as pairs."""
    numbers = {name: getattr(quota, name) for name in Quota.__slots__ if name != "places"}
    return numbers | {"places": sorted(quota.places.items())}


def from_json(kept: Mapping[str, Any]) -> Quota:
    return Quota(**{**kept, "places": {int(number): int(until_ms) for number, until_ms in kept["places"]}})
