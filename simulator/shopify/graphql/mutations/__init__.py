"""Mutations: inputs translated, the same rules as REST, reasons why not as `userErrors`. THE TABLE of them.

Each root field of a mutation is an action of its own: its own transaction, its own event id. A rule that refuses has
written nothing.
"""

from __future__ import annotations

from simulator.shopify.graphql import translating as t
from simulator.shopify.graphql.mutations import (
    bulk,
    customers,
    drafts,
    edits,
    fulfillments,
    metafields,
    orders,
    payments,
    products,
    tags,
    webhooks,
)
from simulator.shopify.graphql.mutations.performing import Mutation, performed

__all__ = ["MUTATIONS", "Mutation", "performed"]

CUSTOMERS, PRODUCTS, ORDERS = "write_customers", "write_products", "write_orders"
DRAFTS, PLANS = "write_draft_orders", "write_merchant_managed_fulfillment_orders"
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


FULFILL = (
    "`write_assigned_fulfillment_orders` access scope, `write_merchant_managed_fulfillment_orders` access scope or "
    "`write_third_party_fulfillment_orders` access scope. Also: The user must have fulfill_and_ship_orders permission."
)
REFUNDS = "`orders` access scope, `marketplace_orders` access scope or `buyer_membership_orders` access scope."
EDITS = "write_order_edits"
EDITOR = (
    ". Also: To use the GraphQL Admin API to edit orders, your app needs to request the `write_order_edits` access "
    "scope for a Shopify store"
)
QUICK = " or `write_quick_sale` access scope"
DRAFTER = ". Also: The user must have access to manage draft orders"


def _may(what: str) -> str:
    return f". Also: The user must have a permission to {what}"


_INPUT, _SUBSCRIPTION = ("input",), ("webhookSubscription",)
_ADDRESS_NAMES = {"address": "callback_url", "fields": "include_fields", "filter": "."}

MUTATIONS: dict[str, Mutation] = {
    "bulkOperationCancel": Mutation(bulk.bulk_cancel),
    "bulkOperationRunQuery": Mutation(bulk.bulk_run_query),
    "customerCreate": Mutation(customers.customer_create, CUSTOMERS),
    "customerUpdate": Mutation(customers.customer_update, CUSTOMERS),
    "customerDelete": Mutation(customers.customer_delete, CUSTOMERS),
    "customerSet": Mutation(customers.customer_set, CUSTOMERS, inside=_INPUT),
    "customerMerge": Mutation(customers.customer_merge, "write_customer_merge"),
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
    "productSet": Mutation(products.product_set, PRODUCTS, _may("create products"), inside=_INPUT),
    "productChangeStatus": Mutation(products.product_change_status, PRODUCTS, _may("change products status")),
    "productVariantsBulkDelete": Mutation(products.variants_delete, PRODUCTS, _may("delete product variants")),
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
    "orderCapture": Mutation(
        payments.order_capture,
        ORDERS,
        f"{MARKETPLACE}. Also: The user must have capture_payments_for_orders permission",
        names={"kind": ""},
    ),
    "orderCustomerSet": Mutation(
        orders.order_customer_set, ORDERS, f"{QUICK}. Also: The user must have permission to manage the order"
    ),
    "orderEditBegin": Mutation(edits.edit_begin, EDITS, words=f"Requires `{EDITS}` access scope."),
    "orderEditAddVariant": Mutation(edits.edit_add_variant, EDITS),
    "orderEditAddCustomItem": Mutation(edits.edit_add_custom_item, EDITS, EDITOR, names={"line_items": "title"}),
    "orderEditSetQuantity": Mutation(edits.edit_set_quantity, EDITS),
    "orderEditCommit": Mutation(edits.edit_commit, EDITS, words=f"Requires `{EDITS}` access scope."),
    "transactionVoid": Mutation(
        payments.transaction_void, ORDERS, ". Also: The user must have permission to cancel orders"
    ),
    "refundCreate": Mutation(payments.refund_create, ORDERS, words=REFUNDS),
    "fulfillmentCreate": Mutation(fulfillments.fulfillment_create, PLANS, words=FULFILL, inside=("fulfillment",)),
    "fulfillmentCancel": Mutation(fulfillments.fulfillment_cancel),
    "fulfillmentTrackingInfoUpdate": Mutation(
        fulfillments.tracking_update, PLANS, words=FULFILL, names={"tracking_info": "tracking_info_input"}
    ),
    "fulfillmentEventCreate": Mutation(
        fulfillments.event_create,
        "write_fulfillments",
        ". Also: The user must have fulfill_and_ship_orders permission",
        names={"event": "fulfillment_event"},
    ),
    "draftOrderCreate": Mutation(drafts.draft_create, DRAFTS, f"{QUICK}{DRAFTER}", inside=_INPUT),
    "draftOrderUpdate": Mutation(drafts.draft_update, DRAFTS, DRAFTER, inside=_INPUT),
    "draftOrderDelete": Mutation(
        drafts.draft_delete, DRAFTS, f"{QUICK}. Also: The user must have access to delete draft orders"
    ),
    "draftOrderComplete": Mutation(
        drafts.draft_complete, DRAFTS, ". Also: The user must have access to mark as paid, or set payment terms"
    ),
    "draftOrderInvoiceSend": Mutation(drafts.draft_invoice_send, DRAFTS, DRAFTER),
    "metafieldsSet": Mutation(metafields.metafields_set),
    "metafieldsDelete": Mutation(metafields.metafields_delete),
    "tagsAdd": Mutation(tags.tags_add),
    "tagsRemove": Mutation(tags.tags_remove),
    "webhookSubscriptionCreate": Mutation(webhooks.subscription_create, inside=_SUBSCRIPTION, names=_ADDRESS_NAMES),
    "webhookSubscriptionUpdate": Mutation(webhooks.subscription_update, inside=_SUBSCRIPTION, names=_ADDRESS_NAMES),
    "webhookSubscriptionDelete": Mutation(webhooks.subscription_delete),
}
