"""Customers, their addresses and consents."""

from __future__ import annotations

from typing import Any

from simulator.kernel.clock import DAY
from simulator.shopify import views
from simulator.shopify.graphql import lists
from simulator.shopify.graphql.pages import Page, listed
from simulator.shopify.graphql.things import (
    Thing,
    by_number,
    first_of,
    gid,
    legacy_id,
    of,
    own_id,
    row,
    tags,
)
from simulator.shopify.graphql.types.connect import listing, own_events, with_info
from simulator.shopify.graphql.types.metafields import OWNED

LOCALE = "en"  # of every customer: the default that is recorded [DP]; the fake's shops speak one language


def address_id(it: Thing) -> str:
    return f"{gid('MailingAddress', it.id)}?model_name={it.document['model_name']}"


def customer_address(customer: Thing, document: dict[str, Any]) -> Thing:
    shown = views.address(customer.shop, customer.document, document)
    return customer.part("MailingAddress", shown | {"model_name": "CustomerAddress"} | NOWHERE)


def plain_address(owner: Thing, key: str, place: int) -> Thing | None:
    """An address of an order or a checkout. It has no id of its own there; our reading: one made of its owner's."""
    shown = owner.shown.get(key)
    return (
        owner.part("MailingAddress", shown | {"id": owner.id * 10 + place, "model_name": "Address"}) if shown else None
    )


NOWHERE = {"latitude": None, "longitude": None}  # where an address lies on the globe the fake does not know


def _addresses(it: Thing) -> list[Thing]:
    return [customer_address(it, one) for one in it.document["addresses"]]


def _addresses_page(it: Thing, **args: Any) -> Page:
    return listed(args, _addresses(it))


def _default_address(it: Thing) -> Thing | None:
    return next((one for one in _addresses(it) if one["default"]), None)


def _display_name(it: Thing) -> str:
    names = " ".join(name for name in (it["first_name"], it["last_name"]) if name)
    return names or it["email"] or it["phone"] or ""


def _email_consent(it: Thing) -> dict[str, Any] | None:
    consent = it["email_marketing_consent"]
    return consent and {
        "marketing_state": consent["state"],
        "marketing_opt_in_level": consent["opt_in_level"],
        "consent_updated_at": consent["consent_updated_at"],
    }


def _sms_consent(it: Thing) -> dict[str, Any] | None:
    consent = it["sms_marketing_consent"]
    return consent and {
        "marketing_state": consent["state"],
        "marketing_opt_in_level": consent["opt_in_level"] or "unknown",
        "consent_updated_at": consent["consent_updated_at"],
        "consent_collected_from": consent["consent_collected_from"],
    }


def _email(it: Thing) -> dict[str, Any] | None:
    consent = _email_consent(it)
    return consent and {
        "email_address": it["email"],
        "marketing_state": consent["marketing_state"],
        "marketing_opt_in_level": consent["marketing_opt_in_level"],
        "marketing_updated_at": consent["consent_updated_at"],
    }


def _phone(it: Thing) -> dict[str, Any] | None:
    consent = _sms_consent(it)
    return consent and {
        "phone_number": it["phone"],
        "marketing_state": consent["marketing_state"],
        "marketing_opt_in_level": consent["marketing_opt_in_level"],
        "marketing_updated_at": consent["consent_updated_at"],
        "marketing_collected_from": consent["consent_collected_from"],
    }


@with_info
def _orders(it: Thing, info: Any, **args: Any) -> Page:
    return listing(lists.ORDERS, info, args, ("customer_id = ?", (it.id,)))


def _lifetime(it: Thing) -> str:
    """Our reading of the wording: "5 months", "about 12 years" are the documentation's examples."""
    days = (it.shop.now() - it.document["created_at_ms"]) // DAY
    if days < 30:
        return f"{days} days" if days != 1 else "1 day"
    count, unit = (days // 30, "month") if days < 365 else (days // 365, "year")
    return f"{'about ' if unit == 'year' else ''}{count} {unit}{'s' if count != 1 else ''}"


def _last_order(it: Thing) -> Thing | None:
    return by_number(it.shop, "Order", it["last_order_id"]) if it["last_order_id"] else None


def _formatted(it: Any, with_name: bool = False, with_company: bool = True) -> list[str]:
    """The lines of a letter. Our reading: in the order of an English address, whatever the country."""
    town = " ".join(part for part in (it["city"], it["province_code"], it["zip"]) if part)
    lines = [
        it["name"] if with_name else None,
        it["company"] if with_company else None,
        it["address1"],
        it["address2"],
        town,
        it["country"],
    ]
    return [line for line in lines if line]


def _area(it: Any) -> str | None:
    """City, province and country, parted by commas [S]."""
    return ", ".join(part for part in (it["city"], it["province_code"], it["country"]) if part) or None


TYPES = {
    "Customer": row(
        "firstName lastName note taxExempt taxExemptions state multipassIdentifier verifiedEmail createdAt updatedAt",
        id=own_id,
        legacyResourceId=legacy_id,
        tags=tags,
        displayName=_display_name,
        email=of("email"),
        phone=of("phone"),
        locale=LOCALE,
        numberOfOrders=of("orders_count"),
        amountSpent=lambda it: {"amount": it["total_spent"], "currency_code": it["currency"]},
        lifetimeDuration=_lifetime,
        canDelete=lambda it: it["orders_count"] == 0,
        lastOrder=_last_order,
        orders=_orders,
        events=own_events,
        **OWNED,
        addresses=first_of(_addresses),
        addressesV2=_addresses_page,
        defaultAddress=_default_address,
        defaultEmailAddress=_email,
        defaultPhoneNumber=_phone,
        emailMarketingConsent=_email_consent,
        smsMarketingConsent=_sms_consent,
        validEmailAddress=lambda it: bool(it["email"]),
        dataSaleOptOut=False,
        hasTimelineComment=False,
        productSubscriberStatus="NEVER_SUBSCRIBED",  # the fake's shops sell no subscriptions
        mergeable=lambda _: {"is_mergeable": True, "reason": None, "error_fields": []},
    ),
    "CustomerMergeable": row("isMergeable reason errorFields"),
    "CustomerEmailAddress": row(
        "emailAddress marketingState marketingOptInLevel marketingUpdatedAt",
        validFormat=True,  # the rules take no other
        openTrackingLevel="UNKNOWN",
        sourceLocation=None,
    ),
    "CustomerPhoneNumber": row(
        "phoneNumber marketingState marketingOptInLevel marketingUpdatedAt marketingCollectedFrom", sourceLocation=None
    ),
    "CustomerEmailMarketingConsentState": row(
        "marketingState marketingOptInLevel consentUpdatedAt", sourceLocation=None
    ),
    "CustomerSmsMarketingConsentState": row(
        "marketingState marketingOptInLevel consentUpdatedAt consentCollectedFrom", sourceLocation=None
    ),
    "MailingAddress": row(
        "firstName lastName company address1 address2 city province provinceCode country zip phone name latitude"
        " longitude",
        id=address_id,
        countryCode=of("country_code"),
        countryCodeV2=of("country_code"),
        formatted=_formatted,
        formattedArea=_area,
        coordinatesValidated=False,
        timeZone=None,
        validationResultSummary=None,
    ),
}
