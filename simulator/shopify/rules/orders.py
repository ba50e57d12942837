"""Orders: made over the API or by a completed checkout, changed, cancelled, closed, opened again, deleted."""

from __future__ import annotations

from typing import Any

from simulator.kernel.errors import Invalid, Problem
from simulator.kernel.resource import Document
from simulator.shopify import money
from simulator.shopify.kinds import ORDERS
from simulator.shopify.rules import customers, events, inputs, lines, totals
from simulator.shopify.rules.inputs import Field
from simulator.shopify.rules.lines import Sold
from simulator.shopify.rules.totals import Totals
from simulator.shopify.shop import Shop

FINANCIAL = (
    "pending", "authorized", "partially_paid", "paid", "partially_refunded", "refunded", "voided", "expired",
)  # fmt: skip
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
    Field("currency", inputs.text(3)),
    Field("financial_status", inputs.choice(*FINANCIAL, None)),
    Field("fulfillment_status", inputs.choice("fulfilled", "partial", "restocked", None)),
    Field("processed_at", inputs.instant),
    Field("taxes_included", inputs.flag, False),
    Field("total_tax", inputs.amount),
    Field("test", inputs.flag, False),
    Field("landing_site", inputs.text(4096)),
    Field("referring_site", inputs.text(4096)),
    Field("source_name", inputs.text()),
    Field("source_identifier", inputs.text()),
    Field("source_url", inputs.text(4096)),
    Field("po_number", inputs.text()),
    Field("customer_locale", inputs.text(20)),
)
NOT_SIMULATED = ("metafields", "user_id", "location_id", "payment_terms")
TRANSACTION_FIELDS = (
    Field("kind", inputs.choice("sale", "capture", "authorization", "void", "refund")),
    Field("status", inputs.choice("success", "pending", "failure", "error"), "success"),
    Field("amount", inputs.amount),
    Field("gateway", inputs.text(), ""),
)
SHIPPING_FIELDS = (
    Field("title", inputs.text()),
    Field("price", inputs.amount),
    Field("code", inputs.text()),
    Field("source", inputs.text()),
)


def create(shop: Shop, wanted: Document, origin: Document | None = None) -> Document:
    """A new order.

    Args:
        origin: what only Shopify's own checkout sets: `source_name` "web", the checkout's id and tokens.
    """
    inputs.not_simulated(wanted, NOT_SIMULATED, "an order")
    given = inputs.read(wanted, CREATABLE)
    sold = lines.read(shop, wanted.get("line_items"))
    addresses = {
        name: customers.plain_address(wanted.get(name), name) for name in ("billing_address", "shipping_address")
    }
    paid = [_transaction(one) for one in inputs.mappings(wanted.get("transactions"), "transactions")]
    sums = _summed(shop, wanted, given, sold)
    customer = _customer(shop, wanted, given, addresses)
    order = _document(shop, given, sums, paid, customer) | _source(shop, given) | addresses | (origin or {})
    if order["fulfillment_status"] == "fulfilled":
        order = _fulfilled(shop, order)
    shop.create(ORDERS, order)
    customers.count_order(shop, None, order)
    events.note(shop, "Order", order, "create", _full_name(customer))
    _tell_milestones(shop, None, order)
    return order


def update(shop: Shop, order: Document, wanted: Document) -> Document:
    """Change what PUT may change; line items and amounts it passes over, like Shopify."""
    inputs.not_simulated(wanted, ("metafields",), "an order")
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
    return _save(shop, order, changed)


def delete(shop: Shop, order: Document) -> None:
    shop.delete(ORDERS, order)
    customers.count_order(shop, order, None)
    events.note(shop, "Order", order, "destroy")


def cancel(shop: Shop, order: Document, wanted: Document) -> Document:
    """Cancel; what was not paid yet is voided (our reading). Refunds on the way are not simulated."""
    inputs.not_simulated(wanted, ("amount", "refund"), "cancelling an order")
    given = {"reason": "other"} | inputs.read(wanted, (Field("reason", inputs.choice(*CANCEL_REASONS)),))
    if order["cancelled_at_ms"]:
        raise Invalid((Problem("base", "Cannot cancel an order that has already been canceled"),))  # [DP]
    if order["fulfillment_status"]:
        raise Invalid((Problem("base", "Cannot cancel an order that has outstanding fulfillments"),))  # [DP]
    unpaid = order["financial_status"] in ("pending", "authorized")
    changed = order | {
        "cancelled_at_ms": shop.now(),
        "cancel_reason": given["reason"],
        "financial_status": "voided" if unpaid else order["financial_status"],
    }
    return _save(shop, order, changed)


def close(shop: Shop, order: Document) -> Document:
    return order if order["closed_at_ms"] else _save(shop, order, order | {"closed_at_ms": shop.now()})


def reopen(shop: Shop, order: Document) -> Document:
    return _save(shop, order, order | {"closed_at_ms": None})


# --- helpers of a change ---


def _save(shop: Shop, before: Document, changed: Document) -> Document:
    """Our reading: a change that changes nothing leaves updated_at alone and tells nobody."""
    if changed == before:
        return before
    saved = shop.update(ORDERS, changed)
    customers.count_order(shop, before, saved)
    _tell_milestones(shop, before, saved)
    return saved


def _tell_milestones(shop: Shop, before: Document | None, after: Document) -> None:
    """Topics that tell of a state that was reached: orders/paid, orders/fulfilled, orders/cancelled."""
    for topic, field, reached in (
        ("orders/paid", "financial_status", lambda value: value == "paid"),
        ("orders/fulfilled", "fulfillment_status", lambda value: value == "fulfilled"),
        ("orders/cancelled", "cancelled_at_ms", lambda value: value is not None),
    ):
        if reached(after[field]) and not (before and reached(before[field])):
            shop.owe(topic, after)


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


def _full_name(customer: Document | None) -> str:
    names = (customer["first_name"], customer["last_name"]) if customer else ()
    return " ".join(name for name in names if name)


def _transaction(value: Document) -> Document:
    return {"kind": "sale", "status": "success", "gateway": ""} | inputs.read(
        value, TRANSACTION_FIELDS, "transactions."
    )


def _summed(shop: Shop, wanted: Document, given: Document, sold: list[Sold]) -> Document:
    """Lines with their taxes and discounts, and every sum."""
    cents = [one.cents for one in sold]
    shipping = [_shipping_line(shop, one) for one in inputs.mappings(wanted.get("shipping_lines"), "shipping_lines")]
    shipping_cents = sum(money.cents(one["price"]) for one in shipping)
    codes = totals.discounts(wanted.get("discount_codes"), sum(cents), shipping_cents)
    own_taxes = [lines.tax_lines(one.get("tax_lines")) for one in wanted["line_items"]]
    taxes = lines.tax_lines(wanted.get("tax_lines"))
    if taxes and not any(own_taxes):
        weights = [one.cents if one.given.get("taxable", True) else 0 for one in sold]
        own_taxes = totals.shared_taxes(taxes, weights)
    taxes = taxes or totals.summed_taxes(own_taxes)
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
            {"code": one.code, "amount": money.text(one.amount_cents), "type": one.type} for one in codes
        ],
        "discount_applications": totals.applications(codes),
        "line_items": [
            _line(shop, one, own, allocated)
            for one, own, allocated in zip(sold, own_taxes, totals.allocations(codes, cents), strict=True)
        ],
    }


def _line(shop: Shop, sold: Sold, taxes: list[Document], allocated: list[Document]) -> Document:
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
        "total_discount": "0.00",  # discounts of an order stand in discount_allocations [AJS]
        "variant_id": sold.variant["id"] if sold.variant else None,
        "variant_inventory_management": sold.of("inventory_management"),
        "variant_title": sold.variant_title,
        "vendor": sold.vendor,
        "tax_lines": taxes,
        "discount_allocations": allocated,
    }


def _shipping_line(shop: Shop, value: Document) -> Document:
    given = inputs.read(value, SHIPPING_FIELDS, "shipping_lines.")
    if not given.get("title"):
        raise Invalid((Problem("shipping_lines", "Title can't be blank", "BLANK"),))  # Our reading of the text
    return {
        "id": shop.next_part_id("shipping_lines"),
        "code": given.get("code") or given["title"],
        "price": given.get("price") or "0.00",
        "source": given.get("source"),
        "title": given["title"],
        "tax_lines": lines.tax_lines(value.get("tax_lines")),
    }


def _document(shop: Shop, given: Document, sums: Document, paid: list[Document], customer: Document | None) -> Document:
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
        "currency": given.get("currency") or shop.currency,
        "customer_id": customer["id"] if customer else None,
        "financial_status": given.get("financial_status") or _derived_status(paid, found.total_cents),
        "payment_gateway_names": list(dict.fromkeys(one["gateway"] or "" for one in paid)),
        "subtotal_price": money.text(found.subtotal_cents),
        "total_discounts": money.text(sums["off_cents"]),
        "total_line_items_price": money.text(found.lines_cents),
        "total_outstanding": money.text(max(0, found.total_cents - _received_cents(paid))),
        "total_price": money.text(found.total_cents),
        "current_total_price": money.text(found.total_cents),
        "total_shipping_price": money.text(found.shipping_cents),
        "total_tax": money.text(found.tax_cents),
        "total_weight": sum(weights),
        "billing_address": None,
        "shipping_address": None,
        "fulfillments": [],
        "refunds": [],
        **{name: value for name, value in sums.items() if name not in ("totals", "off_cents")},
    }


_RENAMED = ("processed_at", "total_tax")  # stored as an instant, and as a sum


def _confirmation(shop: Shop) -> str:
    stream = shop.site.chance.stream("shopify/confirmations")
    return "".join(CONFIRMATION_LETTERS[stream.randrange(len(CONFIRMATION_LETTERS))] for _ in range(9))


def _derived_status(paid: list[Document], total_cents: int) -> str:
    """What the transactions say; an order without any is taken as paid [AJS]."""
    if not paid:
        return "paid"
    moved = _received_cents([one for one in paid if one["kind"] in ("sale", "capture")])
    if moved >= total_cents:
        return "paid"
    if moved:
        return "partially_paid"
    return "authorized" if _received_cents(paid) else "pending"


def _received_cents(paid: list[Document]) -> int:
    """Money that came or is reserved: `total_outstanding` counts an authorization as well [AJS]."""
    good = [one for one in paid if one["status"] == "success" and one["kind"] in ("sale", "capture", "authorization")]
    return sum(money.cents(one.get("amount") or "0") for one in good)


def _fulfilled(shop: Shop, order: Document) -> Document:
    """An order that is fulfilled from the start, with the one fulfillment that says so [AJS]."""
    done: dict[str, Any] = {"fulfillable_quantity": 0, "fulfillment_status": "fulfilled"}
    fulfillment = {
        "id": shop.next_part_id("fulfillments"),
        "created_at_ms": shop.now(),
        "updated_at_ms": shop.now(),
        "location_id": shop.record["primary_location_id"],
        "name": f"{order['name']}.1",
        "order_id": order["id"],
        "service": "manual",
        "status": "success",
    }
    return order | {
        "line_items": [line | done for line in order["line_items"]],
        "fulfillments": [fulfillment],
    }
