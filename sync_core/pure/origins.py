"""Where a contact comes from, by the first that its customer is known to have bought or left in a cart (A16).

HubSpot's own table is not public: the rules are our reading, and none of them gives INTEGRATION_SYNC.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, parse_qs, urlsplit

# By `utm_medium`; any other campaign is one of OTHER_CAMPAIGNS.
MEDIA: Mapping[str, str] = {
    "cpc": "PAID_SEARCH",
    "ppc": "PAID_SEARCH",
    "email": "EMAIL_MARKETING",
    "social": "SOCIAL_MEDIA",
}


@dataclass(frozen=True, slots=True)
class Origin:
    """HubSpot's original source with its two drill-downs; "" is blank."""

    source: str
    data_1: str
    data_2: str = ""


UNKNOWN = Origin("OFFLINE", "INTEGRATION", "shopify")


def origin_of(sale: Mapping[str, Any] | None) -> Origin:
    """The first of the rules that fits.

    Args:
        sale: the customer's earliest known order or checkout, None where there is none.
    """
    if sale is None:
        return UNKNOWN
    return next(origin for rule in RULES if (origin := rule(sale)) is not None)


def _elsewhere(sale: Mapping[str, Any]) -> Origin | None:
    """Sold over another channel than the online store; our reading: one without a name is the online store's."""
    name = str(sale.get("source_name") or "web")
    return None if name == "web" else Origin("OFFLINE", "INTEGRATION", name)


def _campaign(sale: Mapping[str, Any]) -> Origin | None:
    given = parse_qs(_address(sale.get("landing_site")).query)
    source, medium, campaign = (given.get(f"utm_{name}", [""])[0] for name in ("source", "medium", "campaign"))
    return Origin(MEDIA.get(medium.lower(), "OTHER_CAMPAIGNS"), source, campaign) if source else None


def _referral(sale: Mapping[str, Any]) -> Origin | None:
    site = _address(sale.get("referring_site"))
    return Origin("REFERRALS", site.hostname, site.path) if site.hostname else None


def _direct(sale: Mapping[str, Any]) -> Origin:
    return Origin("DIRECT_TRAFFIC", _address(sale.get("landing_site")).path)


RULES: tuple[Callable[[Mapping[str, Any]], Origin | None], ...] = (_elsewhere, _campaign, _referral, _direct)


def _address(text: Any) -> SplitResult:
    """The parts of an address; none of what is no address."""
    try:
        parts = urlsplit(str(text or ""))
        parts.hostname  # noqa: B018  some malformed hosts are refused only when they are asked for
    except ValueError:
        return urlsplit("")
    return parts
