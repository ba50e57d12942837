"""Every webhook topic of Shopify: one row each, with its name in GraphQL, what it sends and who may hear it.

A topic without a payload is real and never sent: whoever subscribes to it is told so. The names are the reference's,
none is derived: CUSTOMER_TAGS_ADDED is `customer.tags_added`, CUSTOMERS_MERGE is `customers/merge` [S].
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulator.kernel.resource import Document
from simulator.shopify import views

if TYPE_CHECKING:
    from simulator.shopify.shop import Shop

Payload = Callable[["Shop", Document], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic.

    Args:
        name: as REST and the header X-Shopify-Topic have it.
        enum: as GraphQL has it; "" for one that only an app's configuration may name.
        payload: the body, from what happened; None where the fake never sends it.
        scope: what an app must be allowed to read; "" for everybody.
        owner: `owner_resource` of the metafields that a subscription may ask for; "" where there are none.
        partly: what Shopify does there and the fake does not.
        source: where payload and occasion come from.
    """

    name: str
    enum: str
    payload: Payload | None = None
    scope: str = ""
    owner: str = ""
    partly: str = ""
    source: str = "S"


ORDERS, CUSTOMERS, PRODUCTS = "read_orders", "read_customers", "read_products"
DRAFTS, SENT = "read_draft_orders", "read_fulfillments"
NO_STOCK = "Shopify sends it for an ordered product as well, whose stock has moved; the fake keeps no stock."
ONLY_REQUESTED = "Asked for on the control plane, where Shopify has a page of its admin."

DELIVERED = (
    Topic("app/scopes_update", "APP_SCOPES_UPDATE", views.scopes_changed, source="WHM"),
    Topic("app/uninstalled", "APP_UNINSTALLED", views.shop_itself, source="WH"),
    Topic("bulk_operations/finish", "BULK_OPERATIONS_FINISH", views.bulk_operation_webhook, source="WH"),
    Topic("carts/create", "CARTS_CREATE", views.cart, ORDERS, source="WH"),
    Topic("carts/update", "CARTS_UPDATE", views.cart, ORDERS, source="WH"),
    Topic("checkouts/create", "CHECKOUTS_CREATE", views.checkout_webhook, ORDERS, source="WH"),
    Topic("checkouts/delete", "CHECKOUTS_DELETE", views.checkout_deleted, ORDERS, source="WH"),
    Topic("checkouts/update", "CHECKOUTS_UPDATE", views.checkout_webhook, ORDERS, source="WH"),
    Topic("customer.tags_added", "CUSTOMER_TAGS_ADDED", views.customer_tags, CUSTOMERS, source="WH"),
    Topic("customer.tags_removed", "CUSTOMER_TAGS_REMOVED", views.customer_tags, CUSTOMERS, source="WH"),
    Topic("customers/create", "CUSTOMERS_CREATE", views.customer_webhook, CUSTOMERS, "customer", source="WH"),
    Topic("customers/delete", "CUSTOMERS_DELETE", views.customer_deleted, CUSTOMERS, source="WH"),
    Topic("customers/disable", "CUSTOMERS_DISABLE", views.customer_webhook, CUSTOMERS, "customer", source="WH"),
    Topic("customers/enable", "CUSTOMERS_ENABLE", views.customer_webhook, CUSTOMERS, "customer", source="WH"),
    Topic("customers/merge", "CUSTOMERS_MERGE", views.customers_merged, "read_customer_merge", source="WHM"),
    Topic(
        "customers/purchasing_summary", "CUSTOMERS_PURCHASING_SUMMARY", views.purchasing_summary, CUSTOMERS, source="WH"
    ),
    Topic("customers/update", "CUSTOMERS_UPDATE", views.customer_webhook, CUSTOMERS, "customer", source="WH"),
    Topic(
        "customers_email_marketing_consent/update",
        "CUSTOMERS_EMAIL_MARKETING_CONSENT_UPDATE",
        views.email_consent,
        CUSTOMERS,
        source="WH",
    ),
    Topic(
        "customers_marketing_consent/update",
        "CUSTOMERS_MARKETING_CONSENT_UPDATE",
        views.sms_consent,
        CUSTOMERS,
        source="WH",
    ),
    Topic("draft_orders/create", "DRAFT_ORDERS_CREATE", views.draft_order_webhook, DRAFTS, "draft_order", source="WHM"),
    Topic("draft_orders/delete", "DRAFT_ORDERS_DELETE", views.id_alone, DRAFTS, source="WHM"),
    Topic("draft_orders/update", "DRAFT_ORDERS_UPDATE", views.draft_order_webhook, DRAFTS, "draft_order", source="WHM"),
    Topic("fulfillment_events/create", "FULFILLMENT_EVENTS_CREATE", views.fulfillment_event, SENT, source="WHM"),
    Topic("fulfillment_events/delete", "FULFILLMENT_EVENTS_DELETE", views.fulfillment_event, SENT, source="WHM"),
    Topic("fulfillments/create", "FULFILLMENTS_CREATE", views.fulfillment_webhook, SENT, source="WHM"),
    Topic("fulfillments/update", "FULFILLMENTS_UPDATE", views.fulfillment_webhook, SENT, source="WHM"),
    Topic("order_transactions/create", "ORDER_TRANSACTIONS_CREATE", views.transaction_webhook, ORDERS, source="WHM"),
    Topic("orders/cancelled", "ORDERS_CANCELLED", views.order_webhook, ORDERS, "order", source="WH"),
    Topic("orders/create", "ORDERS_CREATE", views.order_webhook, ORDERS, "order", source="WH"),
    Topic("orders/delete", "ORDERS_DELETE", views.id_alone, ORDERS, source="WH"),
    Topic("orders/edited", "ORDERS_EDITED", views.order_edited, ORDERS, source="WHM"),
    Topic("orders/fulfilled", "ORDERS_FULFILLED", views.order_webhook, ORDERS, "order", source="WH"),
    Topic("orders/paid", "ORDERS_PAID", views.order_webhook, ORDERS, "order", source="WH"),
    Topic(
        "orders/partially_fulfilled", "ORDERS_PARTIALLY_FULFILLED", views.order_webhook, ORDERS, "order", source="WH"
    ),
    Topic("orders/updated", "ORDERS_UPDATED", views.order_webhook, ORDERS, "order", source="WH"),
    Topic("products/create", "PRODUCTS_CREATE", views.product_webhook, PRODUCTS, "product", source="WH"),
    Topic("products/delete", "PRODUCTS_DELETE", views.id_alone, PRODUCTS, source="WH"),
    Topic("products/update", "PRODUCTS_UPDATE", views.product_webhook, PRODUCTS, "product", NO_STOCK, "WH"),
    Topic("refunds/create", "REFUNDS_CREATE", views.refund_webhook, ORDERS, source="WH"),
    Topic("shop/update", "SHOP_UPDATE", views.shop_itself, owner="shop"),
    # The privacy topics: an app names them in its configuration, no API does [WH].
    Topic("customers/data_request", "", views.data_request, partly=ONLY_REQUESTED, source="WH"),
    Topic("customers/redact", "", views.customer_redact, partly=ONLY_REQUESTED, source="WH, WHM"),
    Topic("shop/redact", "", views.shop_redact, source="WH, WHM"),
)

_ABSENT = """
    APP_PURCHASES_ONE_TIME_UPDATE app_purchases_one_time/update
    APP_SUBSCRIPTIONS_APPROACHING_CAPPED_AMOUNT app_subscriptions/approaching_capped_amount
    APP_SUBSCRIPTIONS_UPDATE app_subscriptions/update
    AUDIT_EVENTS_ADMIN_API_ACTIVITY audit_events/admin_api_activity
    CHANNELS_DELETE channels/delete
    COLLECTIONS_CREATE collections/create
    COLLECTIONS_DELETE collections/delete
    COLLECTIONS_UPDATE collections/update
    COLLECTION_LISTINGS_ADD collection_listings/add
    COLLECTION_LISTINGS_REMOVE collection_listings/remove
    COLLECTION_LISTINGS_UPDATE collection_listings/update
    COLLECTION_PUBLICATIONS_CREATE collection_publications/create
    COLLECTION_PUBLICATIONS_DELETE collection_publications/delete
    COLLECTION_PUBLICATIONS_UPDATE collection_publications/update
    COMPANIES_CREATE companies/create
    COMPANIES_DELETE companies/delete
    COMPANIES_UPDATE companies/update
    COMPANY_CONTACTS_CREATE company_contacts/create
    COMPANY_CONTACTS_DELETE company_contacts/delete
    COMPANY_CONTACTS_UPDATE company_contacts/update
    COMPANY_CONTACT_ROLES_ASSIGN company_contact_roles/assign
    COMPANY_CONTACT_ROLES_REVOKE company_contact_roles/revoke
    COMPANY_LOCATIONS_CREATE company_locations/create
    COMPANY_LOCATIONS_DELETE company_locations/delete
    COMPANY_LOCATIONS_UPDATE company_locations/update
    CUSTOMERS_WHATS_APP_MARKETING_CONSENT_UPDATE customers_whats_app_marketing_consent/update
    CUSTOMER_ACCOUNT_SETTINGS_UPDATE customer_account_settings/update
    CUSTOMER_GROUPS_CREATE customer_groups/create
    CUSTOMER_GROUPS_DELETE customer_groups/delete
    CUSTOMER_GROUPS_UPDATE customer_groups/update
    CUSTOMER_JOINED_SEGMENT customer.joined_segment
    CUSTOMER_LEFT_SEGMENT customer.left_segment
    CUSTOMER_PAYMENT_METHODS_CREATE customer_payment_methods/create
    CUSTOMER_PAYMENT_METHODS_REVOKE customer_payment_methods/revoke
    CUSTOMER_PAYMENT_METHODS_UPDATE customer_payment_methods/update
    DELIVERY_PROMISE_SETTINGS_UPDATE delivery_promise_settings/update
    DISCOUNTS_CREATE discounts/create
    DISCOUNTS_DELETE discounts/delete
    DISCOUNTS_REDEEMCODE_ADDED discounts/redeemcode_added
    DISCOUNTS_REDEEMCODE_REMOVED discounts/redeemcode_removed
    DISCOUNTS_UPDATE discounts/update
    DISPUTES_CREATE disputes/create
    DISPUTES_UPDATE disputes/update
    DOMAINS_CREATE domains/create
    DOMAINS_DESTROY domains/destroy
    DOMAINS_UPDATE domains/update
    FINANCE_APP_STAFF_MEMBER_DELETE finance_app_staff_member/delete
    FINANCE_APP_STAFF_MEMBER_GRANT finance_app_staff_member/grant
    FINANCE_APP_STAFF_MEMBER_REVOKE finance_app_staff_member/revoke
    FINANCE_APP_STAFF_MEMBER_UPDATE finance_app_staff_member/update
    FINANCE_KYC_INFORMATION_UPDATE finance_kyc_information/update
    FULFILLMENT_HOLDS_ADDED fulfillment_holds/added
    FULFILLMENT_HOLDS_RELEASED fulfillment_holds/released
    FULFILLMENT_ORDERS_CANCELLATION_REQUEST_ACCEPTED fulfillment_orders/cancellation_request_accepted
    FULFILLMENT_ORDERS_CANCELLATION_REQUEST_REJECTED fulfillment_orders/cancellation_request_rejected
    FULFILLMENT_ORDERS_CANCELLATION_REQUEST_SUBMITTED fulfillment_orders/cancellation_request_submitted
    FULFILLMENT_ORDERS_CANCELLED fulfillment_orders/cancelled
    FULFILLMENT_ORDERS_FULFILLMENT_REQUEST_ACCEPTED fulfillment_orders/fulfillment_request_accepted
    FULFILLMENT_ORDERS_FULFILLMENT_REQUEST_REJECTED fulfillment_orders/fulfillment_request_rejected
    FULFILLMENT_ORDERS_FULFILLMENT_REQUEST_SUBMITTED fulfillment_orders/fulfillment_request_submitted
    FULFILLMENT_ORDERS_FULFILLMENT_SERVICE_FAILED_TO_COMPLETE fulfillment_orders/fulfillment_service_failed_to_complete
    FULFILLMENT_ORDERS_HOLD_RELEASED fulfillment_orders/hold_released
    FULFILLMENT_ORDERS_LINE_ITEMS_PREPARED_FOR_LOCAL_DELIVERY fulfillment_orders/line_items_prepared_for_local_delivery
    FULFILLMENT_ORDERS_LINE_ITEMS_PREPARED_FOR_PICKUP fulfillment_orders/line_items_prepared_for_pickup
    FULFILLMENT_ORDERS_MANUALLY_REPORTED_PROGRESS_STOPPED fulfillment_orders/manually_reported_progress_stopped
    FULFILLMENT_ORDERS_MERGED fulfillment_orders/merged
    FULFILLMENT_ORDERS_MOVED fulfillment_orders/moved
    FULFILLMENT_ORDERS_ORDER_ROUTING_COMPLETE fulfillment_orders/order_routing_complete
    FULFILLMENT_ORDERS_PLACED_ON_HOLD fulfillment_orders/placed_on_hold
    FULFILLMENT_ORDERS_PROGRESS_REPORTED fulfillment_orders/progress_reported
    FULFILLMENT_ORDERS_RESCHEDULED fulfillment_orders/rescheduled
    FULFILLMENT_ORDERS_SCHEDULED_FULFILLMENT_ORDER_READY fulfillment_orders/scheduled_fulfillment_order_ready
    FULFILLMENT_ORDERS_SPLIT fulfillment_orders/split
    INVENTORY_ITEMS_CREATE inventory_items/create
    INVENTORY_ITEMS_DELETE inventory_items/delete
    INVENTORY_ITEMS_UPDATE inventory_items/update
    INVENTORY_LEVELS_CONNECT inventory_levels/connect
    INVENTORY_LEVELS_DISCONNECT inventory_levels/disconnect
    INVENTORY_LEVELS_UPDATE inventory_levels/update
    INVENTORY_SHIPMENTS_ADD_ITEMS inventory_shipments/add_items
    INVENTORY_SHIPMENTS_CREATE inventory_shipments/create
    INVENTORY_SHIPMENTS_DELETE inventory_shipments/delete
    INVENTORY_SHIPMENTS_MARK_IN_TRANSIT inventory_shipments/mark_in_transit
    INVENTORY_SHIPMENTS_RECEIVE_ITEMS inventory_shipments/receive_items
    INVENTORY_SHIPMENTS_REMOVE_ITEMS inventory_shipments/remove_items
    INVENTORY_SHIPMENTS_UPDATE_ITEM_QUANTITIES inventory_shipments/update_item_quantities
    INVENTORY_SHIPMENTS_UPDATE_TRACKING inventory_shipments/update_tracking
    INVENTORY_TRANSFERS_ADD_ITEMS inventory_transfers/add_items
    INVENTORY_TRANSFERS_CANCEL inventory_transfers/cancel
    INVENTORY_TRANSFERS_COMPLETE inventory_transfers/complete
    INVENTORY_TRANSFERS_READY_TO_SHIP inventory_transfers/ready_to_ship
    INVENTORY_TRANSFERS_REMOVE_ITEMS inventory_transfers/remove_items
    INVENTORY_TRANSFERS_UPDATED inventory_transfers/updated
    INVENTORY_TRANSFERS_UPDATE_ITEM_QUANTITIES inventory_transfers/update_item_quantities
    LOCALES_CREATE locales/create
    LOCALES_DESTROY locales/destroy
    LOCALES_UPDATE locales/update
    LOCATIONS_ACTIVATE locations/activate
    LOCATIONS_CREATE locations/create
    LOCATIONS_DEACTIVATE locations/deactivate
    LOCATIONS_DELETE locations/delete
    LOCATIONS_UPDATE locations/update
    MARKETS_BACKUP_REGION_UPDATE markets_backup_region/update
    MARKETS_CREATE markets/create
    MARKETS_DELETE markets/delete
    MARKETS_UPDATE markets/update
    METAFIELD_DEFINITIONS_CREATE metafield_definitions/create
    METAFIELD_DEFINITIONS_DELETE metafield_definitions/delete
    METAFIELD_DEFINITIONS_UPDATE metafield_definitions/update
    METAOBJECTS_CREATE metaobjects/create
    METAOBJECTS_DELETE metaobjects/delete
    METAOBJECTS_UPDATE metaobjects/update
    ORDERS_LINK_REQUESTED orders/link_requested
    ORDERS_RISK_ASSESSMENT_CHANGED orders/risk_assessment_changed
    ORDERS_SHOPIFY_PROTECT_ELIGIBILITY_CHANGED orders/shopify_protect_eligibility_changed
    PAYMENT_SCHEDULES_DUE payment_schedules/due
    PAYMENT_TERMS_CREATE payment_terms/create
    PAYMENT_TERMS_DELETE payment_terms/delete
    PAYMENT_TERMS_UPDATE payment_terms/update
    PRODUCT_FEEDS_CREATE product_feeds/create
    PRODUCT_FEEDS_FULL_SYNC product_feeds/full_sync
    PRODUCT_FEEDS_FULL_SYNC_FINISH product_feeds/full_sync_finish
    PRODUCT_FEEDS_INCREMENTAL_SYNC product_feeds/incremental_sync
    PRODUCT_FEEDS_UPDATE product_feeds/update
    PRODUCT_LISTINGS_ADD product_listings/add
    PRODUCT_LISTINGS_REMOVE product_listings/remove
    PRODUCT_LISTINGS_UPDATE product_listings/update
    PRODUCT_PUBLICATIONS_CREATE product_publications/create
    PRODUCT_PUBLICATIONS_DELETE product_publications/delete
    PRODUCT_PUBLICATIONS_UPDATE product_publications/update
    PROFILES_CREATE profiles/create
    PROFILES_DELETE profiles/delete
    PROFILES_UPDATE profiles/update
    RETURNS_APPROVE returns/approve
    RETURNS_CANCEL returns/cancel
    RETURNS_CLOSE returns/close
    RETURNS_DECLINE returns/decline
    RETURNS_PROCESS returns/process
    RETURNS_REOPEN returns/reopen
    RETURNS_REQUEST returns/request
    RETURNS_UPDATE returns/update
    REVERSE_DELIVERIES_ATTACH_DELIVERABLE reverse_deliveries/attach_deliverable
    REVERSE_FULFILLMENT_ORDERS_DISPOSE reverse_fulfillment_orders/dispose
    SCHEDULED_PRODUCT_LISTINGS_ADD scheduled_product_listings/add
    SCHEDULED_PRODUCT_LISTINGS_REMOVE scheduled_product_listings/remove
    SCHEDULED_PRODUCT_LISTINGS_UPDATE scheduled_product_listings/update
    SEGMENTS_CREATE segments/create
    SEGMENTS_DELETE segments/delete
    SEGMENTS_UPDATE segments/update
    SELLING_PLAN_GROUPS_CREATE selling_plan_groups/create
    SELLING_PLAN_GROUPS_DELETE selling_plan_groups/delete
    SELLING_PLAN_GROUPS_UPDATE selling_plan_groups/update
    SHIPPING_ADDRESSES_CREATE shipping_addresses/create
    SHIPPING_ADDRESSES_UPDATE shipping_addresses/update
    SUBSCRIPTION_BILLING_ATTEMPTS_CHALLENGED subscription_billing_attempts/challenged
    SUBSCRIPTION_BILLING_ATTEMPTS_FAILURE subscription_billing_attempts/failure
    SUBSCRIPTION_BILLING_ATTEMPTS_SUCCESS subscription_billing_attempts/success
    SUBSCRIPTION_BILLING_CYCLES_SKIP subscription_billing_cycles/skip
    SUBSCRIPTION_BILLING_CYCLES_UNSKIP subscription_billing_cycles/unskip
    SUBSCRIPTION_BILLING_CYCLE_EDITS_CREATE subscription_billing_cycle_edits/create
    SUBSCRIPTION_BILLING_CYCLE_EDITS_DELETE subscription_billing_cycle_edits/delete
    SUBSCRIPTION_BILLING_CYCLE_EDITS_UPDATE subscription_billing_cycle_edits/update
    SUBSCRIPTION_CONTRACTS_ACTIVATE subscription_contracts/activate
    SUBSCRIPTION_CONTRACTS_CANCEL subscription_contracts/cancel
    SUBSCRIPTION_CONTRACTS_CREATE subscription_contracts/create
    SUBSCRIPTION_CONTRACTS_EXPIRE subscription_contracts/expire
    SUBSCRIPTION_CONTRACTS_FAIL subscription_contracts/fail
    SUBSCRIPTION_CONTRACTS_PAUSE subscription_contracts/pause
    SUBSCRIPTION_CONTRACTS_UPDATE subscription_contracts/update
    TAX_SERVICES_CREATE tax_services/create
    TAX_SERVICES_UPDATE tax_services/update
    TENDER_TRANSACTIONS_CREATE tender_transactions/create
    THEMES_CREATE themes/create
    THEMES_DELETE themes/delete
    THEMES_PUBLISH themes/publish
    THEMES_UPDATE themes/update
    VARIANTS_IN_STOCK variants/in_stock
    VARIANTS_OUT_OF_STOCK variants/out_of_stock
"""

ABSENT = tuple(Topic(name, enum) for enum, name in (line.split() for line in _ABSENT.strip().splitlines()))

TOPICS = {one.name: one for one in DELIVERED}  # those that the fake sends
NOT_SIMULATED = frozenset(one.name for one in ABSENT)
ENUMS = {one.name: one.enum for one in (*DELIVERED, *ABSENT) if one.enum}
BY_ENUM = {enum: name for name, enum in ENUMS.items()}
