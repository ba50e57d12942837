"""Mutations of draft orders."""

from __future__ import annotations

from simulator.kernel.errors import NotSimulated
from simulator.kernel.resource import Document
from simulator.shopify.graphql import translating as t
from simulator.shopify.graphql.mutations import metafields
from simulator.shopify.graphql.mutations.performing import Args, Payload, refuse
from simulator.shopify.graphql.things import by_id, thing
from simulator.shopify.kinds import DRAFT_ORDERS
from simulator.shopify.rules import drafts
from simulator.shopify.shop import Shop


def _draft(shop: Shop, id: str) -> Document:
    found = by_id(shop, id, "DraftOrder")
    if found is None:
        raise refuse(("id",), "Draft order does not exist")  # Our reading of the text
    return found.document


def draft_create(shop: Shop, args: Args) -> Payload:
    sent = dict(args["input"])
    along = sent.pop("metafields", None)
    made = thing(shop, "DraftOrder", drafts.create(shop, t.translated(sent, t.DRAFT, "a draft order")))
    metafields.sent_along(shop, made, along, ("input",))
    return {"draft_order": made}


def draft_update(shop: Shop, args: Args) -> Payload:
    sent, found = dict(args["input"]), _draft(shop, args["id"])
    along = sent.pop("metafields", None)
    changed = thing(shop, "DraftOrder", drafts.update(shop, found, t.translated(sent, t.DRAFT, "a draft order")))
    metafields.sent_along(shop, changed, along, ("input",))
    return {"draft_order": changed}


def draft_delete(shop: Shop, args: Args) -> Payload:
    id = args["input"]["id"]
    found = _draft(shop, id)
    metafields.forget(shop, thing(shop, "DraftOrder", found))
    drafts.delete(shop, found)
    return {"deleted_id": id}


def draft_complete(shop: Shop, args: Args) -> Payload:
    if args.get("payment_gateway_id") or args.get("source_name"):
        raise NotSimulated("draftOrderComplete with paymentGatewayId or sourceName")
    return {"draft_order": thing(shop, "DraftOrder", drafts.complete(shop, _draft(shop, args["id"]), _pending(args)))}


def draft_invoice_send(shop: Shop, args: Args) -> Payload:
    found = _draft(shop, args["id"])
    drafts.send_invoice(shop, found, t.translated(args.get("email") or {}, t.INVOICE, "an invoice"))
    sent = shop.get(DRAFT_ORDERS, found["id"])
    assert sent is not None
    return {"draft_order": thing(shop, "DraftOrder", sent)}


def _pending(args: Args) -> bool:
    return bool(args.get("payment_pending"))
