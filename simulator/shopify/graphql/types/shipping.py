"""How an order is sent: what is planned (fulfillment orders), what was sent (fulfillments), what carriers said."""

from __future__ import annotations

from typing import Any

from simulator.kernel.resource import Document
from simulator.shopify import views
from simulator.shopify.graphql import lists
from simulator.shopify.graphql.pages import Page, listed
from simulator.shopify.graphql.things import (
    Thing,
    gid,
    legacy_id,
    location_thing,
    of,
    order_of,
    order_parts,
    own_id,
    row,
    thing,
)
from simulator.shopify.graphql.types.connect import Context, listing, none, with_info
from simulator.shopify.graphql.types.lines import amount, discounted, line_of, line_total, variant
from simulator.shopify.kinds import FULFILLMENT_ORDERS
from simulator.shopify.rules import fulfillments, products

OPEN = ("json_extract(doc, '$.status') NOT IN ('closed', 'cancelled')", ())
# The service of everything that a shop sends by itself [AJS]; its id is our reading.
MANUAL = {
    "id": gid("FulfillmentService", "manual"),
    "callback_url": None,
    "fulfillment_orders_opt_in": True,
    "handle": "manual",
    "inventory_management": False,
    "location": None,
    "requires_shipping_method": True,
    "service_name": "Manual",
    "tracking_support": False,
    "type": "manual",
}


# --- fulfillment orders ---


@with_info
def planned(_: Any, info: Any, include_closed: bool = False, **args: Any) -> Page:
    """All of the shop's; the closed and cancelled ones where they are asked for [S]."""
    return listing(lists.FULFILLMENT_ORDERS, info, args, *(() if include_closed else (OPEN,)))


@with_info
def planned_for(it: Thing, info: Any, displayable: bool = False, **args: Any) -> Page:  # noqa: ARG001  the fake hides none
    """An order's own."""
    return listing(lists.FULFILLMENT_ORDERS, info, args, ("order_id = ?", (it.id,)))


def _order(it: Thing) -> Thing:
    return order_of(it.shop, it.document)


def _destination(it: Thing) -> Thing | None:
    shown = it["destination"]
    if shown is None:
        return None
    address = _order(it).document["shipping_address"]
    return it.part("FulfillmentOrderDestination", shown | {"country_code": address["country_code"]})


def _assigned(it: Thing) -> dict[str, Any]:
    return it["assigned_location"] | {"location": location_thing(it.shop)}


def _actions(it: Thing) -> list[dict[str, Any]]:
    return [{"action": one, "external_url": None} for one in it["supported_actions"]]


def _planned_lines(it: Thing, **args: Any) -> Page:
    return listed(args, planned_lines(it))


def planned_lines(it: Thing) -> list[Thing]:
    whole = Thing(it.type, it.shop, it.document, it.view, _order(it))
    return [whole.part("FulfillmentOrderLineItem", one) for one in it.document["line_items"]]


def _of_line(name: str) -> Any:
    """A field of the order's line."""
    return lambda it: line_of(it)[name]


def _inventory_item(it: Thing) -> str | None:
    found = products.with_variant(it.shop, it["variant_id"]) if it["variant_id"] else None
    return gid("InventoryItem", found[1]["inventory_item_id"]) if found else None


def _sent_by(it: Thing, **args: Any) -> Page:
    sent = order_parts(_order(it), "Fulfillment")
    return listed(args, [one for one in sent if it.id in _stored(one).get("fulfillment_order_ids", ())])


# --- fulfillments ---


def _stored(it: Thing) -> Document:
    """A fulfillment as it is stored in its order."""
    assert it.owner is not None
    return next(one for one in it.owner.document["fulfillments"] if one["id"] == it.id)


def _plans_of(it: Thing, **args: Any) -> Page:
    ids = _stored(it).get("fulfillment_order_ids", ())
    found = [it.shop.get(FULFILLMENT_ORDERS, id) for id in ids]
    return listed(args, [thing(it.shop, "FulfillmentOrder", one) for one in found if one])


def _sent_lines(it: Thing, **args: Any) -> Page:
    """Our reading: a line of a document that is older than its own id has the id of the order's line."""
    assert it.owner is not None
    sent = fulfillments.sent_of(it.owner.document, _stored(it))
    return listed(args, [it.part("FulfillmentLineItem", {"id": one["line_item_id"]} | one) for one in sent])


def _sent_line(it: Thing) -> Thing:
    """The order's line with as many pieces as were sent."""
    line = line_of(it)
    off = [
        one | {"amount": 0} for one in line["discount_allocations"]
    ]  # discounts of the whole order do not count here
    return Thing(
        line.type, line.shop, {**line.shown, "quantity": it["quantity"], "discount_allocations": off}, None, it
    )


def _tracking(it: Thing, first: int | None = None) -> list[dict[str, Any]]:
    numbers, urls = it["tracking_numbers"], it["tracking_urls"]
    width = max(len(numbers), len(urls))
    pairs = zip([*numbers, *[None] * width][:width], [*urls, *[None] * width][:width], strict=True)
    found = [{"company": it["tracking_company"], "number": number, "url": url} for number, url in pairs]
    return found[: max(first, 0) if first is not None else None]


def _events(it: Thing) -> list[Thing]:
    stored = sorted(_stored(it).get("events", ()), key=lambda one: (one["happened_at_ms"], one["id"]))
    return [it.part("FulfillmentEvent", dict(views.fulfillment_event(it.shop, one))) for one in stored]


def _events_page(it: Thing, sort_key: str = "HAPPENED_AT", **args: Any) -> Page:
    found = _events(it)
    return listed(args, found if sort_key == "HAPPENED_AT" else sorted(found, key=lambda one: one.id))


def _first_with(status: str) -> Any:
    """When the carrier first said so; null where it did not."""
    return lambda it: next((one["happened_at"] for one in _events(it) if one["status"] == status), None)


def _estimated(it: Thing) -> str | None:
    return next((one["estimated_delivery_at"] for one in reversed(_events(it)) if one["estimated_delivery_at"]), None)


def _origin(it: Thing) -> dict[str, Any] | None:
    found = _stored(it).get("origin_address")
    return found and {"address2": None} | found | {"country_code": found["country_code"] or ""}


def service(_: Any) -> dict[str, Any]:
    return MANUAL


@with_info
def services(_: Any, info: Any) -> list[dict[str, Any]]:
    context: Context = info.context
    return [MANUAL | {"location": location_thing(context.shop)}]


def location(it: Thing) -> Thing:
    return location_thing(it.shop)


TYPES = {
    "FulfillmentOrder": row(
        "createdAt updatedAt fulfillAt fulfillBy requestStatus status",
        id=own_id,
        order=_order,
        orderId=lambda it: gid("Order", it["order_id"]),
        orderName=lambda it: _order(it)["name"],
        orderProcessedAt=lambda it: _order(it)["processed_at"],
        assignedLocation=_assigned,
        destination=_destination,
        supportedActions=_actions,
        lineItems=_planned_lines,
        fulfillments=_sent_by,
        channelId=None,
        # One location sends all, by itself and at once: nothing is moved, held, merged or asked of anybody.
        deliveryMethod=None,
        fulfillmentHolds=[],
        internationalDuties=None,
        fulfillmentOrdersForMerge=none,
        locationsForMove=none,
        merchantRequests=none,
    ),
    "FulfillmentOrderAssignedLocation": row("address1 address2 city countryCode location name phone province zip"),
    "FulfillmentOrderDestination": row(
        "address1 address2 city company countryCode email firstName lastName phone province zip",
        id=own_id,
        location=None,
    ),
    "FulfillmentOrderSupportedAction": row("action externalUrl"),
    "FulfillmentOrderLineItem": row(
        "",
        id=own_id,
        lineItem=line_of,
        inventoryItemId=_inventory_item,
        originalUnitPriceSet=_of_line("price_set"),
        productTitle=_of_line("title"),
        remainingQuantity=of("fulfillable_quantity"),
        requiresShipping=_of_line("requires_shipping"),
        sku=_of_line("sku"),
        totalQuantity=of("quantity"),
        variant=lambda it: variant(line_of(it)),
        variantTitle=_of_line("variant_title"),
        vendor=_of_line("vendor"),
        warnings=[],
    ),
    "Fulfillment": row(
        "name status createdAt updatedAt",
        id=own_id,
        legacyResourceId=legacy_id,
        order=lambda it: it.owner,
        displayStatus=lambda it: it["shipment_status"] or ("canceled" if it["status"] == "cancelled" else "fulfilled"),
        events=_events_page,
        fulfillmentLineItems=_sent_lines,
        fulfillmentOrders=_plans_of,
        location=location,
        originAddress=_origin,
        requiresShipping=lambda it: any(line["requires_shipping"] for line in it["line_items"]),
        service=service,
        totalQuantity=lambda it: sum(line["quantity"] for line in it["line_items"]),
        trackingInfo=_tracking,
        deliveredAt=_first_with("delivered"),
        estimatedDeliveryAt=_estimated,
        inTransitAt=_first_with("in_transit"),
    ),
    "FulfillmentEvent": row(
        "address1 city country createdAt estimatedDeliveryAt happenedAt latitude longitude message province status zip",
        id=own_id,
    ),
    "FulfillmentLineItem": row(
        "quantity",
        id=own_id,
        lineItem=line_of,
        originalTotalSet=lambda it: line_total(_sent_line(it)),
        originalTotal=lambda it: amount(line_total)(_sent_line(it)),
        discountedTotalSet=lambda it: discounted(_sent_line(it)),
        discountedTotal=lambda it: amount(discounted)(_sent_line(it)),
    ),
    "FulfillmentOriginAddress": row("address1 address2 city countryCode provinceCode zip"),
    "FulfillmentService": row(
        "id callbackUrl fulfillmentOrdersOptIn handle inventoryManagement location requiresShippingMethod serviceName"
        " trackingSupport type"
    ),
    "FulfillmentTrackingInfo": row("company number url"),
}
