"""The bench measures what it says, and the sync core comes as near to the ideal as it should."""

from __future__ import annotations

import pytest

from scenarios.bench import promise, schedule
from scenarios.bench.schedule import ideal_seconds, least_calls


def test_the_least_calls_and_the_ideal_schedule_are_counted_by_hand():
    assert 100 + 300 + 5 + 15 == least_calls({"deals": 10_000, "line_items": 30_000}, {"contacts": 10_000, "l": 30_000})
    assert [0.2, 0.2, 10.2, 40.2] == [ideal_seconds(calls, 100) for calls in (1, 100, 101, 420)]


@pytest.mark.slow
def test_changed_contacts_take_the_least_calls_all_at_the_same_time():
    found = schedule.changed_contacts(100, 101)

    assert (2, 2, 0.2, 0) == (found.calls, found.least, found.seconds, found.refused)


@pytest.mark.slow
def test_new_orders_come_within_a_tenth_of_the_least_calls_and_of_the_ideal_time_and_a_window():
    found = schedule.new_orders(100, 3_000)

    assert found.holds, found


@pytest.mark.slow
def test_an_order_that_changes_again_and_again_is_written_less_and_less_often():
    assert schedule.one_order_at_once(100, 2_000).calls == 1
    assert schedule.one_order_often(100, 2_000).holds


@pytest.mark.slow
@pytest.mark.parametrize("fault", sorted(promise.FAULTS))
def test_B10_every_change_shows_in_time_whatever_happens_to_webhooks_and_answers(fault, monkeypatch):
    monkeypatch.setattr(promise, "TRADED_S", 60)
    found = promise.promise_kept(0.5, fault)

    assert found.holds, found
