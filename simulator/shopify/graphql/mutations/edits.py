"""Mutations of order edits: begun, changed step by step, committed."""

from __future__ import annotations

from simulator.kernel.resource import Document
from simulator.shopify.graphql.mutations.performing import Args, Payload, refuse
from simulator.shopify.graphql.things import by_id, number, thing
from simulator.shopify.graphql.types.edits import calculated, calculated_line, session
from simulator.shopify.kinds import ORDER_EDITS
from simulator.shopify.rules import edits
from simulator.shopify.shop import Shop


def edit_begin(shop: Shop, args: Args) -> Payload:
    order = by_id(shop, args["id"], "Order")
    if order is None:
        raise refuse(("id",), "The order does not exist.")  # Our reading of the text
    return _told(shop, edits.begin(shop, order.document))


def edit_add_variant(shop: Shop, args: Args) -> Payload:
    wanted = {"variant_id": number(args["variant_id"], "ProductVariant"), "quantity": args["quantity"]}
    if by_id(shop, args["variant_id"], "ProductVariant") is None:
        raise refuse(("variantId",), "The variant does not exist.")  # Our reading of the text
    return _told(shop, *edits.add(shop, _edit(shop, args["id"]), wanted, bool(args.get("allow_duplicates"))))


def edit_add_custom_item(shop: Shop, args: Args) -> Payload:
    wanted = {
        name: args[name] for name in ("title", "quantity", "taxable", "requires_shipping") if args.get(name) is not None
    }
    wanted["price"] = args["price"]["amount"]
    return _told(shop, *edits.add(shop, _edit(shop, args["id"]), wanted))


def edit_set_quantity(shop: Shop, args: Args) -> Payload:
    line_id = number(args["line_item_id"], "CalculatedLineItem", "LineItem")
    if args["quantity"] < 0:
        raise refuse(("quantity",), "The quantity must be greater than or equal to 0.")  # Our reading of the text
    edit = _edit(shop, args["id"])
    return _told(shop, *edits.set_quantity(shop, edit, line_id, args["quantity"], bool(args.get("restock"))))


def edit_commit(shop: Shop, args: Args) -> Payload:
    edit = _edit(shop, args["id"])
    saved = edits.commit(shop, edit, bool(args.get("notify_customer")), args.get("staff_note"))
    return {"order": thing(shop, "Order", saved), "success_messages": ["Order updated"]}  # Our reading of the text


def _edit(shop: Shop, id: str) -> Document:
    """By the id of the calculated order, or of the session."""
    found = shop.get(ORDER_EDITS, number(id, "CalculatedOrder", "OrderEditSession"))
    if found is None:
        raise refuse(("id",), "The calculated order does not exist.")  # Our reading of the text
    return found


def _told(shop: Shop, edit: Document, line: Document | None = None) -> Payload:
    order = calculated(shop, edit)
    found: Payload = {"calculated_order": order, "order_edit_session": session(edit)}
    return found | ({"calculated_line_item": calculated_line(order, line["id"])} if line else {})
