"""Worlds of one process: apart from each other, begun anew, served on the wall's clock."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest
import requests

from scenarios import worlds
from scenarios.served import Served
from scenarios.verbs import Drill
from scenarios.world import VIRTUAL_START_MS, World, WorldSpec
from scenarios.worlds import Registry, read_spec
from simulator.kernel.errors import BadInput
from simulator.kernel.faults import Fault

MINUTE = 60_000
LONG_S = 20  # a test that waits for a thread gives up after this

MADE_WITH_THE_WORLD = ("shops", "webhooks")  # the sync core's app is told of privacy by its configuration


@pytest.fixture
def registry() -> Iterator[Registry]:
    """Virtual worlds."""
    made = Registry()
    yield made
    made.close()


@pytest.fixture
def served() -> Iterator[Registry]:
    """Worlds on the wall's clock."""
    made = Registry(time.monotonic)
    yield made
    made.close()


def drill_of(registry: Registry, world: World | Served) -> Drill:
    return Drill(registry.session(), registry.fakes_url, world.describe())


def control(registry: Registry, method: str, path: str, **options: Any) -> requests.Response:
    return registry.session().request(method, f"{registry.fakes_url}/_sim/{path}", **options)


def until(true: Callable[[], bool]) -> None:
    """Wait for another thread."""
    deadline_s = time.monotonic() + LONG_S
    while not true():
        assert time.monotonic() < deadline_s, "it never came about"
        time.sleep(0.005)


def times_of(world: World | Served, every_ms: int) -> list[int]:
    """The times at which an actor of the world acts."""
    times: list[int] = []
    with world.condition:
        world.add_actor("ticker", lambda now_ms: times.append(now_ms) or now_ms + every_ms)
    return times


# --- apart, and anew ---


def test_two_worlds_of_one_seed_in_one_registry_do_not_see_each_other(registry: Registry) -> None:
    one, two = (registry.open(WorldSpec(name=name, seed=7, sync=False)) for name in ("one", "two"))
    drill_of(registry, one).shop.customer(email="ada@example.com")

    counts = [len(drill_of(registry, world).records("shopify")["customers"]) for world in (one, two)]
    assert [1, 0] == counts
    assert one.describe()["apps"]["dev"] != two.describe()["apps"]["dev"]


def test_time_that_passes_in_one_world_passes_in_no_other(registry: Registry) -> None:
    one, two = (registry.open(WorldSpec(name=name, sync=False)) for name in ("one", "two"))
    one.advance(MINUTE)

    assert (VIRTUAL_START_MS + MINUTE, VIRTUAL_START_MS) == (one.clock.now(), two.clock.now())


def test_a_world_in_memory_begins_anew_with_the_same_tokens_ids_and_time(registry: Registry) -> None:
    def trade() -> tuple[Any, ...]:
        world = registry.get("main")
        drill = drill_of(registry, world)
        made = drill.shop.customer(email="ada@example.com")
        drill.passes(minutes=5)
        return made["id"], made["created_at"], world.describe(), drill.control("GET", "journal")["digest"]

    registry.open(WorldSpec())
    first = trade()
    assert 200 == control(registry, "POST", "worlds/main/reset").status_code

    assert {} == {name: rows for name, rows in records(registry).items() if rows and name not in MADE_WITH_THE_WORLD}
    assert first == trade()


def records(registry: Registry) -> dict[str, list[Any]]:
    return drill_of(registry, registry.get("main")).records("shopify")


def test_a_removed_world_lets_nobody_in_any_more(registry: Registry) -> None:
    told = registry.open(WorldSpec(sync=False)).describe()
    headers = {"X-Shopify-Access-Token": told["apps"]["dev"]["shopify_token"]}
    url = f"{registry.fakes_url}/admin/api/2026-07/shop.json"
    answers = [registry.session().get(url, headers=headers).status_code]
    registry.remove("main")
    answers.append(registry.session().get(url, headers=headers).status_code)

    assert [200, 401] == answers


# --- specs ---


@pytest.mark.parametrize(
    ("spec", "named"),
    [
        ({"colour": "red"}, "a world has no 'colour'"),
        ({"database": "/tmp/world.db"}, "a world has no 'database'"),
        ({"start_ms": 0}, 'start_ms is "now" or milliseconds'),
        ({"start_ms": "today"}, 'start_ms is "now" or milliseconds'),
        ({"start_ms": True}, 'start_ms is "now" or milliseconds'),
        ({"seed": "7"}, "seed must be a int"),
        ({"calm": 1}, "calm must be a bool"),
        ({"integration": "quotes"}, "integration is deals or data-sync"),
        ({"shop_timezone": "Mars/Olympus"}, "a time zone is an IANA name"),
        ({"portal_currency": "EURO"}, "a currency is a code"),
        ({"withheld": "read_orders read_minds"}, "withheld names scopes of Shopify's, not read_minds"),
        ({"nets": "poll gossip"}, "nets are poll, sweep, webhooks, not gossip"),
        ({"name": "a/b"}, "a world's name is up to 64 letters"),
        ({"name": "x" * 65}, "a world's name is up to 64 letters"),
        ({"name": ""}, "a world's name is up to 64 letters"),
    ],
)
def test_a_spec_that_cannot_be_is_refused_by_the_name_of_its_field(spec: dict[str, Any], named: str) -> None:
    with pytest.raises(BadInput, match=named):
        read_spec(spec)


def test_a_served_world_begins_at_the_walls_time_unless_told_otherwise_and_so_when_it_is_begun_anew() -> None:
    today = iter([1_900_000_000_000, 1_900_000_100_000, 1_900_000_200_000, 1_900_000_300_000])
    served = Registry(lambda: 0.0, today=lambda: next(today))
    starts = []
    for name, told in (("a", {}), ("b", {"start_ms": "now"}), ("c", {"start_ms": 1_600_000_000_000})):
        made = control(served, "POST", "worlds", json={"name": name, "sync": False} | told).json()
        starts.append(made["now_ms"])
    starts.append(control(served, "POST", "worlds/a/reset").json()["now_ms"])
    served.close()

    assert [1_900_000_000_000, 1_900_000_100_000, 1_600_000_000_000, 1_900_000_300_000] == starts


def test_a_virtual_world_begins_at_a_fixed_instant_unless_told_otherwise(registry: Registry) -> None:
    told = [control(registry, "POST", "worlds", json={"sync": False, "name": "one"})]
    told += [control(registry, "POST", "worlds", json={"sync": False, "name": "two", "start_ms": 1_600_000_000_000})]

    assert [VIRTUAL_START_MS, 1_600_000_000_000] == [answer.json()["now_ms"] for answer in told]


def test_a_refused_spec_makes_no_world(registry: Registry) -> None:
    answer = control(registry, "POST", "worlds", json={"name": "mine", "colour": "red"})

    assert (400, []) == (answer.status_code, registry.names())
    assert answer.json()["error"].startswith("a world has no 'colour'; it takes name, seed,")


def test_a_name_is_given_once(registry: Registry) -> None:
    answers = [control(registry, "POST", "worlds", json={"name": "mine", "sync": False}) for _ in range(2)]

    assert [201, 400] == [answer.status_code for answer in answers]
    assert "there is a world 'mine' already" in answers[1].json()["error"]


def test_too_many_worlds_are_refused(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worlds, "MOST_WORLDS", 2)
    answers = [control(registry, "POST", "worlds", json={"name": name, "sync": False}) for name in ("a", "b", "c")]

    assert [201, 201, 400] == [answer.status_code for answer in answers]
    assert "at most 2 worlds at a time: remove one first" == answers[2].json()["error"]


def test_two_requests_at_once_make_one_world_of_a_name(served: Registry) -> None:
    answers: list[int] = []

    def create() -> None:
        answers.append(control(served, "POST", "worlds", json={"name": "mine", "sync": False}).status_code)

    threads = [threading.Thread(target=create) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG_S)

    assert [201, 400, 400, 400] == sorted(answers)
    assert 1 == sum(thread.name == "world mine" for thread in threading.enumerate())


# --- the control plane's door ---


@pytest.mark.parametrize(
    "host", ["drill.example.com", "10.0.0.7", "127.0.0.1.example.com", "localhost.example.com:5005"]
)
def test_the_control_plane_refuses_a_foreign_host(registry: Registry, host: str) -> None:
    assert 403 == control(registry, "GET", "worlds", headers={"Host": host}).status_code


@pytest.mark.parametrize("host", ["localhost:5005", "127.0.0.1:5005", "127.3.2.1", "[::1]:5005", "drill.localhost"])
def test_the_control_plane_answers_loopback_hosts(registry: Registry, host: str) -> None:
    assert 200 == control(registry, "GET", "worlds", headers={"Host": host}).status_code


@pytest.mark.parametrize("origin", ["https://example.com", "http://127.0.0.1:8080", "http://localhost:5005", "null"])
def test_the_control_plane_refuses_a_foreign_origin_and_does_nothing(registry: Registry, origin: str) -> None:
    answer = control(registry, "POST", "worlds", json={"name": "mine"}, headers={"Origin": origin})

    assert (403, []) == (answer.status_code, registry.names())


def test_the_control_plane_answers_a_page_of_its_own(registry: Registry) -> None:
    assert 200 == control(registry, "GET", "worlds", headers={"Origin": registry.fakes_url}).status_code


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", ""), ("DELETE", ""), ("POST", "/reset"), ("GET", "/clock"), ("PUT", "/faults"), ("POST", "/resync")],
)
def test_a_world_that_there_is_not_is_404_and_named(registry: Registry, method: str, path: str) -> None:
    answer = control(registry, method, f"worlds/atlantis{path}", json={})

    assert (404, "there is no world 'atlantis'; there are: none") == (answer.status_code, answer.json()["error"])


@pytest.mark.parametrize("body", [b"{", b"[1]", b"7", b"\xff"])
def test_a_body_that_is_no_json_object_is_400(registry: Registry, body: bytes) -> None:
    registry.open(WorldSpec(sync=False))
    answers = [control(registry, "POST", path, data=body) for path in ("worlds", "worlds/main/clock")]

    assert [400, 400] == [answer.status_code for answer in answers]
    assert all("JSON" in answer.json()["error"] for answer in answers)


# --- served ---


def test_a_jump_runs_all_that_falls_due_in_order_and_returns_when_it_is_done(served: Registry) -> None:
    world = served.open(WorldSpec(sync=False))
    world.set_rate(0)
    begun_ms = world.clock.now()
    acts: list[tuple[str, int]] = []

    def acting(name: str, every_ms: int) -> Callable[[int], int]:
        return lambda now_ms: acts.append((name, now_ms - begun_ms)) or now_ms + every_ms

    with world.condition:
        world.add_actor("quick", acting("quick", 20 * MINUTE))
        world.add_actor("slow", acting("slow", 50 * MINUTE))
    world.advance(60 * MINUTE)

    assert [(0, "quick"), (0, "slow"), (20, "quick"), (40, "quick"), (50, "slow"), (60, "quick")] == [
        (at_ms // MINUTE, name) for name, at_ms in acts
    ]
    assert begun_ms + 60 * MINUTE == world.clock.now()


def test_jumps_of_two_callers_are_taken_one_after_the_other(served: Registry) -> None:
    world = served.open(WorldSpec(sync=False))
    world.set_rate(0)
    begun_ms = world.clock.now()
    callers = [threading.Thread(target=world.advance, args=(MINUTE,)) for _ in range(5)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join(LONG_S)

    assert begun_ms + 5 * MINUTE == world.clock.now()


def test_a_held_clock_stands_and_a_rate_speeds_it(served: Registry) -> None:
    world = served.open(WorldSpec(sync=False))
    world.set_rate(0)
    held_ms = world.clock.now()
    times = times_of(world, 10 * MINUTE)
    time.sleep(0.05)
    stood_ms = world.clock.now() - held_ms
    world.set_rate(36_000)  # ten minutes of the world in a sixtieth of a second
    until(lambda: len(times) > 3)

    assert 0 == stood_ms
    assert times[0] == held_ms
    assert all(10 * MINUTE <= after - before for before, after in pairwise(times))


def test_a_clock_that_runs_too_fast_to_follow_lets_requests_through_all_the_same(served: Registry) -> None:
    world = served.open(WorldSpec(sync=False))
    times = times_of(world, 1)  # every millisecond of the world
    world.set_rate(100_000)
    until(lambda: len(times) > 1_000)
    began_s = time.monotonic()
    drill_of(served, world).shop.customer(email="ada@example.com")

    assert time.monotonic() - began_s < LONG_S
    assert 200 == control(served, "DELETE", "worlds/main").status_code


def test_a_request_during_a_jump_waits_for_its_end(served: Registry) -> None:
    world = served.open(WorldSpec(sync=False))
    world.set_rate(0)
    begun_ms, entered, go_on = world.clock.now(), threading.Event(), threading.Event()

    def step(now_ms: int) -> int | None:
        if now_ms == begun_ms + MINUTE:
            entered.set()
            go_on.wait(LONG_S)
        return now_ms + MINUTE

    with world.condition:
        world.add_actor("long", step)
    jump = threading.Thread(target=world.advance, args=(5 * MINUTE,))
    jump.start()
    assert entered.wait(LONG_S)
    made: list[dict[str, Any]] = []
    drill = Drill(served.session(), served.fakes_url, world.describe())
    request = threading.Thread(target=lambda: made.append(drill.shop.customer(email="ada@example.com")))
    request.start()
    request.join(0.05)
    waited = request.is_alive()
    go_on.set()
    jump.join(LONG_S)
    request.join(LONG_S)

    assert waited
    assert [begun_ms + 5 * MINUTE] == [
        row["at_ms"] for row in drill.control("GET", "changes?vendor=shopify")["changes"]
    ][-1:]
    assert 1 == len(made)


def test_a_slow_answer_takes_its_time_and_lets_others_through(served: Registry) -> None:
    world = served.open(WorldSpec(sync=False))
    world.simulation.faults.replace((Fault("slow", "slow", path="customers", delay_ms=300),))
    drill = drill_of(served, world)
    began_s, done_s = time.monotonic(), {}

    def write(what: str) -> None:
        getattr(drill.shop, what)("Mug") if what == "product" else drill.shop.customer(email="ada@example.com")
        done_s[what] = time.monotonic() - began_s

    threads = [threading.Thread(target=write, args=(what,)) for what in ("customer", "product")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG_S)

    assert done_s["product"] < done_s["customer"]
    assert 0.3 <= done_s["customer"]


def test_closing_a_world_ends_its_thread_and_whoever_waits_in_it(served: Registry) -> None:
    world = served.open(WorldSpec(sync=False))
    world.set_rate(0)
    waiting = threading.Thread(target=world.pause, args=(60 * MINUTE,))
    waiting.start()
    assert "world main" in [thread.name for thread in threading.enumerate()]
    served.remove("main")
    waiting.join(LONG_S)

    assert not waiting.is_alive()
    assert "world main" not in [thread.name for thread in threading.enumerate()]


def test_a_failing_actor_ends_its_world_and_is_named_and_other_worlds_go_on(served: Registry) -> None:
    broken, whole = (served.open(WorldSpec(name=name, sync=False)) for name in ("broken", "whole"))
    for world in (broken, whole):
        world.set_rate(0)

    def fail(now_ms: int) -> None:
        raise ZeroDivisionError("no such luck")

    with broken.condition:
        broken.add_actor("gambler", fail)
    ended = control(served, "POST", "worlds/broken/clock", json={"advance_ms": MINUTE})
    went_on = control(served, "POST", "worlds/whole/clock", json={"advance_ms": MINUTE})

    assert 500 == ended.status_code
    assert (
        "the world 'broken' has ended: ZeroDivisionError: no such luck, in the actor 'gambler'" in ended.json()["error"]
    )
    assert 200 == went_on.status_code
    told = {world["name"]: world.get("ended", "") for world in control(served, "GET", "worlds").json()["worlds"]}
    assert ("gambler" in told["broken"], told["whole"]) == (True, "")
    assert 200 == control(served, "GET", "worlds/broken/journal").status_code  # it can still be looked at
    assert [200, 200] == [control(served, "DELETE", f"worlds/{name}").status_code for name in ("broken", "whole")]


def test_a_failing_actor_of_a_virtual_world_is_named_too(registry: Registry) -> None:
    world = registry.open(WorldSpec(sync=False))
    world.add_actor("gambler", lambda now_ms: 1 // 0)

    with pytest.raises(ZeroDivisionError) as failure:
        world.advance(MINUTE)

    assert ["in the actor 'gambler'"] == failure.value.__notes__


def test_nothing_of_an_actor_runs_on_when_its_world_is_closed(registry: Registry) -> None:
    world = registry.open(WorldSpec(sync=False))
    ran: list[str] = []

    def step(_: int) -> None:
        try:
            world.pause(MINUTE)
            ran.append("after")
        finally:
            world.pause(MINUTE)
            ran.append("last words")

    world.add_actor("talker", step)
    world.advance(1)
    registry.remove("main")

    assert [] == ran
