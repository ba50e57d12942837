"""What a shop keeps: one `Kind` for each sort of record, with its storage, its gid type and its webhook topics.

Documents carry Shopify's own field names. An instant is a number of milliseconds under a name that ends in `_at_ms`;
a dialect writes it without the suffix. What can be worked out (`*_set`, `admin_graphql_api_id`, `default_address`) is
not stored. Parts (variants, images, addresses, line items) live inside their owner's document.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from simulator.kernel.resource import Column, Document, Resource
from simulator.shopify import money, notices

VENDOR = "shopify"
TIMES = (Column("created_at_ms", int), Column("updated_at_ms", int))


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of record.

    Args:
        gid: the type in `admin_graphql_api_id`.
        topics: the webhook topic of each verb ("create", "update", "delete"); none where nothing is told.
        notices: what else a write tells, from the record before (None of a new one) and after.
    """

    resource: Resource
    gid: str = ""
    topics: Mapping[str, str] = field(default_factory=dict)
    notices: Callable[[Document | None, Document], Iterable[notices.Notice]] | None = None


def email_key(document: Document) -> str | None:
    """What makes an e-mail address unique in a shop: case does not count. Old data may share one (`shares_email`)."""
    return document["email"].lower() if document.get("email") and not document.get("shares_email") else None


SHOPS = Kind(Resource(VENDOR, "shops", TIMES, first_id=61_000_000_001), "Shop", {"update": "shop/update"})

CUSTOMERS = Kind(
    Resource(
        VENDOR,
        "customers",
        (
            *TIMES,
            Column("email_key", str, email_key),
            Column("phone"),
            Column("state"),
            Column("last_order_id", int, lambda document: document["last_order_id"] or 0),
        ),
        unique=(("email_key",), ("phone",)),
        first_id=7_100_000_000_001,
    ),
    "Customer",
    {"create": "customers/create", "update": "customers/update", "delete": "customers/delete"},
    notices.of_customer,
)

PRODUCTS = Kind(
    Resource(
        VENDOR,
        "products",
        (*TIMES, Column("published_at_ms", int), *map(Column, ("handle", "title", "vendor", "product_type", "status"))),
        unique=(("handle",),),
        first_id=8_200_000_000_001,
    ),
    "Product",
    {"create": "products/create", "update": "products/update", "delete": "products/delete"},
)

# Where a variant is found by its id alone: (variant id) -> product. The variant itself is in the product's document.
VARIANTS = Kind(Resource(VENDOR, "variants", (Column("product_id", int),), first_id=44_300_000_000_001))

ORDERS = Kind(
    Resource(
        VENDOR,
        "orders",
        (
            *TIMES,
            Column("processed_at_ms", int),
            Column("closed_at_ms", int),
            Column("cancelled_at_ms", int),
            Column("customer_id", int),
            *map(Column, ("name", "financial_status", "fulfillment_status", "checkout_token")),
        ),
        first_id=5_400_000_000_001,
    ),
    "Order",
    {"create": "orders/create", "update": "orders/updated", "delete": "orders/delete"},
)

# What is to be sent of an order, and where a fulfillment is found by its id alone: it is in its order's document.
FULFILLMENT_ORDERS = Kind(
    Resource(VENDOR, "fulfillment_orders", (*TIMES, Column("order_id", int)), first_id=6_600_000_000_001),
    "FulfillmentOrder",
)
FULFILLMENTS = Kind(Resource(VENDOR, "fulfillments", (Column("order_id", int),), first_id=4_900_000_000_001))

DRAFT_ORDERS = Kind(
    Resource(
        VENDOR,
        "draft_orders",
        (
            *TIMES,
            Column("completed_at_ms", int),
            Column("customer_id", int),
            Column("order_id", int),
            *map(Column, ("name", "status")),
        ),
        first_id=1_100_000_000_001,
    ),
    "DraftOrder",
    {"create": "draft_orders/create", "update": "draft_orders/update", "delete": "draft_orders/delete"},
)

# Changes of an order's lines that are not committed yet, or were.
ORDER_EDITS = Kind(
    Resource(VENDOR, "order_edits", (*TIMES, Column("order_id", int)), first_id=78_912_000_001), "CalculatedOrder"
)

METAFIELDS = Kind(
    Resource(
        VENDOR,
        "metafields",
        (*TIMES, Column("owner_id", int), *map(Column, ("owner_resource", "namespace", "key", "type"))),
        unique=(("owner_resource", "owner_id", "namespace", "key"),),
        first_id=31_500_000_000_001,
    ),
    "Metafield",
)

CARTS = Kind(
    Resource(VENDOR, "carts", (*TIMES, Column("token")), unique=(("token",),), first_id=1),
    "",
    {"create": "carts/create", "update": "carts/update"},
)

CHECKOUTS = Kind(
    Resource(
        VENDOR,
        "checkouts",
        (
            *TIMES,
            Column("token"),
            Column("completed_at_ms", int),
            Column("closed_at_ms", int),
            Column("has_contact", int, lambda document: int(bool(document["email"] or document["phone"]))),
        ),
        unique=(("token",),),
        first_id=36_500_000_000_001,
    ),
    "AbandonedCheckout",
    {"create": "checkouts/create", "update": "checkouts/update", "delete": "checkouts/delete"},
)

SUBSCRIPTIONS = Kind(
    Resource(
        VENDOR,
        "webhooks",
        (*TIMES, *map(Column, ("app", "origin", "topic", "address", "format", "name", "filter"))),
        unique=(("app", "origin", "topic", "address", "format", "filter"),),
        first_id=1_400_000_000_001,
    ),
    "WebhookSubscription",
)

EVENTS = Kind(
    Resource(
        VENDOR,
        "events",
        (Column("created_at_ms", int), Column("subject_id", int), Column("subject_type"), Column("verb")),
        first_id=160_700_000_000_001,
    ),
    "BasicEvent",
)

BULK_OPERATIONS = Kind(
    Resource(
        VENDOR,
        "bulk_operations",
        (
            Column("created_at_ms", int),
            Column("completed_at_ms", int),
            Column("due_ms", int),
            *map(Column, ("app", "status", "type", "key")),
        ),
        first_id=5_700_000_000_001,
    ),
    "BulkOperation",
)

# Who is let in. An app belongs to a world and to no shop; installations, tokens and codes are of one shop.
APPS = Kind(
    Resource(VENDOR, "apps", (Column("name"), Column("client_id")), unique=(("name",), ("client_id",)), secret=True),
    "App",
)
INSTALLATIONS = Kind(
    Resource(VENDOR, "installations", (Column("app"),), unique=(("app",),), secret=True), "AppInstallation"
)
TOKENS = Kind(
    Resource(
        VENDOR,
        "tokens",
        (*map(Column, ("app", "kind", "token", "refresh_token")), Column("expires_at_ms", int)),
        unique=(("token",), ("refresh_token",)),
        secret=True,
    )
)
CODES = Kind(Resource(VENDOR, "codes", (Column("code"),), unique=(("code",),), secret=True))

KINDS = (
    SHOPS,
    APPS,
    INSTALLATIONS,
    TOKENS,
    CODES,
    CUSTOMERS,
    PRODUCTS,
    VARIANTS,
    ORDERS,
    FULFILLMENT_ORDERS,
    FULFILLMENTS,
    CARTS,
    CHECKOUTS,
    SUBSCRIPTIONS,
    EVENTS,
    METAFIELDS,
    DRAFT_ORDERS,
    ORDER_EDITS,
    BULK_OPERATIONS,
)

# Where the ids of parts begin; each series is a shop's own.
FIRST_PART_IDS = {
    "addresses": 9_600_000_000_001,
    "options": 10_400_000_000_001,
    "images": 39_700_000_000_001,
    "media": 32_100_000_000_001,
    "inventory_items": 46_400_000_000_001,
    "line_items": 13_800_000_000_001,
    "shipping_lines": 4_500_000_000_001,
    "draft_line_items": 57_400_000_000_001,
    "draft_order_names": 1,  # "#D1" is a shop's first draft
    "fulfillments": 4_900_000_000_001,
    "fulfillment_line_items": 12_700_000_000_001,
    "fulfillment_order_line_items": 13_900_000_000_001,
    "fulfillment_events": 17_800_000_000_001,
    "transactions": 6_300_000_000_001,
    "refunds": 920_000_000_001,
    "refund_line_items": 480_000_000_001,
    "refund_shipping_lines": 620_000_000_001,
    "order_adjustments": 310_000_000_001,
    "data_requests": 9001,
    "order_number": 1001,  # "#1001" is a shop's first order
}


def spent_cents(order: Document | None, currency: str) -> int:
    """What an order adds to its customer's total_spent, which is in `currency`. Our reading: what was paid and not
    given back, while it is not cancelled; of an order in another currency the same figure."""
    if order is None or order["cancelled_at_ms"] or order["financial_status"] not in ("paid", "partially_refunded"):
        return 0
    given_back = (one for one in order.get("transactions", ()) if (one["kind"], one["status"]) == ("refund", "success"))
    return money.read(order["total_price"], currency) - sum(money.read(one["amount"], currency) for one in given_back)
