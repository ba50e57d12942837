"""Answers that a fault holds back take threads of the server: so many and no more, and nobody else waits for them."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from scenarios.serve import serving
from scenarios.world import WorldSpec
from scenarios.worlds import HELD_AT_ONCE

HOUR_MS = 3_600_000
TOO_MANY = 5


@pytest.mark.http
def test_answers_are_held_back_up_to_a_limit_that_is_named_and_other_callers_do_not_wait():
    slow = {"name": "slow", "effect": "slow", "app": "drill", "delay_ms": HOUR_MS}
    with serving(WorldSpec(calm=True, sync=False)) as up, ThreadPoolExecutor(HELD_AT_ONCE + TOO_MANY) as callers:
        control = f"{up.fakes_url}/_sim/worlds/main"
        tokens = {app: told["shopify_token"] for app, told in up.world.describe()["apps"].items()}
        requests.put(f"{control}/faults", json={"plan": [slow]}, timeout=10).raise_for_status()

        def call(app: str) -> requests.Response:
            headers = {"X-Shopify-Access-Token": tokens[app]}
            return requests.get(f"{up.fakes_url}/admin/api/2026-07/shop.json", headers=headers, timeout=60)

        held = [callers.submit(call, "drill") for _ in range(HELD_AT_ONCE + TOO_MANY)]
        deadline_s = time.monotonic() + 20
        while sum(one.done() for one in held) < TOO_MANY and time.monotonic() < deadline_s:
            time.sleep(0.01)
        began = time.monotonic()
        others = {call("dev").status_code for _ in range(20)}
        took_s = time.monotonic() - began
        refused = [one.result() for one in held if one.done()]
        requests.post(f"{control}/clock", json={"advance_ms": HOUR_MS}, timeout=30).raise_for_status()
        statuses = Counter(one.result().status_code for one in held)

    assert {503: TOO_MANY, 200: HELD_AT_ONCE} == statuses
    assert {f"{HELD_AT_ONCE} answers are held back at once"} == {
        one.json()["error"].split(" by ")[0] for one in refused
    }
    assert ({200}, True) == (others, took_s < 5)
