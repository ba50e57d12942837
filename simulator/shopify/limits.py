"""REST's leaky bucket: one for each app and shop, as large as the shop's plan [RLR]."""

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
    """How many calls a shop's apps may make."""

    title: str
    size: int
    per_second: int


PLANS = {
    "basic": Plan("Basic", 40, 2),
    "advanced": Plan("Advanced", 80, 4),
    "plus": Plan("Shopify Plus", 400, 20),
}


def bucket(shop: Shop, grant: Grant) -> LeakyBucket:
    plan = PLANS[shop.record["plan_name"]]
    buckets = shop.simulation.limits
    key = (VENDOR, shop.domain, grant.app)
    if key not in buckets:
        buckets[key] = LeakyBucket(plan.size, plan.per_second)
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
