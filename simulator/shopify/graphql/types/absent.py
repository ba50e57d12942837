"""What can be asked for and is never there: a shop without Shopify Payments, marketplaces, returns or categories.

The fields that lead here answer null or an empty list, which is the truth of such a shop; the types stand in the
schema so that a client that asks for them is understood.
"""

from __future__ import annotations

from simulator.shopify.graphql.things import row

TYPES = {
    "AbandonedCheckoutLineItemComponent": row("id quantity title variantTitle"),
    "AdditionalFee": row("id name price taxLines"),
    "AutomaticDiscountApplication": row("allocationMethod index targetSelection targetType title value"),
    "ChannelInformation": row("id channelId"),
    # Collections are not simulated: the lists of them are empty, as of a shop that has none.
    "Collection": row(
        "description descriptionHtml feedback handle id legacyResourceId metafield metafields products productsCount"
        " ruleSet seo sortOrder templateSuffix title updatedAt"
    ),
    "CollectionRule": row("column condition relation"),
    "CollectionRuleSet": row("appliedDisjunctively rules"),
    "CommentEvent": row(
        "action appTitle attachments attributeToApp attributeToUser author canDelete canEdit createdAt criticalAlert"
        " edited id message rawMessage"
    ),
    "CommentEventAttachment": row("fileExtension id image name size url"),
    "CustomerJourneySummary": row("customerOrderIndex daysToConversion firstVisit lastVisit momentsCount ready"),
    "CustomerVisit": row(
        "id landingPage landingPageHtml occurredAt referralCode referralInfoHtml referrerUrl source sourceDescription"
        " sourceType utmParameters"
    ),
    "CountryHarmonizedSystemCode": row("countryCode harmonizedSystemCode"),
    "DeliveryBrandedPromise": row("handle name"),
    "DeliveryLocalPickupSettings": row("instructions pickupTime"),
    "DeliveryMethod": row(
        "additionalInformation brandedPromise id maxDeliveryDateTime methodType minDeliveryDateTime presentedName"
        " serviceCode sourceReference"
    ),
    "DeliveryMethodAdditionalInformation": row("instructions phone"),
    "DiscountCodeApplication": row("allocationMethod code index targetSelection targetType value"),
    "Duty": row("countryCodeOfOrigin harmonizedSystemCode id price taxLines"),
    "ExternalVideo": row(
        "alt createdAt embedUrl fileStatus host id mediaContentType mediaErrors mediaWarnings originUrl"
        " preview status updatedAt"
    ),
    "DraftOrderPlatformDiscount": row("code id shortSummary summary title"),
    "FulfillmentHold": row("displayReason handle heldByRequestingApp id reason reasonNotes"),
    "FulfillmentOrderInternationalDuties": row("incoterm"),
    "FulfillmentOrderLineItemWarning": row("description title"),
    "FulfillmentOrderLocationForMove": row(
        "availableLineItems availableLineItemsCount location message movable unavailableLineItems"
        " unavailableLineItemsCount"
    ),
    "FulfillmentOrderMerchantRequest": row("fulfillmentOrder id kind message requestOptions responseData sentAt"),
    "LineItemGroup": row("customAttributes id productId quantity title variantId variantSku"),
    "LocalPaymentMethodsPaymentDetails": row("paymentDescriptor paymentMethodName"),
    "LocationSuggestedAddress": row("address1 address2 city country countryCode formatted province provinceCode zip"),
    "MetafieldDefinition": row("description id key name namespace ownerType"),
    "MediaError": row("code details message"),
    "MediaWarning": row("code message"),
    "OrderDisputeSummary": row("id initiatedAs status"),
    "ResourceFeedback": row("summary"),
    "ScriptDiscountApplication": row("allocationMethod description index targetSelection targetType title value"),
    "ShopPayInstallmentsPaymentDetails": row("paymentMethodName"),
    "ShopifyPaymentsExtendedAuthorization": row("extendedAuthorizationExpiresAt standardAuthorizationExpiresAt"),
    "ShopifyPaymentsRefundSet": row("acquirerReferenceNumber"),
    "ShopifyPaymentsTransactionSet": row("extendedAuthorizationSet refundSet"),
    "ShopifyProtectOrderEligibility": row("status"),
    "ShopifyProtectOrderSummary": row("eligibility status"),
    "StaffMember": row("id name"),
    "TaxonomyCategory": row("id name fullName"),
    "UTMParameters": row("campaign content medium source term"),
    "Video": row(
        "alt createdAt duration fileStatus filename id mediaContentType mediaErrors mediaWarnings preview"
        " sources status updatedAt"
    ),
    "VideoSource": row("fileSize format height mimeType url width"),
    "Model3d": row(
        "alt boundingBox createdAt fileStatus filename id mediaContentType mediaErrors mediaWarnings preview"
        " sources status updatedAt"
    ),
    "Model3dBoundingBox": row("size"),
    "Model3dSource": row("filesize format mimeType url"),
    "Vector3": row("x y z"),
    "TransactionFee": row("amount flatFee flatFeeName id rate rateName taxAmount type"),
    "WebhookEventBridgeEndpoint": row("arn"),
    "WebhookPubSubEndpoint": row("pubSubProject pubSubTopic"),
}
