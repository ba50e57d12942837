"""A scenario: a row of facts about a function that drives a world.

One file a scenario in `scenarios/library`, named like its function; its docstring is the Given / When / Then. What
holds after every scenario (HubSpot shows what it must, the invariants) the runner checks; a scenario checks the rest.
"""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from scenarios import library
from scenarios.verbs import Drill

BOTH = ("deals", "data-sync")


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario.

    Args:
        spec: ids of the requirements that it shows, and of the catalogue's scenarios (S6).
        integrations: those that it applies to.
        text: Given, When, Then.
        seeded: how many records of each kind are in the shop before the integration connects.
        slow: it lets days pass, and is left out of the quick tests.
        world: how its world differs from others: fields of a WorldSpec.
    """

    name: str
    title: str
    spec: tuple[str, ...]
    integrations: tuple[str, ...]
    text: str
    run: Callable[[Drill], None]
    seeded: Mapping[str, int] = field(default_factory=dict)
    slow: bool = False
    world: Mapping[str, Any] = field(default_factory=dict)


def scenario(
    title: str,
    spec: str,
    integrations: tuple[str, ...] = BOTH,
    seeded: Mapping[str, int] | None = None,
    slow: bool = False,
    **world: Any,
) -> Callable[[Callable[[Drill], None]], Scenario]:
    """Make a scenario of a function; what is not its own argument is its world's."""

    def made(run: Callable[[Drill], None]) -> Scenario:
        name = run.__name__  # type: ignore[attr-defined]
        text = inspect.getdoc(run) or ""
        return Scenario(name, title, tuple(spec.split()), integrations, text, run, seeded or {}, slow, world)

    return made


def all_scenarios() -> list[Scenario]:
    """The whole library, by name."""
    names = sorted(module.name for module in pkgutil.iter_modules(library.__path__))
    return [getattr(import_module(f"{library.__name__}.{name}"), name) for name in names]


def expect(what: str, found: Any, wanted: Any) -> None:
    """Fail in words where `found` is not `wanted`."""
    if found != wanted:
        raise AssertionError(f"{what}: found {found!r}, expected {wanted!r}")
