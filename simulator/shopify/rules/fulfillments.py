"""Fulfillment: what is to be sent (fulfillment orders, made with the order), what was sent, and how it travels.

The shop has one location, so an order begins with one fulfillment order for all its lines. The order's fulfillment
status and those of its lines follow from the fulfillments that were not cancelled.
"""

from __future__ import annotations

import re
from typing import Any

from simulator.kernel.errors import Invalid, NotFound, Problem
from simulator.kernel.resource import Document
from simulator.shopify.kinds import FULFILLMENT_ORDERS, FULFILLMENTS, ORDERS
from simulator.shopify.rules import inputs, milestones
from simulator.shopify.rules.inputs import Field
from simulator.shopify.shop import Shop

OPEN_STATES = ("open", "in_progress")
NOT_OPEN = "The fulfillment order is not in an open state."  # [RR]
INVALID_QUANTITY = "Invalid fulfillment order line item quantity requested."  # Our reading: seen in public reports
MOST_EVENTS = 250  # of one fulfillment; Our reading

# Carriers whose page is known [AJS]: where its tracking page is, and the numbers that tell it without its name.
CARRIERS = {
    "UPS": ("https://www.ups.com/WebTracking?loc=en_US&requester=ST&trackNums={number}", re.compile(r"1Z[0-9A-Z]{16}")),
    "USPS": ("https://tools.usps.com/go/TrackConfirmAction_input?qtc_tLabels1={number}", None),
}
EVENT_STATES = (
    "label_printed", "label_purchased", "attempted_delivery", "ready_for_pickup", "confirmed", "in_transit",
    "out_for_delivery", "delivered", "failure", "carrier_picked_up", "delayed",
)  # fmt: skip


def _texts(value: Any) -> list[str]:
    found = value if isinstance(value, list) else [] if value is None else [value]
    if len(found) > inputs.LONGEST_TEXT or not all(isinstance(one, str) for one in found):
        raise ValueError("is invalid")
    return found


TRACKING_FIELDS = (
    Field("company", inputs.text()),
    Field("number", inputs.text()),
    Field("url", inputs.text(4096)),
    Field("numbers", _texts),
    Field("urls", _texts),
)
ASKED_FIELDS = (Field("id", inputs.identifier), Field("quantity", inputs.whole))
ORIGIN_FIELDS = tuple(
    Field(name, inputs.text()) for name in ("address1", "city", "zip", "province_code", "country_code")
)
EVENT_FIELDS = (
    Field("status", inputs.choice(*EVENT_STATES)),
    Field("message", inputs.text()),
    Field("happened_at", inputs.instant),
    Field("estimated_delivery_at", inputs.instant),
    *(Field(name, inputs.text()) for name in ("city", "province", "country", "zip", "address1")),
)


def plan(shop: Shop, order: Document) -> Document:
    """The fulfillment order of a new order, over what is still to be sent."""
    lines = [(line, line["fulfillable_quantity"]) for line in order["line_items"]]
    return _fulfillment_order(shop, order, lines, "open" if any(count for _, count in lines) else "closed")


def plan_more(shop: Shop, order: Document, lines: list[tuple[Document, int]]) -> None:
    """What an edit added to an order. Our reading: it is planned by itself."""
    if lines:
        _fulfillment_order(shop, order, lines, "open")


def create(shop: Shop, wanted: Document) -> tuple[Document, Document]:
    """Send what one or several fulfillment orders of an order name, or all of it; the order, and the fulfillment."""
    asked = inputs.mappings(wanted.get("line_items_by_fulfillment_order"), "line_items_by_fulfillment_order")
    if not asked:
        raise Invalid((Problem("line_items_by_fulfillment_order", "can't be blank", "BLANK"),))  # Our reading
    tracking, origin = _tracking(wanted.get("tracking_info")), _origin(wanted.get("origin_address"))
    picked = [_picked(shop, one) for one in asked]
    order_ids = {one["order_id"] for one, _ in picked}
    if len(order_ids) > 1 or len({one["id"] for one, _ in picked}) < len(picked):
        raise Invalid((Problem("", "All fulfillment orders must belong to the same order."),))  # Our reading
    order = shop.get(ORDERS, order_ids.pop())
    assert order is not None
    sent: dict[int, int] = {}
    for planned, quantities in picked:
        for line in planned["line_items"]:
            count = quantities.get(line["id"], 0)
            sent[line["line_item_id"]] = sent.get(line["line_item_id"], 0) + count
        _reduce(shop, planned, quantities)
    ids = [planned["id"] for planned, _ in picked]
    fulfillment = opened(shop, order, sent, tracking | {"origin_address": origin, "fulfillment_order_ids": ids})
    saved = milestones.save(shop, order, recounted(order | {"fulfillments": [*order["fulfillments"], fulfillment]}))
    shop.owe("fulfillments/create", fulfillment)
    return saved, fulfillment


def opened(shop: Shop, order: Document, sent: dict[int, int], more: Document) -> Document:
    """A new fulfillment of these quantities by line, named after its order: "#1001.1" [AJS]."""
    id, at_ms = shop.next_part_id("fulfillments"), shop.now()
    shop.create(FULFILLMENTS, {"id": id, "order_id": order["id"]})
    return {
        "id": id,
        "order_id": order["id"],
        "created_at_ms": at_ms,
        "updated_at_ms": at_ms,
        "location_id": shop.record["primary_location_id"],
        "name": f"{order['name']}.{len(order['fulfillments']) + 1}",
        "service": "manual",
        "status": "success",
        "shipment_status": None,
        "sent": [
            {"id": shop.next_part_id("fulfillment_line_items"), "line_item_id": line, "quantity": count}
            for line, count in sent.items()
            if count
        ],
        "events": [],
        **more,
    }


def born_fulfilled(shop: Shop, order: Document, wanted: Any) -> Document:
    """A new order that is fulfilled from the start, with the one fulfillment that says so [AJS]."""
    told = (inputs.mappings(wanted, "fulfillments") or [{}])[0]
    names = ("company", "number", "url", "numbers", "urls")
    tracking = _tracking({name: told[f"tracking_{name}"] for name in names if told.get(f"tracking_{name}")})
    sent = {line["id"]: line["quantity"] for line in order["line_items"]}
    fulfillment = opened(shop, order, sent, tracking | {"origin_address": None, "fulfillment_order_ids": []})
    return recounted(order | {"fulfillments": [fulfillment]})


def cancel(shop: Shop, order: Document, fulfillment: Document) -> tuple[Document, Document]:
    """Its lines are to be sent again: from a new fulfillment order, or with what is left of their own [S]."""
    if fulfillment["status"] == "cancelled":
        raise Invalid((Problem("", "The fulfillment has already been cancelled."),))  # Our reading of the text
    shipped = {one["line_item_id"]: one["quantity"] for one in sent_of(order, fulfillment)}
    back = {line["id"]: min(shipped.get(line["id"], 0), line["current_quantity"]) for line in order["line_items"]}
    changed = fulfillment | {"status": "cancelled", "updated_at_ms": shop.now()}
    saved = _replaced(shop, order, changed)
    _plan_again(shop, saved, fulfillment, back)
    return saved, changed


def update_tracking(shop: Shop, order: Document, fulfillment: Document, wanted: Document) -> tuple[Document, Document]:
    changed = fulfillment | _tracking(wanted.get("tracking_info")) | {"updated_at_ms": shop.now()}
    return _replaced(shop, order, changed), changed


def follow(shop: Shop, order: Document) -> None:
    """Fulfillment orders after a refund or a cancellation: nobody sends what the order has not any more."""
    for planned in of_order(shop, order["id"]):
        gone = {}
        for line in planned["line_items"]:
            left = next(one["fulfillable_quantity"] for one in order["line_items"] if one["id"] == line["line_item_id"])
            gone[line["id"]] = max(0, line["fulfillable_quantity"] - (0 if order["cancelled_at_ms"] else left))
        if any(gone.values()) or (order["cancelled_at_ms"] and planned["status"] in OPEN_STATES):
            _reduce(shop, planned, gone, "cancelled" if order["cancelled_at_ms"] else "closed")


# --- events ---


def create_event(shop: Shop, order: Document, fulfillment: Document, wanted: Document) -> Document:
    """Something that the carrier says; the last one is the shipment's status."""
    given = inputs.read(wanted, EVENT_FIELDS, "event.")
    if not given.get("status"):
        raise Invalid((Problem("event.status", "can't be blank", "BLANK"),))  # Our reading of the text
    if len(fulfillment.get("events", ())) >= MOST_EVENTS:
        raise Invalid((Problem("base", f"A fulfillment cannot have more than {MOST_EVENTS} events"),))
    at_ms = shop.now()
    named = {one.name: given.get(one.name) for one in EVENT_FIELDS if not one.name.endswith("_at")}
    event = named | {
        "id": shop.next_part_id("fulfillment_events"),
        "fulfillment_id": fulfillment["id"],
        "order_id": order["id"],
        "created_at_ms": at_ms,
        "updated_at_ms": at_ms,
        "happened_at_ms": given.get("happened_at") or at_ms,
        "estimated_delivery_at_ms": given.get("estimated_delivery_at"),
    }
    events = [*fulfillment.get("events", ()), event]
    _replaced(shop, order, fulfillment | {"events": events, **_shipment(events), "updated_at_ms": at_ms})
    shop.owe("fulfillment_events/create", event)
    return event


def delete_event(shop: Shop, order: Document, fulfillment: Document, event: Document) -> None:
    events = [one for one in fulfillment["events"] if one["id"] != event["id"]]
    _replaced(shop, order, fulfillment | {"events": events, **_shipment(events), "updated_at_ms": shop.now()})
    shop.owe("fulfillment_events/delete", event)


def _shipment(events: list[Document]) -> Document:
    last = max(events, key=lambda one: (one["happened_at_ms"], one["id"]), default=None)
    return {"shipment_status": last["status"] if last else None}


# --- finding ---


def of_order(shop: Shop, order_id: int) -> list[Document]:
    return shop.find(FULFILLMENT_ORDERS, "order_id = ?", order_id)


def find(shop: Shop, id: int) -> tuple[Document, Document]:
    """The order of a fulfillment, and the fulfillment."""
    place = shop.get(FULFILLMENTS, id)
    order = shop.get(ORDERS, place["order_id"]) if place else None
    if order is None:
        raise NotFound(f"fulfillment {id}")
    return order, next(one for one in order["fulfillments"] if one["id"] == id)


def sent_of(order: Document, fulfillment: Document) -> list[Document]:
    """What a fulfillment sent; one that an older document holds sent everything."""
    every = [{"line_item_id": line["id"], "quantity": line["quantity"]} for line in order["line_items"]]
    found: list[Document] = fulfillment.get("sent", every)
    return found


def forget(shop: Shop, order: Document) -> None:
    """With a deleted order go its fulfillments and its fulfillment orders."""
    for planned in of_order(shop, order["id"]):
        shop.delete(FULFILLMENT_ORDERS, planned)
    for fulfillment in order["fulfillments"]:
        if shop.get(FULFILLMENTS, fulfillment["id"]):
            shop.delete(FULFILLMENTS, fulfillment)


# --- helpers ---


def _fulfillment_order(shop: Shop, order: Document, lines: list[tuple[Document, int]], status: str) -> Document:
    id, now = shop.next_id(FULFILLMENT_ORDERS), shop.now()
    planned = [
        {
            "id": shop.next_part_id("fulfillment_order_line_items"),
            "line_item_id": line["id"],
            "variant_id": line["variant_id"],
            "quantity": count or line["quantity"],
            "fulfillable_quantity": count,
        }
        for line, count in lines
    ]
    common = {"id": id, "order_id": order["id"], "created_at_ms": now, "updated_at_ms": now}
    return shop.create(FULFILLMENT_ORDERS, common | {"status": status, "line_items": planned})


def _picked(shop: Shop, wanted: Document) -> tuple[Document, dict[int, int]]:
    """A fulfillment order and how many of each of its lines are to be sent."""
    given = inputs.read(wanted, (Field("fulfillment_order_id", inputs.identifier),))
    planned = shop.get(FULFILLMENT_ORDERS, given.get("fulfillment_order_id") or 0)
    if planned is None:
        raise NotFound("fulfillment order")
    if planned["status"] not in OPEN_STATES:
        raise Invalid((Problem("", NOT_OPEN),))
    left = {one["id"]: one["fulfillable_quantity"] for one in planned["line_items"]}
    asked = inputs.mappings(wanted.get("fulfillment_order_line_items"), "fulfillment_order_line_items")
    if not asked:
        return planned, left
    quantities: dict[int, int] = {}
    for one in asked:
        line = inputs.defaults(ASKED_FIELDS) | inputs.read(one, ASKED_FIELDS, "fulfillment_order_line_items.")
        quantities[line["id"]] = quantities.get(line["id"], 0) + (line["quantity"] or 0)
    if any(not 0 < count <= left.get(id, 0) for id, count in quantities.items()):
        raise Invalid((Problem("", INVALID_QUANTITY),))
    return planned, quantities


def _reduce(shop: Shop, planned: Document, by: dict[int, int], done: str = "closed") -> None:
    """Take quantities off a fulfillment order; it is `done` when nothing is left of it."""
    lines = [
        one | {"fulfillable_quantity": one["fulfillable_quantity"] - by.get(one["id"], 0)}
        for one in planned["line_items"]
    ]
    left = any(one["fulfillable_quantity"] for one in lines)
    shop.update(FULFILLMENT_ORDERS, planned | {"line_items": lines, "status": "in_progress" if left else done})


def _plan_again(shop: Shop, order: Document, fulfillment: Document, back: dict[int, int]) -> None:
    own = fulfillment.get("fulfillment_order_ids", ())
    partly = [one for one in of_order(shop, order["id"]) if one["id"] in own and one["status"] == "in_progress"]
    for planned in partly:
        lines = []
        for line in planned["line_items"]:
            count = min(back[line["line_item_id"]], line["quantity"] - line["fulfillable_quantity"])
            back[line["line_item_id"]] -= count
            lines.append(line | {"fulfillable_quantity": line["fulfillable_quantity"] + count})
        untouched = all(line["fulfillable_quantity"] == line["quantity"] for line in lines)
        status = "open" if untouched else "in_progress"
        shop.update(FULFILLMENT_ORDERS, planned | {"line_items": lines, "status": status})
    again = [(line, back[line["id"]]) for line in order["line_items"] if back[line["id"]]]
    if again:
        _fulfillment_order(shop, order, again, "open")


def _replaced(shop: Shop, order: Document, changed: Document) -> Document:
    """The order with one of its fulfillments changed, saved and told of."""
    fulfillments = [changed if one["id"] == changed["id"] else one for one in order["fulfillments"]]
    saved = milestones.save(shop, order, recounted(order | {"fulfillments": fulfillments}))
    shop.owe("fulfillments/update", changed)
    return saved


def recounted(order: Document) -> Document:
    """The order after its fulfillments have changed: what is left to send of each line, and the statuses."""
    shipped: dict[int, int] = {}
    for fulfillment in order["fulfillments"]:
        if fulfillment["status"] == "success":
            for one in sent_of(order, fulfillment):
                shipped[one["line_item_id"]] = shipped.get(one["line_item_id"], 0) + one["quantity"]
    changed = order | {"line_items": [_line(line, shipped.get(line["id"], 0)) for line in order["line_items"]]}
    return changed | {"fulfillment_status": status(changed)}


def _line(line: Document, shipped: int) -> Document:
    """What came back after it was sent is neither to be sent nor in the current quantity."""
    left = max(0, line["current_quantity"] - shipped)
    state = None if not shipped else "partial" if left else "fulfilled"
    return line | {"fulfillable_quantity": left, "fulfillment_status": state}


def status(order: Document) -> str | None:
    """The order's: "fulfilled" when nothing is left to send of what was ordered, "partial" when something was sent."""
    states = [line["fulfillment_status"] for line in order["line_items"]]
    if not any(states):
        return None
    return "partial" if any(line["fulfillable_quantity"] for line in order["line_items"]) else "fulfilled"


def _tracking(value: Any) -> Document:
    """One number or several. A carrier that is known by name, or by how its numbers look, has a page [AJS]."""
    given = inputs.defaults(TRACKING_FIELDS)
    given |= inputs.read(inputs.mapping(value or {}, "tracking_info"), TRACKING_FIELDS, "tracking_info.")
    numbers = given["numbers"] or ([given["number"]] if given["number"] else [])
    urls = given["urls"] or ([given["url"]] if given["url"] else [])
    company = given["company"]
    if not company and not urls and numbers:
        company = next((name for name, (_, looks) in CARRIERS.items() if looks and looks.fullmatch(numbers[0])), None)
    if not urls and company in CARRIERS:
        urls = [CARRIERS[company][0].format(number=number) for number in numbers]
    return {
        "tracking_company": company,
        "tracking_number": numbers[0] if numbers else None,
        "tracking_numbers": numbers,
        "tracking_url": urls[0] if urls else None,
        "tracking_urls": urls,
    }


def _origin(value: Any) -> Document | None:
    if value is None:
        return None
    return inputs.defaults(ORIGIN_FIELDS) | inputs.read(inputs.mapping(value, "origin_address"), ORIGIN_FIELDS)
