"""Mutations of fulfillments."""

from __future__ import annotations

from simulator.kernel.resource import Document
from simulator.shopify import views
from simulator.shopify.graphql import translating as t
from simulator.shopify.graphql.mutations.performing import Args, Payload, refuse
from simulator.shopify.graphql.things import Thing, by_id, order_parts, thing
from simulator.shopify.rules import fulfillments
from simulator.shopify.shop import Shop


def fulfillment_create(shop: Shop, args: Args) -> Payload:
    """`notifyCustomer` and `message` are about mails, of which the fake has none."""
    wanted = t.translated(args["fulfillment"], t.FULFILLMENT, "a fulfillment")
    for one in wanted["line_items_by_fulfillment_order"]:
        if by_id(shop, f"gid://shopify/FulfillmentOrder/{one['fulfillment_order_id']}", "FulfillmentOrder") is None:
            raise refuse(("fulfillment",), "Fulfillment order does not exist.")  # Our reading: seen in public reports
    return {"fulfillment": _shown(shop, *fulfillments.create(shop, wanted))}


def fulfillment_cancel(shop: Shop, args: Args) -> Payload:
    order, found = _fulfillment(shop, args["id"], "id")
    return {"fulfillment": _shown(shop, *fulfillments.cancel(shop, order, found))}


def tracking_update(shop: Shop, args: Args) -> Payload:
    order, found = _fulfillment(shop, args["fulfillment_id"], "fulfillmentId")
    wanted = {"tracking_info": t.translated(args["tracking_info_input"], t.TRACKING, "a tracking")}
    return {"fulfillment": _shown(shop, *fulfillments.update_tracking(shop, order, found, wanted))}


def event_create(shop: Shop, args: Args) -> Payload:
    sent = dict(args["fulfillment_event"])
    order, found = _fulfillment(shop, sent.pop("fulfillmentId"), "fulfillmentId")
    made = fulfillments.create_event(shop, order, found, t.translated(sent, t.SHIPMENT_EVENT, "a fulfillment event"))
    saved = _shown(shop, *fulfillments.find(shop, found["id"]))
    return {"fulfillment_event": saved.part("FulfillmentEvent", dict(views.fulfillment_event(shop, made)))}


def _fulfillment(shop: Shop, id: str, path: str) -> tuple[Document, Document]:
    found = by_id(shop, id, "Fulfillment")
    if found is None:
        raise refuse((path,), "Fulfillment does not exist.")  # Our reading of the text
    return fulfillments.find(shop, found.id)


def _shown(shop: Shop, order: Document, fulfillment: Document) -> Thing:
    parts = order_parts(thing(shop, "Order", order), "Fulfillment")
    return next(one for one in parts if one.id == fulfillment["id"])
