"""The library of scenarios: complete rows, and every one green, in process and (some) over HTTP."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest

from scenarios.runner import Place, in_process, over_http, run_one
from scenarios.scenario import Scenario, all_scenarios

# The quick suite runs these, each for one integration; the slow one all the others, for each integration.
QUICK = {
    "abandoned_cart": "deals",
    "customer_changes_email": "deals",
    "late_update_after_deletion": "deals",
    "order_edited": "data-sync",
    "partial_refund": "deals",
}
RUNS = [
    pytest.param(
        one,
        integration,
        id=f"{one.name}-{integration}",
        marks=[] if QUICK.get(one.name) == integration else [pytest.mark.slow],
    )
    for one in all_scenarios()
    for integration in one.integrations
]
OVER_HTTP = {
    "abandoned_cart": [],
    "abandoned_cart_completes_later": [pytest.mark.slow],
    "contact_deleted_in_hubspot_never_comes_back": [pytest.mark.slow],
}


@pytest.fixture(scope="module")
def process(new_ledger: Callable[[], str]) -> Iterator[Place]:
    with in_process(new_ledger) as place:
        yield place


@pytest.mark.parametrize("one", all_scenarios(), ids=lambda one: one.name)
def test_a_scenario_says_what_it_shows_and_why(one: Scenario):
    assert re.match(r"Given .*\nWhen |Given .*\nWhen|Given ", one.text)
    assert "When " in one.text
    assert "\nThen " in one.text
    assert one.spec
    assert all(re.fullmatch(r"[ABIS]\d{1,2}", id) for id in one.spec)
    assert set(one.integrations) <= {"deals", "data-sync"}


@pytest.mark.parametrize(("one", "integration"), RUNS)
def test_a_scenario_holds(process: Place, one: Scenario, integration: str):
    assert run_one(process, one, integration).error == ""


@pytest.mark.http
@pytest.mark.parametrize("name", [pytest.param(name, marks=marks) for name, marks in OVER_HTTP.items()])
@pytest.mark.parametrize("integration", ["deals", pytest.param("data-sync", marks=pytest.mark.slow)])
def test_a_scenario_holds_over_http(name: str, integration: str):
    (one,) = [one for one in all_scenarios() if one.name == name]

    with over_http() as place:
        assert run_one(place, one, integration, "http").error == ""
