"""HubSpot's rolling window as the sync core counts it: never overrun, used in full, slow after a refusal."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.kernel.limits import RollingWindow
from sync_core.pure.quota import (
    DAILY,
    LONGEST_CALL_MS,
    Quota,
    Told,
    as_json,
    finished,
    free_at,
    from_json,
    limit,
    places_left,
    refused,
    take,
)
from sync_core.shell.clients.http import NotBefore
from sync_core.shell.clients.limits import InMemory, Window


def called(quota: Quota, began_ms: int, ended_ms: int, told: Told | None = None) -> Quota:
    quota, number = take(quota, began_ms)
    assert number is not None
    return finished(quota, number, ended_ms, told or Told())


def test_a_call_has_its_place_from_its_start_until_ten_seconds_after_its_answer():
    quota = called(called(limit(2), 0, 1_000), 2_000, 3_000)

    assert (11_000, 11_000) == (free_at(quota, 3_000), free_at(quota, 11_000))


def test_calls_on_their_way_count():
    quota, _ = take(limit(1), 0)

    assert (0, None) == (places_left(quota, 5_000), take(quota, 5_000)[1])


def test_the_place_of_a_call_whose_process_was_killed_falls_free_by_itself():
    quota, _ = take(limit(1), 0)

    assert LONGEST_CALL_MS + 10_000 == free_at(from_json(as_json(quota)), 20_000)


def test_the_whole_limit_is_used_as_soon_as_an_answer_tells_it():
    assert 189 == places_left(called(Quota(), 0, 200, Told(size=190)), 200)


def test_a_burst_of_refusals_halves_once_and_clean_windows_give_it_back():
    quota = limit(100)
    for at_ms in (1_000, 1_001, 1_002):
        quota = refused(quota, at_ms, "TEN_SECONDLY_ROLLING", None)
    assert (50, 11_002) == (quota.allowed, free_at(quota, 1_002))
    allowed = []
    for window in range(7):
        began_ms = 21_002 + window * 10_000
        quota = called(quota, began_ms, began_ms)
        allowed.append(quota.allowed)

    assert [50, 60, 70, 80, 90, 100, 100] == allowed


def test_behind_a_refusal_one_call_goes_alone_until_it_is_answered():
    quota = refused(limit(100), 0, "TEN_SECONDLY_ROLLING", None)
    quota, probe = take(quota, 10_000)
    assert [None, None] == [take(quota, at_ms)[1] for at_ms in (10_000, 15_000)]

    assert 49 == places_left(finished(quota, probe, 15_100, Told()), 15_100)
    failed = finished(quota, probe, 15_100, None)
    assert (None, None) == (take(take(failed, 15_100)[0], 15_100)[1], take(refused(quota, 15_100, "", None), 15_200)[1])


def test_retry_after_is_kept_to_where_it_is_sent():
    assert 4_000 == free_at(refused(limit(100), 1_000, "TEN_SECONDLY_ROLLING", 3_000), 1_000)


def test_a_day_that_is_used_up_slows_nothing_down_but_is_waited_for():
    quota = refused(limit(100), 0, DAILY, None)

    assert (100, 15 * 60_000) == (quota.allowed, free_at(quota, 0))


@given(
    st.integers(1, 12),
    st.lists(st.tuples(st.integers(0, 4_000), st.integers(0, 3_000), st.integers(0, 3_000)), max_size=60),
)
def test_whenever_hubspot_counts_a_call_its_window_is_never_overrun(size, calls):
    """Calls begin as soon as they may; HubSpot counts each somewhere between its start and its answer."""
    quota, theirs, now_ms, counted = limit(size), RollingWindow(size, 10_000), 0, []
    for wait_ms, there_ms, back_ms in calls:
        now_ms = free_at(quota, now_ms + wait_ms)
        quota = called(quota, now_ms, now_ms + there_ms + back_ms)
        counted.append(now_ms + there_ms)

    assert all(theirs.take(at_ms) for at_ms in sorted(counted))


def test_threads_together_take_no_more_places_than_there_are():
    window = Window(InMemory(limit(50)))

    def one(_: int) -> bool:
        try:
            window.take(0)
        except NotBefore:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert 50 == sum(pool.map(one, range(200)))


def test_a_call_that_finds_no_place_is_told_when_to_come_again():
    window = Window(InMemory(limit(1)))
    window.finished(window.take(0), 200, Told())

    with pytest.raises(NotBefore) as told:
        window.take(5_000)
    assert 10_200 == told.value.at_ms
