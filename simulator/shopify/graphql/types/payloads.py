"""What mutations return: every payload is the mapping that its mutation makes, with its lists of errors."""

from __future__ import annotations

from typing import Any

from graphql import get_named_type

from simulator.shopify.graphql.things import row, snake
from simulator.shopify.graphql.types.connect import with_info

# payload -> its fields beside `userErrors`
_PAYLOADS = {
    "BulkOperationCancel": "bulkOperation",
    "BulkOperationRunQuery": "bulkOperation",
    "CustomerCreate": "customer",
    "CustomerUpdate": "customer",
    "CustomerDelete": "deletedCustomerId shop",
    "CustomerSet": "customer",
    "CustomerMerge": "job resultingCustomerId",
    "CustomerEmailMarketingConsentUpdate": "customer",
    "CustomerSmsMarketingConsentUpdate": "customer",
    "CustomerAddressCreate": "address",
    "CustomerAddressUpdate": "address",
    "CustomerAddressDelete": "deletedAddressId",
    "CustomerUpdateDefaultAddress": "customer",
    "ProductCreate": "product shop",
    "ProductUpdate": "product",
    "ProductDelete": "deletedProductId shop",
    "ProductVariantsBulkCreate": "product productVariants",
    "ProductVariantsBulkUpdate": "product productVariants",
    "ProductSet": "product",
    "ProductChangeStatus": "product",
    "ProductVariantsBulkDelete": "product",
    "OrderCreate": "order",
    "OrderUpdate": "order",
    "OrderCancel": "job orderCancelUserErrors",
    "OrderClose": "order",
    "OrderOpen": "order",
    "OrderDelete": "deletedId",
    "OrderMarkAsPaid": "order",
    "OrderCapture": "transaction",
    "OrderCustomerSet": "order",
    "OrderEditBegin": "calculatedOrder orderEditSession",
    "OrderEditAddVariant": "calculatedLineItem calculatedOrder orderEditSession",
    "OrderEditAddCustomItem": "calculatedLineItem calculatedOrder orderEditSession",
    "OrderEditSetQuantity": "calculatedLineItem calculatedOrder orderEditSession",
    "OrderEditCommit": "order successMessages",
    "TransactionVoid": "transaction",
    "RefundCreate": "order refund",
    "FulfillmentCreate": "fulfillment",
    "FulfillmentCancel": "fulfillment",
    "FulfillmentTrackingInfoUpdate": "fulfillment",
    "FulfillmentEventCreate": "fulfillmentEvent",
    "DraftOrderCreate": "draftOrder",
    "DraftOrderUpdate": "draftOrder",
    "DraftOrderDelete": "deletedId",
    "DraftOrderComplete": "draftOrder",
    "DraftOrderInvoiceSend": "draftOrder",
    "MetafieldsSet": "metafields",
    "MetafieldsDelete": "deletedMetafields",
    "TagsAdd": "node",
    "TagsRemove": "node",
    "WebhookSubscriptionCreate": "webhookSubscription",
    "WebhookSubscriptionUpdate": "webhookSubscription",
    "WebhookSubscriptionDelete": "deletedWebhookSubscriptionId",
}
_CODED = (
    "BulkOperationUserError", "CustomerEmailMarketingConsentUpdateUserError", "CustomerMergeUserError",
    "CustomerSetUserError", "CustomerSmsMarketingConsentError", "MetafieldsSetUserError", "OrderCancelUserError",
    "OrderCreateUserError", "OrderCustomerSetUserError", "OrderDeleteUserError", "ProductChangeStatusUserError",
    "ProductSetUserError", "ProductVariantsBulkCreateUserError", "ProductVariantsBulkDeleteUserError",
    "ProductVariantsBulkUpdateUserError", "TransactionVoidUserError",
)  # fmt: skip


def _maybe(key: str):  # type: ignore[no-untyped-def]
    return lambda payload: payload.get(key)


@with_info
def _code(error: dict[str, Any], info: Any) -> str | None:
    """Rules have one word for a reason; a mutation whose list of codes lacks it says INVALID, or nothing."""
    known = get_named_type(info.return_type).values
    return next((code for code in (error["code"], "INVALID") if code in known), None)


def _payload(fields: str) -> dict[str, object]:
    """A payload that was refused lacks its record: null."""
    return {name: _maybe(snake(name)) for name in (*fields.split(), "userErrors")}


TYPES = {f"{name}Payload": _payload(fields) for name, fields in _PAYLOADS.items()} | {
    name: row("field message", code=_code) for name in _CODED
}
TYPES["MetafieldIdentifier"] = row("key namespace ownerId")
TYPES["MetafieldsSetUserError"]["elementIndex"] = _maybe("element_index")
