"""Order edits while they are staged: the order as it would be, and what would change."""

from __future__ import annotations

from typing import Any

from simulator.kernel.resource import Document
from simulator.shopify import money
from simulator.shopify.graphql.pages import Page, listed
from simulator.shopify.graphql.things import Thing, attributes_of, bag, gid, of, order_of, own_id, row, thing
from simulator.shopify.graphql.types.lines import cents, lines_of, variant
from simulator.shopify.rules import edits
from simulator.shopify.shop import Shop


def calculated(shop: Shop, edit: Document) -> Thing:
    """Its owner is the order with the edit in it."""
    staged = edits.staged(order_of(shop, edit).document, edit)
    return Thing("CalculatedOrder", shop, edit, None, thing(shop, "Order", staged))


def calculated_line(it: Thing, id: int) -> Thing | None:
    return next((one for one in _lines(it) if one.id == id), None)


def session(edit: Document) -> dict[str, Any]:
    return {"id": gid("OrderEditSession", edit["id"])}


def _staged(it: Thing) -> Thing:
    assert it.owner is not None
    return it.owner


def _of_order(key: str) -> Any:
    return lambda it: _staged(it)[key]


def _lines(it: Thing) -> list[Thing]:
    return [it.part("CalculatedLineItem", dict(one.shown)) for one in lines_of(_staged(it))]


def _lines_page(it: Thing, query: str | None = None, **args: Any) -> Page:  # noqa: ARG001  Our reading: it shows them all
    return listed(args, _lines(it))


def _added(it: Thing) -> list[Thing]:
    ids = {one["id"] for one in it.document["added"]}
    return [one for one in _lines(it) if one.id in ids]


def _changes(it: Thing) -> list[Thing]:
    """In the order of the lines."""
    order, edit = order_of(it.shop, it.document), it.document
    lines = {one.id: one for one in lines_of(order)}
    found = []
    for id, delta in edits.deltas(order.document, edit).items():
        name = "OrderStagedChangeIncrementItem" if delta > 0 else "OrderStagedChangeDecrementItem"
        restock = id in edit["restocked"]
        found.append(it.part(name, {"id": id, "delta": abs(delta), "line_item": lines[id], "restock": restock}))
    for one in _added(it):
        name = "OrderStagedChangeAddVariant" if one["variant_id"] else "OrderStagedChangeAddCustomItem"
        found.append(it.part(name, dict(one.shown)))
    return found


def _own_changes(it: Thing) -> list[Thing]:
    assert it.owner is not None
    return [one for one in _changes(it.owner) if one.id == it.id]


def _before(it: Thing) -> int:
    """What could be edited of a line before the edit."""
    assert it.owner is not None
    first = next((one for one in order_of(it.shop, it.owner.document)["line_items"] if one["id"] == it.id), None)
    return first["fulfillable_quantity"] if first else 0


def _subtotal(it: Thing, quantity: int) -> dict[str, Any]:
    return cents(it, money.cents(it["price"]) * quantity)


def _uneditable(it: Thing) -> dict[str, Any]:
    return _subtotal(it, it["current_quantity"] - it["fulfillable_quantity"])


def _restocking(it: Thing) -> bool:
    assert it.owner is not None
    return it.id in it.owner.document["restocked"]


def _shipping_line(shown: Any) -> dict[str, Any]:
    return {
        "id": gid("CalculatedShippingLine", shown["id"]),
        "title": shown["title"],
        "price": shown["price_set"],
        "staged_status": "none",
    }


TYPES = {
    "CalculatedOrder": row(
        "",
        id=own_id,
        addedLineItems=lambda it, **args: listed(args, _added(it)),
        cartDiscountAmountSet=_of_order("current_total_discounts_set"),
        committed=lambda it: it["committed_at_ms"] is not None,
        lineItems=_lines_page,
        notificationPreviewTitle=lambda it: f"Order {_staged(it)['name']} was edited",  # Our reading of the text
        originalOrder=lambda it: order_of(it.shop, it.document),
        shippingLines=lambda it: [_shipping_line(one) for one in _staged(it)["shipping_lines"]],
        stagedChanges=lambda it, **args: listed(args, _changes(it)),
        subtotalLineItemsQuantity=lambda it: sum(one["current_quantity"] for one in _staged(it)["line_items"]),
        subtotalPriceSet=_of_order("current_subtotal_price_set"),
        taxLines=_of_order("tax_lines"),
        totalOutstandingSet=lambda it: bag(_staged(it)["total_outstanding"], it),
        totalPriceSet=_of_order("current_total_price_set"),
    ),
    "CalculatedLineItem": row(
        "title sku variantTitle",
        id=own_id,
        customAttributes=attributes_of("properties"),
        discountedUnitPriceSet=of("price_set"),
        editableQuantity=of("fulfillable_quantity"),
        editableQuantityBeforeChanges=_before,
        editableSubtotalSet=lambda it: _subtotal(it, it["fulfillable_quantity"]),
        hasStagedLineItemDiscount=False,
        originalUnitPriceSet=of("price_set"),
        quantity=of("current_quantity"),
        restockable=lambda it: it["variant_id"] is not None,
        restocking=_restocking,
        stagedChanges=_own_changes,
        uneditableSubtotalSet=_uneditable,
        variant=variant,
    ),
    "CalculatedShippingLine": row("id title price stagedStatus"),
    "OrderEditSession": row("id"),
    "OrderStagedChangeAddCustomItem": row("quantity title", originalUnitPrice=lambda it: it["price_set"]["shop_money"]),
    "OrderStagedChangeAddVariant": row("quantity", variant=variant),
    "OrderStagedChangeDecrementItem": row("delta lineItem restock"),
    "OrderStagedChangeIncrementItem": row("delta lineItem"),
}
