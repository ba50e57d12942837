"""What the user sets for one connection."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sync_core.pure.model import Integration

NETS = frozenset({"webhooks", "poll", "sweep"})


@dataclass(frozen=True, slots=True)
class CoreSettings:
    """One Shopify shop, one HubSpot portal, and how the one is synced to the other.

    Args:
        shopify_url, hubspot_url: scheme and host; other than the vendors' own they are fakes. "{shop}" in the former
            stands for the shop's domain.
        shop: the myshopify.com domain; "" where stores are connected by OAuth alone.
        shopify_token, hubspot_token: "" where OAuth gives them.
        shopify_secret: the app's client secret, which signs its webhooks.
        receiver_url: public base address of this core; webhooks go to "/webhooks/shopify" below it.
        shopify_key, hubspot_key, hubspot_secret: client ids and secret of the two apps; "" where OAuth is not used.
        pages_url: where a person on this machine opens the core's pages, if that is another address.
        ledger_url: an SQLAlchemy URL; "sqlite://" lives in memory.
        operator_key: what whoever sees and sets things over HTTP must show; "" lets nobody.
        hold: a connection that is new writes nothing until a person has seen what it would.
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
    hold: bool = False
    nets: frozenset[str] = NETS
    bulk_from: int = 10_000  # 40 pages, 20 seconds at two calls a second; an operation takes some seconds to begin
    shopify_key: str = ""
    hubspot_key: str = ""
    hubspot_secret: str = ""
    pages_url: str = ""

    @property
    def pages(self) -> str:
        return (self.pages_url or self.receiver_url).rstrip("/")

    @property
    def has_apps(self) -> bool:
        """Whether OAuth can be used."""
        return bool(self.shopify_key and self.shopify_secret and self.hubspot_key and self.hubspot_secret)

    def at(self, shop: str) -> CoreSettings:
        """The same for another shop, which OAuth lets us into."""
        return replace(self, shop=shop, shopify_token="", shopify_url=self.shopify_url.replace("{shop}", shop))


Wake = Callable[[str, int], None]  # worker's name, when
