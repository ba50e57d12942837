"""Order edits: changes of an order's lines are staged in an edit, looked at, and committed all at once.

What is added counts in the order's sums and in its current ones; what is taken away stays in the order's quantity and
sums, and leaves the current ones [S]. The fake knows no rates, so what is added bears no taxes.
"""

from __future__ import annotations

from simulator.kernel.errors import Invalid, Problem
from simulator.kernel.resource import Document
from simulator.shopify import funds, money
from simulator.shopify.kinds import ORDER_EDITS, ORDERS
from simulator.shopify.rules import fulfillments, lines, milestones, orders, refunds
from simulator.shopify.shop import Shop

# The sentences are our reading: that these things are refused is documented.
CANCELLED = "The order cannot be edited because it has been cancelled."
COMMITTED = "The changes have already been committed."
ALREADY_THERE = "The variant is already on the order."
NO_LINE = "The line item does not exist."
TOO_FEW = "The quantity cannot be less than what has been fulfilled."
NOTHING = "There are no changes to commit."


def begin(shop: Shop, order: Document) -> Document:
    if order["cancelled_at_ms"]:
        raise Invalid((Problem("id", CANCELLED),))
    now = shop.now()
    times = {"created_at_ms": now, "updated_at_ms": now, "committed_at_ms": None}
    named = {"id": shop.next_id(ORDER_EDITS), "order_id": order["id"], "app_id": shop.caller.app_id}
    return shop.create(ORDER_EDITS, named | times | {"added": [], "quantities": {}, "restocked": []})


def add(shop: Shop, edit: Document, wanted: Document, twice: bool = True) -> tuple[Document, Document]:
    """One more line, of a variant or of something by title and price; the edit, and the line."""
    order = _open(shop, edit)
    (sold,) = lines.read(shop, [wanted], currency=order["currency"])
    if sold.variant and not twice and any(one["variant_id"] == sold.variant["id"] for one in _lines(order, edit)):
        raise Invalid((Problem("variant_id", ALREADY_THERE),))
    line = orders.new_line(shop, sold, [], [])
    return shop.update(ORDER_EDITS, edit | {"added": [*edit["added"], line]}), line


def set_quantity(shop: Shop, edit: Document, line_id: int, quantity: int, restock: bool) -> tuple[Document, Document]:
    """How many of a line there are to be; none takes it away, except what has been sent."""
    order = _open(shop, edit)
    line = next((one for one in _lines(order, edit) if one["id"] == line_id), None)
    if line is None:
        raise Invalid((Problem("line_item_id", NO_LINE),))
    if quantity < line["current_quantity"] - line["fulfillable_quantity"]:
        raise Invalid((Problem("quantity", TOO_FEW),))
    if any(one["id"] == line_id for one in edit["added"]):
        kept = [_of(one, quantity) if one["id"] == line_id else one for one in edit["added"]]
        changed = edit | {"added": [one for one in kept if one["quantity"]]}
    else:
        restocked = [id for id in edit["restocked"] if id != line_id] + ([line_id] if restock else [])
        changed = edit | {"quantities": edit["quantities"] | {str(line_id): quantity}, "restocked": restocked}
    return shop.update(ORDER_EDITS, changed), line


def commit(shop: Shop, edit: Document, notify: bool, note: str | None) -> Document:
    """The order with the edit in it."""
    order = _open(shop, edit)
    steps = deltas(order, edit)
    if not (steps or edit["added"]):
        raise Invalid((Problem("id", NOTHING),))
    first = order.get("original_total_price", order["total_price"])
    saved = milestones.save(shop, order, staged(order, edit) | {"edited": True, "original_total_price": first})
    fulfillments.follow(shop, saved)
    more = {id: delta for id, delta in steps.items() if delta > 0} | {
        one["id"]: one["quantity"] for one in edit["added"]
    }
    fulfillments.plan_more(shop, saved, [(one, more[one["id"]]) for one in saved["line_items"] if one["id"] in more])
    done = shop.update(ORDER_EDITS, edit | {"committed_at_ms": shop.now()})
    less = [{"id": id, "delta": -delta} for id, delta in steps.items() if delta < 0]
    told = {"user_id": None, "notify_customer": notify, "staff_note": note or ""}
    additions = [{"id": id, "delta": delta} for id, delta in more.items()]
    shop.owe("orders/edited", done | told | {"additions": additions, "removals": less})
    return saved


def deltas(order: Document, edit: Document) -> dict[int, int]:
    """By how much the quantity of each line that the order had changes."""
    found = {}
    for line in order["line_items"]:
        wanted = edit["quantities"].get(str(line["id"]), line["current_quantity"])
        if wanted != line["current_quantity"]:
            found[line["id"]] = wanted - line["current_quantity"]
    return found


def staged(order: Document, edit: Document) -> Document:
    """The order as it would be."""
    steps = deltas(order, edit)
    changed = order | {
        "line_items": [*(_by(line, steps.get(line["id"], 0)) for line in order["line_items"]), *edit["added"]]
    }
    more = [one | {"quantity": steps[one["id"]]} for one in order["line_items"] if steps.get(one["id"], 0) > 0]
    changed = _grown(changed, [*more, *edit["added"]])
    pieces = [
        refunds.piece(order, line, line["quantity"] - line["current_quantity"], -steps[line["id"]])
        for line in order["line_items"]
        if steps.get(line["id"], 0) < 0
    ]
    changed = refunds.lessened(changed, pieces)
    if order["fulfillments"]:
        changed = fulfillments.recounted(changed)
    return _settled(order, changed)


# --- helpers ---


def _open(shop: Shop, edit: Document) -> Document:
    if edit["committed_at_ms"]:
        raise Invalid((Problem("id", COMMITTED),))
    order = shop.get(ORDERS, edit["order_id"])
    assert order is not None
    return order


def _lines(order: Document, edit: Document) -> list[Document]:
    return [*order["line_items"], *edit["added"]]


def _of(line: Document, quantity: int) -> Document:
    """An added line with another quantity."""
    return line | dict.fromkeys(("quantity", "current_quantity", "fulfillable_quantity"), quantity)


def _by(line: Document, delta: int) -> Document:
    """A line of the order with more or fewer pieces; what is taken away stays in its quantity [S]."""
    return line | {
        "quantity": line["quantity"] + max(delta, 0),
        "current_quantity": line["current_quantity"] + delta,
        "fulfillable_quantity": line["fulfillable_quantity"] + delta,
    }


def _grown(order: Document, added: list[Document]) -> Document:
    cents = sum(money.cents(one["price"]) * one["quantity"] for one in added)
    changed = dict(order)
    for name, first in (
        ("current_subtotal_price", "subtotal_price"),  # before the first ones, which they begin with
        ("current_total_price", "total_price"),
        ("subtotal_price", "subtotal_price"),
        ("total_price", "total_price"),
        ("total_line_items_price", "total_line_items_price"),
    ):
        changed[name] = money.text(money.cents(changed.get(name, changed[first])) + cents, order["currency"])
    changed["total_weight"] = order["total_weight"] + sum((one["grams"] or 0) * one["quantity"] for one in added)
    return changed


def _settled(before: Document, changed: Document) -> Document:
    """The statuses of its money. Our reading: an order that is paid without a transaction lacks what was added."""
    if changed.get("transactions"):
        return funds.settled(changed)
    more = money.cents(changed["current_total_price"]) > money.cents(before["current_total_price"])
    short = before["financial_status"] == "paid" and more
    return changed | {
        "financial_status": "partially_paid" if short else before["financial_status"],
        "total_outstanding": funds.outstanding(changed),
    }
