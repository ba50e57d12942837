"""From the order to the doorstep: fulfillment orders, fulfillments, tracking, what the carrier says."""

import pytest

LINES = [{"title": "Coat", "price": "90.00", "quantity": 1}, {"title": "Socks", "price": "10.00", "quantity": 3}]


@pytest.fixture
def order(shop):
    return shop.order(line_items=LINES, email="ann@example.com")


def plans(shop, order):
    return shop.ok("GET", f"orders/{order['id']}/fulfillment_orders")


def send(shop, plan, quantities=None, **more):
    """Fulfill all of a fulfillment order, or so many of each of its lines."""
    asked = {"fulfillment_order_id": plan["id"]}
    if quantities:
        ids = [line["id"] for line in plan["line_items"]]
        pairs = zip(ids, quantities, strict=True)
        asked["fulfillment_order_line_items"] = [{"id": id, "quantity": count} for id, count in pairs if count]
    return shop.call("POST", "fulfillments", {"fulfillment": {"line_items_by_fulfillment_order": [asked], **more}})


def state(shop, order):
    found = shop.ok("GET", f"orders/{order['id']}")
    lines = [(one["fulfillment_status"], one["fulfillable_quantity"]) for one in found["line_items"]]
    return found["fulfillment_status"], lines


def test_an_order_begins_with_one_fulfillment_order_for_all_its_lines(shop, order):
    (plan,) = plans(shop, order)

    assert (plan["status"], plan["request_status"], plan["order_id"]) == ("open", "unsubmitted", order["id"])
    assert [(one["quantity"], one["fulfillable_quantity"]) for one in plan["line_items"]] == [(1, 1), (3, 3)]
    assert [one["line_item_id"] for one in plan["line_items"]] == [one["id"] for one in order["line_items"]]
    assert plan["assigned_location_id"] == shop.ok("GET", "locations")[0]["id"]
    assert shop.ok("GET", f"fulfillment_orders/{plan['id']}") == plan


def test_an_order_is_sent_in_two_parcels(shop, order):
    (plan,) = plans(shop, order)
    first = send(shop, plan, (0, 2)).json()["fulfillment"]
    assert [(one["title"], one["quantity"]) for one in first["line_items"]] == [("Socks", 2)]
    assert (first["name"], first["status"], first["service"]) == ("#1001.1", "success", "manual")
    assert state(shop, order) == ("partial", [(None, 1), ("partial", 1)])
    assert plans(shop, order)[0]["status"] == "in_progress"

    second = send(shop, plan).json()["fulfillment"]
    assert [(one["title"], one["quantity"]) for one in second["line_items"]] == [("Coat", 1), ("Socks", 1)]
    assert state(shop, order) == ("fulfilled", [("fulfilled", 0), ("fulfilled", 0)])
    assert plans(shop, order)[0]["status"] == "closed"
    place = f"orders/{order['id']}/fulfillments"
    assert [one["id"] for one in shop.ok("GET", place)] == [first["id"], second["id"]]
    assert (shop.ok("GET", f"{place}/count"), shop.ok("GET", f"{place}/{second['id']}")) == (2, second)
    of_plan = shop.ok("GET", f"fulfillment_orders/{plan['id']}/fulfillments")
    assert [one["name"] for one in of_plan] == ["#1001.1", "#1001.2"]


@pytest.mark.parametrize(
    ("tracking", "shown"),
    [
        (
            {"number": "1Z001985YW99744790"},
            ("UPS", "https://www.ups.com/WebTracking?loc=en_US&requester=ST&trackNums=1Z001985YW99744790"),
        ),
        ({"number": "MS1562678", "url": "https://ship.example/MS1562678"}, (None, "https://ship.example/MS1562678")),
        ({"number": "1", "company": "Pigeon"}, ("Pigeon", None)),
    ],
)
def test_a_carrier_is_known_by_its_name_or_by_its_numbers(shop, order, tracking, shown):
    made = send(shop, plans(shop, order)[0], tracking_info=tracking).json()["fulfillment"]

    assert (made["tracking_company"], made["tracking_url"]) == shown
    assert (made["tracking_number"], made["tracking_numbers"]) == (tracking["number"], [tracking["number"]])


def test_tracking_is_updated_and_subscribers_hear_of_it(shop, order):
    shop.subscribe("fulfillments/create", "fulfillments/update", "orders/fulfilled", "orders/updated")
    made = send(shop, plans(shop, order)[0]).json()["fulfillment"]
    assert sorted(one.topic for one in shop.deliver()) == ["fulfillments/create", "orders/fulfilled", "orders/updated"]

    wanted = {"fulfillment": {"tracking_info": {"number": "7", "company": "USPS"}}}
    changed = shop.ok("POST", f"fulfillments/{made['id']}/update_tracking", wanted)
    assert (changed["tracking_company"], changed["tracking_number"]) == ("USPS", "7")
    got = {one.topic: one.body for one in shop.deliver()}
    assert set(got) == {"fulfillments/update", "orders/updated"}
    assert got["fulfillments/update"]["tracking_number"] == "7"
    assert got["orders/updated"]["fulfillments"][0]["tracking_number"] == "7"


def test_a_partly_sent_order_has_a_topic_of_its_own(shop, order):
    shop.subscribe("orders/partially_fulfilled", "orders/fulfilled")
    send(shop, plans(shop, order)[0], (1, 0))

    assert [one.topic for one in shop.deliver()] == ["orders/partially_fulfilled"]


@pytest.mark.parametrize(
    ("quantities", "errors"),
    [((1, 4), ["Invalid fulfillment order line item quantity requested."])],
)
def test_more_than_was_ordered_is_not_sent(shop, order, quantities, errors):
    response = send(shop, plans(shop, order)[0], quantities)

    assert (response.status_code, response.json()) == (422, {"errors": errors})
    assert shop.ok("GET", f"orders/{order['id']}/fulfillments/count") == 0


def test_what_was_sent_is_not_sent_again(shop, order):
    (plan,) = plans(shop, order)
    send(shop, plan)

    assert send(shop, plan).json() == {"errors": ["The fulfillment order is not in an open state."]}


def test_a_cancelled_fulfillment_is_sent_again_from_a_new_fulfillment_order(shop, order):
    made = send(shop, plans(shop, order)[0]).json()["fulfillment"]
    cancelled = shop.ok("POST", f"fulfillments/{made['id']}/cancel")

    assert cancelled["status"] == "cancelled"
    assert state(shop, order) == (None, [(None, 1), (None, 3)])
    old, new = plans(shop, order)
    assert (old["status"], new["status"]) == ("closed", "open")
    assert [one["fulfillable_quantity"] for one in new["line_items"]] == [1, 3]
    assert send(shop, new).status_code == 201
    assert shop.call("POST", f"fulfillments/{made['id']}/cancel").status_code == 422


def test_a_cancelled_part_goes_back_to_the_rest(shop, order):
    (plan,) = plans(shop, order)
    made = send(shop, plan, (0, 2)).json()["fulfillment"]
    shop.ok("POST", f"fulfillments/{made['id']}/cancel")

    (after,) = plans(shop, order)
    assert (after["status"], [one["fulfillable_quantity"] for one in after["line_items"]]) == ("open", [1, 3])


def test_what_is_refunded_is_not_sent_any_more(shop, order):
    coat, socks = (one["id"] for one in order["line_items"])
    lines = [{"line_item_id": coat, "quantity": 1}, {"line_item_id": socks, "quantity": 1}]
    shop.ok("POST", f"orders/{order['id']}/refunds", {"refund": {"refund_line_items": lines}})

    (plan,) = plans(shop, order)
    assert [one["fulfillable_quantity"] for one in plan["line_items"]] == [0, 2]
    send(shop, plan)
    assert state(shop, order)[0] == "fulfilled"


def test_a_cancelled_order_is_not_sent(shop, order):
    shop.ok("POST", f"orders/{order['id']}/cancel")

    (plan,) = plans(shop, order)
    assert (plan["status"], plan["supported_actions"]) == ("cancelled", [])


def test_a_sent_order_is_not_cancelled(shop, order):
    send(shop, plans(shop, order)[0], (1, 0))
    response = shop.call("POST", f"orders/{order['id']}/cancel")

    assert response.json() == {"errors": {"base": ["Cannot cancel an order that has outstanding fulfillments"]}}


def test_the_last_event_is_the_status_of_the_shipment(shop, order):
    made = send(shop, plans(shop, order)[0]).json()["fulfillment"]
    place = f"orders/{order['id']}/fulfillments/{made['id']}"
    first = shop.ok("POST", f"{place}/events", {"event": {"status": "in_transit", "city": "Montreal"}})
    last = shop.ok("POST", f"{place}/events", {"event": {"status": "delivered"}})

    assert (first["status"], first["city"], first["fulfillment_id"]) == ("in_transit", "Montreal", made["id"])
    assert shop.ok("GET", f"{place}/events") == [first, last]
    assert shop.ok("GET", f"{place}/events/{last['id']}") == last
    assert shop.ok("GET", place)["shipment_status"] == "delivered"
    assert shop.ok("GET", f"orders/{order['id']}")["fulfillments"][0]["shipment_status"] == "delivered"
    shop.ok("DELETE", f"{place}/events/{last['id']}")
    assert shop.ok("GET", place)["shipment_status"] == "in_transit"
    assert shop.call("POST", f"{place}/events", {"event": {"status": "lost"}}).status_code == 422


def test_an_order_that_is_born_fulfilled_has_nothing_left_to_send(shop):
    order = shop.order(fulfillment_status="fulfilled", fulfillments=[{"tracking_number": "7"}])

    assert [one["tracking_number"] for one in order["fulfillments"]] == ["7"]
    assert [one["status"] for one in plans(shop, order)] == ["closed"]


def test_a_deleted_order_takes_its_fulfillment_orders_along(shop, order):
    (plan,) = plans(shop, order)
    shop.ok("DELETE", f"orders/{order['id']}")

    assert shop.call("GET", f"fulfillment_orders/{plan['id']}").status_code == 404


def test_a_shop_has_one_location(shop):
    (place,) = shop.ok("GET", "locations")

    assert shop.ok("GET", "locations/count") == 1
    assert shop.ok("GET", f"locations/{place['id']}")["name"] == place["name"]
    assert shop.call("GET", "locations/1").status_code == 404
