"""How the sync of one shop stands, for whoever keeps it running: in numbers, without anything of a person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sync_core.shell.engine import brakes
from sync_core.shell.incoming.sweep import NETS

if TYPE_CHECKING:
    from sync_core.shell.running.connection import Connection

STALE = 2  # a net whose last round began more periods ago than this is late


def overview(one: Connection, now_ms: int) -> dict[str, Any]:
    """All of it; `status` of the connection is a part."""
    ledger = one.ledger
    return one.status() | {
        "shop": one.settings.shop,
        "portal": ledger.connection.tenant,
        "integration": one.settings.integration,
        "objects": one.objects(),
        "oldest_unsynced_ms": _age_ms(ledger.work.oldest_ms(), now_ms),
        "brake": brakes.told(ledger, one.settings.integration),
        "parked": ledger.sources.parked(),
        "nets": list(nets(one, now_ms)),
        "limits": limits(one, now_ms),
    }


def nets(one: Connection, now_ms: int) -> Iterator[dict[str, Any]]:
    """When each net that is cast again and again began its last round, and whether it is late."""
    cursors = one.ledger.cursors()
    for net in NETS:
        cursor = cursors.get(net.name)
        if cursor and net.period_ms and not cursor.finished:
            age_ms = _age_ms(cursor.started_at_ms or cursor.moved_at_ms or None, now_ms)
            late = age_ms is not None and age_ms > STALE * net.period_ms
            yield {"net": net.name, "age_ms": age_ms, "period_ms": net.period_ms, "late": late}


def limits(one: Connection, now_ms: int) -> dict[str, Any]:
    """How much of HubSpot's limits is in use; the portal's shops share them."""
    window, search = one.hubspot.window, one.hubspot.searches
    quota = window.quota
    return {
        "calls": {"limit": quota.size, "allowed": quota.allowed, "left": window.places_left(now_ms)},
        "searches": {"limit": search.quota.size, "left": search.places_left(now_ms)},
        "day": {"limit": quota.daily, "left": quota.daily_left} if quota.daily else None,
        "blocked_until_ms": quota.blocked_until_ms if quota.blocked_until_ms > now_ms else None,
    }


def _age_ms(since_ms: int | None, now_ms: int) -> int | None:
    return None if since_ms is None else max(0, now_ms - since_ms)
