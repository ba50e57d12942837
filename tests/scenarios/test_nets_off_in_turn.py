"""Each way of noticing is switched off in turn, and the two that are left hold the promise.

What a net is there for is taken away with it: without the sweep all webhooks are lost too, so that the poll stands
alone; without the poll nothing is lost, as no other net reads what has changed; without webhooks nobody sends any.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scenarios.lag import PROMISE_MS
from scenarios.library import change_during_the_first_import as during_the_import
from scenarios.library import every_change_within_ten_minutes_though_webhooks_are_lost as two_hours
from scenarios.runner import in_process, world_for
from scenarios.verbs import Drill

pytestmark = pytest.mark.slow

LEFT = {"webhooks": "poll sweep", "poll": "webhooks sweep", "sweep": "webhooks poll"}  # net that is off -> the others
IN_TURN = pytest.mark.parametrize("off", LEFT)
SEEDED = {"products": 10, "customers": 60, "orders": 60, "checkouts": 0}


@pytest.fixture(params=["deals", "data-sync"])
def integration(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def drill(integration: str, off: str) -> Iterator[Drill]:
    with in_process() as place, world_for(place, f"no-{off}", integration, 1, fields={"nets": LEFT[off]}) as drill:
        if off == "sweep":
            drill.faults({"effect": "lose", "vendor": "shopify"})
        yield drill


@IN_TURN
def test_S5_every_change_shows_within_ten_minutes(
    drill: Drill, off: str, integration: str, record_property: Any
) -> None:
    from_ms = drill.now_ms
    two_hours.trade(drill, 0)
    drill.passes(minutes=20)
    drill.settles()

    found = drill.lags(from_ms)
    assert {"customer", "product", "order", "checkout"} == {lag.kind for lag in found}
    assert [] == [lag for lag in found if lag.took_ms is None or lag.took_ms > PROMISE_MS]
    longest_s = max(lag.took_ms or 0 for lag in found) / 1_000
    record_property("told", f"without {off}, {integration}: {len(found)} changes, the slowest after {longest_s:.0f} s")


@IN_TURN
def test_S15_an_order_that_is_deleted_leaves_hubspot_within_ten_minutes(drill: Drill, off: str) -> None:
    drill.heal()  # HubSpot shows the order before it is deleted
    order = drill.shop.order(drill.shop.product("Mug", "12.50", "MUG"))
    drill.settles()
    assert drill.portal.sale(order)
    if off == "sweep":
        drill.faults({"effect": "lose", "vendor": "shopify"})
    drill.shop.delete_order(order)
    drill.settles(within_minutes=10)

    assert drill.portal.sale(order) is None


@IN_TURN
def test_S22_a_change_during_the_first_import_is_neither_lost_nor_overwritten(integration: str, off: str) -> None:
    fields = {"nets": LEFT[off]}
    with in_process() as place, world_for(place, f"no-{off}", integration, 1, "", SEEDED, fields) as drill:
        during_the_import.change_during_the_first_import.run(drill)


@IN_TURN
def test_S21_an_import_that_dies_half_way_goes_on_and_ends_in_the_same_set(
    integration: str, off: str, tmp_path: Path
) -> None:
    """Kept in a file, the world is ended in the middle of its import and opened again."""
    from scenarios.world import WorldSpec
    from scenarios.worlds import Registry

    spec = WorldSpec(integration=integration, nets=LEFT[off], calm=True, database=str(tmp_path / "world.db"))
    registry = Registry()
    try:
        world: Any = registry.open(spec)
        drill = Drill(registry.session(), registry.fakes_url, world.describe())
        seeded = drill.shop.seed(products=5, customers=600, orders=60, checkouts=0)
        while world.core.status()["import"].get("customer", {}).get("done", 0) < 250:
            world.advance(50)
        done = world.core.status()["import"]["customer"]["done"]
        assert done < seeded["customers"]
        written = _count(drill)

        registry.remove(spec.name)
        world = registry.open(spec)
        drill = Drill(registry.session(), registry.fakes_url, world.describe())
        assert done <= world.core.status()["import"]["customer"]["done"] < seeded["customers"]
        assert written == _count(drill)
        world.advance(15 * 60_000)
        drill.settles()
        assert world.core.status()["phase"] == "live"
        assert seeded["customers"] == world.core.status()["import"]["customer"]["done"]
        emails = {one["email"] for one in drill.records("shopify")["customers"] if one["email"]}
        assert emails == {one["properties"]["email"] for one in drill.records("hubspot")["contacts"]}
    finally:
        registry.close()


def _count(drill: Drill) -> int:
    return len(drill.records("hubspot")["contacts"])
