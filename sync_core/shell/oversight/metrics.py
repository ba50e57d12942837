"""What the core knows of itself, for Prometheus: read from the ledger and the limits at the moment of a scrape.

A registry of its own for each core: there may be several in a process. Nothing here is about a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from sync_core.pure.lags import BOUNDS_MS, Histogram
from sync_core.shell.oversight.overview import overview

if TYPE_CHECKING:
    from sync_core.shell.running.connection import Connection
    from sync_core.shell.running.core import SyncCore

FRESH_MS = 5_000  # an answer is given again for so long: counting a large ledger takes a moment
BUCKETS_S = (1, 2, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 86_400)

WAYS_IN = {"webhook": "webhook", "page": "poll", "reread": "read by id"}

Told = Mapping[str, Any]
Rows = Iterable[tuple[list[str], float]]


class Metrics:
    """The page; `text` is in Prometheus' own format."""

    def __init__(self, core: SyncCore, now: Callable[[], int]) -> None:
        self._core, self._now = core, now
        self._registry = CollectorRegistry()
        self._registry.register(self)
        self._text, self._until_ms = b"", 0

    def text(self) -> bytes:
        if self._now() >= self._until_ms:
            self._text = generate_latest(self._registry)
            self._until_ms = self._now() + FRESH_MS
        return self._text

    def describe(self) -> list[Metric]:
        """Nothing yet: a registry that is told so asks nobody before the first scrape."""
        return []

    def collect(self) -> Iterator[Metric]:
        connections = list(self._core.connections.values())
        told = {one.settings.shop: overview(one, self._now()) for one in connections}
        for name, help, labels, read in GAUGES:
            family = GaugeMetricFamily(f"syncdrill_{name}", help, labels=["shop", *labels])
            for shop, one in told.items():
                for values, figure in read(one):
                    family.add_metric([shop, *values], figure)
            yield family
        yield from _lags(connections)
        yield from _counted(connections)


def _counted(connections: Sequence[Connection]) -> Iterator[Metric]:
    """A change that a poll tells of first is one whose webhook was lost, or is late."""
    found = CounterMetricFamily(
        "syncdrill_changes_found", "Live changes, by what told of them first.", labels=["shop", "by"]
    )
    for one in connections:
        for by, n in sorted(one.ledger.found.items()):
            found.add_metric([one.settings.shop, WAYS_IN[by]], n)
    calls = CounterMetricFamily("syncdrill_hubspot_calls", "Calls to HubSpot since the core began.")
    refusals = CounterMetricFamily("syncdrill_hubspot_refusals", "Those that HubSpot answered with 429.")
    for hubspot in {id(one.hubspot): one.hubspot for one in connections}.values():
        calls.add_metric([], hubspot.made)
        refusals.add_metric([], hubspot.refusals)
    yield from (found, calls, refusals)


def _lags(connections: Iterable[Connection]) -> Iterator[Metric]:
    lag = HistogramMetricFamily(
        "syncdrill_propagation_lag_seconds",
        "From a live change's commit in Shopify to HubSpot's answer.",
        labels=["shop", "kind"],
    )
    late = CounterMetricFamily("syncdrill_late_changes", "Live changes that took over 600 s.", labels=["shop", "kind"])
    longest = GaugeMetricFamily("syncdrill_longest_lag_seconds", "The longest of them.", labels=["shop", "kind"])
    for one in connections:
        for kind, found in sorted(one.engine.lags.by_kind.items()):
            labels = [one.settings.shop, kind]
            lag.add_metric(labels, _buckets(found), None)
            late.add_metric(labels, found.late)
            longest.add_metric(labels, found.max_ms / 1000)
    yield from (lag, late, longest)


def _buckets(found: Histogram) -> list[tuple[str, float]]:
    """Fewer buckets, as the finer ones add up to them; a bucket counts where its upper bound says."""
    totals = [0] * (len(BUCKETS_S) + 1)
    for bucket, n in found.counts.items():
        place = next((at for at, bound in enumerate(BUCKETS_S) if BOUNDS_MS[bucket] <= bound * 1000), len(BUCKETS_S))
        totals[place] += n
    running = [sum(totals[: at + 1]) for at in range(len(totals))]
    return list(zip([*(str(float(bound)) for bound in BUCKETS_S), "+Inf"], running, strict=True))


# --- the gauges: name, help, labels beside the shop, and the figures of one connection ---


def _states(told: Told) -> Rows:
    return [([name, state], n) for name, one in told["objects"].items() for state, n in one["states"].items()]


def _seconds(figure: str) -> Callable[[Told], Rows]:
    """A time among the figures of how well it keeps up."""
    return lambda told: [([], told["pace"][figure] / 1000)]


def _number(read: Callable[[Told], float]) -> Callable[[Told], Rows]:
    return lambda told: [([], read(told))]


GAUGES: tuple[tuple[str, str, tuple[str, ...], Callable[[Told], Rows]], ...] = (
    ("records", "Shopify's records by object and state of their sync.", ("object", "state"), _states),
    (
        "hubspot_records",
        "Live HubSpot records that come from the shop.",
        ("object",),
        lambda told: [([name], one["in_hubspot"]) for name, one in told["objects"].items()],
    ),
    (
        "parked_records",
        "Records that are failing or blocked, by class.",
        ("kind", "status", "class"),
        lambda told: [([one["kind"], one["status"], one["class"]], one["records"]) for one in told["parked"]],
    ),
    (
        "due_records",
        "Records with work left, by lane.",
        ("lane",),
        lambda told: [([lane], told["pace"][f"due_{lane}"]) for lane in ("live", "backfill")],
    ),
    ("oldest_unsynced_seconds", "Age of the oldest live change that waits.", (), _seconds("oldest_unsynced_ms")),
    ("eta_live_seconds", "Until every live change is in HubSpot.", (), _seconds("eta_live_ms")),
    ("eta_all_seconds", "Until everything is in HubSpot.", (), _seconds("eta_all_ms")),
    ("rung", "Of the ladder of what gives way; 0 at rest.", (), _number(lambda told: told["pace"]["rung"])),
    (
        "net_age_seconds",
        "Since a net's last round began.",
        ("net",),
        lambda told: [([one["net"]], one["age_ms"] / 1000) for one in told["nets"] if one["age_ms"] is not None],
    ),
    ("nets_late", "Nets that are late.", (), _number(lambda told: sum(one["late"] for one in told["nets"]))),
    (
        "hubspot_limit",
        "HubSpot's limits in calls: burst, those that are taken of it, search, day.",
        ("limit",),
        lambda told: [
            (["burst"], told["limits"]["calls"]["limit"]),
            (["allowed"], told["limits"]["calls"]["allowed"]),
            (["search"], told["limits"]["searches"]["limit"]),
            *([(["day"], told["limits"]["day"]["limit"])] if told["limits"]["day"] else ()),
        ],
    ),
    (
        "hubspot_calls_left",
        "Calls that each limit still allows now.",
        ("limit",),
        lambda told: [
            (["burst"], told["limits"]["calls"]["left"]),
            (["search"], told["limits"]["searches"]["left"]),
            *([(["day"], told["limits"]["day"]["left"])] if told["limits"]["day"] else ()),
        ],
    ),
    (
        "brake_on",
        "Whether a mass deletion waits for a person's word.",
        ("object",),
        lambda told: [([name], one["on"]) for name, one in told["brake"].items()],
    ),
    (
        "brake_waiting",
        "Records that wait to be deleted.",
        ("object",),
        lambda told: [([name], one["waiting"]) for name, one in told["brake"].items()],
    ),
    ("held", "Whether nothing is written until a plan is applied.", (), _number(lambda told: told["held"])),
    ("paused", "Whether the shop is paused.", (), _number(lambda told: bool(told["paused"]))),
    ("live", "Whether the first import is over.", (), _number(lambda told: told["phase"] == "live")),
)
