"""Shops: what one is when it is opened."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from simulator.kernel.resource import Document
from simulator.kernel.simulation import Simulation, Site
from simulator.shopify import grants
from simulator.shopify.kinds import SHOPS
from simulator.shopify.limits import PLANS
from simulator.shopify.money import DECIMALS

# What all shops of the fake have alike, in the types that are recorded [AJS]; a key that is missing here is null.
ALIKE: Document = {
    "address1": "1 Example Street",
    "address2": "",
    "zip": "10001",
    "city": "New York",
    "province": "New York",
    "province_code": "NY",
    "country": "US",
    "country_code": "US",
    "country_name": "United States",
    "phone": "2125550100",
    "latitude": 40.75,
    "longitude": -73.99,
    "primary_locale": "en",
    "shop_owner": "Drill Owner",
    "weight_unit": "lb",
    "county_taxes": True,
    "has_discounts": False,
    "has_gift_cards": False,
    "eligible_for_payments": True,
    "requires_extra_payments_agreement": False,
    "password_enabled": False,
    "has_storefront": True,
    "finances": True,
    "primary_location_id": 70_000_000_001,
    "checkout_api_supported": True,
    "multi_location_enabled": True,
    "setup_required": False,
    "pre_launch_enabled": False,
    "marketing_sms_consent_enabled_at_checkout": False,
    "transactional_sms_disabled": False,
}


def open_shop(
    simulation: Simulation,
    domain: str,
    *,
    name: str = "Drill Shop",
    timezone: str = "America/New_York",
    currency: str = "USD",
    plan: str = "basic",
) -> Site:
    """A shop of this world; one that is there already stays as it is, and whoever was let into it."""
    site = Site(simulation, domain)
    if not site.count(SHOPS.resource):
        if plan not in PLANS:
            raise ValueError(f"no such plan: {plan!r}; there are {', '.join(PLANS)}")
        if currency not in DECIMALS:
            raise ValueError(f"no such currency: {currency!r}; it is a code of ISO 4217 such as USD or JPY")
        id = _shop_id(domain)
        site.put(SHOPS.resource, id, _document(simulation.clock.now(), id, domain, name, timezone, currency, plan))
    grants.open_again(site)
    return site


def _shop_id(domain: str) -> int:
    return 60_000_000_000 + zlib.crc32(domain.encode())


def _document(now_ms: int, id: int, domain: str, name: str, timezone: str, currency: str, plan: str) -> Document:
    """The shop as `shop.json` shows it, and what it does not show: `webhook_hosts`, hosts off this machine that may be
    delivered to; `presentment_rates`, currencies that it also sells in; `state`, whether the API answers at all.
    """
    money_format = "${{amount}}" if currency in ("USD", "CAD", "AUD") else "{{amount}}"
    with_currency = f"{money_format} {currency}"
    contact = f"owner@{domain}"
    return ALIKE | {
        "id": id,
        "name": name,
        "email": contact,
        "customer_email": contact,
        "domain": domain,
        "myshopify_domain": domain,
        "created_at_ms": now_ms,
        "updated_at_ms": now_ms,
        "currency": currency,
        "enabled_presentment_currencies": [currency],
        "presentment_rates": {},
        "timezone": _zone_title(now_ms, timezone),
        "iana_timezone": timezone,
        "money_format": money_format,
        "money_in_emails_format": money_format,
        "money_with_currency_format": with_currency,
        "money_with_currency_in_emails_format": with_currency,
        "plan_display_name": PLANS[plan].title,
        "plan_name": plan,
        "state": "open",
        "webhook_hosts": [],
    }


def _zone_title(now_ms: int, timezone: str) -> str:
    """ "(GMT-05:00) America/New_York": Shopify writes its own names of zones there, ours is the IANA one."""
    offset = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone(ZoneInfo(timezone)).strftime("%z")
    return f"(GMT{offset[:3]}:{offset[3:]}) {timezone}"
