"""The brake: whether so many records may be deleted in HubSpot, or a person must say so first.

A mistake in Shopify, a script or an app that empties a shop, would else empty HubSpot within minutes. Single deletions
pass; more than a number and more than a share of all within a time do not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Threshold:
    """Both must be exceeded.

    Args:
        number: of deletions within the window; 0 never brakes.
        percent: of the object's records.
    """

    number: int
    percent: int
    window_ms: int


@dataclass(frozen=True, slots=True)
class Brake:
    """The brake of one object.

    Args:
        archived: how many were deleted in which minute, as far back as the window reaches.
        on_since_ms: 0 while it is off.
        allowed: deletions that a person has confirmed and that are still to come; they count for nothing.
    """

    archived: tuple[tuple[int, int], ...] = ()
    on_since_ms: int = 0
    allowed: int = 0

    @property
    def recent(self) -> int:
        return sum(number for _, number in self.archived)


def ask(brake: Brake, wanted: int, living: int, threshold: Threshold, now_ms: int) -> tuple[Brake, int]:
    """How many of `wanted` may be deleted now: all of them, or those that were confirmed.

    Args:
        living: the object's records that are in HubSpot, with those that are to be deleted.
    """
    brake = _forget(brake, threshold, now_ms)
    confirmed = min(brake.allowed, wanted)
    if brake.on_since_ms:
        return brake, confirmed
    total = brake.recent + wanted - confirmed
    too_many = threshold.number and total > threshold.number
    if too_many and total * 100 > threshold.percent * (living + brake.recent):
        return replace(brake, on_since_ms=now_ms), confirmed
    return brake, wanted


def count(brake: Brake, number: int, threshold: Threshold, now_ms: int) -> Brake:
    """After so many were deleted."""
    confirmed = min(brake.allowed, number)
    brake = _forget(replace(brake, allowed=brake.allowed - confirmed), threshold, now_ms)
    if number == confirmed:
        return brake
    minute = now_ms // MINUTE_MS
    by_minute = dict(brake.archived)
    by_minute[minute] = by_minute.get(minute, 0) + number - confirmed
    return replace(brake, archived=tuple(sorted(by_minute.items())))


def release(waiting: int) -> Brake:
    """After a person has confirmed what waits."""
    return Brake(allowed=waiting)


def as_json(brake: Brake) -> dict[str, Any]:
    return {"archived": brake.archived, "on_since_ms": brake.on_since_ms, "allowed": brake.allowed}


def from_json(kept: Mapping[str, Any]) -> Brake:
    archived = tuple((int(minute), int(number)) for minute, number in kept["archived"])
    return Brake(archived, kept["on_since_ms"], kept["allowed"])


def _forget(brake: Brake, threshold: Threshold, now_ms: int) -> Brake:
    since = (now_ms - threshold.window_ms) // MINUTE_MS
    return replace(brake, archived=tuple(each for each in brake.archived if each[0] >= since))
