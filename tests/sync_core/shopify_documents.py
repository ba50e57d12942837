"""Shopify documents for the tests of the pure core: REST answers of 2026-07 and strategies that vary them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from sync_core.mappings import PIPELINES
from sync_core.pure.model import Integration, Settings, Source, Surroundings

SHOP = "drill-shop.myshopify.com"

CUSTOMER: dict[str, Any] = {
    "id": 207119551,
    "email": " Bob.Norman@Mail.example.com ",
    "created_at": "2026-11-20T11:25:58-05:00",
    "updated_at": "2026-11-21T08:00:00-05:00",
    "first_name": "Bob",
    "last_name": "Norman",
    "orders_count": 3,
    "state": "disabled",
    "note": "Likes blue",
    "verified_email": True,
    "tax_exempt": False,
    "tags": "Léon, Noël",
    "phone": "+16136120707",
    "email_marketing_consent": {"state": "subscribed", "opt_in_level": "single_opt_in", "consent_updated_at": None},
    "default_address": {
        "address1": "Chestnut Street 92",
        "address2": "Floor 3",
        "city": "Louisville",
        "province": "Kentucky",
        "country": "United States",
        "zip": "40202",
        "phone": "555-625-1199",
    },
}

PRODUCT: dict[str, Any] = {
    "id": 632910392,
    "title": "IPod Nano - 8GB",
    "body_html": "<p>Small</p>",
    "vendor": "Apple",
    "product_type": "Cult Products",
    "created_at": "2026-11-20T11:29:59-05:00",
    "handle": "ipod-nano",
    "updated_at": "2026-11-20T11:29:59-05:00",
    "published_at": "2007-12-31T19:00:00-05:00",
    "published_scope": "web",
    "tags": "Emotive, Music",
    "variants": [
        {"id": 2, "title": "Red", "price": "209.00", "position": 2, "sku": "IPOD-RED"},
        {"id": 1, "title": "Pink", "price": "199.00", "position": 1, "sku": "IPOD-PINK"},
    ],
    "images": [
        {"id": 12, "position": 2, "src": "https://cdn.shopify.com/back.png"},
        {"id": 11, "position": 1, "src": "https://cdn.shopify.com/front.png"},
    ],
}

ADDRESS: dict[str, Any] = {
    "first_name": "Bob",
    "last_name": "Norman",
    "name": "Bob Norman",
    "phone": "+1(502)-459-2181",
    "address1": "Chestnut Street 92",
    "address2": "",
    "city": "Louisville",
    "province": "Kentucky",
    "country": "United States",
    "zip": "40202",
}

LINE: dict[str, Any] = {
    "id": 518995019,
    "title": "IPod Nano - 8GB",
    "variant_title": "Red",
    "name": "IPod Nano - 8GB - Red",
    "price": "209.00",
    "quantity": 2,
    "current_quantity": 2,
    "sku": "IPOD-RED",
    "product_exists": True,
    "product_id": 632910392,
    "variant_id": 2,
}

ORDER: dict[str, Any] = {
    "id": 450789469,
    "name": "#1001",
    "order_number": 1001,
    "email": "bob.norman@mail.example.com",
    "token": "b1946ac92492d2347c6235b4d2611184",
    "cart_token": "68778783ad298f1c80c3bafcddeea02f",
    "checkout_id": 901414060,
    "checkout_token": "bd5a8aa1ecd019dd3520ff791ee3a24c",
    "buyer_accepts_marketing": False,
    "cancel_reason": None,
    "cancelled_at": None,
    "closed_at": None,
    "created_at": "2026-11-21T23:30:00.250-05:00",
    "processed_at": "2026-11-21T23:29:00-05:00",
    "updated_at": "2026-11-22T00:10:00-05:00",
    "currency": "EUR",
    "presentment_currency": "JPY",
    "financial_status": "partially_refunded",
    "fulfillment_status": "partial",
    "landing_site": "/?utm_source=mail",
    "referring_site": "https://www.example.org/blog",
    "source_name": "web",
    "note": None,
    "tags": "gift, hurry",
    "subtotal_price": "408.00",
    "taxes_included": True,
    "total_discounts": "10.00",
    "total_line_items_price": "418.00",
    "total_price": "418.90",
    "total_price_set": {
        "shop_money": {"amount": "418.90", "currency_code": "EUR"},
        "presentment_money": {"amount": "68012", "currency_code": "JPY"},
    },
    "total_shipping_price_set": {"shop_money": {"amount": "10.90", "currency_code": "EUR"}},
    "total_tax": "66.88",
    "total_weight": 400,
    "test": False,
    "discount_codes": [{"code": "TENOFF", "amount": "10.00", "type": "fixed_amount"}],
    "fulfillments": [{"status": "success", "shipment_status": "in_transit", "tracking_number": "1Z1234512345123456"}],
    "refunds": [
        {"transactions": [{"kind": "refund", "status": "success", "amount": "20.50"}]},
        {"transactions": [{"kind": "refund", "status": "failure", "amount": "99.00"}]},
        {"transactions": [{"kind": "refund", "status": "success", "amount": "0.05"}]},
    ],
    "customer": {"id": 207119551, "email": "bob.norman@mail.example.com"},
    "billing_address": ADDRESS,
    "shipping_address": ADDRESS | {"name": "Ann Norman", "address2": "Floor 3"},
    "line_items": [LINE],
}

CHECKOUT: dict[str, Any] = {
    "id": 450789470,
    "token": "bd5a8aa1ecd019dd3520ff791ee3a24c",
    "cart_token": "68778783ad298f1c80c3bafcddeea02f",
    "name": "#450789470",
    "email": "bob.norman@mail.example.com",
    "phone": None,
    "created_at": "2026-11-21T12:00:00Z",
    "updated_at": "2026-11-21T12:05:00Z",
    "completed_at": None,
    "currency": "USD",
    "abandoned_checkout_url": "https://checkout.local/548380009/checkouts/bd5a8aa1/recover",
    "source_name": "web",
    "subtotal_price": "358.20",
    "total_discounts": "39.80",
    "total_line_items_price": "398.00",
    "total_price": "379.69",
    "total_tax": "21.49",
    "shipping_lines": [{"title": "Standard", "price": "4.90"}, {"title": "Cooled", "price": "2.10"}],
    "shipping_address": ADDRESS,
    "billing_address": ADDRESS | {"first_name": "Accounts"},
    "customer": {"id": 207119551, "email": "bob.norman@mail.example.com", "phone": None},
    "line_items": [
        {"key": "f32827a8d00b0a8d", "product_id": 632910392, "variant_id": 2, "title": "IPod Nano - 8GB"}
        | {"variant_title": "Red", "quantity": 1, "sku": "IPOD-RED", "price": "199.00"}
    ],
}

CHECKOUT_UPDATED_MS = 1_795_262_700_000  # 2026-11-21T12:05:00Z
MINUTE_MS, HOUR_MS = 60_000, 3_600_000


def settings(integration: Integration, **changes: Any) -> Settings:
    pipeline = PIPELINES[integration]
    stages = {stage.name: stage.id for stage in pipeline.stages}
    return Settings(
        **{
            "shop": SHOP,
            "shop_timezone": "America/New_York",
            "integration": integration,
            "pipeline": pipeline.id,
            "stages": stages,
        }
        | changes
    )


def around(now_ms: int = CHECKOUT_UPDATED_MS, **changes: Any) -> Surroundings:
    return Surroundings(now_ms, **changes)


def customer(**changes: Any) -> Source:
    return Source(SHOP, "customer", "207119551", CUSTOMER | changes)


def product(**changes: Any) -> Source:
    return Source(SHOP, "product", "632910392", PRODUCT | changes)


def order(**changes: Any) -> Source:
    return Source(SHOP, "order", "450789469", ORDER | changes)


def checkout(**changes: Any) -> Source:
    return Source(SHOP, "checkout", CHECKOUT["token"], CHECKOUT | changes)


def deleted(source: Source) -> Source:
    return Source(source.shop, source.kind, source.id, None)


# --- strategies ---

AMOUNTS = st.decimals(0, 10_000, places=2).map(str)
TEXTS = st.one_of(st.none(), st.just(""), st.text("aä ,;#\n漢", max_size=8))
INSTANTS = st.sampled_from([None, "2026-03-08T02:30:00-05:00", "2026-11-21T12:05:00Z", "1999-12-31T23:59:59.999+13:00"])
BUYERS = st.sampled_from(
    [None, {"id": 1, "email": None}, {"id": 2, "email": "A@b.example"}, {"id": 3, "email": "c@d.example"}]
)

LINES = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.integers(1, 4),
            "title": TEXTS,
            "variant_title": st.sampled_from([None, "Default Title", "Red"]),
            "price": AMOUNTS,
            "quantity": st.integers(0, 3),
            "current_quantity": st.sampled_from([None, 0, 1, 2]),
            "sku": TEXTS,
            "product_id": st.sampled_from([None, 1, 2]),
            "product_exists": st.booleans(),
        }
    ),
    max_size=4,
)


def _lacking(document: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """The document as it is, or without some of its fields, as webhooks and other API versions give it."""
    names = sorted(set(document) - {"id", "token", "updated_at"})
    return st.sets(st.sampled_from(names), max_size=3).map(
        lambda missing: {name: value for name, value in document.items() if name not in missing}
    )


ORDERS = st.fixed_dictionaries(
    {
        "test": st.booleans(),
        "note": TEXTS,
        "total_price": AMOUNTS,
        "financial_status": st.sampled_from(
            ["pending", "authorized", "paid", "partially_paid", "refunded", "voided", None]
        ),
        "fulfillment_status": st.sampled_from([None, "partial", "fulfilled", "restocked"]),
        "cancelled_at": INSTANTS,
        "closed_at": INSTANTS,
        "processed_at": INSTANTS,
        "checkout_token": st.sampled_from([None, CHECKOUT["token"]]),
        "customer": BUYERS,
        "line_items": LINES,
    }
).flatmap(lambda changes: _lacking(ORDER | changes))

CHECKOUTS = st.fixed_dictionaries(
    {
        "email": st.sampled_from([None, "", "Guest@example.com"]),
        "phone": st.sampled_from([None, "+16136120707"]),
        "completed_at": INSTANTS,
        "customer": BUYERS,
        "line_items": LINES,
    }
).flatmap(lambda changes: _lacking(CHECKOUT | changes))

CUSTOMERS = st.fixed_dictionaries(
    {
        "email": st.sampled_from([None, "", "A@b.example", "c@d.example"]),
        "first_name": TEXTS,
        "phone": TEXTS,
        "orders_count": st.integers(0, 9),
        "default_address": st.sampled_from([None, {}, CUSTOMER["default_address"]]),
    }
).flatmap(lambda changes: _lacking(CUSTOMER | changes))

PRODUCTS = st.fixed_dictionaries(
    {
        "title": TEXTS,
        "body_html": TEXTS,
        "images": st.sampled_from([None, [], PRODUCT["images"]]),
        "variants": st.sampled_from([[], PRODUCT["variants"]]),
    }
).flatmap(lambda changes: _lacking(PRODUCT | changes))

SOURCES = st.one_of(
    CUSTOMERS.map(lambda document: Source(SHOP, "customer", "207119551", document)),
    PRODUCTS.map(lambda document: Source(SHOP, "product", "632910392", document)),
    ORDERS.map(lambda document: Source(SHOP, "order", "450789469", document)),
    CHECKOUTS.map(lambda document: Source(SHOP, "checkout", CHECKOUT["token"], document)),
    st.sampled_from([deleted(source) for source in (customer(), product(), order(), checkout())]),
)

SETTINGS = st.sampled_from([settings("deals"), settings("data-sync")])

SURROUNDINGS = st.builds(
    Surroundings,
    now_ms=st.integers(CHECKOUT_UPDATED_MS - HOUR_MS, CHECKOUT_UPDATED_MS + 60 * HOUR_MS),
    tombstoned_emails=st.sampled_from([frozenset(), frozenset({"a@b.example"}), frozenset({"guest@example.com"})]),
    tombstoned=st.booleans(),
    order_known=st.booleans(),
    pending_since_ms=st.sampled_from([None, CHECKOUT_UPDATED_MS]),
    stage=st.sampled_from(["", "checkout_pending", "checkout_abandoned", "abandoned", "recovered"]),
    first_import=st.booleans(),
)
