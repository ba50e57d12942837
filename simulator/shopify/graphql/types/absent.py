"""What can be asked for and is never there: a shop without Shopify Payments, marketplaces, returns or categories.

The fields that lead here answer null or an empty list, which is the truth of such a shop; the types stand in the
schema so that a client that asks for them is understood.
"""

from __future__ import annotations

from simulator.shopify.graphql.things import row

TYPES = {
    "AdditionalFee": row("id name price taxLines"),
    "ChannelInformation": row("id channelId"),
    "CountryHarmonizedSystemCode": row("countryCode harmonizedSystemCode"),
    "DeliveryBrandedPromise": row("handle name"),
    "DeliveryLocalPickupSettings": row("instructions pickupTime"),
    "DeliveryMethod": row(
        "additionalInformation brandedPromise id maxDeliveryDateTime methodType minDeliveryDateTime presentedName"
        " serviceCode sourceReference"
    ),
    "DeliveryMethodAdditionalInformation": row("instructions phone"),
    "DraftOrderPlatformDiscount": row("code id shortSummary summary title"),
    "FulfillmentHold": row("displayReason handle heldByRequestingApp id reason reasonNotes"),
    "FulfillmentOrderInternationalDuties": row("incoterm"),
    "FulfillmentOrderLineItemWarning": row("description title"),
    "FulfillmentOrderLocationForMove": row(
        "availableLineItems availableLineItemsCount location message movable unavailableLineItems"
        " unavailableLineItemsCount"
    ),
    "FulfillmentOrderMerchantRequest": row("fulfillmentOrder id kind message requestOptions responseData sentAt"),
    "LocationSuggestedAddress": row("address1 address2 city country countryCode formatted province provinceCode zip"),
    "MetafieldDefinition": row("description id key name namespace ownerType"),
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
