"""How long changes took, as a histogram: of fixed size, and two of them add up.

The bounds of its buckets grow by an eighth, so that a percentile is at most an eighth too long.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

FIRST_MS, GROWTH, LAST_MS = 100, 1.125, 30 * 86_400_000


def _bounds() -> tuple[int, ...]:
    found = [FIRST_MS]
    while found[-1] < LAST_MS:
        found.append(int(found[-1] * GROWTH) + 1)
    return tuple(found)


BOUNDS_MS = _bounds()


@dataclass(slots=True)
class Histogram:
    """Counts by bucket; `late` are those above the promise, `max_ms` is exact."""

    counts: Counter[int] = field(default_factory=Counter)
    late: int = 0
    max_ms: int = 0

    def add(self, took_ms: int, promise_ms: int) -> None:
        self.counts[_bucket(took_ms)] += 1
        self.late += took_ms > promise_ms
        self.max_ms = max(self.max_ms, took_ms)

    @property
    def count(self) -> int:
        return self.counts.total()

    def percentile_ms(self, share: float) -> int:
        """A bound that `share` percent do not exceed."""
        wanted, seen = share * self.count / 100, 0
        for bucket in sorted(self.counts):
            seen += self.counts[bucket]
            if seen >= wanted:
                return min(BOUNDS_MS[bucket], self.max_ms)
        return 0

    def as_json(self) -> dict[str, int]:
        """In figures."""
        shares = {f"p{share}_ms": self.percentile_ms(share) for share in (50, 95, 99)}
        return {"count": self.count, **shares, "max_ms": self.max_ms, "late": self.late}


def merged(several: Iterable[Histogram]) -> Histogram:
    total = Histogram()
    for one in several:
        total.counts.update(one.counts)
        total.late += one.late
        total.max_ms = max(total.max_ms, one.max_ms)
    return total


def told(by_kind: Mapping[str, Histogram]) -> dict[str, dict[str, int]]:
    """By kind of record, and "all"."""
    return {kind: one.as_json() for kind, one in sorted(by_kind.items())} | {"all": merged(by_kind.values()).as_json()}


def _bucket(took_ms: int) -> int:
    return min(bisect_left(BOUNDS_MS, took_ms), len(BOUNDS_MS) - 1)
