"""What can be asked for and is never there: a shop without Shopify Payments, marketplaces, returns or categories.

The fields that lead here answer null or an empty list, which is the truth of such a shop; the types stand in the
schema so that a client that asks for them is understood.
"""

from __future__ import annotations

from simulator.shopify.graphql.things import row

TYPES = {
    "AdditionalFee": row("id name price taxLines"),
    "ChannelInformation": row("id channelId"),
    "Location": row("id name"),
    "MediaError": row("code details message"),
    "MediaWarning": row("code message"),
    "OrderDisputeSummary": row("id initiatedAs status"),
    "ShopifyPaymentsExtendedAuthorization": row("extendedAuthorizationExpiresAt standardAuthorizationExpiresAt"),
    "ShopifyPaymentsRefundSet": row("acquirerReferenceNumber"),
    "ShopifyPaymentsTransactionSet": row("extendedAuthorizationSet refundSet"),
    "ShopifyProtectOrderEligibility": row("status"),
    "ShopifyProtectOrderSummary": row("eligibility status"),
    "StaffMember": row("id name"),
    "TaxonomyCategory": row("id name fullName"),
    "TransactionFee": row("amount flatFee flatFeeName id rate rateName taxAmount type"),
    "WebhookEventBridgeEndpoint": row("arn"),
    "WebhookPubSubEndpoint": row("pubSubProject pubSubTopic"),
}
