"""Actors: blocking code on one clock; only the pump switches."""

import threading

import pytest

from scenarios.actors import Pump, Timeout
from simulator.kernel.clock import Clock


@pytest.fixture
def pump():
    pump = Pump(Clock(0), threading.Condition())
    with pump.condition:
        yield pump
        pump.kill()


def test_a_worker_runs_again_when_it_said_it_wants_to(pump):
    times = []
    pump.add("worker", lambda now_ms: times.append(now_ms) or now_ms + 100)
    pump.run_until(250)

    assert times == [0, 100, 200]
    assert pump.clock.now() == 250


def test_a_worker_that_wants_nothing_waits_until_it_is_woken(pump):
    times = []
    worker = pump.add("worker", times.append)
    pump.run_until(1_000)
    pump.wake(worker, 5_000)
    pump.run_until(10_000)

    assert times == [0, 5_000]


def test_who_is_woken_in_the_middle_of_a_step_runs_again_after_it(pump):
    times = []

    def step(now_ms: int) -> None:
        times.append(now_ms)
        pump.sleep(50)

    worker = pump.add("worker", step)
    pump.spawn("waker", lambda: (pump.sleep(20), pump.wake(worker, 20)))
    pump.run_until(1_000)

    assert times == [0, 50]


def test_actors_sleep_side_by_side_and_wake_in_the_order_of_time(pump):
    order = []
    for name, for_ms in (("slow", 300), ("quick", 100), ("middle", 200)):
        pump.spawn(name, lambda name=name, for_ms=for_ms: (pump.sleep(for_ms), order.append((name, pump.clock.now()))))
    pump.run_until(1_000)

    assert order == [("quick", 100), ("middle", 200), ("slow", 300)]


def test_a_call_that_takes_too_long_times_out_at_its_time_and_goes_on_alone(pump):
    seen = []

    def caller() -> None:
        with pytest.raises(Timeout):
            pump.call(lambda: (pump.sleep(500), seen.append(("finished", pump.clock.now()))), timeout_ms=200)
        seen.append(("gave up", pump.clock.now()))

    pump.spawn("caller", caller)
    pump.run_until(1_000)

    assert seen == [("gave up", 200), ("finished", 500)]


def test_what_a_call_raises_is_raised_in_its_caller(pump):
    def caller() -> None:
        with pytest.raises(KeyError):
            pump.call(lambda: {}["missing"], timeout_ms=None)

    pump.spawn("caller", caller)
    pump.run_until(1)


def test_what_an_actor_raises_reaches_whoever_pumps(pump):
    pump.spawn("broken", lambda: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        pump.run_until(1)


def test_a_worker_that_never_lets_time_pass_is_named_instead_of_looping_forever(pump):
    pump.add("eager", lambda now_ms: now_ms)

    with pytest.raises(RuntimeError, match=r"time stands still.*eager"):
        pump.run_until(10)


def test_no_jump_overtakes_a_call_that_has_left_the_process(pump):
    from concurrent.futures import ThreadPoolExecutor

    gate, seen = threading.Event(), []
    with ThreadPoolExecutor(1) as pool:
        pump.spawn("caller", lambda: seen.append((pump.outside(pool.submit(gate.wait, 5)), pump.clock.now())))
        pump.spawn("opener", gate.set)
        pump.run_until(60_000)

    assert seen == [(True, 0)]


def test_outside_an_actor_no_time_can_pass(pump):
    assert pump.is_actor() is False
