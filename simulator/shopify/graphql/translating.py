"""Input objects of GraphQL in the words of the rules, which are REST's: one row for each field.

A field that stands in no table is one that Shopify would do something with and the fake would not: it is refused by
name where it has a value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from simulator.kernel.errors import Invalid, NotSimulated, Problem
from simulator.kernel.resource import Document
from simulator.shopify.graphql.things import number, snake

Convert = Callable[[Any], Any]
Row = tuple[str, Convert]  # the field's name in REST, and how its value is written there
Table = Mapping[str, Row]


def same(value: Any) -> Any:
    return value


def lower(value: str | None) -> str | None:
    return value.lower() if value is not None else None


def number_of(type_name: str) -> Convert:
    return lambda value: None if value is None else number(value, type_name)


def amount(value: Mapping[str, Any] | None) -> str | None:
    """The shop's money of a MoneyBagInput; the fake sells in one currency."""
    return value["shopMoney"]["amount"] if value else None


def pairs(value: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    """Attributes: key and value are name and value in REST."""
    return [{"name": one.get("key", one.get("name")), "value": one["value"]} for one in value or ()]


def every(table: Table, what: str) -> Convert:
    return lambda value: [translated(one, table, what) for one in value or ()]


def one(table: Table, what: str) -> Convert:
    return lambda value: translated(value, table, what) if value is not None else None


def translated(sent: Mapping[str, Any], table: Table, what: str) -> Document:
    """What was sent, as REST would be sent it."""
    found: Document = {}
    for name, value in sent.items():
        if name in table:
            key, convert = table[name]
            found[key] = convert(value)
        elif value not in (None, False, [], {}):
            raise NotSimulated(f"{what} with {name}")
    return found


def plain(*names: str, **others: Row) -> dict[str, Row]:
    """Rows of fields that have the same value in REST, under the name in snake case."""
    return {name: (snake(name), same) for name in names} | others


LOCALE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def _english(value: str | None) -> str | None:
    if value is not None and not LOCALE.fullmatch(value):
        raise Invalid((Problem("locale", "is invalid"),))  # [DP]
    if value not in (None, "en"):
        raise NotSimulated("a customer with a locale other than en")
    return value


ADDRESS = plain(
    "address1", "address2", "city", "company", "country", "countryCode", "firstName", "lastName", "phone", "province",
    "provinceCode", "zip",
)  # fmt: skip
EMAIL_CONSENT = {
    "marketingState": ("state", lower),
    "marketingOptInLevel": ("opt_in_level", lower),
    "consentUpdatedAt": ("consent_updated_at", same),
}
SMS_CONSENT = EMAIL_CONSENT
CUSTOMER = plain(
    "email", "firstName", "lastName", "note", "phone", "tags", "taxExempt", "multipassIdentifier",
    locale=("locale", _english),
    addresses=("addresses", every(ADDRESS, "an address")),
    emailMarketingConsent=("email_marketing_consent", one(EMAIL_CONSENT, "a consent")),
    smsMarketingConsent=("sms_marketing_consent", one(SMS_CONSENT, "a consent")),
)  # fmt: skip
CONSENTS = ("emailMarketingConsent", "smsMarketingConsent")

# --- products ---


def _option_names(value: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    """An option is known by its name, its values are names too [S]."""
    found = []
    for option in value or ():
        if option.get("linkedMetafield"):
            raise NotSimulated("an option with linkedMetafield")
        found.append({"name": option.get("name"), "values": [one.get("name") for one in option.get("values") or ()]})
    return found


def _status(value: str | None) -> str | None:
    if value == "UNLISTED":
        raise NotSimulated("a product with the status UNLISTED")
    return lower(value)


PRODUCT = plain(
    "title", "vendor", "productType", "handle", "tags", "templateSuffix", "published", "publishedAt",
    descriptionHtml=("body_html", same),
    status=("status", _status),
    productOptions=("options", _option_names),
)  # fmt: skip
UNITS = {"GRAMS": "g", "KILOGRAMS": "kg", "OUNCES": "oz", "POUNDS": "lb"}


def variant(sent: Mapping[str, Any], options: list[Document], what: str = "a variant") -> Document:
    """A ProductVariantsBulkInput or its like; its option values are found by the option's name or id."""
    found = translated(sent, VARIANT, what)
    item = found.pop("inventory_item", None) or {}
    for key in ("sku", "requires_shipping"):
        if item.get(key) is not None:
            found[key] = item[key]
    if item.get("tracked") is not None:
        found["inventory_management"] = "shopify" if item["tracked"] else None
    weight = (item.get("measurement") or {}).get("weight")
    if weight:
        found |= {"weight": weight["value"], "weight_unit": UNITS[weight["unit"]]}
    for value in sent.get("optionValues") or ():
        found[f"option{_position(value, options)}"] = value.get("name")
    return found


def _position(value: Mapping[str, Any], options: list[Document]) -> int:
    for option in options:
        by_id = value.get("optionId") and number(value["optionId"], "ProductOption") == option["id"]
        if by_id or value.get("optionName") == option["name"]:
            position: int = option["position"]
            return position
    raise Invalid((Problem("option_values", "Option does not exist", "OPTION_DOES_NOT_EXIST"),))  # Our reading


ITEM = plain("sku", "requiresShipping", "tracked", "measurement")
VARIANT = plain(
    "barcode", "compareAtPrice", "price", "taxable",
    id=("id", number_of("ProductVariant")),
    inventoryPolicy=("inventory_policy", lower),
    inventoryItem=("inventory_item", one(ITEM, "an inventory item")),
    optionValues=("option_values", lambda _: None),
)  # fmt: skip
MEDIA = {"originalSource": ("src", same), "alt": ("alt", same), "mediaContentType": ("kind", same)}

# --- orders ---

TAX = plain("title", "rate", "channelLiable", priceSet=("price", amount))
LINE = plain(
    "title", "quantity", "sku", "taxable", "requiresShipping", "giftCard", "vendor", "variantTitle",
    variantId=("variant_id", number_of("ProductVariant")),
    productId=("product_id", number_of("Product")),
    priceSet=("price", amount),
    properties=("properties", pairs),
    taxLines=("tax_lines", every(TAX, "a tax line")),
)  # fmt: skip
SHIPPING = plain(
    "title", "code", "source", priceSet=("price", amount), taxLines=("tax_lines", every(TAX, "a tax line"))
)
EXTERNAL = "external"  # the gateway of a transaction that names none [DP]
TRANSACTION = plain(
    "gateway", "processedAt", "test", "authorizationCode",
    kind=("kind", lower),
    status=("status", lower),
    amountSet=("amount", amount),
)  # fmt: skip
ASSOCIATED = plain("email", id=("id", number_of("Customer")))
UPSERTED = plain(
    "email", "firstName", "lastName", "note", "phone", "tags", "taxExempt", "multipassIdentifier",
    id=("id", number_of("Customer")),
    addresses=("addresses", every(ADDRESS, "an address")),
)  # fmt: skip


def _customer(value: Mapping[str, Any] | None) -> Document | None:
    if not value:
        return None
    (name, sent), *_ = value.items()
    return translated(sent, ASSOCIATED if name == "toAssociate" else UPSERTED, "an order's customer")


def _codes(value: Mapping[str, Any] | None) -> list[Document]:
    kinds = {
        "itemFixedDiscountCode": lambda sent: {"type": "fixed_amount", "amount": amount(sent.get("amountSet"))},
        "itemPercentageDiscountCode": lambda sent: {"type": "percentage", "amount": sent.get("percentage")},
    }
    found = []
    for name, sent in (value or {}).items():
        if sent is None:
            continue
        if name not in kinds:
            raise NotSimulated(f"an order with the discount {name}")
        found.append({"code": sent["code"], **kinds[name](sent)})
    return found


def _transactions(value: list[dict[str, Any]] | None) -> list[Document]:
    found = every(TRANSACTION, "a transaction")(value)
    return [{"gateway": EXTERNAL} | {name: one for name, one in each.items() if one is not None} for each in found]


ORDER = plain(
    "buyerAcceptsMarketing", "currency", "email", "name", "note", "phone", "poNumber", "processedAt", "referringSite",
    "sourceIdentifier", "sourceName", "sourceUrl", "tags", "taxesIncluded", "test",
    billingAddress=("billing_address", one(ADDRESS, "an address")),
    shippingAddress=("shipping_address", one(ADDRESS, "an address")),
    customAttributes=("note_attributes", pairs),
    customer=("customer", _customer),
    customerId=("customer", lambda value: {"id": number(value, "Customer")} if value else None),
    discountCode=("discount_codes", _codes),
    financialStatus=("financial_status", lower),
    fulfillmentStatus=("fulfillment_status", lower),
    lineItems=("line_items", every(LINE, "a line")),
    shippingLines=("shipping_lines", every(SHIPPING, "a shipping line")),
    taxLines=("tax_lines", every(TAX, "a tax line")),
    transactions=("transactions", _transactions),
)  # fmt: skip
ORDER_UPDATE = plain(
    "email", "note", "phone", "poNumber", "tags",
    customAttributes=("note_attributes", pairs),
    shippingAddress=("shipping_address", one(ADDRESS, "an address")),
)  # fmt: skip

# --- what becomes of orders ---

ORIGIN = plain("address1", "city", "countryCode", "provinceCode", "zip")
TRACKING = plain("company", "number", "numbers", "url", "urls")
PLANNED_LINE = plain("quantity", id=("id", number_of("FulfillmentOrderLineItem")))
PLANNED = plain(
    fulfillmentOrderId=("fulfillment_order_id", number_of("FulfillmentOrder")),
    fulfillmentOrderLineItems=("fulfillment_order_line_items", every(PLANNED_LINE, "a fulfillment order's line")),
)
FULFILLMENT = plain(
    "notifyCustomer",
    lineItemsByFulfillmentOrder=("line_items_by_fulfillment_order", every(PLANNED, "a fulfillment")),
    originAddress=("origin_address", one(ORIGIN, "an origin")),
    trackingInfo=("tracking_info", one(TRACKING, "a tracking")),
)
SHIPMENT_EVENT = plain(
    "address1", "city", "country", "estimatedDeliveryAt", "happenedAt", "message", "province", "zip",
    status=("status", lower),
)  # fmt: skip
REFUND_LINE = plain(
    "quantity",
    lineItemId=("line_item_id", number_of("LineItem")),
    locationId=("location_id", number_of("Location")),
    restockType=("restock_type", lower),
)
PAID_BACK = plain(
    "amount", "gateway",
    kind=("kind", lower),
    orderId=("order_id", number_of("Order")),
    parentId=("parent_id", number_of("OrderTransaction")),
)  # fmt: skip
REFUND = plain(
    "currency", "note", "notify", "processedAt",
    refundLineItems=("refund_line_items", every(REFUND_LINE, "a refund's line")),
    shipping=("shipping", one(plain("amount", "fullRefund"), "a refund of shipping")),
    transactions=("transactions", every(PAID_BACK, "a refund's transaction")),
)  # fmt: skip

# --- draft orders ---

DRAFT_DISCOUNT = plain(
    "amount", "description", "title", "value",
    amountWithCurrency=("amount", lambda value: value and value["amount"]),
    valueType=("value_type", lower),
)  # fmt: skip
DRAFT_LINE = plain(
    "grams", "quantity", "requiresShipping", "sku", "taxable", "title",
    appliedDiscount=("applied_discount", one(DRAFT_DISCOUNT, "a discount")),
    customAttributes=("properties", pairs),
    originalUnitPrice=("price", same),
    originalUnitPriceWithCurrency=("price", lambda value: value and value["amount"]),
    variantId=("variant_id", number_of("ProductVariant")),
)  # fmt: skip
DRAFT_SHIPPING = plain(
    "price", "title",
    priceWithCurrency=("price", lambda value: value and value["amount"]),
    shippingRateHandle=("handle", same),
)  # fmt: skip
DRAFT = plain(
    "email", "note", "tags", "taxExempt", "useCustomerDefaultAddress",
    appliedDiscount=("applied_discount", one(DRAFT_DISCOUNT, "a discount")),
    billingAddress=("billing_address", one(ADDRESS, "an address")),
    customAttributes=("note_attributes", pairs),
    customerId=("customer_id", number_of("Customer")),
    lineItems=("line_items", every(DRAFT_LINE, "a draft order's line")),
    shippingAddress=("shipping_address", one(ADDRESS, "an address")),
    shippingLine=("shipping_line", one(DRAFT_SHIPPING, "a shipping line")),
)  # fmt: skip
INVOICE = plain("bcc", "customMessage", "from", "subject", "to")

# --- subscriptions ---

SUBSCRIPTION = {
    "callbackUrl": ("address", same),
    "uri": ("address", same),
    "format": ("format", lower),
    "includeFields": ("fields", same),
    "metafieldNamespaces": ("metafield_namespaces", same),
    "metafields": ("metafields", same),
    "filter": ("filter", same),
    "name": ("name", same),
}
