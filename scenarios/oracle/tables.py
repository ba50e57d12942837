"""THE TABLES of the oracle: which value of a Shopify record which HubSpot property must show.

Written from the specification, never from the sync core: the oracle and the core may not share a mistake. A row that
is `ours` names a property that no vendor's page settles; it is compared only where the HubSpot record has it, so
that somebody else's integration is not measured by our names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from scenarios.oracle.records import Document

Sort = Literal["text", "number", "money", "instant", "flag"]


class Absent:
    """What Shopify's record does not say at all; a blank that it does say is None or ""."""


ABSENT = Absent()


@dataclass(frozen=True, slots=True)
class Field:
    """One property.

    Args:
        name: in HubSpot.
        source: a path into Shopify's document, or a function of the document.
        sort: how two values are compared.
        ours: compared only where HubSpot's record has a value.
    """

    name: str
    source: str | Callable[[Document], Any]
    sort: Sort = "text"
    ours: bool = False

    def value(self, document: Document) -> Any:
        if not isinstance(self.source, str):
            return self.source(document)
        found: Any = document
        for step in self.source.split("."):
            if found is None:
                return None
            found = found.get(step, ABSENT) if found is not ABSENT else ABSENT
        return found


def street(customer: Document) -> str | None:
    """Both lines of the default address (A18, row 12)."""
    address = customer.get("default_address") or {}
    return ", ".join(line for line in (address.get("address1"), address.get("address2")) if line)


def first_variant(name: str) -> Callable[[Document], Any]:
    """A product shows its first variant (A35)."""

    def value(product: Document) -> Any:
        variants = sorted(product.get("variants") or (), key=lambda variant: variant.get("position") or 0)
        return variants[0].get(name) if variants else None

    return value


def closed_at(order: Document) -> Any:
    """`closedate` is when the order was processed, else made (I6)."""
    return order.get("processed_at") or order.get("created_at")


def refunded(order: Document) -> str | None:
    """What was paid back, as far as it went through (I7)."""
    back = [
        Decimal(str(one["amount"]))
        for one in order.get("transactions") or ()
        if (one.get("kind"), one.get("status")) == ("refund", "success")
    ]
    return str(sum(back)) if back else None


def payment_label(order: Document) -> Any:
    """ "partially_paid" shows as "Partially paid" [V]."""
    status = order.get("financial_status")
    return status.replace("_", " ").capitalize() if status else ABSENT


def order_status(order: Document) -> str:
    if order.get("cancelled_at"):
        return "cancelled"
    return "closed" if order.get("closed_at") else "open"


CONTACT = (  # A-CONTACT; blank values of Shopify are left out of the comparison (A10)
    Field("firstname", "first_name"),
    Field("lastname", "last_name"),
    Field("phone", "phone"),  # the customer's own, never that of an address (A19)
    Field("address", street),
    Field("city", "default_address.city"),
    Field("country", "default_address.country"),
    Field("state", "default_address.province"),
    Field("zip", "default_address.zip"),
    Field("shopify_note", "note", ours=True),
    Field("shopify_tags", "tags", ours=True),
    Field("shopify_orders_count", "orders_count", "number", ours=True),
    Field("shopify_tax_exempt", "tax_exempt", "flag", ours=True),
    Field("shopify_verified_email", "verified_email", "flag", ours=True),
    Field("shopify_created_at", "created_at", "instant", ours=True),
)

PRODUCT = (  # A-PRODUCT
    Field("price", first_variant("price"), "money"),
    Field("description", "body_html", ours=True),
    Field("hs_sku", first_variant("sku"), ours=True),
    Field("shopify_handle", "handle", ours=True),
    Field("shopify_product_type", "product_type", ours=True),
    Field("shopify_tags", "tags", ours=True),
    Field("shopify_vendor", "vendor", ours=True),
)

DEAL = (  # A-ORDER, what an order and a checkout have in common
    Field("amount", "total_price", "money"),
    Field("deal_currency_code", "currency"),
    Field("ip__ecomm_bridge__discount_amount", "total_discounts", "money", ours=True),
    Field("ip__ecomm_bridge__tax_amount", "total_tax", "money", ours=True),
    Field("shopify_subtotal_price", "subtotal_price", "money", ours=True),
    Field("shopify_total_line_items_price", "total_line_items_price", "money", ours=True),
    Field("shopify_taxes_included", "taxes_included", "flag", ours=True),
    Field("shopify_note", "note", ours=True),
    Field("shopify_source_name", "source_name", ours=True),
    Field("shopify_token", "token", ours=True),
    Field("shopify_total_weight", "total_weight", "number", ours=True),
)

DEAL_OF_ORDER = (
    *DEAL,
    Field("closedate", closed_at, "instant"),
    Field("ip__ecomm_bridge__order_number", "order_number", "number", ours=True),
    Field("shopify_financial_status", "financial_status", ours=True),
    Field("shopify_fulfillment_status", "fulfillment_status", ours=True),
    Field("shopify_cancel_reason", "cancel_reason", ours=True),
    Field("shopify_cancelled_at", "cancelled_at", "instant", ours=True),
    Field("shopify_created_at", "created_at", "instant", ours=True),
    Field("shopify_refund_amount", refunded, "money", ours=True),
    Field("shopify_presentment_currency", "presentment_currency", ours=True),
)

DEAL_OF_CHECKOUT = (
    *DEAL,
    Field("shopify_created_at", "created_at", "instant", ours=True),
    Field("ip__ecomm_bridge__abandoned_cart_url", "abandoned_checkout_url", ours=True),
)

ORDER = (  # B-ORDER
    Field("hs_order_name", "name"),
    Field("hs_total_price", "total_price", "money"),
    Field("hs_currency_code", "currency"),
    Field("hs_subtotal_price", "subtotal_price", "money"),
    Field("hs_tax", "total_tax", "money"),
    Field("hs_order_discount", "total_discounts", "money"),
    Field("hs_refund_amount", refunded, "money"),
    Field("shopify_presentment_currency", "presentment_currency", ours=True),
    Field("hs_external_order_status", order_status),
    Field("hs_payment_status", payment_label),
    Field("hs_external_created_date", "created_at", "instant"),
    Field("hs_order_note", "note"),
    Field("hs_tags", "tags"),
)

CART = (  # B-CART
    Field("hs_cart_name", "name"),
    Field("hs_total_price", "total_price", "money"),
    Field("hs_currency_code", "currency"),
    Field("hs_subtotal_price", "subtotal_price", "money"),
    Field("hs_tax", "total_tax", "money"),
    Field("hs_cart_discount", "total_discounts", "money"),
    Field("hs_cart_url", "abandoned_checkout_url"),
)

PAID = ("paid", "partially_refunded", "refunded")


def stage_of_deal(order: Document) -> str:
    """The A rules of the derived stages, as the labels of A21."""
    if order.get("cancelled_at"):
        return "cancelled"
    if order.get("fulfillment_status") == "fulfilled":
        return "shipped"
    if order.get("financial_status") in (*PAID, "partially_paid"):
        return "processed"
    return "checkout completed"


def stages_of_order(order: Document, mapped: Mapping[str, str | None]) -> tuple[str, ...]:
    """The labels of the stages that it may stand in; none where it is excluded (B35).

    Args:
        mapped: status -> label of the stage that a user has chosen, None for Skip; the others have their own name's.
    """
    labels = [mapped.get(status, status) for status in _statuses(order)]
    return tuple(label for label in labels if label is not None)


def _statuses(order: Document) -> tuple[str, ...]:
    """The B rules (F10); delivered counts as shipped where no stage is mapped to it, so both are right."""
    if order.get("cancelled_at"):
        return ("cancelled",)
    if order.get("fulfillment_status") == "fulfilled":
        shipments = [shipment.get("shipment_status") for shipment in order.get("fulfillments") or ()]
        delivered = bool(shipments) and all(status == "delivered" for status in shipments)
        return ("shipped", "delivered") if delivered else ("shipped",)
    return ("processed",) if order.get("financial_status") in PAID else ("open",)


# What of a deal or an order is about a person, and must be blank once the customer is redacted (I10).
PERSONAL = (
    "shopify_note",
    "hs_order_note",
    *(
        f"hs_{kind}_address_{part}"
        for kind in ("billing", "shipping")
        for part in ("firstname", "lastname", "name", "email", "phone", "street", "city", "postal_code")
    ),
)
