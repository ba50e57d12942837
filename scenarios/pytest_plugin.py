"""A pytest plugin: the fixture `drill`, a fresh virtual world for each test, and two options that choose it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from scenarios.verbs import Drill


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("syncdrill", "a Shopify -> HubSpot sync under test")
    group.addoption("--drill-seed", type=int, default=1, help="All chance of the drill's world follows from it.")
    group.addoption(
        "--drill-integration",
        choices=("deals", "data-sync"),
        default="deals",
        help="deals: orders become deals (2023). data-sync: orders and carts (2024).",
    )


@pytest.fixture
def drill(request: pytest.FixtureRequest) -> Iterator[Drill]:
    """A shop, a portal and the sync core in this process, on a clock that the test moves."""
    from scenarios.runner import in_process, world_for  # heavy: only a test that drills pays for it

    seed, integration = (request.config.getoption(name) for name in ("--drill-seed", "--drill-integration"))
    replay = f"pytest '{request.node.nodeid}' --drill-seed {seed} --drill-integration {integration}"
    with in_process() as place, world_for(place, "test", integration, seed, replay) as opened:
        yield opened
