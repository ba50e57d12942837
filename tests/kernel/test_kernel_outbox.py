"""The outbox: due times, retries, giving up, and receivers that do not disturb each other."""

import pytest
import requests
from toy import NOTES

from simulator.kernel.clock import Clock
from simulator.kernel.outbox import IN_FLIGHT_PER_RECEIVER
from simulator.kernel.simulation import Simulation
from simulator.kernel.wire import InProcess


class Courier:
    """Tries three times, a minute apart."""

    connect_timeout_ms, total_timeout_ms = 1_000, 5_000

    def __init__(self) -> None:
        self.log: list[tuple[str, str]] = []

    def body(self, message):
        return message.body

    def at_once(self, message):
        return IN_FLIGHT_PER_RECEIVER

    def signed(self, message):
        return {**message.headers, "X-Signature": "s"}

    def retry_after_ms(self, attempts):
        return 60_000 if attempts < 3 else None

    def delivered(self, message):
        self.log.append(("delivered", message.topic))

    def gave_up(self, message):
        self.log.append(("gave up", message.topic))


class Receiver:
    def __init__(self, status: str) -> None:
        self.status, self.got = status, []

    def __call__(self, environ, start_response):
        self.got.append((environ["HTTP_X_ID"], environ["HTTP_X_SIGNATURE"], environ["wsgi.input"].read()))
        start_response(self.status, [("Content-Length", "0")])
        return [b""]


def owe(simulation, host: str, topic: str, due_ms: int) -> None:
    with simulation.store.transaction():
        simulation.outbox.enqueue(
            {
                "vendor": "toy",
                "tenant": "anna",
                "subscription": 1,
                "topic": topic,
                "url": f"http://{host}/hook",
                "headers": {"X-Id": topic},
                "body": b"{}",
                "attempt": 0,
                "triggered_ms": simulation.clock.now(),
            },
            due_ms,
        )


@pytest.fixture
def post_office():
    simulation = Simulation("main", Clock(0), 1, (NOTES,))
    courier, good, bad = Courier(), Receiver("200 OK"), Receiver("500 Oops")
    session = requests.Session()
    session.mount("http://", InProcess({"good": good, "bad": bad}))
    simulation.connect_outbox({"toy": courier}, session, wake=lambda _: None)
    yield simulation, courier, good, bad
    simulation.close()


def run_now(errand):
    errand()


def test_a_webhook_is_sent_when_it_is_due_and_not_before(post_office):
    simulation, courier, good, _ = post_office
    owe(simulation, "good", "a", due_ms=10)

    assert simulation.outbox.step(9, run_now) == 10
    assert good.got == []
    assert simulation.outbox.step(10, run_now) is None
    assert good.got == [("a", "s", b"{}")]
    assert courier.log == [("delivered", "a")]
    assert simulation.outbox.waiting() == []


def test_a_failure_is_tried_again_by_the_couriers_schedule_with_the_same_message_and_then_given_up(post_office):
    simulation, courier, _, bad = post_office
    owe(simulation, "bad", "a", due_ms=0)
    times = []
    due_ms: int | None = 0
    while due_ms is not None:
        simulation.clock.move_to(due_ms)
        simulation.outbox.step(due_ms, run_now)
        times.append(due_ms)
        due_ms = simulation.outbox.step(due_ms, run_now)

    assert times == [0, 60_000, 120_000]
    assert bad.got == [("a", "s", b"{}")] * 3
    assert courier.log == [("gave up", "a")]


def test_a_receiver_that_nobody_answers_for_counts_as_a_failure(post_office):
    simulation, _, _, _ = post_office
    owe(simulation, "nowhere", "a", due_ms=0)
    simulation.outbox.step(0, run_now)

    (row,) = simulation.outbox.waiting()
    assert (row["attempt"], row["due_ms"]) == (1, 60_000)


def test_a_receiver_that_hangs_with_a_long_queue_delays_nobody_elses_webhook(post_office):
    simulation, _, good, _ = post_office
    for n in range(500):
        owe(simulation, "bad", f"stuck {n}", due_ms=0)
    owe(simulation, "good", "quick", due_ms=0)
    begun = []
    simulation.outbox.step(0, begun.append)  # nothing begun comes back: the receiver hangs

    assert len(begun) == IN_FLIGHT_PER_RECEIVER + 1
    begun[-1]()
    assert [got[0] for got in good.got] == ["quick"]


def test_a_rolled_back_change_owes_nothing(post_office):
    simulation, _, _, _ = post_office

    def half() -> None:
        with simulation.store.transaction():
            owe(simulation, "good", "a", due_ms=0)
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        half()
    assert simulation.outbox.waiting() == []


def test_what_was_on_its_way_at_the_end_of_a_process_is_sent_by_the_next_one(tmp_path):
    path = str(tmp_path / "world.db")
    session = requests.Session()
    first = Simulation("main", Clock(0), 1, (NOTES,), path=path)
    first.connect_outbox({"toy": Courier()}, session, wake=lambda _: None)
    owe(first, "good", "a", due_ms=0)
    first.outbox.step(0, lambda errand: None)
    assert first.outbox.waiting()[0]["sending"] == 1
    first.close()

    second = Simulation("main", Clock(0), 1, (NOTES,), path=path)
    second.connect_outbox({"toy": Courier()}, session, wake=lambda _: None)
    assert second.outbox.waiting()[0]["sending"] == 0
    second.close()
