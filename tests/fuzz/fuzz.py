"""No input breaks a fake: `make fuzz` sends odd requests for FUZZ_SECONDS (five minutes), each run others.

The file's name keeps it out of the quick tests. An example is a handful of requests to a world of its own, so what is
found is told with the few requests that it takes.
"""

from __future__ import annotations

import json
import logging
import os
import random
import time

import pytest
from fuzz_requests import TARGETS, Pools
from fuzz_world import PORTAL, SHOP, Failures, Request, Tally, World, outcome
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

SECONDS = float(os.environ.get("FUZZ_SECONDS", "300"))
EXAMPLES = 20  # of one batch; time is looked at between two
LISTS = {
    "shopify": [f"/admin/api/2026-07/{name}.json" for name in
                ("customers", "products", "orders", "draft_orders", "checkouts", "webhooks", "events", "metafields")],
    "hubspot": [f"/crm/v3/objects/{name}" for name in ("contacts", "companies", "deals", "products", "line_items")],
}  # fmt: skip


@pytest.fixture(scope="module")
def filled() -> World:
    world = World()
    shop = [
        ("products", {"product": {"title": "Board", "options": [{"name": "Size"}],
                                  "variants": [{"option1": "S", "price": "9.00"}, {"option1": "M", "price": "9.50"}]}}),
        ("customers", {"customer": {"first_name": "Ada", "email": "ada@example.com",
                                    "addresses": [{"address1": "1 Street", "country": "CA", "province": "ON"}]}}),
        ("orders", {"order": {"line_items": [{"title": "Wax", "price": "9.50", "quantity": 2}],
                              "email": "ada@example.com", "customer": {"email": "ada@example.com"},
                              "transactions": [{"kind": "sale", "status": "success", "amount": "5.00"}]}}),
        ("draft_orders", {"draft_order": {"line_items": [{"title": "Wax", "price": "9.50", "quantity": 1}]}}),
        ("metafields", {"metafield": {"namespace": "my", "key": "a", "value": "1", "type": "number_integer"}}),
        ("webhooks", {"webhook": {"topic": "orders/updated", "address": "http://127.0.0.1:7007/a"}}),
    ]  # fmt: skip
    crm = [("contacts", {"email": "ada@example.com"}), ("deals", {"dealname": "x"}), ("products", {"name": "x"})]
    send = [("shopify", f"/admin/api/2026-07/{name}.json", body) for name, body in shop]
    send += [("hubspot", f"/crm/v3/objects/{name}", {"properties": body}) for name, body in crm]
    for vendor, path, body in send:
        answer = world.send(Request(vendor, "POST", path, (), json.dumps(body).encode()))
        assert answer.status_code in (200, 201), answer.text
    yield world
    world.close()


@pytest.mark.parametrize("target", TARGETS)
def test_no_input_breaks_a_fake(target, filled, request, capsys):
    pools, tally, failures = Pools(filled), Tally(), Failures()
    first = int(os.environ.get("FUZZ_SEED") or random.SystemRandom().randrange(2**32))
    logging.getLogger().addHandler(failures)
    request.addfinalizer(lambda: logging.getLogger().removeHandler(failures))
    ends, batch = time.monotonic() + SECONDS / len(TARGETS), 0
    with capsys.disabled():
        print(f"\n{target}: FUZZ_SEED={first} sends these requests again")
    while time.monotonic() < ends:
        hammer(target, first + batch, filled, pools, tally, failures)
        batch += 1
    with capsys.disabled():
        print(f"{target}: {tally}")
    assert tally.outcomes["accepted"] > 0


def hammer(target, number, filled, pools, tally, failures):
    @seed(number)
    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(st.integers(0, 2**48), min_size=1, max_size=10))
    def examples(numbers):
        failures.seen.clear()
        world = World(filled)
        try:
            for one in numbers:
                wanted = TARGETS[target](random.Random(one), pools)
                tally.outcomes[outcome(wanted, world.send(wanted), failures)] += 1
                world.pass_time(700)
            check(world, target.partition(" ")[0], failures)
        finally:
            world.close()

    examples()


def check(world, vendor, failures):
    """All that is stored can be shown, and no transaction was left open."""
    assert not world.simulation.store.in_transaction
    for path in LISTS[vendor] if world.is_let_in(vendor) else ():
        wanted = Request(vendor, "GET", path, (("status", "any"),) if "/orders" in path else ())
        answer = world.send(wanted)
        assert outcome(wanted, answer, failures) == "accepted", (wanted, answer.text[:200])
    assert world.simulation.store.dump(vendor, SHOP if vendor == "shopify" else PORTAL)
