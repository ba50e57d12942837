"""How well a portal's sync keeps up, as it is told: what waits, how long it takes, what has given way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sync_core.pure.ladder import PROMISE_MS, Load, linger_ms
from sync_core.pure.lags import Histogram, told

GIVES_WAY = (
    "nothing",
    "changes wait longer for more of the same",
    "what was there before waits",
    "carts go last, and what is late gets a tenth of the calls",
)


@dataclass(slots=True)
class Pace:
    """Of all stores of a portal."""

    load: Load = field(default_factory=Load)
    rung: int = 0

    @property
    def linger_ms(self) -> int:
        return linger_ms(self.rung)


@dataclass(slots=True)
class Lags:
    """How long the live changes of one store took, since this process began."""

    by_kind: dict[str, Histogram] = field(default_factory=dict)

    def add(self, kind: str, took_ms: int) -> None:
        self.by_kind.setdefault(kind, Histogram()).add(max(0, took_ms), PROMISE_MS)

    def told(self) -> dict[str, Any]:
        return told(self.by_kind)
