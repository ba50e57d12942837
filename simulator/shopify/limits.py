"""The leaky buckets of REST and of GraphQL: one each for an app and a shop, as large as the shop's plan [RLR, RLG]."""

from __future__ import annotations

import math
from dataclasses import dataclass

from simulator.kernel.errors import Throttled
from simulator.kernel.limits import LeakyBucket
from simulator.kernel.simulation import Grant
from simulator.shopify.kinds import VENDOR
from simulator.shopify.shop import Shop

RETRY_AFTER_MS = 2_000  # "Retry-After: 2.0" whatever is left in the bucket [RR, RLR]


@dataclass(frozen=True, slots=True)
class Plan:
    """How many calls of REST a shop's apps may make, and at which rate the points of GraphQL come back."""

    title: str
    size: int
    per_second: int
    points_per_second: int


PLANS = {
    "basic": Plan("Basic", 40, 2, 100),
    "advanced": Plan("Advanced", 80, 4, 200),
    "plus": Plan("Shopify Plus", 400, 20, 1000),
}
POINTS_SECONDS = 20  # a bucket of points lasts so long: 2000 at 100 a second is recorded [DP], the rest UNVERIFIED


def bucket(shop: Shop, grant: Grant) -> LeakyBucket:
    """Of the calls of REST."""
    plan = PLANS[shop.record["plan_name"]]
    return _bucket(shop, (VENDOR, shop.domain, grant.app), plan.size, plan.per_second)


def points(shop: Shop, grant: Grant) -> LeakyBucket:
    """Of the points that GraphQL's queries cost."""
    rate = PLANS[shop.record["plan_name"]].points_per_second
    return _bucket(shop, (VENDOR, shop.domain, grant.app, "points"), rate * POINTS_SECONDS, rate)


def _bucket(shop: Shop, key: tuple[str, ...], size: float, per_second: float) -> LeakyBucket:
    buckets = shop.simulation.limits
    if key not in buckets:
        buckets[key] = LeakyBucket(size, per_second)
    found: LeakyBucket = buckets[key]
    return found


def spend(shop: Shop, grant: Grant) -> str:
    """Pay for one call; returns X-Shopify-Shop-Api-Call-Limit. A calm world counts, but never refuses."""
    found, now = bucket(shop, grant), shop.site.now()
    if not found.take(now) and not shop.simulation.calm:
        raise Throttled(f"{found.per_second:g} calls per second", RETRY_AFTER_MS)
    return shown(shop, grant)


def shown(shop: Shop, grant: Grant) -> str:
    """ "32/40": what is in the bucket, and its size."""
    found = bucket(shop, grant)
    return f"{math.ceil(found.used(shop.site.now()))}/{found.size:g}"
