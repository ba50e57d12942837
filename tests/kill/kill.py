"""`make kill`: the real process is killed with -9 at random moments of a first import and of live traffic.

KILLS says how often (200), SEED where chance begins; both are printed, with what the process was in the middle of.
Every second round has its ledger on PostgreSQL.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest
from drilling import round_of
from victim import Death

KILLS, SEED = int(os.environ.get("KILLS") or 200), int(os.environ.get("SEED") or 1)
MOST_A_ROUND = 50
ROUNDS = max(2, -(-KILLS // MOST_A_ROUND))
CASES = [  # number, where the ledger stands, integration, how many deaths
    (n, ("sqlite", "postgres")[n % 2], ("deals", "data-sync")[(n // 2 + n) % 2], (KILLS + n) // ROUNDS)
    for n in range(ROUNDS)
]


@pytest.mark.http
@pytest.mark.parametrize(("number", "place", "integration", "kills"), CASES)
def test_nothing_is_lost_and_nothing_doubled(
    number: int, place: str, integration: str, kills: int, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    ledger = request.getfixturevalue("postgres").ledger() if place == "postgres" else ""
    seed = SEED + number
    with round_of(tmp_path, integration, seed, ledger) as drilled:
        drilled.connects()
        drilled.dies(kills // 2 - len(drilled.deaths))
        drilled.becomes_live()
        drilled.dies(kills - len(drilled.deaths))
        wrong = drilled.is_all_there()
        deeds, buried = sum(drilled.trade.done.values()), len(drilled.drill.gone.emails)
        print(f"\n{integration}, {place}, seed {seed}: {told(drilled.deaths)}; {deeds} deeds, {buried} contacts buried")
        print("".join(f"  {each}\n" for each in wrong), end="", flush=True)
        assert wrong == [], f"again: KILLS={KILLS} SEED={SEED} make kill"


def told(deaths: list[tuple[str, Death]]) -> str:
    phases = ", ".join(f"{count} {phase}" for phase, count in sorted(Counter(phase for phase, _ in deaths).items()))
    found = [death for _, death in deaths]
    inside = (
        f"{sum(death.in_transaction for death in found)} in a transaction, {sum(death.in_call for death in found)} in "
        f"a call, {sum(death.in_write for death in found)} of these a write"
    )
    return f"{len(deaths)} deaths ({phases}): {inside}"
