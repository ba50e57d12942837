"""Carts and checkouts: the shopper's side of a shop.

A checkout is abandoned by the clock alone: nothing happens to it then, it just counts as one from that time on.
"""

from __future__ import annotations

from simulator.kernel.clock import MINUTE
from simulator.kernel.errors import Invalid, NotFound, Problem
from simulator.kernel.resource import Document
from simulator.shopify import money
from simulator.shopify.kinds import CARTS, CHECKOUTS, Kind
from simulator.shopify.rules import customers, inputs, lines, orders, totals
from simulator.shopify.rules.inputs import Field
from simulator.shopify.rules.lines import Sold
from simulator.shopify.shop import Shop

# Our reading of "contact information was added, the purchase not completed" [RR] and of the ten minutes after which
# the admin counts a checkout as abandoned [HLP]: the ten minutes run from the last update.
ABANDONED_AFTER_MS = 10 * MINUTE

FIELDS = (
    Field("email", customers.email),
    Field("phone", customers.phone),
    Field("note", inputs.text(inputs.LONGEST_NOTE)),
    Field("note_attributes", inputs.name_values, []),
    Field("buyer_accepts_marketing", inputs.flag, False),
    Field("landing_site", inputs.text(4096)),
    Field("referring_site", inputs.text(4096)),
    Field("customer_locale", inputs.text(20)),
)
COMPLETION_FIELDS = (Field("financial_status", inputs.choice(*orders.FINANCIAL)), Field("test", inputs.flag))
CONTACT = ("email", "phone")  # either is contact information
CART_FIELDS = (Field("note", inputs.text(inputs.LONGEST_NOTE)), *(one for one in FIELDS if one.name.endswith("_site")))


def abandoned(shop: Shop) -> tuple[str, tuple[int, ...]]:
    """Which checkouts `GET checkouts.json` may show: with contact information and left alone, or completed since."""
    return (
        "has_contact = 1 AND (completed_at_ms IS NOT NULL OR updated_at_ms <= ?)",
        (shop.now() - ABANDONED_AFTER_MS,),
    )


def by_token(shop: Shop, kind: Kind, token: str) -> Document:
    found = shop.first(kind, "token = ?", token)
    if found is None:
        raise NotFound(f"{kind.resource.name} {token}")
    return found


# --- carts ---


def create_cart(shop: Shop, wanted: Document) -> Document:
    sold = lines.read(shop, wanted.get("line_items"), empty_is_fine=True)
    now = shop.now()
    cart = inputs.defaults(CART_FIELDS) | inputs.read(wanted, CART_FIELDS)
    cart |= {
        "id": shop.next_id(CARTS),
        "token": shop.token(),
        "created_at_ms": now,
        "updated_at_ms": now,
        "line_items": [_cart_line(shop, one) for one in sold],
    }
    return shop.create(CARTS, cart)


def update_cart(shop: Shop, cart: Document, wanted: Document) -> Document:
    """New lines take the place of all the old ones."""
    changed = cart | inputs.read(wanted, CART_FIELDS)
    if "line_items" in wanted:
        sold = lines.read(shop, wanted["line_items"], empty_is_fine=True)
        changed["line_items"] = [_cart_line(shop, one) for one in sold]
    return shop.update(CARTS, changed)


# --- checkouts ---


def start(shop: Shop, cart: Document, wanted: Document) -> Document:
    """A checkout of what lies in the cart."""
    if not cart["line_items"]:
        raise Invalid((Problem("line_items", "can't be blank", "BLANK"),))
    now = shop.now()
    id = shop.next_id(CHECKOUTS)
    checkout = inputs.defaults(FIELDS) | {
        "id": id,
        "token": shop.token(),
        "cart_token": cart["token"],
        "name": f"#{id}",
        "created_at_ms": now,
        "updated_at_ms": now,
        "completed_at_ms": None,
        "closed_at_ms": None,
        "note": cart["note"],
        "landing_site": cart["landing_site"],
        "referring_site": cart["referring_site"],
        "customer_id": None,
        "billing_address": None,
        "shipping_address": None,
        "line_items": [_checkout_line(shop, one) for one in lines.read(shop, _again(cart["line_items"]))],
    }
    checkout |= _stepped(shop, checkout, wanted)
    return shop.create(CHECKOUTS, checkout)


def step(shop: Shop, checkout: Document, wanted: Document) -> Document:
    """The shopper goes on: contact, addresses, other lines. Each step sends a webhook [WH]."""
    _refuse_completed(checkout)
    changed = checkout | _stepped(shop, checkout, wanted)
    if "line_items" in wanted:
        sold = lines.read(shop, wanted["line_items"])
        changed["line_items"] = [_checkout_line(shop, one) for one in sold]
    return shop.update(CHECKOUTS, changed)


def complete(shop: Shop, checkout: Document, wanted: Document) -> Document:
    """The shopper pays: an order comes of the checkout, which keeps its tokens and is completed."""
    _refuse_completed(checkout)
    if not (checkout["email"] or checkout["phone"]):
        raise Invalid((Problem("email", "can't be blank", "BLANK"),))
    given = {"financial_status": "paid", "test": False} | inputs.read(wanted, COMPLETION_FIELDS)
    copied = ("email", "phone", "note", "note_attributes", "buyer_accepts_marketing", "landing_site", "referring_site")
    order = orders.create(
        shop,
        {name: checkout[name] for name in (*copied, "billing_address", "shipping_address", "customer_locale")}
        | {
            "line_items": _again(checkout["line_items"]),
            "customer": {"id": checkout["customer_id"]},
            "transactions": _payment(checkout, given["financial_status"], shop.currency),
            **given,
        },
        origin={
            "source_name": "web",
            "checkout_id": checkout["id"],
            "checkout_token": checkout["token"],
            "cart_token": checkout["cart_token"],
        },
    )
    shop.update(CHECKOUTS, checkout | {"completed_at_ms": shop.now()})
    return order


def expire(shop: Shop, checkout: Document) -> None:
    """Shopify clears away old abandoned checkouts [HLP]; here somebody says when."""
    _refuse_completed(checkout)
    shop.delete(CHECKOUTS, checkout)


# --- helpers ---


def _stepped(shop: Shop, checkout: Document, wanted: Document) -> Document:
    """What a step changes; with contact information the shopper becomes a customer of the shop, known or new."""
    changed = inputs.read(wanted, FIELDS)
    for name in ("billing_address", "shipping_address"):
        if name in wanted:
            changed[name] = customers.plain_address(wanted[name], name, checkout[name])
    after = checkout | changed
    contact = {name: after[name] for name in CONTACT if after[name]}
    named = inputs.mapping(wanted.get("customer") or {}, "customer")
    who = _names(after["shipping_address"]) | contact | named
    new = checkout["customer_id"] is None or bool(named) or any(name in changed for name in CONTACT)
    if new and any(who.get(name) for name in ("id", *CONTACT)):
        customer = customers.find_or_create(shop, who)
        changed["customer_id"] = customer["id"]
        if not contact:  # a customer who is signed in is known by the account
            changed |= {name: customer[name] for name in CONTACT}
    return changed


def _names(address: Document | None) -> Document:
    return {name: address[name] for name in ("first_name", "last_name") if address and address[name]}


def _payment(checkout: Document, status: str, currency: str) -> list[Document]:
    """What Shopify's test gateway did for an order that begins in this state."""
    kind = {"paid": "sale", "authorized": "authorization"}.get(status)
    amount = money.text(totals.of_checkout(checkout).total_cents, currency)
    return [{"kind": kind, "amount": amount, "gateway": "bogus"}] if kind else []


def _refuse_completed(checkout: Document) -> None:
    if checkout["completed_at_ms"]:
        raise Invalid((Problem("checkout", "has already been completed"),))


def _again(stored: list[Document]) -> list[Document]:
    """Lines of a cart or a checkout as they would be sent."""
    names = ("variant_id", "title", "price", "quantity", "sku", "vendor", "grams", "taxable", "requires_shipping")
    return [{name: line[name] for name in names if line[name] is not None} for line in stored]


def _cart_line(shop: Shop, sold: Sold) -> Document:
    return _common_line(sold) | {"key": f"{sold.variant['id'] if sold.variant else 0}:{shop.token()}"}


def _checkout_line(shop: Shop, sold: Sold) -> Document:
    return _common_line(sold) | {"key": shop.token()[:16]}


def _common_line(sold: Sold) -> Document:
    return {
        "variant_id": sold.variant["id"] if sold.variant else None,
        "product_id": sold.product["id"] if sold.product else None,
        "title": sold.title,
        "variant_title": sold.variant_title or "",
        "quantity": sold.quantity,
        "price": sold.price,
        "line_price": money.text(sold.cents, sold.currency),
        "compare_at_price": sold.of("compare_at_price"),
        "grams": sold.of("grams", 0),
        "sku": sold.of("sku"),
        "vendor": sold.vendor,
        "taxable": sold.of("taxable", True),
        "requires_shipping": sold.of("requires_shipping", True),
        "gift_card": sold.given.get("gift_card", False),
        "properties": sold.given.get("properties"),
    }
