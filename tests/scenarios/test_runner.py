"""The runner and the pytest plugin: what they tell, and that worlds do not get in each other's way."""

from __future__ import annotations

import json

import pytest
from rich.console import Console

from scenarios.runner import Result, in_process, report, run, run_one, world_for
from scenarios.scenario import Scenario, expect
from scenarios.verbs import Drill, SettleError, VerbError

pytest_plugins = ["pytester"]


def failing(drill: Drill) -> None:
    drill.shop.product("Mug")
    expect("the number of products", drill.portal.count("products"), 2)


def never_settling(drill: Drill) -> None:
    drill.faults({"effect": "break", "vendor": "hubspot"})
    drill.shop.product("Mug", "12.50")
    drill.settles(within_minutes=1)


def scenario_of(function) -> Scenario:
    return Scenario(function.__name__, "a title", ("A30",), ("deals",), "Given", function)


def test_a_failure_tells_what_was_found_and_how_to_run_it_again():
    with in_process() as place:
        result = run_one(place, scenario_of(failing), "deals", seed=7)

    assert result.error == "AssertionError: the number of products: found 0, expected 2"
    assert result.replay == "syncdrill scenarios run failing --integration deals --seed 7"


def test_what_does_not_settle_names_what_is_missing_and_the_seed():
    with in_process() as place:
        result = run_one(place, scenario_of(never_settling), "deals", seed=7)

    assert result.error.startswith(
        "SettleError: not settled within 1 minutes: product Mug: no product has this name\n  seed 7, world time "
    )
    assert issubclass(SettleError, AssertionError)


def test_a_scenario_that_is_not_there_is_named():
    with pytest.raises(ValueError, match="there is no scenario nonsense; there are: abandoned_cart"):
        list(run(["nonsense"]))


@pytest.mark.slow
def test_worlds_of_one_seed_stand_side_by_side():
    with in_process() as place, world_for(place, "one", "deals", 1) as one, world_for(place, "two", "deals", 1) as two:
        one.shop.product("Mug")
        one.settles()
        two.passes(minutes=2)

        assert (one.portal.count("products"), two.portal.count("products")) == (1, 0)


def test_the_same_seed_is_the_same_run():
    digests = []
    for _ in range(2):
        with in_process() as place, world_for(place, "twin", "deals", 3) as drill:
            drill.faults({"effect": "double", "vendor": "shopify", "per_mille": 500})
            drill.shop.order(drill.shop.product("Mug"), customer=drill.shop.customer(email="ada@example.com"))
            drill.settles()
            digests.append(drill.control("GET", "journal")["digest"])

    assert digests[0] == digests[1]


def test_a_refusal_of_a_vendor_is_told_in_its_own_words():
    refused = pytest.raises(VerbError, match=r"customers\.json answered 422: .*email")
    with in_process() as place, world_for(place, "refusal", "deals", 1) as drill, refused:
        drill.shop.customer(email="no address")


RESULTS = [
    Result("one", "deals", 1, 0.5, 6, "", "syncdrill scenarios run one"),
    Result("two", "deals", 1, 0.5, 6, "AssertionError: stage: found 'open'", "syncdrill scenarios run two"),
]


def test_the_report_ends_with_the_failures_and_fails():
    console = Console(record=True, width=120)

    assert report(iter(RESULTS), console) == 1

    text = console.export_text()
    assert "AssertionError: stage: found 'open'" in text
    assert "run it again: syncdrill scenarios run two" in text
    assert "1 of 2 runs ok, 1.0 s" in text


def test_the_report_as_json_is_every_result():
    console = Console(record=True, width=120)

    assert report(iter(RESULTS[:1]), console, as_json=True) == 0

    assert json.loads(console.export_text())[0] | {"error": ""} == {
        "name": "one",
        "integration": "deals",
        "seed": 1,
        "seconds": 0.5,
        "world_minutes": 6,
        "error": "",
        "replay": "syncdrill scenarios run one",
    }


def test_the_pytest_plugin_gives_each_test_a_world(pytester: pytest.Pytester):
    pytester.makepyfile(
        """
        def test_a_product_reaches_hubspot(drill):
            drill.shop.product("Mug", "12.50")
            drill.settles()
            assert drill.portal.product("Mug").get("price") == "12.50"
            assert (drill.integration, drill.world["seed"]) == ("data-sync", 9)
        """
    )
    loaded = [] if _installed() else ["-p", "scenarios.pytest_plugin"]

    result = pytester.runpytest_inprocess(*loaded, "--drill-seed", "9", "--drill-integration", "data-sync")

    result.assert_outcomes(passed=1)


def _installed() -> bool:
    from importlib.metadata import entry_points

    return any(point.value == "scenarios.pytest_plugin" for point in entry_points(group="pytest11"))
