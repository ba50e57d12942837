"""What is said once of a connection, and not again on each record: what Shopify no longer gives, or does not show."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from sync_core.mappings import TABLES
from sync_core.pure.image import not_given
from sync_core.pure.model import Integration, Source
from sync_core.shell.storage.ledger import Ledger

SHOWN_MS = 60 * 86_400_000  # orders that are older ask for `read_all_orders` (F9)
HORIZON, NOT_GIVEN = "orders_shown_since_ms", "not_given"  # names of what the ledger keeps


class Notices:
    """The fields that Shopify's records lack; every one is noted once."""

    def __init__(self, ledger: Ledger, integration: Integration) -> None:
        self._ledger, self._integration = ledger, integration
        self._known: dict[str, list[str]] = dict(ledger.setting(NOT_GIVEN) or {})

    def look(self, sources: Iterable[Source]) -> None:
        """Note what records of these kinds lack and did not lack before."""
        before = dict(self._known)
        for source in sources:
            lacking = {*self._known.get(source.kind, ()), *not_given(self._integration, source)}
            if lacking:
                self._known[source.kind] = sorted(lacking)
        if self._known != before:
            self._ledger.save_setting(NOT_GIVEN, self._known)


def note_horizon(ledger: Ledger, scopes: Iterable[str], now_ms: int) -> None:
    """Keep from when on orders are shown; an app that is granted the scope later sees all."""
    known = ledger.setting(HORIZON)
    ledger.save_setting(HORIZON, None if "read_all_orders" in scopes else known or now_ms - SHOWN_MS)


def notices(ledger: Ledger, integration: Integration) -> list[str]:
    """All of it in words, for the status."""
    horizon_ms, lacking = ledger.setting(HORIZON), ledger.setting(NOT_GIVEN) or {}
    found = [_horizon(ledger, horizon_ms)] if horizon_ms is not None else []
    return found + [_lacking(integration, kind, name) for kind in sorted(lacking) for name in lacking[kind]]


def _horizon(ledger: Ledger, horizon_ms: int) -> str:
    """The date before which orders are missing, and how many there are since (scenario 20)."""
    day = datetime.fromtimestamp(horizon_ms / 1000, UTC).date()
    imported = ledger.cursors().get("import order")
    count = imported.done if imported else 0
    return (
        f"Shopify shows this app no order from before {day} (60 days), as read_all_orders is not granted: "
        f"{count} orders since then were imported"
    )


def _lacking(integration: Integration, kind: str, name: str) -> str:
    targets = [row.target for row in TABLES[integration][kind].fields if row.sources == (name,)]
    return f"Shopify gives no {name} of {kind}s: {', '.join(targets)} stays as it is in HubSpot"
