"""Who goes first and what gives way: laws of numbers."""

from __future__ import annotations

from collections import Counter
from math import ceil

from hypothesis import given
from hypothesis import strategies as st

from sync_core.pure.ladder import (
    LINGER_MS,
    LONGEST_LINGER_MS,
    PROMISE_MS,
    SMALL,
    STEP,
    Load,
    hot_linger_ms,
    idle,
    learned,
    least_served,
    next_limit,
    next_line,
    places_wanted,
    remember,
    rung,
    step_size,
)

LINES = ("live", "late", "backfill")
costs = st.floats(0, 20, allow_nan=False)  # calls for a hundred keys


def shares(waiting: set, steps: int = 500, on_rung: int = 0) -> dict[str, float]:
    spent: dict = {}
    for _ in range(steps):
        line = next_line(waiting, spent, on_rung)
        spent = remember(spent, line, 1.0)
    return {line: round(spent.get(line, 0.0) / sum(spent.values()), 1) for line in LINES}


def test_live_changes_go_first_and_a_tenth_is_kept_for_each_of_the_others():
    assert {"live": 0.8, "late": 0.1, "backfill": 0.1} == shares({"live", "late", "backfill"})
    assert {"live": 0.9, "late": 0.0, "backfill": 0.1} == shares({"live", "backfill"})


def test_who_is_alone_gets_everything():
    assert [{line: 1.0 if line == alone else 0.0 for line in LINES} for alone in LINES] == [
        shares({alone}) for alone in LINES
    ]


def test_from_the_second_rung_on_what_was_there_before_waits_while_live_changes_do():
    assert {"live": 0.9, "late": 0.1, "backfill": 0.0} == shares(set(LINES), on_rung=2)
    assert {"live": 0.0, "late": 0.0, "backfill": 1.0} == shares({"backfill"}, on_rung=2)


@given(st.sets(st.sampled_from(LINES)), st.dictionaries(st.sampled_from(LINES), st.floats(0, 1e6)), st.integers(0, 3))
def test_whoever_gets_the_turn_waits_for_it_and_somebody_does_if_anybody_waits(waiting, spent, on_rung):
    line = next_line(waiting, spent, on_rung)

    assert (line in waiting) if waiting else (line is None)


@given(st.integers(0, 10**7), st.integers(0, 10**7), st.floats(0, 1))
def test_the_more_waits_the_higher_the_rung_and_a_day_that_ends_pauses_the_backfill(live, more, day_left):
    few, many = Load(live, day_left=day_left), Load(live + more, day_left=day_left)

    assert rung(few) <= rung(many)
    assert rung(Load(live, day_left=0.1)) >= 2


def test_the_last_rung_is_reached_before_the_promise_is_broken():
    rate = Load().rate * Load().keys_per_call

    assert 3 == rung(Load(int(PROMISE_MS / 1000 * rate)))
    assert 0 == rung(Load(int(20 * rate)))


def test_how_long_the_rest_takes_counts_the_calls_that_were_in_vain():
    load, told = Load(10_000), []
    for step in range(400):
        load = learned(load, 1, 0 if step % 20 == 0 else 100)
        told.append(load.eta_ms)

    in_truth = 10_000 / (load.rate * 95) * 1_000
    assert all(abs(ms - in_truth) < 0.05 * in_truth for ms in told[200:])


def test_three_keys_of_a_call_promise_no_less_than_a_hundred():
    assert 100 == learned(Load(calls=1, keys=100), 1, 3).keys_per_call


@given(st.integers(0, 10**6), st.integers(0, 3))
def test_a_rung_is_left_later_than_it_is_stepped_on(live, before):
    assert rung(Load(live)) <= rung(Load(live), before) <= max(before, rung(Load(live)))


@given(st.integers(1, 10**6), st.integers(0, 250), costs, st.integers(SMALL, STEP))
def test_a_step_is_never_larger_than_what_is_due_nor_empty_and_made_of_full_calls(due, places, cost, most):
    size = step_size(due, places, cost, most)

    assert 1 <= size <= min(due, most)
    assert size in (due, most) or size % SMALL == 0


def turns_of(waiting: list[str], used: dict[str, float], calls: dict[str, float], steps: int) -> Counter:
    """How many calls each store makes in so many steps, each with its own number of calls a step."""
    made: Counter = Counter()
    for _ in range(steps):
        shop, used = least_served(waiting, idle(used, waiting))
        used[shop] += calls[shop]
        made[shop] += calls[shop]
    return made


def test_stores_share_the_calls_evenly_however_large_their_steps_are():
    made = turns_of(["a", "b", "c"], {}, {"a": 80, "b": 5, "c": 1}, 1_000)

    assert max(made.values()) - min(made.values()) <= 80


def test_a_store_that_was_idle_has_saved_nothing_up_and_waits_for_one_step_of_the_others_at_most():
    _, used = least_served(["a", "b"], {"a": 500.0})

    assert {"a": 500.0, "b": 500.0} == used


@given(st.integers(1, 10**6), costs, st.integers(1, 250))
def test_a_step_waits_for_half_a_window_at_most_or_for_a_hundred_keys(due, cost, size):
    assert 1 <= places_wanted(due, cost, size) <= min(size, max(1, ceil(cost), size // 2))


def test_in_a_window_of_two_calls_a_step_waits_for_as_many_as_a_hundred_keys_take():
    assert (1, 2) == (places_wanted(2_000, 1.0, 2), places_wanted(2_000, 2.0, 2))
    assert (100, 200) == (step_size(2_000, 1, 1.0), step_size(2_000, 2, 1.0))


def test_few_changes_wait_for_the_calls_that_a_hundred_would_take():
    assert (5, 5) == (places_wanted(5, 4.5, 100), places_wanted(100, 4.5, 100))


def test_a_cost_that_was_higher_a_while_ago_wastes_no_place():
    assert (1, 200, 1_900) == (places_wanted(100, 1.05, 2), step_size(2_000, 2, 1.05), step_size(1_900, 20, 1.05))


def test_steps_that_find_too_few_places_wait_for_more_each_time_and_for_the_whole_window_in_the_end():
    assert [1, 2, 4, 8, 10, 10] == [places_wanted(5, 1.0, 10, starved) for starved in range(6)]


def test_a_long_step_is_followed_by_smaller_ones_and_short_ones_let_it_grow():
    assert (1_000, 2_000, 2_000, SMALL) == (
        next_limit(2_000, 25_000),
        next_limit(1_000, 1_000),
        next_limit(2_000, 10_000),
        next_limit(SMALL, 90_000),
    )


def test_a_record_that_changes_again_and_again_is_written_less_and_less_often_but_at_least_every_minute():
    lingers, last_ms = [], LINGER_MS
    for _ in range(8):
        last_ms = hot_linger_ms(last_ms, last_ms)
        lingers.append(last_ms // 1_000)

    assert [2, 4, 8, 16, 32, 60, 60, 60] == lingers
    assert LINGER_MS == hot_linger_ms(LONGEST_LINGER_MS, 5 * LONGEST_LINGER_MS)
