"""`make kill`: the real process is killed with -9 at random moments of a first import and of live traffic.

KILLS says how often (200), SEED where chance begins; both are printed, with what the process was in the middle of.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest
from drilling import round_of
from victim import Death

KILLS, SEED = int(os.environ.get("KILLS") or 200), int(os.environ.get("SEED") or 1)
A_ROUND = 25
ROUNDS = [(number, min(A_ROUND, KILLS - at)) for number, at in enumerate(range(0, KILLS, A_ROUND))]


@pytest.mark.http
@pytest.mark.parametrize(("number", "kills"), ROUNDS)
def test_nothing_is_lost_and_nothing_doubled(number: int, kills: int, tmp_path: Path) -> None:
    integration, seed = ("deals", "data-sync")[number % 2], SEED + number
    with round_of(tmp_path, integration, seed) as drilled:
        drilled.connects()
        drilled.dies(kills - len(drilled.deaths))
        wrong = drilled.is_all_there()
        print(
            f"\n{integration}, sqlite, seed {seed}: {told(drilled.deaths)}; trade: {sum(drilled.trade.done.values())}"
        )
        assert wrong == [], f"seed {seed}: KILLS={KILLS} SEED={SEED} make kill"


def told(deaths: list[tuple[str, Death]]) -> str:
    phases = ", ".join(f"{count} {phase}" for phase, count in sorted(Counter(phase for phase, _ in deaths).items()))
    found = [death for _, death in deaths]
    inside = (
        f"{sum(death.in_transaction for death in found)} in a transaction, {sum(death.in_call for death in found)} in "
        f"a call, {sum(death.in_write for death in found)} of these a write"
    )
    return f"{len(deaths)} deaths ({phases}): {inside}"
