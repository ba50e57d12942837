"""Orders: made over the API or by a completed checkout, changed, cancelled, closed, opened again, deleted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from simulator.kernel.errors import Invalid, Problem
from simulator.kernel.resource import Document
from simulator.shopify import funds, money
from simulator.shopify.kinds import ORDERS
from simulator.shopify.rules import (
    customers,
    events,
    fulfillments,
    inputs,
    lines,
    milestones,
    payments,
    refunds,
    totals,
)
from simulator.shopify.rules.inputs import Field
from simulator.shopify.rules.lines import Sold
from simulator.shopify.rules.totals import Totals
from simulator.shopify.shop import Shop

FINANCIAL = (
    "pending", "authorized", "partially_paid", "paid", "partially_refunded", "refunded", "voided", "expired",
)  # fmt: skip
CANCEL_NOTE = "Order canceled"
CANCEL_REASONS = ("customer", "fraud", "inventory", "declined", "other")
PROTECTED_SOURCES = ("web", "pos", "shopify_draft_order", "iphone", "android")  # Shopify's own, not for apps
CONFIRMATION_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

# What PUT changes [AJS, RR]; `shipping_address` and `customer` beside.
UPDATABLE = (
    Field("note", inputs.text(inputs.LONGEST_NOTE)),
    Field("note_attributes", inputs.name_values),
    Field("email", customers.email),
    Field("phone", customers.phone),
    Field("buyer_accepts_marketing", inputs.flag, False),
    Field("tags", inputs.tags, ""),
)
# What a new order takes besides.
CREATABLE = (
    *UPDATABLE,
    Field("name", inputs.text()),
    Field("currency", inputs.currency),
    Field("presentment_currency", inputs.currency),
    Field("financial_status", inputs.choice(*FINANCIAL, None)),
    Field("fulfillment_status", inputs.choice("fulfilled", "partial", "restocked", None)),
    Field("processed_at", inputs.instant),
    Field("taxes_included", inputs.flag, False),
    Field("test", inputs.flag, False),
    Field("landing_site", inputs.text(4096)),
    Field("referring_site", inputs.text(4096)),
    Field("source_name", inputs.text()),
    Field("source_identifier", inputs.text()),
    Field("source_url", inputs.text(4096)),
    Field("po_number", inputs.text()),
    Field("customer_locale", inputs.text(20)),
    Field("user_id", inputs.identifier),
    Field("location_id", inputs.identifier),
)
TAX = (inputs.price("total_tax"),)
NOT_SIMULATED = ("payment_terms",)
CANCEL_FIELDS = (
    Field("reason", inputs.choice(*CANCEL_REASONS), "other"),
    inputs.price("amount"),
    Field("restock", inputs.flag, False),
)
SHIPPING_FIELDS = (
    Field("title", inputs.text()),
    inputs.price("price"),
    Field("code", inputs.text()),
    Field("source", inputs.text()),
)


def create(
    shop: Shop, wanted: Document, origin: Document | None = None, off: Iterable[totals.Discount] = ()
) -> Document:
    """A new order.

    Args:
        origin: what only Shopify's own checkout sets: `source_name` "web", the checkout's id and tokens.
        off: the discounts of a draft order.
    """
    inputs.not_simulated(wanted, NOT_SIMULATED, "an order")
    given = inputs.read(wanted, CREATABLE)
    given["currency"] = currency = given.get("currency") or shop.currency
    given |= inputs.read(wanted, TAX, currency=currency)
    sold = lines.read(shop, wanted.get("line_items"), currency=currency)
    addresses = {
        name: customers.plain_address(wanted.get(name), name) for name in ("billing_address", "shipping_address")
    }
    paid = [
        payments.read(one, currency, "transactions.")
        for one in inputs.mappings(wanted.get("transactions"), "transactions")
    ]
    sums = _summed(shop, wanted, given, sold, off)
    customer = _customer(shop, wanted, given, addresses)
    order = _document(shop, given, sums, customer) | _source(shop, given) | addresses | (origin or {})
    order |= _money(shop, order, given, paid)
    if order["fulfillment_status"] == "fulfilled":
        order = fulfillments.born_fulfilled(shop, order, wanted.get("fulfillments"))
    shop.create(ORDERS, order)
    fulfillments.plan(shop, order)
    customers.count_order(shop, None, order)
    events.note(shop, "Order", order, "confirmed", customers.full_name(customer))
    milestones.tell(shop, None, order)
    for transaction in order["transactions"]:
        payments.tell(shop, order, transaction)
    return order


def update(shop: Shop, order: Document, wanted: Document) -> Document:
    """Change what PUT may change; line items and amounts it passes over, like Shopify."""
    given = inputs.read(wanted, UPDATABLE)
    changed = order | given
    if "email" in given:
        changed["email"] = given["email"] or ""
        changed["contact_email"] = given["email"]
    for name in ("billing_address", "shipping_address"):
        if wanted.get(name) is not None:
            changed[name] = customers.plain_address(wanted[name], name, order[name])
    if "customer" in wanted:
        value = wanted["customer"]
        found = customers.find_or_create(shop, inputs.mapping(value, "customer")) if value is not None else None
        changed["customer_id"] = found["id"] if found else None
    return milestones.save(shop, order, changed)


def delete(shop: Shop, order: Document) -> None:
    fulfillments.forget(shop, order)
    shop.delete(ORDERS, order)
    customers.count_order(shop, order, None)
    events.note(shop, "Order", order, "destroy")


def cancel(shop: Shop, order: Document, wanted: Document) -> Document:
    """Cancel: with a refund in full detail, or of an `amount` and all that is left of the lines, or without any [AJS].

    What is authorized is voided, and an order that nobody has paid is voided too (our reading).
    """
    given = inputs.defaults(CANCEL_FIELDS) | inputs.read(wanted, CANCEL_FIELDS, currency=order["currency"])
    if order["cancelled_at_ms"]:
        raise Invalid((Problem("base", "Cannot cancel an order that has already been canceled"),))  # [DP]
    if order["fulfillment_status"]:
        raise Invalid((Problem("base", "Cannot cancel an order that has outstanding fulfillments"),))  # [DP]
    back = _refund_of_cancelling(order, given, wanted.get("refund"))
    if back:
        order, _ = refunds.create(shop, order, back)
    changed = order | {"cancelled_at_ms": shop.now(), "cancel_reason": given["reason"]}
    if funds.of(order).reserved_cents:
        changed = payments.voided(shop, changed)
    elif order["financial_status"] in ("pending", "authorized"):
        changed["financial_status"] = "voided"
    saved = milestones.save(shop, order, changed)
    fulfillments.follow(shop, saved)
    events.note(shop, "Order", saved, "cancelled", arguments=())
    return saved


def _refund_of_cancelling(order: Document, given: Document, refund: Any) -> Document | None:
    """The refund as it would be posted; its note is "Order canceled" whatever was sent [AJS]."""
    if refund is not None:
        return inputs.mapping(refund, "refund") | {"note": CANCEL_NOTE}
    if not given["amount"]:
        return None
    return {
        "note": CANCEL_NOTE,
        "restock": given["restock"],
        "refund_line_items": refunds.every_line(order),
        "transactions": refunds.paying_back(order, money.cents(given["amount"])),
    }


def close(shop: Shop, order: Document) -> Document:
    return order if order["closed_at_ms"] else _closed(shop, order, shop.now(), "closed")


def reopen(shop: Shop, order: Document) -> Document:
    return _closed(shop, order, None, "re_opened") if order["closed_at_ms"] else order


def _closed(shop: Shop, order: Document, at_ms: int | None, verb: str) -> Document:
    events.note(shop, "Order", order, verb, arguments=())
    return milestones.save(shop, order, order | {"closed_at_ms": at_ms})


# --- helpers of a creation ---


def _customer(shop: Shop, wanted: Document, given: Document, addresses: Document) -> Document | None:
    """Whose order it is: as sent by id or in full, else by the order's e-mail address, else nobody's [AJS].

    A customer that is made here takes its name from the billing address and its address from the shipping address,
    as the recorded answers show.
    """
    value = inputs.mapping(wanted.get("customer") or {}, "customer")
    if given.get("email") and not any(value.get(name) for name in ("id", "email", "phone")):
        value = value | {"email": given["email"]}
    if not value:
        return None
    if value.get("id") is None and not value.get("addresses"):
        value = _named(value, addresses["billing_address"] or addresses["shipping_address"])
        home = addresses["shipping_address"] or addresses["billing_address"]
        value |= {"addresses": [home]} if home else {}
    return customers.find_or_create(shop, value)


def _named(customer: Document, address: Document | None) -> Document:
    names = {name: address[name] for name in ("first_name", "last_name") if address and address[name]}
    return customer | names


def _source(shop: Shop, given: Document) -> Document:
    """An app's order bears the app's id as its source, unless the app names another that is not Shopify's [AJS]."""
    named = given.get("source_name")
    own = named and named not in PROTECTED_SOURCES
    app_id = shop.caller.app_id
    return {"app_id": app_id, "source_name": named if own else str(app_id)}


def _summed(
    shop: Shop, wanted: Document, given: Document, sold: list[Sold], off: Iterable[totals.Discount]
) -> Document:
    """Lines with their taxes and discounts, and every sum."""
    cents, currency = [one.cents for one in sold], given["currency"]
    shipping = [
        _shipping_line(shop, one, currency) for one in inputs.mappings(wanted.get("shipping_lines"), "shipping_lines")
    ]
    shipping_cents = sum(money.cents(one["price"]) for one in shipping)
    codes = [*totals.discounts(wanted.get("discount_codes"), sum(cents), shipping_cents, currency), *off]
    own_taxes = [lines.tax_lines(one.get("tax_lines"), currency) for one in wanted["line_items"]]
    taxes = lines.tax_lines(wanted.get("tax_lines"), currency)
    if taxes and not any(own_taxes):
        weights = [one.cents if one.given.get("taxable", True) else 0 for one in sold]
        own_taxes = totals.shared_taxes(taxes, weights, currency)
    taxes = taxes or totals.summed_taxes(own_taxes, currency)
    tax_cents = money.cents(given["total_tax"]) if given.get("total_tax") else totals.tax_cents(taxes)
    off_shipping = sum(one.amount_cents for one in codes if one.type == "shipping")
    off_lines = sum(one.amount_cents for one in codes if one.type != "shipping")
    sums = Totals(sum(cents), off_lines, tax_cents, shipping_cents - off_shipping, bool(given.get("taxes_included")))
    return {
        "totals": sums,
        "off_cents": off_lines + off_shipping,
        "tax_lines": taxes,
        "shipping_lines": shipping,
        "discount_codes": [
            {"code": one.code, "amount": money.text(one.amount_cents, currency), "type": one.type}
            for one in codes
            if not one.manual
        ],
        "discount_applications": totals.applications(codes),
        "line_items": [
            new_line(shop, one, own, allocated)
            for one, own, allocated in zip(sold, own_taxes, totals.allocations(codes, cents, currency), strict=True)
        ],
    }


def new_line(shop: Shop, sold: Sold, taxes: list[Document], allocated: list[Document]) -> Document:
    return {
        "id": shop.next_part_id("line_items"),
        "current_quantity": sold.quantity,
        "fulfillable_quantity": sold.quantity,
        "fulfillment_service": "manual",
        "fulfillment_status": None,
        "gift_card": sold.given.get("gift_card", False),
        "grams": sold.of("grams", 0),
        "name": sold.name,
        "price": sold.price,
        "product_exists": sold.product is not None,
        "product_id": sold.product["id"] if sold.product else None,
        "properties": sold.given.get("properties", []),
        "quantity": sold.quantity,
        "requires_shipping": sold.of("requires_shipping", True),
        "sku": sold.of("sku"),
        "taxable": sold.of("taxable", True),
        "title": sold.title,
        "total_discount": money.zero(sold.currency),  # discounts of an order stand in discount_allocations [AJS]
        "variant_id": sold.variant["id"] if sold.variant else None,
        "variant_inventory_management": sold.of("inventory_management"),
        "variant_title": sold.variant_title,
        "vendor": sold.vendor,
        "tax_lines": taxes,
        "discount_allocations": allocated,
    }


def _shipping_line(shop: Shop, value: Document, currency: str) -> Document:
    given = inputs.read(value, SHIPPING_FIELDS, "shipping_lines.", currency)
    if not given.get("title"):
        raise Invalid((Problem("shipping_lines", "Title can't be blank", "BLANK"),))  # Our reading of the text
    return {
        "id": shop.next_part_id("shipping_lines"),
        "code": given.get("code") or given["title"],
        "price": given.get("price") or money.zero(currency),
        "source": given.get("source"),
        "title": given["title"],
        "tax_lines": lines.tax_lines(value.get("tax_lines"), currency),
    }


def _document(shop: Shop, given: Document, sums: Document, customer: Document | None) -> Document:
    found: Totals = sums["totals"]
    number = shop.next_part_id("order_number")
    email = given.get("email") or (customer["email"] if customer else None)
    now = shop.now()
    weights = [line["grams"] * line["quantity"] for line in sums["line_items"]]
    return {
        "id": shop.next_id(ORDERS),
        "created_at_ms": now,
        "updated_at_ms": now,
        "processed_at_ms": given.get("processed_at") or now,
        "closed_at_ms": None,
        "cancelled_at_ms": None,
        "cancel_reason": None,
        "cart_token": None,
        "checkout_id": None,
        "checkout_token": None,
        "token": shop.token(),
        "key": shop.token(),
        "confirmation_number": _confirmation(shop),
        **{one.name: given.get(one.name, one.default) for one in CREATABLE if one.name not in _RENAMED},
        "name": given.get("name") or f"#{number}",
        "order_number": number,
        "number": number - 1000,
        "email": email or "",
        "contact_email": email,
        "note_attributes": given.get("note_attributes", []),
        **_currencies(shop, given),
        "customer_id": customer["id"] if customer else None,
        **{name: money.text(cents, given["currency"]) for name, cents in found.shown().items()},
        "total_discounts": money.text(sums["off_cents"], given["currency"]),
        "total_weight": sum(weights),
        "billing_address": None,
        "shipping_address": None,
        "fulfillments": [],
        "refunds": [],
        **{name: value for name, value in sums.items() if name not in ("totals", "off_cents")},
    }


_RENAMED = ("processed_at",)  # stored as an instant


def _currencies(shop: Shop, given: Document) -> Document:
    """The order's own currency, and the one that its buyer saw, at the rate that the shop has for it by now."""
    own, seen = given["currency"], given.get("presentment_currency") or given["currency"]
    rate = "1" if seen == own else shop.record.get("presentment_rates", {}).get(seen)
    if rate is None or own not in (seen, shop.currency):
        raise Invalid((Problem("presentment_currency", "is not enabled for this shop"),))  # Our reading of the text
    return {"currency": own, "presentment_currency": seen, "presentment_rate": rate}


def _money(shop: Shop, order: Document, given: Document, paid: list[Document]) -> Document:
    """The transactions that a new order is sent with, and what they say unless a status is sent as well.

    None is made up for a status: an order made over the API may bear any, and no transaction is performed for it
    (shopify.dev, REST Admin API, usage notes of orders). So one that is sent as paid alone has nothing to give back.
    """
    changed = order | {"transactions": payments.opening(shop, order, paid)}
    return {
        "transactions": changed["transactions"],
        "financial_status": given.get("financial_status") or funds.first_status(changed),
        "payment_gateway_names": funds.gateways(changed["transactions"]),
        "total_outstanding": funds.outstanding(changed),
    }


def _confirmation(shop: Shop) -> str:
    stream = shop.site.chance.stream("shopify/confirmations")
    return "".join(CONFIRMATION_LETTERS[stream.randrange(len(CONFIRMATION_LETTERS))] for _ in range(9))
