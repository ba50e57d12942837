"""Clock and chance: arguments, never taken from the air."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.kernel.chance import Chance
from simulator.kernel.clock import Clock


def test_a_held_clock_stands_still_until_it_is_moved():
    clock = Clock(5_000)
    assert clock.now() == 5_000
    clock.move_to(7_000)
    assert clock.now() == 7_000


def test_a_clock_never_goes_back():
    clock = Clock(5_000)
    clock.move_to(4_000)
    assert clock.now() == 5_000


def test_a_running_clock_follows_its_wall_at_its_rate_and_can_be_held():
    wall = [100.0]
    clock = Clock(0, wall=lambda: wall[0])
    clock.run(60)
    wall[0] += 2
    assert clock.now() == 120_000
    assert clock.wall_seconds_until(180_000) == 1.0

    clock.run(0)
    wall[0] += 50
    assert clock.now() == 120_000
    assert clock.wall_seconds_until(180_000) is None


def test_a_running_clock_that_is_moved_all_the_time_keeps_up_with_its_wall():
    wall = [0.0]
    clock = Clock(0, wall=lambda: wall[0])
    clock.run(1)
    for turn in range(1, 10_001):
        wall[0] = turn * 0.0007
        clock.move_to(clock.now() + turn % 2)

    assert 7_000 <= clock.now() <= 12_000
    for _ in range(10_000):
        clock.run(1)
        wall[0] += 0.0007
    assert clock.now() >= 14_000


@given(st.lists(st.tuples(st.sampled_from(["move", "run", "wait"]), st.integers(0, 10_000)), max_size=30))
def test_whatever_is_done_to_a_clock_its_time_never_decreases(steps):
    wall = [0.0]
    clock = Clock(1_000, wall=lambda: wall[0])
    before = clock.now()
    for what, amount in steps:
        if what == "move":
            clock.move_to(amount)
        elif what == "run":
            clock.run(amount % 7)
        else:
            wall[0] += amount / 1000
        assert clock.now() >= before
        before = clock.now()


def test_a_clock_without_a_wall_refuses_to_run():
    with pytest.raises(ValueError, match="no wall"):
        Clock(0).run(1)


def test_one_seed_gives_one_history_and_another_seed_another():
    draws = [[Chance(seed).stream("ids").randrange(10**9) for _ in range(3)] for seed in (1, 1, 2)]

    assert draws[0] == draws[1]
    assert draws[0] != draws[2]


def test_more_draws_from_one_stream_leave_the_others_alone():
    greedy, modest = Chance(1), Chance(1)
    for _ in range(100):
        greedy.stream("noise").random()

    assert greedy.stream("ids").random() == modest.stream("ids").random()


def test_after_a_restart_tokens_are_the_same_and_draws_are_new():
    first, second = Chance(1, boot=0), Chance(1, boot=1)

    assert first.secret("token") == second.secret("token")
    assert first.uuid("webhooks") != second.uuid("webhooks")
    assert len(first.secret("token", 31)) == 31
