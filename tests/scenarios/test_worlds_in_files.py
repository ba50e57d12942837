"""Worlds that are kept in files: what survives a restart, and what must stay as it was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from scenarios.verbs import Drill
from scenarios.world import World, WorldSpec
from scenarios.worlds import Registry

MINUTE = 60_000


@pytest.fixture
def registry() -> Iterator[Registry]:
    made = Registry()
    yield made
    made.close()


def drill_of(registry: Registry, world: World) -> Drill:
    return Drill(registry.session(), registry.fakes_url, world.describe())


def control(registry: Registry, method: str, path: str, **options: Any) -> requests.Response:
    return registry.session().request(method, f"{registry.fakes_url}/_sim/{path}", **options)


def open_file(registry: Registry, path: Path, **more: Any) -> World:
    return registry.open(WorldSpec(database=str(path), **more))


def test_a_world_in_a_file_survives_with_records_ledger_tokens_and_webhooks_that_are_owed(tmp_path: Path) -> None:
    path, first = tmp_path / "world.db", Registry()
    world = open_file(first, path)
    drill = drill_of(first, world)
    drill.passes(minutes=2)
    customer = drill.shop.customer(email="ada@example.com")
    drill.settles()
    drill.shop.product("Mug")  # its webhook is still owed when the process ends
    owed = drill.control("GET", "outbox")["waiting"]
    before = world.describe()["apps"], drill.records("shopify"), drill.records("hubspot")
    first.close()

    second = Registry()
    world = open_file(second, path)
    drill = drill_of(second, world)
    after = world.describe()["apps"], drill.records("shopify"), drill.records("hubspot")
    assert before == after
    assert owed == drill.control("GET", "outbox")["waiting"]
    assert [] != owed
    assert "in_sync" == world.core.explain("customer", str(customer["id"]))["standing"]["status"]
    drill.settles()
    assert ("Mug", 1) == (drill.portal.product("Mug").get("name"), drill.portal.count("contacts"))
    second.close()


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"seed": 2}, "made with seed 1, not 2: start with that, or begin with a new file"),
        ({"integration": "data-sync"}, "made with integration deals, not data-sync"),
    ],
)
def test_a_world_in_a_file_stays_what_it_was_made_from(other: dict, words: str, tmp_path: Path) -> None:
    path, registry = tmp_path / "world.db", Registry()
    open_file(registry, path, sync=False)
    registry.close()

    with pytest.raises(ValueError, match=words):
        open_file(registry, path, sync=False, **other)
    assert 1 == open_file(registry, path, sync=False).spec.seed  # untouched
    registry.close()


def test_the_clock_of_a_world_in_a_file_does_not_go_back(tmp_path: Path) -> None:
    path, first = tmp_path / "world.db", Registry()
    world = open_file(first, path, sync=False)
    world.advance(3 * 60 * MINUTE)  # nothing changes meanwhile
    ended_ms = world.clock.now()
    first.close()

    second = Registry()
    assert ended_ms <= open_file(second, path, sync=False).clock.now() <= ended_ms + MINUTE
    second.close()


def test_the_clock_does_not_go_back_either_where_nobody_closed_the_world(tmp_path: Path) -> None:
    path, first, second = tmp_path / "world.db", Registry(), Registry()
    world = open_file(first, path, sync=False)
    world.advance(3 * 60 * MINUTE + 9_999)

    assert world.clock.now() <= open_file(second, path, sync=False).clock.now()
    second.close()
    first.close()


def test_a_world_in_a_file_is_not_begun_anew_by_a_request(registry: Registry, tmp_path: Path) -> None:
    open_file(registry, tmp_path / "world.db", sync=False)
    refused = control(registry, "POST", "worlds/main/reset")

    assert (400, True) == (refused.status_code, "delete the file" in refused.json()["error"])
