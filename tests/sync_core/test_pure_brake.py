"""The brake on mass deletions."""

from __future__ import annotations

import pytest

from sync_core.pure.brake import Brake, Threshold, as_json, ask, count, from_json, release

HOUR_MS = 3_600_000
NOW_MS = 500_000 * HOUR_MS
TEN = Threshold(number=10, percent=10, window_ms=HOUR_MS)


def test_as_many_as_the_number_pass_and_one_more_is_too_many():
    assert [10, 0] == [ask(Brake(), wanted, 50, TEN, NOW_MS)[1] for wanted in (10, 11)]


def test_a_small_share_of_many_records_passes():
    assert [100, 0] == [ask(Brake(), wanted, 1_000, TEN, NOW_MS)[1] for wanted in (100, 101)]


def test_deletions_one_by_one_add_up_within_the_window_and_not_beyond():
    brake = Brake()
    for minute in range(10):
        brake, allowed = ask(brake, 1, 50 - minute, TEN, NOW_MS + minute * 60_000)
        assert 1 == allowed
        brake = count(brake, 1, TEN, NOW_MS + minute * 60_000)

    assert 0 == ask(brake, 1, 40, TEN, NOW_MS + HOUR_MS // 2)[1]
    assert 1 == ask(brake, 1, 40, TEN, NOW_MS + 3 * HOUR_MS)[1]


def test_once_on_it_holds_back_everything_until_it_is_released_and_then_lets_those_pass_that_waited():
    brake, _ = ask(Brake(), 20, 50, TEN, NOW_MS)
    assert 0 == ask(brake, 1, 50, TEN, NOW_MS + 2 * HOUR_MS)[1]

    brake = release(20)
    brake, allowed = ask(brake, 15, 50, TEN, NOW_MS)
    brake = count(brake, 15, TEN, NOW_MS)
    assert (15, 5, 0) == (allowed, brake.allowed, brake.recent)
    assert 5 == ask(brake, 20, 35, TEN, NOW_MS)[1]


@pytest.mark.parametrize("brake", [Brake(), Brake(((5, 1), (7, 3)), 9, 2)])
def test_a_brake_is_kept_as_json(brake: Brake):
    assert brake == from_json(as_json(brake))


def test_a_number_of_0_never_brakes():
    assert 50 == ask(Brake(), 50, 50, Threshold(0, 10, HOUR_MS), NOW_MS)[1]
