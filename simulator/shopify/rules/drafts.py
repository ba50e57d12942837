"""Draft orders: what a merchant puts together for a customer, until it is completed and becomes an order.

Taxes are not worked out (the fake knows no rates): a draft's are nought. The recorded shop had rates.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from simulator.kernel.errors import Invalid, Problem
from simulator.kernel.resource import Document
from simulator.shopify import funds, money
from simulator.shopify.kinds import CUSTOMERS, DRAFT_ORDERS
from simulator.shopify.rules import accounts, customers, events, inputs, lines, orders, totals
from simulator.shopify.rules.inputs import Field
from simulator.shopify.rules.lines import Sold
from simulator.shopify.rules.totals import Discount
from simulator.shopify.shop import Shop

FIELDS = (
    Field("note", inputs.text(inputs.LONGEST_NOTE)),
    Field("email", customers.email),
    Field("tags", inputs.tags, ""),
    Field("note_attributes", inputs.name_values, []),
    Field("tax_exempt", inputs.flag, False),
    Field("taxes_included", inputs.flag, False),
)
DISCOUNT_FIELDS = (
    Field("title", inputs.text()),
    Field("description", inputs.text()),
    Field("value", inputs.figure),
    Field("value_type", inputs.choice("fixed_amount", "percentage")),
    Field("amount", inputs.figure),
)
SHIPPING_FIELDS = (Field("title", inputs.text()), inputs.price("price"), Field("handle", inputs.text()))
NOT_SIMULATED = ("payment_terms", "presentment_currency")
COMPLETED = "This order has been paid"  # Our reading of the text: a completed draft cannot be changed


def create(shop: Shop, wanted: Document) -> Document:
    inputs.not_simulated(wanted, NOT_SIMULATED, "a draft order")
    now, number = shop.now(), shop.next_part_id("draft_order_names")
    draft = inputs.defaults(FIELDS) | {
        "id": shop.next_id(DRAFT_ORDERS),
        "name": f"#D{number}",
        "created_at_ms": now,
        "updated_at_ms": now,
        "completed_at_ms": None,
        "invoice_sent_at_ms": None,
        "status": "open",
        "currency": shop.currency,
        "customer_id": None,
        "billing_address": None,
        "shipping_address": None,
        "applied_discount": None,
        "shipping_line": None,
        "order_id": None,
        "api_client_id": shop.caller.app_id,
        "token": shop.token(),
        "line_items": [],
    }
    if "line_items" not in wanted:
        raise Invalid((Problem("line_items", "can't be blank", "BLANK"),))  # Our reading of the text
    made = _changed(shop, draft, wanted)
    if made["customer_id"] is None and "customer" not in wanted:
        made["customer_id"] = _named(shop, made)
    return shop.create(DRAFT_ORDERS, made)


def update(shop: Shop, draft: Document, wanted: Document) -> Document:
    inputs.not_simulated(wanted, NOT_SIMULATED, "a draft order")
    _refuse_completed(draft)
    changed = _changed(shop, draft, wanted)
    return shop.update(DRAFT_ORDERS, changed) if changed != draft else draft


def delete(shop: Shop, draft: Document) -> None:
    shop.delete(DRAFT_ORDERS, draft)


def complete(shop: Shop, draft: Document, pending: bool) -> Document:
    """An order comes of it: paid by hand, or waiting for its payment."""
    _refuse_completed(draft)
    total = funds.of_draft(draft).total_cents
    paid = {"kind": "sale", "status": "success", "amount": money.text(total, draft["currency"]), "gateway": "manual"}
    order = orders.create(
        shop,
        {name: draft[name] for name in ("note", "email", "tags", "note_attributes", "taxes_included")}
        | {name: draft[name] for name in ("billing_address", "shipping_address")}
        | {
            "line_items": [_again(line) for line in draft["line_items"]],
            "customer": {"id": draft["customer_id"]} if draft["customer_id"] else None,
            "shipping_lines": [_shipping_again(draft["shipping_line"])] if draft["shipping_line"] else [],
            "transactions": [] if pending or not total else [paid],
            "financial_status": "pending" if pending else "paid",
        },
        origin={"source_name": "shopify_draft_order"},
        off=discounts(draft),
    )
    customer = shop.get(CUSTOMERS, draft["customer_id"]) if draft["customer_id"] else None
    events.note(shop, "Order", order, "placed", customers.full_name(customer), draft, arguments=())
    done = {"status": "completed", "completed_at_ms": shop.now(), "order_id": order["id"]}
    return shop.update(DRAFT_ORDERS, draft | done)


def send_invoice(shop: Shop, draft: Document, wanted: Document) -> Document:
    """What the mail says; the fake sends none. The draft waits for its payment from then on."""
    _refuse_completed(draft)
    sender = f'"{shop.record["name"]}" <{shop.record["email"]}>'
    said = accounts.mail(wanted, draft["email"], sender, f"Draft Order {draft['name']}", "draft_order_invoice.")
    shop.update(DRAFT_ORDERS, draft | {"status": "invoice_sent", "invoice_sent_at_ms": shop.now()})
    return said


def discounts(draft: Document) -> list[Discount]:
    """Those of the lines, then the draft's own on what they leave."""
    found = [
        _discount(line["applied_discount"], place)
        for place, line in enumerate(draft["line_items"])
        if line["applied_discount"]
    ]
    return [*found, *([_discount(draft["applied_discount"], None)] if draft["applied_discount"] else [])]


# --- helpers ---


def _refuse_completed(draft: Document) -> None:
    if draft["status"] == "completed":
        raise Invalid((Problem("base", COMPLETED),))


def _changed(shop: Shop, draft: Document, wanted: Document) -> Document:
    changed = draft | inputs.read(wanted, FIELDS)
    if "line_items" in wanted:
        changed["line_items"] = _lines(shop, wanted["line_items"])
    if "shipping_line" in wanted:
        changed["shipping_line"] = _shipping(wanted["shipping_line"], draft["currency"])
    for name in ("billing_address", "shipping_address"):
        if name in wanted:
            changed[name] = customers.plain_address(wanted[name], name, draft[name])
    if "customer" in wanted or "customer_id" in wanted:
        changed |= _customer(shop, changed, wanted)
    if "applied_discount" in wanted or "line_items" in wanted:
        whole = sum(money.cents(one["price"]) * one["quantity"] for one in changed["line_items"])
        left = whole - sum(money.cents(one["applied_discount"]["amount"]) for one in _reduced(changed))
        sent = wanted["applied_discount"] if "applied_discount" in wanted else draft["applied_discount"]
        changed["applied_discount"] = _applied(sent, left, draft["currency"])
    return changed


def _reduced(draft: Document) -> list[Document]:
    return [line for line in draft["line_items"] if line["applied_discount"]]


def _customer(shop: Shop, draft: Document, wanted: Document) -> Document:
    """The customer lends the e-mail address, and the addresses where that is asked for [AJS]."""
    value = wanted.get("customer") or ({"id": wanted["customer_id"]} if wanted.get("customer_id") else None)
    if value is None:
        return {"customer_id": None}
    customer = customers.find_or_create(shop, inputs.mapping(value, "customer"))
    lent: Document = {"customer_id": customer["id"], "email": draft["email"] or customer["email"]}
    home = next((one for one in customer["addresses"] if one["id"] == customer["default_address_id"]), None)
    if wanted.get("use_customer_default_address") is True and home:
        plain = {name: value for name, value in home.items() if name != "id"}
        lent |= {name: draft[name] or plain for name in ("billing_address", "shipping_address")}
    return lent


def _named(shop: Shop, draft: Document) -> int | None:
    """Whoever an address or an e-mail address names becomes a customer [AJS]."""
    address = draft["shipping_address"] or draft["billing_address"] or {}
    known: Document = {name: address[name] for name in ("first_name", "last_name") if address.get(name)}
    known |= {"addresses": [address]} if known else {}
    known |= {"email": draft["email"]} if draft["email"] else {}
    return customers.find_or_create(shop, known)["id"] if known else None


def _lines(shop: Shop, value: Any) -> list[Document]:
    sold = lines.read(shop, value)
    return [_line(shop, one, wanted) for one, wanted in zip(sold, value, strict=True)]


def _line(shop: Shop, sold: Sold, wanted: Document) -> Document:
    custom = sold.variant is None
    return {
        "id": shop.next_part_id("draft_line_items"),
        "variant_id": sold.variant["id"] if sold.variant else None,
        "product_id": sold.product["id"] if sold.product else None,
        "title": sold.title,
        "variant_title": sold.variant_title,
        "sku": sold.of("sku"),
        "vendor": sold.vendor,
        "quantity": sold.quantity,
        "requires_shipping": bool(wanted.get("requires_shipping")) if custom else sold.of("requires_shipping", True),
        "taxable": sold.of("taxable", True),
        "grams": sold.of("grams", 0),
        "name": sold.name,
        "properties": sold.given.get("properties", []),
        "custom": custom,
        "price": sold.price,
        "applied_discount": _applied(wanted.get("applied_discount"), sold.cents, sold.currency),
    }


def _applied(value: Any, whole_cents: int, currency: str) -> Document | None:
    """A discount, and the sum that it takes off `whole_cents`, never more than that."""
    if value is None:
        return None
    given = inputs.read(inputs.mapping(value, "applied_discount"), DISCOUNT_FIELDS, "applied_discount.")
    kind, value = given.get("value_type") or "fixed_amount", Decimal(given.get("value") or given.get("amount") or 0)
    amount = min(totals.worth_cents(value, kind, whole_cents, currency), whole_cents)
    return {
        "description": given.get("description"),
        "value": totals.value_text(value),
        "title": given.get("title"),
        "amount": money.text(amount, currency),
        "value_type": kind,
    }


def _discount(applied: Document, line: int | None) -> Discount:
    title = applied["title"] or applied["description"] or ""
    return Discount(title, applied["value_type"], applied["value"], money.cents(applied["amount"]), line, manual=True)


def _shipping(value: Any, currency: str) -> Document | None:
    if value is None:
        return None
    given = inputs.read(inputs.mapping(value, "shipping_line"), SHIPPING_FIELDS, "shipping_line.", currency)
    title = given.get("title")
    if not title:
        raise Invalid((Problem("shipping_line.title", "can't be blank", "BLANK"),))  # Our reading of the text
    handle = given.get("handle")
    price = given.get("price") or money.zero(currency)
    return {"title": title, "custom": handle is None, "handle": handle, "price": price}


def _shipping_again(line: Document) -> Document:
    return {"title": line["title"], "price": line["price"]}


def _again(line: Document) -> Document:
    names = ("variant_id", "title", "price", "quantity", "sku", "vendor", "grams", "taxable", "requires_shipping")
    return {name: line[name] for name in (*names, "properties") if line[name] is not None}
