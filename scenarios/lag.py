"""How long each change of the shop took until HubSpot showed it, from the two change logs alone.

The clock of a change starts at its commit in Shopify, or at the instant that a rule gives (a checkout counts as
abandoned, A26; a pending deal expires, A25), and stops when HubSpot first shows this version of the record or a later
one, as the oracle sees it (B10). A change that asks nothing new of HubSpot is not counted.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from scenarios.oracle.records import KINDS, Document, NaturalKey, Portal, Shop, as_sent
from scenarios.oracle.verdict import (
    EXPIRY_MS,
    View,
    abandoned_at_ms,
    checkout_state,
    natural_keys,
    pending_since_ms,
    unmet,
    unmet_deletion,
)

PROMISE_MS = 600_000  # "within 10 minutes after a change" (B10)

Key = tuple[str, str]  # kind and id of a Shopify record
Row = Mapping[str, Any]  # a line of the change log, as the control plane shows it


@dataclass(frozen=True, slots=True)
class Lag:
    """One change. `took_ms` is None while HubSpot does not show it."""

    kind: str
    id: str
    at_ms: int
    took_ms: int | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """Propagation of one kind of record. `waiting` are not shown yet; those older than the promise count as late."""

    count: int
    p50_ms: int
    p95_ms: int
    p99_ms: int
    max_ms: int
    late: int
    waiting: int


def lags(
    changes: Iterable[Row],
    integration: str,
    from_ms: int = 0,
    now_ms: int | None = None,
    webhooks_lost: bool = False,
) -> list[Lag]:
    """Every change committed at or after `from_ms`, in the order of commits.

    Args:
        changes: rows of both vendors in the order of their `seq`, from the beginning of the world.
        from_ms: when the first import was complete; what is older is no change (B10).
        now_ms: until when to look; the last row's time if not given.
        webhooks_lost: whether some never arrived: what only a webhook tells is not counted then (see the oracle).
    """
    replay = _Replay(integration, from_ms, webhooks_lost)
    for row in changes:
        replay.let_pass(row["at_ms"])
        replay.take(row)
    return replay.finish(now_ms)


def summarise(found: Iterable[Lag], now_ms: int) -> dict[str, Summary]:
    """By kind of record, and "all"."""
    groups: dict[str, list[Lag]] = defaultdict(list)
    for lag in found:
        groups[lag.kind].append(lag)
        groups["all"].append(lag)
    return {kind: _summary(groups[kind], now_ms) for kind in sorted(groups)}


def _summary(found: list[Lag], now_ms: int) -> Summary:
    took = sorted(lag.took_ms for lag in found if lag.took_ms is not None)
    ages = [now_ms - lag.at_ms for lag in found if lag.took_ms is None]
    late = sum(ms > PROMISE_MS for ms in (*took, *ages))
    p50, p95, p99 = (percentile(took, share) for share in (50, 95, 99))
    return Summary(len(found), p50, p95, p99, took[-1] if took else 0, late, len(ages))


def percentile(ordered: list[int], share: int) -> int:
    """The nearest rank: the smallest value that `share` percent do not exceed."""
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)] if ordered else 0


# --- replaying the log ---


@dataclass(slots=True)
class _Version:
    """A commit that HubSpot does not show yet; `document` is None for a deletion, `last` its last image."""

    at_ms: int
    order: int
    document: Document | None
    last: Document | None = None


@dataclass(slots=True)
class _Replay:
    """Both sides as they were at each line of the log, and the changes that are on their way."""

    integration: str
    from_ms: int
    webhooks_lost: bool
    shop: Shop = field(default_factory=Shop)
    portal: Portal = field(default_factory=Portal)
    now_ms: int = 0
    _open: dict[Key, list[_Version]] = field(default_factory=dict)
    _waiting_at: dict[NaturalKey, set[Key]] = field(default_factory=lambda: defaultdict(set))
    _places: dict[Key, set[NaturalKey]] = field(default_factory=lambda: defaultdict(set))  # where each waits
    _checkout_ids: dict[str, str] = field(default_factory=dict)  # by name
    _rules: list[tuple[int, int, Key]] = field(default_factory=list)  # when passing time alone asks for something
    _expiring: set[str] = field(default_factory=set)  # deals whose expiry is noted
    _closed: list[tuple[int, Lag]] = field(default_factory=list)
    _count: int = 0

    def let_pass(self, at_ms: int) -> None:
        """Let time pass to `at_ms`; rules that fall due on the way make changes of their own."""
        while self._rules and self._rules[0][0] <= at_ms:
            due_ms, _, key = heapq.heappop(self._rules)
            self.now_ms = max(self.now_ms, due_ms)
            document = self.shop.records[key[0]].get(key[1])
            if document is not None and checkout_state(self._view(), document) in ("abandoned", "stuck"):
                self._begin(key, _Version(self.now_ms, self._next(), document))
        self.now_ms = max(self.now_ms, at_ms)

    def take(self, row: Row) -> None:
        if row["vendor"] == "hubspot":
            touched = self.portal.apply(row["resource"], str(row["id"]), row["document"])
            for natural in touched:
                self._note_expiry(natural)
                for key in sorted(self._waiting_at.get(natural, ())):
                    self._look(key)
        elif row["resource"] in KINDS:
            self._take_shopify(KINDS[row["resource"]], str(row["id"]), row["document"])

    def finish(self, now_ms: int | None) -> list[Lag]:
        self.let_pass(self.now_ms if now_ms is None else now_ms)
        self._look_at_all()
        view = self._view()
        for (kind, id), versions in self._open.items():
            for version in versions:
                why = self._problems(view, (kind, id), version)
                self._closed.append((version.order, Lag(kind, id, version.at_ms, None, why[0] if why else "")))
        return [lag for _, lag in sorted(self._closed, key=lambda pair: pair[0])]

    def _take_shopify(self, kind: str, id: str, document: Document | None) -> None:
        last = self.shop.records[kind].get(id)
        self.shop.apply(kind, id, document)
        image = as_sent(kind, document) if document is not None else None
        version = _Version(self.now_ms, self._next(), image, last)
        if document is not None or last is not None:
            self._begin((kind, id), version)
        if kind == "checkout" and image is not None:
            self._checkout_ids[image["name"]] = id
        if kind == "checkout" and image is not None and (image.get("email") or image.get("phone")):
            heapq.heappush(self._rules, (abandoned_at_ms(image), self._next(), (kind, id)))
        if image is None or (kind == "customer" and last is not None and last.get("email") != image.get("email")):
            self._look_at_all()  # what other records ask for has changed with it

    def _begin(self, key: Key, version: _Version) -> None:
        """Note a change, unless HubSpot shows it already; older ones of the record end with it then."""
        if version.at_ms < self.from_ms:
            return
        image = version.document or version.last
        assert image is not None
        self._open.setdefault(key, []).append(version)
        for natural in natural_keys(self._view(), key[0], image):
            self._waiting_at[natural].add(key)
            self._places[key].add(natural)
        if not self._problems(self._view(), key, version):
            self._open[key].pop()
            self._end(key, self._open[key])

    def _look(self, key: Key) -> None:
        """End the newest version that HubSpot shows, and with it all older ones."""
        view, versions = self._view(), self._open.get(key, [])
        for index in reversed(range(len(versions))):
            if not self._problems(view, key, versions[index]):
                self._end(key, versions[: index + 1])
                return

    def _end(self, key: Key, shown: list[_Version]) -> None:
        for version in shown:
            lag = Lag(key[0], key[1], version.at_ms, self.now_ms - version.at_ms)
            self._closed.append((version.order, lag))
        left = self._open[key][len(shown) :]
        if left:
            self._open[key] = left
            return
        del self._open[key]
        for natural in self._places.pop(key, ()):
            self._waiting_at[natural].discard(key)

    def _look_at_all(self) -> None:
        for key in sorted(self._open):
            self._look(key)

    def _note_expiry(self, natural: NaturalKey) -> None:
        """A deal that entered Checkout Pending will be asked to leave it (A25)."""
        if self.integration != "deals" or natural[0] != "deals":
            return
        for deal in self.portal.live(*natural):
            if deal.id in self._expiring or self.portal.stage(deal) != "checkout pending":
                continue
            if natural[1] in self._checkout_ids:
                self._expiring.add(deal.id)
                key = ("checkout", self._checkout_ids[natural[1]])
                heapq.heappush(self._rules, (pending_since_ms(deal) + EXPIRY_MS, self._next(), key))

    def _problems(self, view: View, key: Key, version: _Version) -> list[str]:
        if version.document is not None:
            return unmet(view, key[0], version.document)
        return unmet_deletion(view, key[0], version.last) if version.last else []

    def _view(self) -> View:
        return View(self.shop, self.portal, self.integration, self.now_ms, webhooks_lost=self.webhooks_lost)

    def _next(self) -> int:
        self._count += 1
        return self._count
