"""The index behind `query:`, which learns of a write a little later; what is asked for by its id is fresh [DP].

Which records a search finds, and in which order, is then as it was before the write; what is shown of them is fresh.
"""

from __future__ import annotations

from collections.abc import Mapping

from simulator.kernel.clock import SECOND
from simulator.kernel.resource import Document
from simulator.shopify.kinds import Kind
from simulator.shopify.shop import Shop

LAG_MS = 3 * SECOND  # Our reading: Shopify promises no time; those who recorded it waited for 12 s, to be sure


def behind(shop: Shop, kind: Kind, query: str | None) -> Mapping[int, Document | None]:
    """The records as the index still has them, None for those that it has not; nothing where no index is asked."""
    if not query or shop.simulation.calm:
        return {}
    return shop.site.store.as_of(kind.resource, shop.domain, shop.site.now() - LAG_MS)
