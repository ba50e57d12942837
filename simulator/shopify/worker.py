"""What a shop does by itself when its time has come: the steps of bulk operations, of all shops of a world."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from simulator.kernel.resource import Document
from simulator.kernel.simulation import Grant, Simulation, Site
from simulator.shopify import apps, auth
from simulator.shopify.kinds import BULK_OPERATIONS, VENDOR
from simulator.shopify.rules import bulk
from simulator.shopify.rules.bulk import WORKER, Failure, Line
from simulator.shopify.shop import Caller, Shop

__all__ = ["WORKER", "worker"]


def worker(simulation: Simulation) -> Callable[[int], int | None]:
    """A step for the world: does all that is due and returns when something is due again."""
    return _Worker(simulation).step


class _Worker:
    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        # What is left of the results that are being read. A restart loses it: those operations begin anew.
        self._lines: dict[tuple[str, int], Iterator[Line]] = {}

    def step(self, now_ms: int) -> int | None:
        due = []
        for tenant in self._simulation.store.tenants(BULK_OPERATIONS.resource):
            site = Site(self._simulation, tenant)
            for operation in site.find(BULK_OPERATIONS.resource, "due_ms <= ?", (now_ms,), order="due_ms, id"):
                self._advance(site, operation)
            later = site.find(BULK_OPERATIONS.resource, "due_ms IS NOT NULL", order="due_ms, id", limit=1)
            due += [one["due_ms"] for one in later]
        return min(due, default=None)

    def _advance(self, site: Site, operation: Document) -> None:
        grant = next((one for one in site.apps(VENDOR) if one.app == operation["app"]), None)
        shop = Shop.open(site, _caller(grant, operation))
        lines = self._lines.pop((site.tenant, operation["id"]), None) if grant else _denied()
        if lines is None:  # none are read yet, or none of this process
            assert grant is not None
            lines = _read(shop, grant, operation["query"])
            operation = operation | ({"status": "created"} if operation["status"] == "running" else {})
        with site.transaction():
            operation = bulk.step(shop, operation, lines)
        if operation["status"] == "running":
            self._lines[site.tenant, operation["id"]] = lines


def _caller(grant: Grant | None, operation: Document) -> Caller:
    if grant:
        return auth.caller(grant, operation["api_version"])
    return Caller(operation["app"], apps.app_id(operation["app"]), frozenset(), operation["api_version"])


def _read(shop: Shop, grant: Grant, query: str) -> Iterator[Line]:
    from simulator.shopify.graphql import bulk as queries  # here, as its import takes what only a query should pay

    yield from queries.lines(shop, grant, query)


def _denied() -> Iterator[Line]:
    """What is left to an app that was turned out meanwhile; our reading."""
    raise Failure("ACCESS_DENIED")
    yield
