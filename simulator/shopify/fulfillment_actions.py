"""Fulfillment over REST: the paths that begin with a fulfillment order or a fulfillment alone, events, locations."""

from __future__ import annotations

from simulator.kernel.errors import NotFound
from simulator.kernel.resource import Document
from simulator.shopify import views
from simulator.shopify.kinds import FULFILLMENT_ORDERS, ORDERS
from simulator.shopify.rest import LARGEST_ID, Answer, Ask, Row, chosen, record, wrapped
from simulator.shopify.rules import fulfillments
from simulator.shopify.shop import Shop


def fulfillment_orders_of(row: Row, ask: Ask, id: int) -> Answer:
    """The fulfillment orders of an order."""
    order = record(row, ask.shop, id)
    found = fulfillments.of_order(ask.shop, order["id"])
    return Answer({"fulfillment_orders": [views.fulfillment_order(ask.shop, order, one) for one in found]})


def fulfillment_order(ask: Ask, id: int) -> Answer:
    """One fulfillment order."""
    order, planned = _planned(ask.shop, id)
    return Answer({"fulfillment_order": chosen(ask, views.fulfillment_order(ask.shop, order, planned))})


def fulfillments_of_plan(ask: Ask, id: int) -> Answer:
    """The fulfillments of a fulfillment order."""
    order, planned = _planned(ask.shop, id)
    found = [one for one in order["fulfillments"] if planned["id"] in one.get("fulfillment_order_ids", ())]
    return Answer({"fulfillments": [views.fulfillment(ask.shop, order, one) for one in found]})


def create(ask: Ask) -> Answer:
    """Fulfill the lines of fulfillment orders."""
    order, made = fulfillments.create(ask.shop, wrapped(ask, "fulfillment"))
    return Answer({"fulfillment": views.fulfillment(ask.shop, order, made)}, 201)


def cancel(ask: Ask, id: int) -> Answer:
    """Cancel a fulfillment; what it sent is to be sent again."""
    order, changed = fulfillments.cancel(ask.shop, *fulfillments.find(ask.shop, min(id, LARGEST_ID)))
    return Answer({"fulfillment": views.fulfillment(ask.shop, order, changed)})


def update_tracking(ask: Ask, id: int) -> Answer:
    """Change the tracking of a fulfillment."""
    found = fulfillments.find(ask.shop, min(id, LARGEST_ID))
    order, changed = fulfillments.update_tracking(ask.shop, *found, wrapped(ask, "fulfillment"))
    return Answer({"fulfillment": views.fulfillment(ask.shop, order, changed)})


def _planned(shop: Shop, id: int) -> tuple[Document, Document]:
    planned = shop.get(FULFILLMENT_ORDERS, min(id, LARGEST_ID))
    order = shop.get(ORDERS, planned["order_id"]) if planned else None
    if planned is None or order is None:
        raise NotFound(f"fulfillment order {id}")
    return order, planned


# --- events ---


def events(row: Row, ask: Ask, id: int, part_id: int) -> Answer:
    """What the carrier said about a fulfillment."""
    _, fulfillment = _shipment(row, ask, id, part_id)
    found = [views.fulfillment_event(ask.shop, one) for one in fulfillment.get("events", ())]
    return Answer({"fulfillment_events": found})


def event(row: Row, ask: Ask, id: int, part_id: int, event_id: int) -> Answer:
    """One of the carrier's events."""
    _, fulfillment = _shipment(row, ask, id, part_id)
    return Answer({"fulfillment_event": views.fulfillment_event(ask.shop, _event(fulfillment, event_id))})


def create_event(row: Row, ask: Ask, id: int, part_id: int) -> Answer:
    """Say what the carrier says; the shipment's status follows."""
    made = fulfillments.create_event(ask.shop, *_shipment(row, ask, id, part_id), wrapped(ask, "event"))
    return Answer({"fulfillment_event": views.fulfillment_event(ask.shop, made)}, 201)


def delete_event(row: Row, ask: Ask, id: int, part_id: int, event_id: int) -> Answer:
    """Take an event back."""
    order, fulfillment = _shipment(row, ask, id, part_id)
    fulfillments.delete_event(ask.shop, order, fulfillment, _event(fulfillment, event_id))
    return Answer({})


def _shipment(row: Row, ask: Ask, id: int, part_id: int) -> tuple[Document, Document]:
    order = record(row, ask.shop, id)
    for one in order["fulfillments"]:
        if one["id"] == part_id:
            return order, one
    raise NotFound(f"fulfillment {part_id}")


def _event(fulfillment: Document, id: int) -> Document:
    for one in fulfillment.get("events", ()):
        if one["id"] == id:
            found: Document = one
            return found
    raise NotFound(f"event {id}")


# --- locations: the shop has one ---


def locations(ask: Ask) -> Answer:
    """The shop's one location."""
    return Answer({"locations": [views.listed_location(ask.shop, ask.shop.record)]})


def count_locations(ask: Ask) -> Answer:  # noqa: ARG001  actions share one signature
    """Always one."""
    return Answer({"count": 1})


def location(ask: Ask, id: int) -> Answer:
    """The shop's one location."""
    if id != ask.shop.record["primary_location_id"]:
        raise NotFound(f"location {id}")
    return Answer({"location": views.location(ask.shop, ask.shop.record)})
