"""Whose fault it is: what the control plane was asked wrongly is a 400; what fails inside a world is a 500 by name."""

from __future__ import annotations

import pytest

from scenarios.world import WorldSpec
from scenarios.worlds import FAKES_URL, Registry

WORLD = f"{FAKES_URL}/_sim/worlds/main"


@pytest.fixture
def registry():
    made = Registry()
    made.open(WorldSpec(sync=False))
    yield made
    made.close()


@pytest.mark.parametrize("sync", [False, True])
def test_a_value_error_inside_an_actor_is_a_failure_of_the_world_that_names_it(registry, sync):
    def stumble(now_ms: int) -> None:
        raise ValueError("deals x was written and is not there")

    registry.remove("main")
    registry.open(WorldSpec(sync=sync)).add_actor("stumbler", stumble)
    response = registry.session().post(f"{WORLD}/clock", json={"advance_ms": 1_000})

    assert 500 == response.status_code
    told = response.json()["error"]
    assert told.startswith("the world failed: ValueError: deals x was written and is not there (")
    assert "in stumble)" in told


WRONG = {
    "a name that is taken": ("POST", "", {"name": "main"}, "there is a world 'main' already"),
    "an unknown field": ("POST", "", {"colour": "red"}, "a world has no 'colour'"),
    "a field of another type": ("POST", "", {"name": "x", "seed": "1"}, "seed must be a int"),
    "an unknown integration": ("POST", "", {"name": "x", "integration": "mail"}, "integration is deals or data-sync"),
    "a portal that is no number": ("POST", "", {"name": "x", "portal": "mine"}, "a portal id is a number"),
    "a portal of too many digits": ("POST", "", {"name": "x", "portal": "9" * 5_000}, "a portal id is a number"),
    "a rate for a clock without a wall": ("POST", "/main/clock", {"rate": 2}, "no wall to follow"),
    "an unknown effect": ("PUT", "/main/faults", {"plan": [{"name": "x", "effect": "sing"}]}, "no such effect"),
    "too many faults": ("PUT", "/main/faults", {"plan": [{"name": "x", "effect": "lose"}] * 101}, "at most 100 faults"),
    "a fault without a name": ("PUT", "/main/faults", {"plan": [{"effect": "lose"}]}, "missing 1 required"),
    "seeding of nothing known": ("POST", "/main/shopify/drill-shop.myshopify.com/seed", {"cats": 1}, "not cats"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_asked_wrongly_is_the_callers_fault_and_named(registry, wrong):
    method, path, body, words = WRONG[wrong]
    response = registry.session().request(method, f"{FAKES_URL}/_sim/worlds{path}", json=body)

    assert 400 == response.status_code, response.text
    assert words in response.json()["error"]
    assert ["main"] == registry.names()
