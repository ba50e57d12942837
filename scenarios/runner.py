"""Runs scenarios: each in a world of its own, in this process or over HTTP, and then everything that always holds."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import requests

from scenarios.invariants import broken, gather, of_other_stores
from scenarios.scenario import Scenario, all_scenarios
from scenarios.verbs import Drill, close_drill, open_drill

if TYPE_CHECKING:
    from rich.console import Console

OVER = ("process", "http")

Watch = Callable[[int, str], None]  # how many are done, and which was the last


@dataclass(frozen=True, slots=True)
class Place:
    """Where worlds are made: a session, and the base URL of a control plane."""

    session: requests.Session
    url: str


@dataclass(frozen=True, slots=True)
class Result:
    """One run. `error` is "" where all went well; `seconds` are the machine's, `world_minutes` the world's."""

    name: str
    integration: str
    seed: int
    seconds: float
    world_minutes: int
    error: str
    replay: str


def run(
    names: Sequence[str] = (), integrations: Sequence[str] = (), over: str = "process", seed: int = 1, url: str = ""
) -> Iterator[Result]:
    """Run the named scenarios, or all, one by one; a ValueError says which name there is not.

    Args:
        integrations: which ones; each scenario's own if not given.
        over: "process", or "http": against `url`, or a server of our own where there is none.
    """
    chosen = choose(names, integrations)
    logging.getLogger("sync_core").addHandler(logging.NullHandler())  # the faults are meant: they are in the result
    with over_http(url) if over == "http" else in_process() as place:
        for one, integration in chosen:
            yield run_one(place, one, integration, over, seed)


def choose(names: Sequence[str] = (), integrations: Sequence[str] = ()) -> list[tuple[Scenario, str]]:
    """What `run` would run: each scenario with each integration to which it applies."""
    return [
        (one, integration)
        for one in _named(names)
        for integration in one.integrations
        if not integrations or integration in integrations
    ]


def run_one(place: Place, one: Scenario, integration: str, over: str = "process", seed: int = 1) -> Result:
    """Run a scenario in a new world and check all that must hold in the end."""
    over_what = f" --over {over}" if over != "process" else ""
    replay = f"syncdrill scenarios run {one.name} --integration {integration} --seed {seed}{over_what}"
    began, error, world_ms = time.perf_counter(), "", 0
    try:
        with world_for(place, one.name, integration, seed, replay, one.seeded, one.world) as drill:
            began_ms = drill.now_ms
            try:
                one.run(drill)
                conclude(drill)
            finally:
                world_ms = drill.now_ms - began_ms
    except Exception as failure:  # noqa: BLE001  whatever went wrong is this scenario's result
        error = f"{type(failure).__name__}: {failure}"
    return Result(one.name, integration, seed, round(time.perf_counter() - began, 2), world_ms // 60_000, error, replay)


def conclude(drill: Drill) -> None:
    """What holds after every scenario: without faults all settles, and no invariant is broken."""
    drill.heal()
    drill.settles()
    evidence = gather(drill)
    found = [breach for each in (evidence, *of_other_stores(drill, evidence)) for breach in broken(each)]
    if found:
        told = "\n  ".join(found[:10])
        raise AssertionError(f"{len(found)} breaches of invariants:\n  {told}{drill.how_to_replay()}")


# --- worlds ---


@contextmanager
def in_process(ledgers: Callable[[], str] = lambda: "") -> Iterator[Place]:
    """Virtual worlds in this process: no socket, no thread.

    Args:
        ledgers: the database of the next world's ledger, where it is not to stand in memory.
    """
    from scenarios.worlds import Registry

    registry = Registry(ledgers=ledgers)
    try:
        yield Place(registry.session(), registry.fakes_url)
    finally:
        registry.close()


@contextmanager
def over_http(url: str = "") -> Iterator[Place]:
    """Worlds behind real sockets: at `url`, or on a server that ends with this."""
    with requests.Session() as session:
        session.trust_env = False
        if url:
            yield Place(session, url.rstrip("/"))
            return
        from scenarios.serve import serving
        from scenarios.world import WorldSpec

        with serving(WorldSpec(name="idle", sync=False)) as up:
            yield Place(session, up.fakes_url)


@contextmanager
def world_for(
    place: Place,
    name: str,
    integration: str,
    seed: int,
    replay: str = "",
    seeded: Mapping[str, int] | None = None,
    fields: Mapping[str, Any] | None = None,
) -> Iterator[Drill]:
    """A world for one drill, removed at the end.

    Args:
        seeded: how many records of each kind are there before the integration connects.
        fields: how the world differs from others.
    """
    spec = {"name": f"{name}-{integration}"[:64], "seed": seed, "integration": integration, **(fields or {})}
    drill = open_drill(place.session, place.url, spec, replay, seeded)
    try:
        yield drill
    finally:
        close_drill(drill)


# --- telling ---


def report(results: Iterator[Result], console: Console, as_json: bool = False, watch: Watch | None = None) -> int:
    """Show each result as it comes, its failure with it; returns the exit code.

    Args:
        watch: told how many are done, for a progress bar.
    """
    done: list[Result] = []
    for result in results:
        done.append(result)
        if watch:
            watch(len(done), f"{result.name} {result.integration}")
        if not as_json:
            _show(result, console)
    failed = [result for result in done if result.error]
    if as_json:
        console.print_json(data=[asdict(result) for result in done])
    else:
        seconds = sum(result.seconds for result in done)
        console.print(f"{len(done) - len(failed)} of {len(done)} runs ok, {seconds:.1f} s")
        for result in failed:
            console.print(f"[red]failed[/red]  {result.replay}", highlight=False)
    return 1 if failed else 0


def _show(result: Result, console: Console) -> None:
    word = "[red]failed[/red]" if result.error else "[green]ok[/green]    "
    times = f"{result.seconds:6.2f} s  {result.world_minutes:>6} min of world time"
    console.print(f"{word}  {result.name:<48}  {result.integration:<9}  {times}", highlight=False, soft_wrap=True)
    if result.error:
        console.print(f"{result.error}\nrun it again: {result.replay}\n", markup=False, highlight=False, soft_wrap=True)


def as_rows() -> list[dict[str, Any]]:
    """The library, a row a scenario, for `scenarios list`."""
    return [
        {"name": one.name, "title": one.title, "spec": list(one.spec), "integrations": list(one.integrations)}
        for one in all_scenarios()
    ]


def _named(names: Sequence[str]) -> list[Scenario]:
    there = {one.name: one for one in all_scenarios()}
    unknown = [name for name in names if name not in there]
    if unknown:
        raise ValueError(f"there is no scenario {', '.join(unknown)}; there are: {', '.join(there)}")
    return [there[name] for name in names] if names else list(there.values())
