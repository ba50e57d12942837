"""Fulfillments, what is planned before them, what is told after them, and where they start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.kernel.resource import Document
from simulator.shopify.kinds import ORDERS
from simulator.shopify.money import Sides
from simulator.shopify.views.lines import IN_REFUND, line_item
from simulator.shopify.views.shape import Json, gid, shaped

if TYPE_CHECKING:
    from simulator.shopify.shop import Shop

FULFILLMENT = (
    "id", "admin_graphql_api_id", "created_at", "location_id", "name", "order_id", "origin_address", "receipt",
    "service", "shipment_status", "status", "tracking_company", "tracking_number", "tracking_numbers",
    "tracking_url", "tracking_urls", "updated_at", "line_items",
)  # fmt: skip
# Not recorded in the samples of 2026-07: the documented shape of a fulfillment order, and of an event.
FULFILLMENT_ORDER = (
    "id", "created_at", "updated_at", "shop_id", "order_id", "assigned_location_id", "request_status", "status",
    "fulfill_at", "fulfill_by", "supported_actions", "destination", "line_items", "international_duties",
    "fulfillment_holds", "delivery_method", "assigned_location", "merchant_requests",
)  # fmt: skip
PLANNED_LINE = (
    "id", "shop_id", "fulfillment_order_id", "quantity", "line_item_id", "inventory_item_id", "fulfillable_quantity",
    "variant_id",
)  # fmt: skip
DESTINATION = (
    "id", "address1", "address2", "city", "company", "country", "email", "first_name", "last_name", "phone",
    "province", "zip",
)  # fmt: skip
EVENT = (
    "id", "fulfillment_id", "status", "message", "happened_at", "city", "province", "country", "zip", "address1",
    "latitude", "longitude", "shop_id", "created_at", "updated_at", "estimated_delivery_at", "order_id",
    "admin_graphql_api_id",
)  # fmt: skip
LOCATION = (
    "id", "name", "address1", "address2", "city", "zip", "province", "country", "phone", "created_at", "updated_at",
    "country_code", "country_name", "province_code", "legacy", "active", "admin_graphql_api_id",
)  # fmt: skip
ACTIONS = {  # what can be done in each state, as far as the fake can; our reading of the documented ones
    "open": ["create_fulfillment"],
    "in_progress": ["create_fulfillment"],
}


def fulfillment(shop: Shop, order: Document, document: Document, listed: bool = False) -> Json:
    lines = []
    for sent, line in _lines(order, document):
        shown = line_item(shop, Sides.of(order), line | {"quantity": sent["quantity"]}, IN_REFUND)
        lines.append(shown | ({"fulfillment_line_item_id": sent.get("id")} if listed else {}))  # in lists alone [AJS]
    return _shown(shop, document, lines, document.get("origin_address"))


def listed_fulfillment(shop: Shop, order: Document, document: Document) -> Json:
    return fulfillment(shop, order, document, listed=True)


def fulfillment_in_order(shop: Shop, order: Document, document: Document) -> Json:
    lines = [
        line_item(shop, Sides.of(order), line | {"quantity": sent["quantity"]})
        for sent, line in _lines(order, document)
    ]
    return _shown(shop, document, lines, document.get("origin_address") or {})


def fulfillment_webhook(shop: Shop, document: Document) -> Json:
    """Our reading: what the API shows of one fulfillment, with the order's e-mail address and destination."""
    order = shop.get(ORDERS, document["order_id"])
    assert order is not None
    return fulfillment(shop, order, document) | {"email": order["email"], "destination": _destination(order, None)}


def _lines(order: Document, document: Document) -> list[tuple[Document, Document]]:
    by_id = {line["id"]: line for line in order["line_items"]}
    every = [{"line_item_id": line["id"], "quantity": line["quantity"]} for line in order["line_items"]]
    return [(one, by_id[one["line_item_id"]]) for one in document.get("sent", every)]


def _shown(shop: Shop, document: Document, lines: list[Json], origin: Document | None) -> Json:
    worked_out = {
        "admin_graphql_api_id": gid("Fulfillment", document["id"]),
        "origin_address": origin,
        "receipt": {},
        "tracking_numbers": document.get("tracking_numbers", []),
        "tracking_urls": document.get("tracking_urls", []),
        "line_items": lines,
    }
    return shaped(FULFILLMENT, shop, document, worked_out)


def fulfillment_order(shop: Shop, order: Document, document: Document) -> Json:
    place = shop.record
    names = ("address1", "address2", "city", "country_code", "name", "phone", "province", "zip")
    worked_out = {
        "shop_id": place["id"],
        "assigned_location_id": place["primary_location_id"],
        "request_status": "unsubmitted",
        "fulfill_at": shop.iso(document["created_at_ms"]),
        "supported_actions": ACTIONS.get(document["status"], []),
        "destination": _destination(order, document["id"]),
        "line_items": [
            shaped(PLANNED_LINE, shop, one, {"shop_id": place["id"], "fulfillment_order_id": document["id"]})
            for one in document["line_items"]
        ],
        "fulfillment_holds": [],
        "assigned_location": {name: place.get(name) for name in names} | {"location_id": place["primary_location_id"]},
        "merchant_requests": [],
    }
    return shaped(FULFILLMENT_ORDER, shop, document, worked_out)


def _destination(order: Document, id: int | None) -> Json | None:
    address = order["shipping_address"]
    if not address:
        return None
    return {name: address.get(name) for name in DESTINATION} | {"id": id, "email": order["email"]}


def fulfillment_event(shop: Shop, document: Document) -> Json:
    worked_out = {
        "shop_id": shop.record["id"],
        "admin_graphql_api_id": gid("FulfillmentEvent", document["id"]),
    }
    return shaped(EVENT, shop, document, worked_out)


def location(shop: Shop, document: Document) -> Json:
    """The shop's one place, at the shop's own address."""
    id = document["primary_location_id"]
    worked_out = {
        "id": id,
        "name": document["address1"],
        "legacy": False,
        "active": True,
        "admin_graphql_api_id": gid("Location", id),
    }
    return shaped(LOCATION, shop, document, worked_out)


def listed_location(shop: Shop, document: Document) -> Json:
    """In a list with the names in the shop's language besides [AJS]."""
    names = {"localized_country_name": document["country_name"], "localized_province_name": document["province"]}
    return location(shop, document) | names
