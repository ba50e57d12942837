"""The shop itself, the app that asks, webhook subscriptions, events, and the small values that all types share."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime
from typing import Any

from simulator.shopify import apps, versions
from simulator.shopify.graphql import lists, stock_lists
from simulator.shopify.graphql.pages import CONNECTION, EDGE, Page
from simulator.shopify.graphql.things import (
    SORTS,
    Thing,
    by_number,
    gid,
    legacy_id,
    of,
    own_id,
    row,
)
from simulator.shopify.graphql.types.connect import Context, every, listing, with_info
from simulator.shopify.graphql.types.metafields import OWNED
from simulator.shopify.graphql.types.shipping import planned, services
from simulator.shopify.graphql.types.stock import all_locations
from simulator.shopify.topics import ENUMS

UNITS = {"lb": "POUNDS", "oz": "OUNCES", "kg": "KILOGRAMS", "g": "GRAMS"}
SUBJECTS = {"Product": "PRODUCT", "Order": "ORDER", "Customer": "CUSTOMER"}


# --- the shop ---


def _now(it: Thing) -> datetime:
    return datetime.fromtimestamp(it.shop.now() / 1000, UTC).astimezone(it.shop.zone)


def _offset_minutes(it: Thing) -> int:
    offset = _now(it).utcoffset()
    assert offset is not None
    return int(offset.total_seconds() // 60)


def _domain(it: Thing) -> Thing:
    host = it["domain"]
    shown = {"id": zlib.crc32(host.encode()), "host": host, "url": f"https://{host}", "ssl_enabled": True}
    return it.part("Domain", shown)


def _plan(it: Thing) -> dict[str, Any]:
    return {
        "display_name": it["plan_display_name"],
        "public_display_name": it["plan_display_name"],
        "shopify_plus": it["plan_name"] == "plus",
        "partner_development": False,
    }


# --- the app ---


@with_info
def installation(_: Any, info: Any) -> Thing:
    context: Context = info.context
    grant, app = context.grant, apps.app_id(context.grant.app)
    scopes = [{"handle": scope, "description": _described(scope)} for scope in sorted(apps.granted(grant))]
    return Thing("AppInstallation", context.shop, {"id": app, "access_scopes": scopes, "title": grant.app})


def _described(scope: str) -> str:
    """Our reading of the wording: Shopify's sentences are its own."""
    verb, _, what = scope.partition("_")
    return f"{'Modify' if verb == 'write' else 'Read'} {what.replace('_', ' ')}"


def _app(it: Thing) -> Thing:
    return it.part("App", {"id": it.id, "title": it["title"], "handle": it["title"]})


# --- subscriptions ---


def _endpoint(it: Thing) -> dict[str, Any]:
    return {"__typename": "WebhookHttpEndpoint", "callback_url": it["address"]}


def api_version(name: str) -> dict[str, Any]:
    """Our reading of the names: as the version picker of the documentation shows them."""
    version = next(one for one in versions.VERSIONS if one.name == name)
    titles = {"candidate": f"{name} (Release candidate)", "unstable": "unstable"}
    return {
        "handle": name,
        "display_name": titles.get(version.state, name),
        "supported": version.state == "stable",
    }


# --- events ---


def _subject(it: Thing) -> Thing | None:
    return by_number(it.shop, it["subject_type"], it["subject_id"]) if it["subject_type"] in SORTS else None


def deletion(it: Thing) -> Thing:
    return it.part("DeletionEvent", it.document)


@with_info
def deletion_events(_: Any, info: Any, subject_types: list[str] | None = None, **args: Any) -> Page:
    """The events with the verb "destroy", of the kinds that are asked for; `query` knows the id and the time [S]."""
    wanted = [name for name, title in SUBJECTS.items() if subject_types is None or title in subject_types]
    marks = ", ".join("?" * len(wanted))
    found = listing(lists.DELETIONS, info, args, (f"verb = 'destroy' AND subject_type IN ({marks})", tuple(wanted)))
    return Page([deletion(one) for one in found.things], found.places, found.has_next, found.has_previous)


TYPES: dict[str, dict[str, Any]] = {
    "Shop": row(
        "name email myshopifyDomain createdAt updatedAt ianaTimezone enabledPresentmentCurrencies checkoutApiSupported"
        " setupRequired marketingSmsConsentEnabledAtCheckout transactionalSmsDisabled",
        id=own_id,
        contactEmail=of("customer_email"),
        currencyCode=of("currency"),
        customerAccounts="OPTIONAL",
        description=None,
        domains=lambda it: [_domain(it)],
        primaryDomain=_domain,
        orderNumberFormatPrefix="#",
        orderNumberFormatSuffix="",
        plan=_plan,
        shopOwnerName=of("shop_owner"),
        taxShipping=lambda it: bool(it["tax_shipping"]),
        taxesIncluded=lambda it: bool(it["taxes_included"]),
        timezoneAbbreviation=lambda it: _now(it).strftime("%Z"),
        timezoneOffset=lambda it: _now(it).strftime("%z"),
        timezoneOffsetMinutes=_offset_minutes,
        unitSystem=lambda it: "IMPERIAL_SYSTEM" if it["weight_unit"] in ("lb", "oz") else "METRIC_SYSTEM",
        weightUnit=lambda it: UNITS[it["weight_unit"]],
        url=lambda it: f"https://{it['domain']}",
        storefrontUrl=lambda it: f"https://{it['domain']}",
        customers=every(lists.CUSTOMERS),
        orders=every(lists.ORDERS),
        products=every(lists.PRODUCTS),
        productVariants=every(lists.VARIANTS_LISTING),
        fulfillmentOrders=planned,
        fulfillmentServices=services,
        inventoryItems=every(stock_lists.INVENTORY_ITEMS),
        locations=all_locations,
        **OWNED,
    ),
    "ShopPlan": row("displayName publicDisplayName shopifyPlus partnerDevelopment"),
    "Domain": row("host url sslEnabled", id=own_id),
    "AppInstallation": row("accessScopes", id=own_id, app=_app, uninstallUrl=None),
    "App": row("title handle", id=own_id, shopifyDeveloped=False),
    "AccessScope": row("handle description"),
    "WebhookSubscription": row(
        "createdAt updatedAt format metafieldNamespaces",
        id=own_id,
        legacyResourceId=legacy_id,
        topic=lambda it: ENUMS[it["topic"]],
        includeFields=of("fields"),
        uri=of("address"),
        callbackUrl=of("address"),
        endpoint=_endpoint,
        apiVersion=lambda it: api_version(versions.served(it["api_version"]).name),
        filter=lambda it: it.document["filter"],
        name=lambda it: it.document["name"],
        metafields=lambda it: it.document["metafields"],
    ),
    "WebhookSubscriptionMetafieldIdentifier": row("namespace key"),
    "WebhookHttpEndpoint": row("callbackUrl"),
    "ApiVersion": row("handle displayName supported"),
    "BasicEvent": row(
        "arguments author message createdAt",
        id=own_id,
        action=of("verb"),
        subjectId=lambda it: gid(it["subject_type"], it["subject_id"]),
        subjectType=lambda it: SUBJECTS[it["subject_type"]],
        subject=_subject,
        attributeToApp=False,
        attributeToUser=False,
        criticalAlert=False,
        hasAdditionalContent=False,
        additionalContent=None,
        additionalData=None,
        appTitle=None,
        secondaryMessage=None,
    ),
    "DeletionEvent": row(
        "",
        occurredAt=lambda it: it.document["created_at_ms"],
        subjectId=lambda it: gid(it["subject_type"], it["subject_id"]),
        subjectType=lambda it: SUBJECTS[it["subject_type"]],
    ),
    "Job": row("id done"),
    "MoneyBag": row("shopMoney presentmentMoney"),
    "MoneyV2": row("amount currencyCode"),
    "Count": row("count precision"),
    "PageInfo": row("hasNextPage hasPreviousPage startCursor endCursor"),
    "UserError": row("field message"),
}

CONNECTED = (
    "AbandonedCheckout", "AbandonedCheckoutLineItem", "CalculatedLineItem", "Collection", "CountryHarmonizedSystemCode",
    "Customer", "DeletionEvent", "DiscountApplication", "DraftOrder", "DraftOrderLineItem", "Event", "Fulfillment",
    "FulfillmentEvent", "FulfillmentLineItem", "FulfillmentOrder", "FulfillmentOrderLineItem",
    "FulfillmentOrderLocationForMove", "FulfillmentOrderMerchantRequest", "InventoryItem", "InventoryLevel", "LineItem",
    "Location", "MailingAddress", "Media", "Metafield", "MetafieldDefinition", "Order", "OrderAdjustment",
    "OrderStagedChange", "OrderTransaction", "Product", "ProductVariant", "RefundLineItem", "ShippingLine",
    "WebhookSubscription",
)  # fmt: skip
TYPES |= {f"{name}Connection": CONNECTION for name in CONNECTED} | {f"{name}Edge": EDGE for name in CONNECTED}
