"""The library of scenarios: complete rows, and every one green, in process and (some) over HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from scenarios.runner import Place, in_process, over_http, run_one
from scenarios.scenario import Scenario, all_scenarios

# Two seconds of work and more, about what other tests of the sync core show as well.
LONG = frozenset(
    {
        *("answers_lost_after_the_write", "app_turned_out_and_let_in_again", "bad_record_in_a_batch"),
        *("change_during_the_first_import", "currency_not_enabled", "email_belongs_to_another_contact"),
        *("equal_times_across_a_page", "first_import_of_a_store", "hubspot_is_down"),
    }
)
# The quick suite runs each scenario for one integration, by turns; the slow one for the other, and the long ones.
RUNS = [
    pytest.param(
        one,
        integration,
        id=f"{one.name}-{integration}",
        marks=[pytest.mark.slow] if one.slow or one.name in LONG or turn % len(one.integrations) else [],
    )
    for number, one in enumerate(all_scenarios())
    for turn, integration in enumerate(one.integrations, start=number)
]
OVER_HTTP = ("abandoned_cart_completes_later", "contact_deleted_in_hubspot_never_comes_back")


@pytest.fixture(scope="module")
def process() -> Iterator[Place]:
    with in_process() as place:
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
@pytest.mark.parametrize("integration", ["deals", pytest.param("data-sync", marks=pytest.mark.slow)])
def test_a_scenario_holds_over_http(integration: str):
    chosen = [one for one in all_scenarios() if one.name in OVER_HTTP]

    with over_http() as place:
        errors = [run_one(place, one, integration, "http").error for one in chosen]

    assert errors == ["", ""]
