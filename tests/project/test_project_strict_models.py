"""The check of HubSpot's answers against the models of its client finds what is planted."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

import pytest
from strict_models import BY_HAND, DEVIATIONS, NO_MODEL, Recorder, check_of

from simulator.hubspot.app import ROUTES

RECORD = {
    "id": "1",
    "properties": {"email": "a@example.com", "city": None},
    "createdAt": "2026-05-28T20:26:40.500Z",
    "updatedAt": "2026-05-28T20:26:40Z",
    "archived": False,
}
VIEWS = {f"{route.view.__module__.rpartition('.')[2]}.{route.view.__name__}": at for at, route in enumerate(ROUTES)}


def faults(view: str, method: str, status: int, body: Any) -> list[str]:
    return check_of(VIEWS[view], method, status)(Recorder(), body, "here")


def test_an_answer_as_recorded_is_taken() -> None:
    assert [] == faults("crm.create", "POST", 201, RECORD)
    assert [] == faults("crm.index", "GET", 200, {"results": [RECORD], "paging": {"next": {"after": "1"}}})


@pytest.mark.parametrize(
    "change",
    [
        {"id": 1},
        {"nickname": "x"},
        {"properties": {"age": 7}},
        {"properties": []},
        {"createdAt": 1_780_000_000_500},
        {"createdAt": "2026-05-28"},
        {"archived": "false"},
        {"archived": None},
    ],
)
def test_an_unknown_key_and_a_wrong_type_are_found(change) -> None:
    assert [] != faults("crm.create", "POST", 201, RECORD | change)


def test_a_status_that_the_client_does_not_know_is_found() -> None:
    assert [] != faults("search.search", "POST", 207, {"total": 0, "results": []})


def test_a_known_deviation_is_noted_as_met() -> None:
    recorder, row = Recorder(), {"category": "HUBSPOT_DEFINED", "typeId": 4, "label": None}

    found = check_of(VIEWS["associations.index"], "GET", 200)(
        recorder, {"results": [{"toObjectId": 7, "associationTypes": [row]}]}, "here"
    )

    assert [] == found
    assert {"toObjectId", "label"} == {DEVIATIONS[number].key for number in recorder.used}


def test_every_row_names_a_call_of_the_fake() -> None:
    assert [] == [row for row in (*NO_MODEL, *BY_HAND) if not any(fnmatchcase(view, row) for view in VIEWS)]


def test_a_run_of_everything_must_have_met_every_row_and_some_answer() -> None:
    recorder = Recorder()

    assert len(DEVIATIONS) + 1 == len(recorder.lacks())
    recorder.seen, recorder.used = 1, set(range(len(DEVIATIONS)))
    assert [] == recorder.lacks()
