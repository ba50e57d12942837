"""The bench measures what it says, and the sync core comes as near to the ideal as it should."""

from __future__ import annotations

import pytest

from scenarios.bench import promise, schedule
from scenarios.bench.schedule import ideal_seconds, least_calls
from scenarios.bench.yard import MINUTE, SECOND, Yard
from simulator.shopify.rules import customers


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
def test_what_the_nets_ask_for_in_a_quiet_hour_does_not_slow_the_next_changes_down():
    yard = Yard("deals")
    yard.until_live()
    yard.allow(promise.BURST)
    yard.passes(5 * MINUTE)  # the nets' calls are told of it
    told_ms = []
    for hour in range(2):
        with yard.world.condition:
            for number in range(500):
                customers.create(yard.shop(), {"email": f"c{number}@example{hour}.com"})
        yard.hold(20 * SECOND)  # so that the first step finds all of them
        yard.passes(25 * SECOND)
        told_ms.append(yard.core.status()["pace"]["eta_live_ms"])
        yard.passes(60 * MINUTE)
    yard.close()

    assert 0 < told_ms[1] <= 30 * SECOND, told_ms  # 500 are three windows of two calls


@pytest.mark.slow
@pytest.mark.parametrize("fault", sorted(promise.FAULTS))
def test_B10_every_change_shows_in_time_whatever_happens_to_webhooks_and_answers(fault, monkeypatch):
    monkeypatch.setattr(promise, "TRADED_S", 60)
    found = promise.promise_kept(0.5, fault)

    assert found.holds, found
