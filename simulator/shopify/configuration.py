"""What an app's configuration file does for a shop: subscriptions that no API made and none shows."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from simulator.kernel.errors import BadInput, Invalid, NotSimulated
from simulator.kernel.simulation import Simulation, Site
from simulator.shopify.rules import shops, subscriptions
from simulator.shopify.shop import Shop


def configure(simulation: Simulation, shop: str, app: str, address: str, topics: Collection[str] | None = None) -> None:
    """Send these topics, or every one, to `address`, "" for none; what was configured before is gone.

    To name a host allows it.
    """
    site = Site(simulation, shop)
    with site.transaction():
        try:
            _allow(Shop.open(site), address)
            subscriptions.configure(Shop.open(site), app, address, topics)
        except Invalid as refusal:
            raise BadInput(f"webhooks cannot go to {address!r}: {refusal.problems[0].message}") from None
        except NotSimulated as refusal:
            raise BadInput(f"webhooks cannot go to {address!r}: {refusal.what}") from None


def _allow(shop: Shop, address: str) -> None:
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:  # not an address at all, which is said elsewhere
        return
    known = shop.record["webhook_hosts"]
    if host and host not in known and not subscriptions.is_loopback(host):
        shops.change(shop, {"webhook_hosts": [*known, host]})
