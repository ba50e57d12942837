"""The questions that are open: a person was sent to a vendor's page and has not come back yet.

Each is known by its `state`, which nobody can guess; it may be answered once, within ten minutes.
"""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass
from typing import Literal

from sync_core.shell.clients.access import Accesses

LIVES_MS = 10 * 60_000
MOST = 50  # the oldest makes room
BITS = 160

Vendor = Literal["shopify", "hubspot"]


@dataclass(frozen=True, slots=True)
class Question:
    """Args: shop: "" where HubSpot is asked."""

    vendor: Vendor
    shop: str
    at_ms: int


def ask(accesses: Accesses, question: Question, rng: random.Random) -> str:
    """Note a question; returns its `state`."""
    state = f"{rng.getrandbits(BITS):0{BITS // 4}x}"
    with accesses.transaction():
        known = sorted(_open(accesses, question.at_ms).items(), key=lambda pair: (pair[1].at_ms, pair[0]))
        kept = dict(known[-MOST + 1 :]) | {state: question}
        accesses.save_asked({name: asdict(one) for name, one in kept.items()})
    return state


def answered(accesses: Accesses, state: str, now_ms: int) -> Question | None:
    """The question with this `state`, which from now on is none; None where there is none, or no longer."""
    with accesses.transaction():
        known = _open(accesses, now_ms)
        found = known.pop(state, None)
        accesses.save_asked({name: asdict(one) for name, one in known.items()})
    return found


def _open(accesses: Accesses, now_ms: int) -> dict[str, Question]:
    found = {state: Question(**asked) for state, asked in accesses.asked().items()}
    return {state: one for state, one in found.items() if 0 <= now_ms - one.at_ms < LIVES_MS}
