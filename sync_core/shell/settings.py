"""What the user sets for one connection."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sync_core.pure.model import Integration

NETS = frozenset({"webhooks", "poll", "sweep"})


@dataclass(frozen=True, slots=True)
class CoreSettings:
    """One Shopify shop, one HubSpot portal, and how the one is synced to the other.

    Args:
        shopify_url, hubspot_url: scheme and host; other than the vendors' own they are fakes.
        shop: the myshopify.com domain.
        shopify_secret: the app's client secret, which signs its webhooks.
        receiver_url: public base address of this core; webhooks go to "/webhooks/shopify" below it.
        ledger_url: an SQLAlchemy URL; "sqlite://" lives in memory.
        operator_key: what whoever sees and sets things over HTTP must show; "" lets nobody.
        nets: the ways in which changes are noticed; each can be switched off.
        bulk_from: of so many customers on they are imported by a bulk operation, not page by page.
    """

    shopify_url: str
    shop: str
    shopify_token: str
    shopify_secret: str
    hubspot_url: str
    hubspot_token: str
    receiver_url: str
    integration: Integration
    ledger_url: str = "sqlite://"
    operator_key: str = ""
    nets: frozenset[str] = NETS
    bulk_from: int = 10_000  # 40 pages, 20 seconds at two calls a second; an operation takes some seconds to begin


Wake = Callable[[str, int], None]  # worker's name, when
