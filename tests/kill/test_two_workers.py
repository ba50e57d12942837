"""Processes of `syncdrill sync` on one PostgreSQL: one is killed, another stands still, and the next one goes on."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from scenarios.serve import environment, serving
from scenarios.world import WorldSpec

ROOT = Path(__file__).parents[2]
WORKS, STANDS_BY = b"this process works now", b"this one stands by"

pytestmark = [pytest.mark.postgres, pytest.mark.slow, pytest.mark.http]


class Process:
    """Args: variables: what the sync core must know."""

    def __init__(self, log: Path, ledger: str, variables: dict[str, str]) -> None:
        self.log = log
        command = [sys.executable, "-m", "scenarios.cli", "sync", "--verbose", "--port", "0", "--ledger", ledger]
        with log.open("wb") as out:
            self.running = subprocess.Popen(command, stdout=out, stderr=out, cwd=ROOT, env=os.environ | variables)

    def says(self, words: bytes) -> bool:
        assert self.running.poll() in (None, -signal.SIGKILL), self.log.read_text()
        return words in self.log.read_bytes()

    @property
    def url(self) -> str:
        found = re.search(rb"SYNC_URL=(\S+)", self.log.read_bytes())
        return found[1].decode() if found else ""

    def status(self) -> dict:
        told: dict = requests.get(f"{self.url}/status", timeout=30).json()
        return told


@pytest.fixture
def start(tmp_path: Path, postgres) -> Iterator[Callable[[], Process]]:  # type: ignore[no-untyped-def]
    """Starts a process more on one ledger, for the shop and the portal of one pair of fakes."""
    made: list[Process] = []
    ledger = postgres.ledger()
    with serving(WorldSpec(sync=False, calm=True)) as up:
        variables = environment(up.world) | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}

        def one_more() -> Process:
            made.append(Process(tmp_path / f"{len(made)}.log", ledger, variables))
            until(lambda: made[-1].url)
            return made[-1]

        one_more.shop = variables  # type: ignore[attr-defined]
        yield one_more
        for process in made:
            process.running.kill()
            process.running.wait()


def until(is_so: Callable[[], object], seconds: float = 60) -> float:
    """How long it took."""
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() < began + seconds
        time.sleep(0.05)
    return time.monotonic() - began


def product(variables: dict[str, str], title: str) -> None:
    url = f"{variables['SHOPIFY_URL']}/admin/api/2026-07/products.json"
    headers = {"X-Shopify-Access-Token": variables["SHOPIFY_TOKEN"]}
    assert requests.post(url, json={"product": {"title": title}}, headers=headers, timeout=10).ok


def in_sync(process: Process) -> int:
    return process.status()["records"].get("product", {}).get("in_sync", 0)  # type: ignore[no-any-return]


def test_a_process_that_is_killed_or_stands_still_is_replaced(start) -> None:  # type: ignore[no-untyped-def]
    first, second = start(), start()
    until(lambda: first.says(WORKS) and first.status()["phase"] == "live")
    assert not second.says(WORKS)
    product(start.shop, "one")
    until(lambda: in_sync(second) == 1)

    first.running.kill()
    after_death_s = until(lambda: second.says(WORKS))
    product(start.shop, "two")
    again_in_sync_s = until(lambda: in_sync(second) == 2, 150)

    third = start()
    second.running.send_signal(signal.SIGSTOP)
    after_stopping_s = until(lambda: third.says(WORKS))
    second.running.send_signal(signal.SIGCONT)
    until(lambda: second.says(STANDS_BY))
    assert [2, 2] == [in_sync(second), in_sync(third)]

    print(f"\ntaken over {after_death_s:.1f} s after a kill, {after_stopping_s:.1f} s after a stop; ", end="")
    print(f"a change made then was in HubSpot after {again_in_sync_s:.1f} s")
    assert after_death_s < 8
    assert after_stopping_s < 25
