"""The shop itself: whether it is open, its name and address, and the currencies in which its buyers see prices."""

from __future__ import annotations

from typing import Any

from simulator.kernel.resource import Document
from simulator.shopify import money
from simulator.shopify.kinds import SHOPS
from simulator.shopify.rules import customers, inputs
from simulator.shopify.rules.inputs import Field
from simulator.shopify.shop import Shop

STATES = ("open", "frozen", "locked")
MOST_HOSTS = 100


def rates(value: Any) -> dict[str, str]:
    """Currencies, and how much of each one of the shop's is: {"JPY": "151.2"}."""
    if not isinstance(value, dict):
        raise ValueError("must be an object of rates by currency")
    found = {code: money.number(rate) for code, rate in value.items()}
    if not all(code in money.DECIMALS and 0 < rate <= 10**6 for code, rate in found.items()):
        raise ValueError("must be rates above 0 by codes of ISO 4217")
    return {code: str(rate) for code, rate in sorted(found.items())}


def hosts(value: Any) -> list[str]:
    if not isinstance(value, list) or len(value) > MOST_HOSTS or not all(isinstance(one, str) for one in value):
        raise ValueError("must be a list of host names")
    return [one.lower() for one in value]


FIELDS = (
    Field("state", inputs.choice(*STATES)),
    Field("presentment_rates", rates),
    Field("email", customers.email),
    Field("customer_email", customers.email),
    *(Field(name, inputs.text()) for name in ("name", "phone", "address1", "address2", "city", "zip")),
    Field("webhook_hosts", hosts),
)


def change(shop: Shop, wanted: Document) -> Document:
    """A frozen or a locked shop's API is shut; an order that is placed keeps the rate of its day."""
    changed = shop.record | inputs.read(wanted, FIELDS)
    others = [code for code in changed.get("presentment_rates", {}) if code != shop.currency]
    changed["enabled_presentment_currencies"] = [shop.currency, *others]
    return shop.update(SHOPS, changed) if changed != shop.record else shop.record
