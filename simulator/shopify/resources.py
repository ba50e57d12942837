"""THE TABLE: every resource of the REST Admin API that the fake has, and every path that it knows and has not.

Routes, lists, counts, paging, scope checks and webhooks follow from these rows; what does not fit a row is an action,
a plain function of `actions.py`.
"""

from __future__ import annotations

from functools import partial

from simulator.kernel.clock import DAY
from simulator.shopify import (
    actions,
    customer_actions,
    draft_actions,
    fulfillment_actions,
    kinds,
    metafield_actions,
    order_actions,
    parameters,
    views,
)
from simulator.shopify.rest import Action, Clause, Filter, Part, Row
from simulator.shopify.rules import checkouts, customers, drafts, orders, products, refunds, subscriptions, transactions
from simulator.shopify.shop import Shop

ORDERS_SHOWN_MS = 60 * DAY  # older orders ask for read_all_orders (shopify.dev, access scopes)

RESOURCES = tuple(kind.resource for kind in kinds.KINDS)

# --- filters ---


def _between(name: str) -> tuple[Filter, ...]:
    """`created_at_min` and `created_at_max`; both bounds count (`updated_at_min` UNVERIFIED in the reference)."""
    return (
        Filter(f"{name}_min", f"{name}_ms >= ?", parameters.instant),
        Filter(f"{name}_max", f"{name}_ms <= ?", parameters.instant),
    )


def _equal(*names: str) -> tuple[Filter, ...]:
    return tuple(Filter(name, f"{name} = ?") for name in names)


SINCE = Filter("since_id", "id > ?", parameters.number)
IDS = Filter("ids", "id IN (SELECT value FROM json_each(?))", parameters.numbers)
TIMES = (*_between("created_at"), *_between("updated_at"))

ORDER_STATUS = Filter(
    "status",
    choices={
        "open": "closed_at_ms IS NULL AND cancelled_at_ms IS NULL",
        "closed": "closed_at_ms IS NOT NULL",
        "cancelled": "cancelled_at_ms IS NOT NULL",
        "any": "1",
    },
    default="open",
)
FINANCIAL_STATUS = Filter(
    "financial_status",
    choices={name: f"financial_status = '{name}'" for name in orders.FINANCIAL}
    | {"any": "1", "unpaid": "financial_status IN ('authorized', 'partially_paid')"},
)
FULFILLMENT_STATUS = Filter(
    "fulfillment_status",
    choices={
        "shipped": "fulfillment_status = 'fulfilled'",
        "fulfilled": "fulfillment_status = 'fulfilled'",
        "partial": "fulfillment_status = 'partial'",
        "unshipped": "fulfillment_status IS NULL",
        "unfulfilled": "fulfillment_status IS NULL OR fulfillment_status = 'partial'",
        "any": "1",
    },
)
CHECKOUT_STATUS = Filter(
    "status",
    choices={
        "open": "completed_at_ms IS NULL AND closed_at_ms IS NULL",
        "closed": "completed_at_ms IS NOT NULL OR closed_at_ms IS NOT NULL",
    },
    default="open",
)
PUBLISHED_STATUS = Filter(
    "published_status",
    choices={"published": "published_at_ms IS NOT NULL", "unpublished": "published_at_ms IS NULL", "any": "1"},
)
# one or several, "active,draft"
PRODUCT_STATUS = Filter("status", "status IN (SELECT value FROM json_each(?))", parameters.words)


def _recent(shop: Shop) -> Clause:
    """The orders that an app may see at all."""
    if "read_all_orders" in shop.caller.scopes:
        return "1", ()
    return "created_at_ms >= ?", (shop.now() - ORDERS_SHOWN_MS,)


# --- the rows ---

CUSTOMERS = Row(
    kinds.CUSTOMERS,
    "customers",
    "customer",
    "customers",
    views.customer,
    scope="customers",
    filters=(IDS, SINCE, *TIMES, *_equal("state")),
    order="id desc",  # as recorded: ids=1,2 answers 2, 1 [AJS]
    metafields=True,
    create=customers.create,
    update=customers.update,
    delete=customers.delete,
    partly="No mail is sent, so invitations and welcome mails do nothing.",
    parts=(
        Part(
            "addresses",
            "customer_address",
            "addresses",
            views.address,
            customers.create_address,
            customers.update_address,
            customers.delete_address,
            counted=False,
            also="address",  # as ShopifyAPI names its class [PY]
            source="RR",
        ),
    ),
)

PRODUCTS = Row(
    kinds.PRODUCTS,
    "products",
    "product",
    "products",
    views.product,
    scope="products",
    filters=(
        IDS,
        SINCE,
        *TIMES,
        *_between("published_at"),
        *_equal("title", "vendor", "handle", "product_type"),
        PRODUCT_STATUS,
        PUBLISHED_STATUS,
    ),
    not_simulated=("collection_id", "presentment_currencies"),
    metafields=True,
    create=products.create,
    update=products.update,
    delete=products.delete,
    partly="No stock is kept: every `inventory_quantity` is 0, and no order moves it.",
    parts=(
        Part(
            "variants",
            "variant",
            "variants",
            views.variant,
            products.create_variant,
            products.update_variant,
            products.delete_variant,
            metafields="variant",
            not_simulated=("presentment_currencies",),
            source="AJS, PY",  # a single one below its product is asked for by ShopifyAPI alone
        ),
        Part(
            "images",
            "image",
            "images",
            views.image,
            products.create_image,
            products.update_image,
            products.delete_image,
            order="position",
            metafields="product_image",
        ),
    ),
)

ORDERS = Row(
    kinds.ORDERS,
    "orders",
    "order",
    "orders",
    views.order,
    scope="orders",
    filters=(
        IDS,
        SINCE,
        *TIMES,
        *_between("processed_at"),
        *_equal("name"),
        Filter("attribution_app_id", "json_extract(doc, '$.app_id') = ?", parameters.app),
        ORDER_STATUS,
        FINANCIAL_STATUS,
        FULFILLMENT_STATUS,
    ),
    order="id desc",
    visible=_recent,
    metafields=True,
    create=orders.create,
    update=orders.update,
    delete=orders.delete,
    fields_not_simulated=orders.NOT_SIMULATED,
    partly=(
        "Edited over GraphQL alone, as in Shopify; no returns; stock is not kept and no mail is sent, so "
        "`inventory_behaviour` and `send_receipt` do nothing. A currency that the buyer saw is one of the shop's "
        "`presentment_rates` (control plane)."
    ),
    parts=(
        Part(
            "transactions",
            "transaction",
            "transactions",
            views.transaction,
            transactions.create,
            single=views.single_transaction,
        ),
        Part("refunds", "refund", "refunds", views.refund, refunds.create, counted=False),
        Part("fulfillments", "fulfillment", "fulfillments", views.listed_fulfillment, single=views.fulfillment),
    ),
)

CHECKOUTS = Row(
    kinds.CHECKOUTS,
    "checkouts",
    "checkout",
    "checkouts",
    views.checkout,
    scope="orders",
    filters=(SINCE, *TIMES, CHECKOUT_STATUS),
    visible=checkouts.abandoned,
    partly="The storefront knows no taxes, discounts or shipping rates: all three are nought.",
    gettable=False,  # GET checkouts/{token}.json was the Checkout API, which is gone
    source="AJS, RR",
)

WEBHOOKS = Row(
    kinds.SUBSCRIPTIONS,
    "webhooks",
    "webhook",
    "webhooks",
    views.subscription,
    filters=(SINCE, *TIMES, *_equal("address", "topic")),
    visible=subscriptions.mine,
    create=subscriptions.create,
    update=subscriptions.update,
    delete=subscriptions.delete,
    partly="Callbacks by http:// are taken on loopback alone, where Shopify takes none; other hosts answer 501 unless "
    "the shop allows them by name. So do XML, Google Pub/Sub and Amazon EventBridge. A body that is cut to some fields "
    "is sent though it says the same as the one before.",
)

EVENTS = Row(
    kinds.EVENTS,
    "events",
    "event",
    "events",
    views.event,
    filters=(
        SINCE,
        *_between("created_at"),
        Filter("filter", "subject_type IN (SELECT value FROM json_each(?))", parameters.words),
        *_equal("verb"),
    ),
    partly="Orders and products that are created or deleted; Shopify notes more.",
)

DRAFT_ORDERS = Row(
    kinds.DRAFT_ORDERS,
    "draft_orders",
    "draft_order",
    "draft_orders",
    views.draft_order,
    scope="draft_orders",
    filters=(
        IDS,
        SINCE,
        *_between("updated_at"),
        Filter("status", choices={name: f"status = '{name}'" for name in ("open", "invoice_sent", "completed")}),
    ),
    metafields=True,
    create=drafts.create,
    update=drafts.update,
    delete=drafts.delete,
    fields_not_simulated=drafts.NOT_SIMULATED,
    partly="No taxes: the fake knows no rates.",
)

METAFIELDS = Row(
    kinds.METAFIELDS,
    "metafields",
    "metafield",
    "metafields",
    views.metafield,
    filters=(SINCE, *TIMES, *_equal("namespace", "key", "type")),
)
METAFIELD_OWNERS = (
    metafield_actions.owned_by(CUSTOMERS),
    metafield_actions.owned_by(PRODUCTS),
    metafield_actions.owned_by(ORDERS),
    metafield_actions.owned_by(DRAFT_ORDERS),
    metafield_actions.VARIANTS,
    metafield_actions.IMAGES,
    metafield_actions.SHOP,
)

ROWS = (CUSTOMERS, PRODUCTS, ORDERS, DRAFT_ORDERS, CHECKOUTS, WEBHOOKS, EVENTS)

# Any of several scopes opens these in Shopify; the fake's shops send by themselves, so it is the merchant's one [S].
READ_PLANS, WRITE_PLANS = "read_merchant_managed_fulfillment_orders", "write_merchant_managed_fulfillment_orders"

ACTIONS = (
    Action("DELETE", "api_permissions/current", "", actions.uninstall, source="C"),
    Action("GET", "shop", "", actions.shop_itself),
    Action(
        "GET",
        "customers/search",
        "read_customers",
        partial(customer_actions.search, CUSTOMERS),
        partly="A field that the fake does not search answers 501.",
    ),
    Action("GET", "customers/<int:id>/orders", "read_orders", partial(customer_actions.orders_of, CUSTOMERS, ORDERS)),
    Action(
        "PUT",
        "customers/<int:id>/addresses/<int:part_id>/default",
        "write_customers",
        partial(customer_actions.make_default, CUSTOMERS),
        source="RR",
    ),
    Action(
        "PUT",
        "customers/<int:id>/addresses/set",
        "write_customers",
        partial(customer_actions.set_addresses, CUSTOMERS),
        source="RR",
    ),
    Action(
        "POST",
        "customers/<int:id>/account_activation_url",
        "write_customers",
        partial(customer_actions.account_activation_url, CUSTOMERS),
    ),
    Action(
        "POST", "customers/<int:id>/send_invite", "write_customers", partial(customer_actions.send_invite, CUSTOMERS)
    ),
    Action("GET", "variants/<int:id>", "read_products", actions.get_variant),
    Action("PUT", "variants/<int:id>", "write_products", actions.update_variant),
    Action("POST", "orders/<int:id>/cancel", "write_orders", partial(order_actions.cancel, ORDERS)),
    Action("POST", "orders/<int:id>/close", "write_orders", partial(order_actions.close, ORDERS)),
    Action("POST", "orders/<int:id>/open", "write_orders", partial(order_actions.reopen, ORDERS)),
    Action(
        "POST", "orders/<int:id>/refunds/calculate", "write_orders", partial(order_actions.calculate_refund, ORDERS)
    ),
    *(
        Action(method, f"orders/<int:id>/fulfillments/<int:part_id>/{path}", scope, partial(run, ORDERS), source="RR")
        for method, path, scope, run in (
            ("GET", "events", "read_orders", fulfillment_actions.events),
            ("POST", "events", "write_orders", fulfillment_actions.create_event),
            ("GET", "events/<int:event_id>", "read_orders", fulfillment_actions.event),
            ("DELETE", "events/<int:event_id>", "write_orders", fulfillment_actions.delete_event),
        )
    ),
    Action(
        "GET",
        "orders/<int:id>/fulfillment_orders",
        READ_PLANS,
        partial(fulfillment_actions.fulfillment_orders_of, ORDERS),
        source="RR",
    ),
    Action(
        "GET",
        "fulfillment_orders/<int:id>",
        READ_PLANS,
        fulfillment_actions.fulfillment_order,
        partly="One location sends all; no holds, moves, splits or requests to a fulfillment service.",
        source="RR",
    ),
    Action("GET", "fulfillment_orders/<int:id>/fulfillments", READ_PLANS, fulfillment_actions.fulfillments_of_plan),
    Action("POST", "fulfillments", WRITE_PLANS, fulfillment_actions.create),
    Action("POST", "fulfillments/<int:id>/cancel", WRITE_PLANS, fulfillment_actions.cancel),
    Action("POST", "fulfillments/<int:id>/update_tracking", WRITE_PLANS, fulfillment_actions.update_tracking),
    *(action for owner in METAFIELD_OWNERS for action in metafield_actions.actions(METAFIELDS, owner)),
    Action(
        "PUT", "draft_orders/<int:id>/complete", "write_draft_orders", partial(draft_actions.complete, DRAFT_ORDERS)
    ),
    Action(
        "POST",
        "draft_orders/<int:id>/send_invoice",
        "write_draft_orders",
        partial(draft_actions.send_invoice, DRAFT_ORDERS),
    ),
    Action("GET", "locations", "read_locations", fulfillment_actions.locations),
    Action("GET", "locations/count", "read_locations", fulfillment_actions.count_locations),
    Action("GET", "locations/<int:id>", "read_locations", fulfillment_actions.location),
    Action("GET", "orders/<int:id>/events", "read_orders", partial(actions.events_of, ORDERS, EVENTS, "Order")),
    Action("GET", "products/<int:id>/events", "read_products", partial(actions.events_of, PRODUCTS, EVENTS, "Product")),
)

# Outside the versioned paths.
PLAIN_ACTIONS = (Action("GET", "oauth/access_scopes", "", actions.access_scopes),)

# Real paths of the REST Admin API that answer 501 and say so. "*" stands for anything.
NOT_SIMULATED = (
    "locations/*/metafields*",
    "articles", "articles/*", "assigned_fulfillment_orders", "blogs", "blogs/*", "carrier_services",
    "carrier_services/*", "checkouts/*", "collection_listings", "collection_listings/*", "collections/*", "collects",
    "collects/*", "comments", "comments/*", "countries", "countries/*", "currencies", "custom_collections",
    "custom_collections/*", "customer_groups", "customer_groups/*", "customer_saved_searches",
    "customer_saved_searches/*", "deprecated_api_calls", "discount_codes/*", "disputes", "disputes/*",
    "fulfillment_orders/*/cancel", "fulfillment_orders/*/cancellation_request*",
    "fulfillment_orders/*/close", "fulfillment_orders/*/fulfillment_request*", "fulfillment_orders/*/hold",
    "fulfillment_orders/*/locations_for_move", "fulfillment_orders/*/move", "fulfillment_orders/*/open",
    "fulfillment_orders/*/release_hold", "fulfillment_orders/*/reschedule", "fulfillment_services",
    "fulfillment_services/*", "gift_cards", "gift_cards/*", "inventory_items", "inventory_items/*",
    "inventory_levels", "inventory_levels/*", "locations/*/inventory_levels", "marketing_events", "marketing_events/*",
    "mobile_platform_applications", "mobile_platform_applications/*", "orders/*/risks", "orders/*/risks/*",
    "pages", "pages/*", "payment_terms/*",
    "payouts", "policies", "price_rules", "price_rules/*", "product_listings", "product_listings/*", "provinces/*",
    "recurring_application_charges", "recurring_application_charges/*", "redirects", "redirects/*", "reports",
    "reports/*", "resource_feedback", "script_tags", "script_tags/*", "shipping_zones", "shopify_payments/*",
    "smart_collections", "smart_collections/*", "storefront_access_tokens", "storefront_access_tokens/*",
    "tender_transactions", "themes", "themes/*", "usage_charges", "users", "users/*", "application_charges",
    "application_charges/*", "application_credits", "application_credits/*",
)  # fmt: skip
