"""An independent recount of what HubSpot must hold, from Shopify's records alone.

Written from the specification and never from the sync core, so that a mistake of the core cannot hide here. Records
are found by what is public (e-mail, name, external id), so it judges somebody else's integration as well.
"""

from __future__ import annotations

from scenarios.oracle.records import NOTHING_GONE, Dump, Gone, Portal, Shop
from scenarios.oracle.verdict import View, unmet, unmet_deletion

__all__ = ["Dump", "Gone", "Portal", "Shop", "View", "missing", "shortfalls", "unmet", "unmet_deletion"]


def missing(
    shop: Dump, portal: Dump, integration: str, now_ms: int, gone: Gone = NOTHING_GONE, webhooks_lost: bool = False
) -> list[str]:
    """What HubSpot does not hold and must, or holds and must not, a line each; empty when all is well.

    Args:
        shop, portal: the records of both sides, as the control plane shows them.
        integration: "deals" or "data-sync".
        gone: what was deleted, which no dump can tell.
        webhooks_lost: whether some never arrived (see View).
    """
    return shortfalls(View(Shop(shop), Portal.of(portal), integration, now_ms, gone, webhooks_lost))


def shortfalls(view: View) -> list[str]:
    """The same for records that are indexed already."""
    found = [
        problem
        for kind, documents in view.shop.records.items()
        for document in documents.values()
        for problem in unmet(view, kind, document)
    ]
    deleted = (*(("order", last) for last in view.gone.orders), *(("product", last) for last in view.gone.products))
    return found + [problem for kind, last in deleted for problem in unmet_deletion(view, kind, last)]
