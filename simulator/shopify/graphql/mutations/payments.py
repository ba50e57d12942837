"""Mutations of an order's money: refunds, captures, voids."""

from __future__ import annotations

from simulator.kernel.errors import Invalid
from simulator.kernel.resource import Document
from simulator.shopify.graphql import translating as t
from simulator.shopify.graphql.mutations.performing import Args, Payload, refuse
from simulator.shopify.graphql.things import Thing, by_id, number, order_parts, thing
from simulator.shopify.rules import refunds, transactions
from simulator.shopify.shop import Shop


def refund_create(shop: Shop, args: Args) -> Payload:
    """`notify` is about a mail, of which the fake has none."""
    sent = dict(args["input"])
    order = by_id(shop, sent.pop("orderId"), "Order")
    if order is None:
        raise refuse(("orderId",), "Order does not exist")  # Our reading: as recorded for other mutations [DP]
    wanted = t.translated(sent, t.REFUND, "a refund")
    saved, made = refunds.create(shop, order.document, wanted)
    return {"order": thing(shop, "Order", saved), "refund": _part(shop, saved, "Refund", made)}


def order_capture(shop: Shop, args: Args) -> Payload:
    sent = args["input"]
    order = by_id(shop, sent["id"], "Order")
    if order is None:
        raise refuse(("id",), "Order does not exist")
    parent = number(sent["parentTransactionId"], "OrderTransaction")
    wanted: Document = {"kind": "capture", "parent_id": parent, "amount": sent["amount"]}
    saved, made = transactions.create(shop, order.document, wanted)
    return {"transaction": _part(shop, saved, "OrderTransaction", made)}


def transaction_void(shop: Shop, args: Args) -> Payload:
    path = ("parentTransactionId",)
    parent = by_id(shop, args["parent_transaction_id"], "OrderTransaction")
    if parent is None:
        raise refuse(path, "Transaction does not exist", "TRANSACTION_NOT_FOUND")  # Our reading of the text
    assert parent.owner is not None
    try:
        saved, made = transactions.create(shop, parent.owner.document, {"kind": "void", "parent_id": parent.id})
    except Invalid as refusal:
        raise refuse(path, refusal.problems[0].message, "AUTH_NOT_VOIDABLE") from None
    return {"transaction": _part(shop, saved, "OrderTransaction", made)}


def _part(shop: Shop, order: Document, type_name: str, made: Document) -> Thing:
    parts = order_parts(thing(shop, "Order", order), type_name)
    return next(one for one in parts if one.id == made["id"])
