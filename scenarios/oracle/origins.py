"""Where a contact comes from, by the first that its customers bought or left in a cart (A16); the rules' own words."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import parse_qsl, urlsplit

from scenarios.oracle.records import Document, ms_of

Triple = tuple[str, str, str]  # source and its two drill-downs

PROPERTIES = ("shopify_original_source", "shopify_original_source_data_1", "shopify_original_source_data_2")
NOTHING_KNOWN: Triple = ("OFFLINE", "INTEGRATION", "shopify")
MEDIUMS = {"cpc": "PAID_SEARCH", "ppc": "PAID_SEARCH", "email": "EMAIL_MARKETING", "social": "SOCIAL_MEDIA"}


def origins(sales: Iterable[Document]) -> set[Triple]:
    """What the earliest says; of several of one second, as Shopify tells no finer, what any of them does."""
    dated = [((ms_of(sale.get("created_at")) or 0) // 1000, sale) for sale in sales]
    first = min((second for second, _ in dated), default=0)
    return {_origin(sale) for second, sale in dated if second == first} or {NOTHING_KNOWN}


def _origin(sale: Document) -> Triple:
    channel = sale.get("source_name") or "web"
    if channel != "web":
        return "OFFLINE", "INTEGRATION", channel
    landing, referrer = urlsplit(sale.get("landing_site") or ""), urlsplit(sale.get("referring_site") or "")
    tags = dict(parse_qsl(landing.query))
    if tags.get("utm_source"):
        medium = MEDIUMS.get(tags.get("utm_medium", "").lower(), "OTHER_CAMPAIGNS")
        return medium, tags["utm_source"], tags.get("utm_campaign", "")
    if referrer.hostname:
        return "REFERRALS", referrer.hostname, referrer.path
    return "DIRECT_TRAFFIC", landing.path, ""
