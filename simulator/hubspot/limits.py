"""HubSpot's three limits: a burst for each app, a day for the portal, five searches a second for the portal.

[K quoting the usage guidelines, 2026-09]. A calm world counts and shows them but never refuses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from simulator.hubspot import portal
from simulator.kernel.errors import Throttled
from simulator.kernel.limits import RollingWindow
from simulator.kernel.simulation import Grant, Site

WINDOW_MS = 10_000
SEARCHES_PER_SECOND = 5


@dataclass(frozen=True, slots=True)
class Quota:
    """Calls of one app in ten seconds, and of all apps of a portal in a day; None is no limit."""

    burst: int
    daily: int | None


PRIVATE: Mapping[str, Quota] = {
    "free": Quota(100, 250_000),
    "starter": Quota(100, 250_000),
    "professional": Quota(190, 625_000),  # the changelog says 650,000
    "enterprise": Quota(190, 1_000_000),
}
PACK_BURST, PACK_DAILY = 250, 1_000_000  # with an API Limit Increase; so many calls a day more for each
MOST_PACKS = 2
OWN_TO_THE_PORTAL = ("private", "service")  # service keys count as private apps [K]
MARKETPLACE = Quota(110, None)  # public apps; HubSpot's own Shopify app counts as one: our reading


@dataclass(slots=True)
class Day:
    """Calls of a portal since midnight of its time zone."""

    date: str = ""
    calls: int = 0


def quota_of(grant: Grant) -> Quota:
    if grant.kind not in OWN_TO_THE_PORTAL:
        return MARKETPLACE
    account = portal.settings(grant.site)
    burst = PACK_BURST if account.api_packs else PRIVATE[account.tier].burst
    return Quota(burst, daily_limit(grant.site))


def daily_limit(site: Site) -> int:
    """The calls that all private apps of a portal have in a day."""
    account = portal.settings(site)
    return (PRIVATE[account.tier].daily or 0) + account.api_packs * PACK_DAILY


def spend(grant: Grant, search: bool) -> None:
    """Count one call; Throttled where a limit is reached."""
    site, quota, now = grant.site, quota_of(grant), grant.site.now()
    day = _day(site)
    window = _searches(site) if search else _burst(grant, quota)
    policy = ""
    if quota.daily is not None and day.calls >= quota.daily:
        policy = "DAILY"
    elif not window.take(now):
        policy = "SECONDLY" if search else "TEN_SECONDLY_ROLLING"
    if policy and not site.simulation.calm:
        raise Throttled(policy, _wait_ms(site, window, policy) if portal.settings(site).retry_after else None)
    if quota.daily is not None:
        day.calls += 1


def calls_today(site: Site) -> int:
    return _day(site).calls


def midnight_ms(site: Site) -> int:
    """When the portal's next day begins."""
    zone = ZoneInfo(portal.settings(site).timezone)
    today = datetime.fromtimestamp(site.now() // 1000, UTC).astimezone(zone).date()
    return int(datetime.combine(today + timedelta(days=1), time(), zone).timestamp()) * 1000


def headers(grant: Grant, search: bool) -> dict[str, str]:
    """The headers of an answer. Search carries the daily ones alone [REC]; calls without a day limit have none."""
    quota = quota_of(grant)
    told = {}
    if quota.daily is not None:
        told["X-HubSpot-RateLimit-Daily"] = str(quota.daily)
        told["X-HubSpot-RateLimit-Daily-Remaining"] = str(max(0, quota.daily - _day(grant.site).calls))
    if search:
        return told
    window, now = _burst(grant, quota), grant.site.now()
    second = sum(1 for at_ms in window.calls if at_ms > now - 1_000)
    return told | {
        "X-HubSpot-RateLimit-Interval-Milliseconds": str(WINDOW_MS),
        "X-HubSpot-RateLimit-Max": str(quota.burst),
        "X-HubSpot-RateLimit-Remaining": str(max(0, window.left(now))),
        "X-HubSpot-RateLimit-Secondly": str(quota.burst // 10),  # still sent, no longer enforced [D]
        "X-HubSpot-RateLimit-Secondly-Remaining": str(max(0, quota.burst // 10 - second)),
    }


def _burst(grant: Grant, quota: Quota) -> RollingWindow:
    key = ("hubspot", grant.tenant, "burst", grant.app)
    window: RollingWindow = grant.simulation.limits.setdefault(key, RollingWindow(quota.burst, WINDOW_MS))
    window.size = quota.burst  # a pack may have been bought since
    return window


def _searches(site: Site) -> RollingWindow:
    key = ("hubspot", site.tenant, "search")
    window: RollingWindow = site.simulation.limits.setdefault(key, RollingWindow(SEARCHES_PER_SECOND, 1_000))
    return window


def _wait_ms(site: Site, window: RollingWindow, policy: str) -> int:
    until_ms = midnight_ms(site) if policy == "DAILY" else window.calls[0] + window.length_ms
    return until_ms - site.now()


def _day(site: Site) -> Day:
    """Today's count; it begins anew at midnight where the portal is."""
    zone = ZoneInfo(portal.settings(site).timezone)
    today = datetime.fromtimestamp(site.now() // 1000, UTC).astimezone(zone).date().isoformat()
    day: Day = site.simulation.limits.setdefault(("hubspot", site.tenant, "day"), Day())
    if day.date != today:
        day.date, day.calls = today, 0
    return day
