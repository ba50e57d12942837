"""Every requirement that can be tried is shown by a test that bears its number."""

from __future__ import annotations

import re

import pytest

from scenarios.reference.requirements import CASES, CASES_WAIT, by_scenarios, by_tests
from scenarios.requirements import REQUIREMENTS

IDS = {row.id for row in REQUIREMENTS}
CASE_IDS = {f"S{number}" for number in range(1, CASES + 1)}


def test_every_number_has_its_row_once_and_in_order():
    numbers = {"A": 50, "B": 39, "I": 11}
    wanted = [f"{letter}{number}" for letter, last in numbers.items() for number in range(1, last + 1)]

    assert wanted == [row.id for row in REQUIREMENTS]


@pytest.mark.parametrize("id", [row.id for row in REQUIREMENTS if not row.waits])
def test_a_requirement_is_shown_by_a_test_that_bears_its_number(id: str):
    assert by_tests().get(id), f"no test is named test_{id}_..."


def test_what_waits_is_not_shown_yet():
    waiting = {row.id for row in REQUIREMENTS if row.waits} | set(CASES_WAIT)

    assert set() == waiting & (set(by_tests()) | set(by_scenarios()))


def test_every_case_is_shown_by_a_scenario_or_a_test():
    assert set() == CASE_IDS - set(CASES_WAIT) - set(by_scenarios()) - set(by_tests())


def test_names_and_scenarios_speak_of_numbers_that_there_are():
    spoken = set(by_tests()) | set(by_scenarios())

    assert set() == spoken - IDS - CASE_IDS
    assert all(re.fullmatch(r"[ABIS][1-9]\d?", id) for id in spoken)
