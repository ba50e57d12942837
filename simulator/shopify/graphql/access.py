"""Which scope opens which type, and how Shopify calls that: the texts are the schema's own `requiredAccess` [S]."""

from __future__ import annotations

from simulator.shopify.graphql.things import GraphQLRefusal
from simulator.shopify.shop import Shop

DOCUMENTATION = "https://shopify.dev/api/usage/access-scopes"

ORDERS = "`read_orders` access scope, `read_marketplace_orders` access scope or `read_quick_sale` access scope."
ORDER_PARTS = "`read_orders` access scope or `read_marketplace_orders` access scope."
CHECKOUTS = (
    "`read_orders` access scope. Also: The user must have manage_abandoned_checkouts permission. When called by "
    "Shopify POS, the user must have the view_abandoned_checkouts retail permission."
)
PLACES = "`read_locations` access scope, `read_inventory` access scope or `read_markets_home` access scope."
PLANS = (
    "`read_assigned_fulfillment_orders` access scope, `read_merchant_managed_fulfillment_orders` access scope, "
    "`read_third_party_fulfillment_orders` access scope or `read_marketplace_fulfillment_orders` access scope."
)
# type -> the scope that reads it, and the words for it
TYPES = {
    "AbandonedCheckout": ("read_orders", CHECKOUTS),
    "Customer": ("read_customers", "`read_customers` access scope."),
    "DraftOrder": ("read_draft_orders", "`read_draft_orders` access scope or `read_quick_sale` access scope."),
    "FulfillmentOrder": ("read_merchant_managed_fulfillment_orders", PLANS),
    "InventoryItem": ("read_products", "`read_inventory` access scope or `read_products` access scope."),
    "InventoryLevel": ("read_inventory", "`read_inventory` access scope."),
    "LineItem": ("read_orders", ORDER_PARTS),
    "Location": ("read_locations", PLACES),
    "Order": ("read_orders", ORDERS),
    "OrderTransaction": ("read_orders", ORDER_PARTS),
    "Product": ("read_products", "`read_products` access scope."),
    "ProductVariant": ("read_products", "`read_products` access scope."),
    "Refund": ("read_orders", ORDER_PARTS),
}
# root field -> the same, where its own words are others than its type's, or its type has none
FIELDS = {
    "abandonedCheckoutsCount": ("read_orders", CHECKOUTS),
    "draftOrdersCount": ("read_draft_orders", "`read_draft_orders` access scope."),
    "customersCount": ("read_customers", "`read_customers` access scope."),
    "orderByIdentifier": ("read_orders", ORDER_PARTS),
    "ordersCount": ("read_orders", ORDER_PARTS),
    "pendingOrdersCount": ("read_orders", "`read_orders` access scope."),
    "productsCount": ("read_products", "`read_products` access scope."),
    "productVariantsCount": ("read_products", "`read_products` access scope."),
}


def required(field: str, type_name: str) -> tuple[str, str] | None:
    """What a field that returns this type, or a connection of it, asks for."""
    bare = type_name.removesuffix("Connection")
    return FIELDS.get(field) or TYPES.get(bare)


def check(shop: Shop, field: str, wanted: tuple[str, str]) -> None:
    scope, words = wanted
    if scope not in shop.caller.scopes:
        raise denied(field, words)


def denied(field: str, words: str) -> GraphQLRefusal:
    text = f"Access denied for {field} field. Required access: {words}"
    return GraphQLRefusal(text, "ACCESS_DENIED", {"documentation": DOCUMENTATION, "requiredAccess": words})  # [DP]
