"""Records in the shapes of the REST Admin API 2026-07, as answers and as webhooks show them.

A shape is a tuple of field names in the recorded order [AJS]; `shaped` takes each from what was worked out here, else
from the stored document, else leaves null. A webhook's shape is the answer's less the fields that [WH] does not have.
"""

from simulator.shopify.views.customers import address, customer, customer_deleted, customer_webhook
from simulator.shopify.views.drafts import completed_draft_order, draft_order, draft_order_webhook
from simulator.shopify.views.fulfillments import (
    fulfillment,
    fulfillment_event,
    fulfillment_order,
    fulfillment_webhook,
    listed_fulfillment,
    listed_location,
    location,
)
from simulator.shopify.views.messages import (
    customer_redact,
    customer_tags,
    customers_merged,
    data_request,
    email_consent,
    order_edited,
    purchasing_summary,
    scopes_changed,
    shop_redact,
    sms_consent,
)
from simulator.shopify.views.orders import order, order_webhook
from simulator.shopify.views.others import (
    bulk_operation_webhook,
    event,
    id_alone,
    metafield,
    shop_itself,
    subscription,
)
from simulator.shopify.views.payments import (
    calculation,
    refund,
    refund_webhook,
    single_transaction,
    transaction,
    transaction_webhook,
)
from simulator.shopify.views.products import image, product, product_webhook, variant
from simulator.shopify.views.storefront import cart, checkout, checkout_deleted, checkout_webhook

__all__ = [
    "address",
    "bulk_operation_webhook",
    "calculation",
    "cart",
    "checkout",
    "checkout_deleted",
    "checkout_webhook",
    "completed_draft_order",
    "customer",
    "customer_deleted",
    "customer_redact",
    "customer_tags",
    "customer_webhook",
    "customers_merged",
    "data_request",
    "draft_order",
    "draft_order_webhook",
    "email_consent",
    "event",
    "fulfillment",
    "fulfillment_event",
    "fulfillment_order",
    "fulfillment_webhook",
    "id_alone",
    "image",
    "listed_fulfillment",
    "listed_location",
    "location",
    "metafield",
    "order",
    "order_edited",
    "order_webhook",
    "product",
    "product_webhook",
    "purchasing_summary",
    "refund",
    "refund_webhook",
    "scopes_changed",
    "shop_itself",
    "shop_redact",
    "single_transaction",
    "sms_consent",
    "subscription",
    "transaction",
    "transaction_webhook",
    "variant",
]
