"""Runs scenarios: each in a world of its own, in this process or over HTTP, and then everything that always holds."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import requests

from scenarios.invariants import broken, gather
from scenarios.scenario import Scenario, all_scenarios
from scenarios.verbs import Drill, close_drill, open_drill

if TYPE_CHECKING:
    from rich.console import Console

OVER = ("process", "http")


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
    chosen = _chosen(names)
    logging.getLogger("sync_core").addHandler(logging.NullHandler())  # the faults are meant: they are in the result
    with over_http(url) if over == "http" else in_process() as place:
        for one in chosen:
            for integration in one.integrations:
                if not integrations or integration in integrations:
                    yield run_one(place, one, integration, over, seed)


def run_one(place: Place, one: Scenario, integration: str, over: str = "process", seed: int = 1) -> Result:
    """Run a scenario in a new world and check all that must hold in the end."""
    over_what = f" --over {over}" if over != "process" else ""
    replay = f"syncdrill scenarios run {one.name} --integration {integration} --seed {seed}{over_what}"
    began, error, world_ms = time.perf_counter(), "", 0
    try:
        with world_for(place, one.name, integration, seed, replay, one.seeded) as drill:
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
    found = broken(gather(drill))
    if found:
        told = "\n  ".join(found[:10])
        raise AssertionError(f"{len(found)} breaches of invariants:\n  {told}{drill.how_to_replay()}")


# --- worlds ---


@contextmanager
def in_process() -> Iterator[Place]:
    """Virtual worlds in this process: no socket, no thread."""
    from scenarios.worlds import Registry

    registry = Registry()
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
    place: Place, name: str, integration: str, seed: int, replay: str = "", seeded: Mapping[str, int] | None = None
) -> Iterator[Drill]:
    """A world for one drill, removed at the end; `seeded` records are there before the integration connects."""
    spec = {"name": f"{name}-{integration}"[:64], "seed": seed, "integration": integration}
    drill = open_drill(place.session, place.url, spec, replay, seeded)
    try:
        yield drill
    finally:
        close_drill(drill)


# --- telling ---


def report(results: Iterator[Result], console: Console, as_json: bool = False) -> int:
    """Show the results as they come, then the failures; returns the exit code."""
    done = []
    if as_json:
        done = list(results)
        console.print_json(data=[asdict(result) for result in done])
    else:
        done = _show(results, console)
    return 1 if any(result.error for result in done) else 0


def _show(results: Iterator[Result], console: Console) -> list[Result]:
    from rich.live import Live
    from rich.table import Table

    table = Table("scenario", "integration", "result", "seconds", "world minutes")
    done: list[Result] = []
    with Live(table, console=console, auto_refresh=False) as live:
        for result in results:
            done.append(result)
            word = "[red]failed[/red]" if result.error else "[green]ok[/green]"
            table.add_row(result.name, result.integration, word, f"{result.seconds:.2f}", str(result.world_minutes))
            live.refresh()
    failed = [result for result in done if result.error]
    for result in failed:
        console.print(f"\n[bold red]{result.name}[/bold red] ({result.integration}, seed {result.seed})")
        console.print(result.error, markup=False, highlight=False)
        console.print(f"run it again: {result.replay}", markup=False, highlight=False)
    seconds = sum(result.seconds for result in done)
    console.print(f"\n{len(done) - len(failed)} of {len(done)} runs ok, {seconds:.1f} s")
    return done


def as_rows() -> list[dict[str, Any]]:
    """The library, a row a scenario, for `scenarios list`."""
    return [
        {"name": one.name, "title": one.title, "spec": list(one.spec), "integrations": list(one.integrations)}
        for one in all_scenarios()
    ]


def _chosen(names: Sequence[str]) -> list[Scenario]:
    there = {one.name: one for one in all_scenarios()}
    unknown = [name for name in names if name not in there]
    if unknown:
        raise ValueError(f"there is no scenario {', '.join(unknown)}; there are: {', '.join(there)}")
    return [there[name] for name in names] if names else list(there.values())
