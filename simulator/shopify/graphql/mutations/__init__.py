"""Mutations: inputs translated, the same rules as REST, reasons why not as `userErrors`. THE TABLE of them.

Each root field of a mutation is an action of its own: its own transaction, its own event id. A rule that refuses has
written nothing.
"""

from __future__ import annotations

from simulator.shopify.graphql import translating as t
from simulator.shopify.graphql.mutations import bulk, customers, orders, products, tags, webhooks
from simulator.shopify.graphql.mutations.performing import Mutation, performed

__all__ = ["MUTATIONS", "Mutation", "performed"]

CUSTOMERS, PRODUCTS, ORDERS = "write_customers", "write_products", "write_orders"
MARKETPLACE = " or `write_marketplace_orders` access scope"
STAFF = ". Also: User needs manage_orders_information permission"
OFFLINE = (
    ". Also: This mutation is only accessible to apps authenticated using [offline tokens]"
    "(https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/offline-access-tokens)"
)
POS = (
    ", `write_marketplace_orders` access scope or `write_quick_sale` access scope. Also: The app must have the "
    "`write_pos_staff_member_event_attribution_overrides` access scope to assign events to another staff member"
)


def _may(what: str) -> str:
    return f". Also: The user must have a permission to {what}"


_INPUT, _SUBSCRIPTION = ("input",), ("webhookSubscription",)
_ADDRESS_NAMES = {"address": "callback_url", "fields": "include_fields"}

MUTATIONS: dict[str, Mutation] = {
    "bulkOperationCancel": Mutation(bulk.bulk_cancel),
    "bulkOperationRunQuery": Mutation(bulk.bulk_run_query),
    "customerCreate": Mutation(customers.customer_create, CUSTOMERS),
    "customerUpdate": Mutation(customers.customer_update, CUSTOMERS),
    "customerDelete": Mutation(customers.customer_delete, CUSTOMERS),
    "customerSet": Mutation(customers.customer_set, CUSTOMERS, inside=_INPUT),
    "customerEmailMarketingConsentUpdate": Mutation(
        customers.consent_update("email_marketing_consent", t.EMAIL_CONSENT), CUSTOMERS, inside=_INPUT
    ),
    "customerSmsMarketingConsentUpdate": Mutation(
        customers.consent_update("sms_marketing_consent", t.SMS_CONSENT), CUSTOMERS, inside=_INPUT
    ),
    "customerAddressCreate": Mutation(customers.address_create, CUSTOMERS),
    "customerAddressUpdate": Mutation(customers.address_update, CUSTOMERS),
    "customerAddressDelete": Mutation(customers.address_delete, CUSTOMERS),
    "customerUpdateDefaultAddress": Mutation(customers.address_default, CUSTOMERS),
    "productCreate": Mutation(products.product_create, PRODUCTS, _may("create products")),
    "productUpdate": Mutation(products.product_update, PRODUCTS, _may("update products")),
    "productDelete": Mutation(products.product_delete, PRODUCTS, _may("delete products")),
    "productVariantsBulkCreate": Mutation(products.variants_create, PRODUCTS, _may("create product variants")),
    "productVariantsBulkUpdate": Mutation(products.variants_update, PRODUCTS, _may("update product variants")),
    "orderCreate": Mutation(orders.order_create, ORDERS, OFFLINE, inside=("order",)),
    "orderUpdate": Mutation(orders.order_update, ORDERS, POS),
    "orderCancel": Mutation(
        orders.order_cancel,
        ORDERS,
        f"{MARKETPLACE}. Also: This action cannot be reversed",
        errors=("user_errors", "order_cancel_user_errors"),
    ),
    "orderClose": Mutation(orders.order_close, ORDERS, STAFF),
    "orderOpen": Mutation(orders.order_open, ORDERS, STAFF),
    "orderDelete": Mutation(orders.order_delete, ORDERS, ". Also: The user must have delete_orders permission"),
    "orderMarkAsPaid": Mutation(
        orders.order_mark_as_paid, ORDERS, ". Also: The user must have mark_orders_as_paid permission"
    ),
    "tagsAdd": Mutation(tags.tags_add),
    "tagsRemove": Mutation(tags.tags_remove),
    "webhookSubscriptionCreate": Mutation(webhooks.subscription_create, inside=_SUBSCRIPTION, names=_ADDRESS_NAMES),
    "webhookSubscriptionUpdate": Mutation(webhooks.subscription_update, inside=_SUBSCRIPTION, names=_ADDRESS_NAMES),
    "webhookSubscriptionDelete": Mutation(webhooks.subscription_delete),
}
