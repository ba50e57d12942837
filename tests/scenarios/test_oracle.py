"""The oracle on hand-made records: content with what the specification asks for, and with nothing else."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from scenarios.oracle import Gone, Portal, Shop, View, missing, shortfalls
from scenarios.oracle.origins import PROPERTIES

NOW_MS = 1_790_845_200_000
MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS

DEAL_STAGES = ("Checkout Abandoned", "Checkout Pending", "Checkout Completed", "Processed", "Shipped", "Cancelled")
PIPELINES = [
    {"id": 1, "stages": [{"id": label.lower().replace(" ", "_"), "label": label} for label in DEAL_STAGES]},
    {"id": 2, "stages": [{"id": f"stage-{label}", "label": label} for label in ("Open", "Processed", "Shipped")]},
]

ADDRESS = {"id": 5, "address1": "1 Main St", "address2": "Apt 2", "city": "Ottawa", "country": "Canada"}
ADDRESS |= {"province": "Ontario", "zip": "K1A 0B1", "phone": "+16135550001"}
CUSTOMER = {"id": 7, "email": "Ada@Example.com", "first_name": "Ada", "last_name": "Byron", "phone": "+16135550199"}
CUSTOMER |= {"updated_at_ms": NOW_MS - HOUR_MS, "addresses": [ADDRESS], "default_address_id": 5, "orders_count": 1}
NO_EMAIL = {"id": 8, "email": None, "first_name": "Bo", "last_name": "Phone", "phone": "+16135550777", "addresses": []}
VARIANTS = [{"id": 31, "position": 1, "price": "10.00", "sku": "CUP-1"}, {"id": 32, "position": 2, "price": "12.00"}]
PRODUCT = {"id": 3, "title": "Cup", "variants": VARIANTS}
LINE = {"title": "Cup", "variant_title": "Blue", "sku": "CUP-2", "price": "12.00", "quantity": 2, "product_id": 3}
MONEY = {"total_price": "26.40", "subtotal_price": "24.00", "total_tax": "2.40", "total_discounts": "0.00"}
ORDER = {"id": 11, "name": "#1001", "currency": "USD", "customer_id": 7, "line_items": [LINE], **MONEY}
ORDER |= {"created_at_ms": NOW_MS - HOUR_MS, "processed_at_ms": NOW_MS - HOUR_MS, "financial_status": "paid"}
ORDER |= {"fulfillment_status": None, "cancelled_at_ms": None, "closed_at_ms": None, "note": None, "tags": ""}
CHECKOUT = {
    "id": 21,
    "name": "#21",
    "token": "t21",
    "email": "cleo@example.com",
    "phone": None,
    "currency": "USD",
    **MONEY,
}
CHECKOUT |= {"created_at_ms": NOW_MS - HOUR_MS, "updated_at_ms": NOW_MS - HOUR_MS, "completed_at_ms": None}
CHECKOUT |= {"line_items": [LINE], "customer_id": None}

CONTACT_VALUES = {"email": "ada@example.com", "firstname": "Ada", "lastname": "Byron", "phone": "+16135550199"}
CONTACT_VALUES |= {"address": "1 Main St, Apt 2", "city": "Ottawa", "country": "Canada", "state": "Ontario"}
CONTACT_VALUES |= {"zip": "K1A 0B1", "shopify_orders_count": "1"}
LINE_VALUES = {"name": "Cup - Blue", "hs_sku": "CUP-2", "price": "12", "quantity": "2", "hs_product_id": "200"}
DEAL_VALUES = {"dealname": "#1001", "dealstage": "processed", "pipeline": "ecommerce", "amount": "26.40"}
DEAL_VALUES |= {"deal_currency_code": "USD", "closedate": str(NOW_MS - HOUR_MS)}
CART_DEAL = {"dealname": "#21", "dealstage": "checkout_abandoned", "pipeline": "ecommerce", "amount": "26.4"}
CART_DEAL |= {"deal_currency_code": "USD"}
ORDER_VALUES = {"hs_external_order_id": "11", "hs_order_name": "#1001", "hs_total_price": "26.40", "hs_tax": "2.40"}
ORDER_VALUES |= {"hs_currency_code": "USD", "hs_subtotal_price": "24", "hs_order_discount": "0"}
ORDER_VALUES |= {
    "hs_external_order_status": "open",
    "hs_payment_status": "Paid",
    "hs_pipeline_stage": "stage-Processed",
}
ORDER_VALUES |= {"hs_external_created_date": "2026-10-01T08:00:00Z"}
CART_VALUES = {"hs_external_cart_id": "t21", "hs_cart_name": "#21", "hs_total_price": "26.40", "hs_tax": "2.40"}
CART_VALUES |= {"hs_currency_code": "USD", "hs_subtotal_price": "24", "hs_cart_discount": "0"}
CART_VALUES |= {"hs_external_status": "abandoned"}


def record(id: int, properties: dict[str, Any], archived: bool = False) -> dict[str, Any]:
    return {"id": id, "archived": archived, "createdAt": NOW_MS - HOUR_MS, "properties": dict(properties)}


@pytest.fixture
def shop() -> dict[str, Any]:
    records = {"customers": [CUSTOMER, NO_EMAIL], "products": [PRODUCT], "orders": [ORDER], "checkouts": [CHECKOUT]}
    return copy.deepcopy(records)


@pytest.fixture
def portal() -> dict[str, Any]:
    """What the 2023 integration must make of the shop."""
    return {
        "contacts": [record(100, CONTACT_VALUES), record(101, {"email": "cleo@example.com"})],
        "products": [record(200, {"name": "Cup", "price": "10", "hs_sku": "CUP-1"})],
        "deals": [record(300, DEAL_VALUES), record(301, CART_DEAL)],
        "line_items": [record(400, LINE_VALUES), record(401, LINE_VALUES)],
        "associations": [
            {"id": 1, "source": "deals/300", "target": "contacts/100"},
            {"id": 2, "source": "deals/300", "target": "line_items/400"},
            {"id": 3, "source": "deals/301", "target": "contacts/101"},
            {"id": 4, "source": "deals/301", "target": "line_items/401"},
        ],
        "pipelines": PIPELINES,
    }


@pytest.fixture
def new_portal(portal: dict[str, Any]) -> dict[str, Any]:
    """What the 2024 integration must make of the shop."""
    moved = [
        {"id": row["id"], "source": row["source"].replace("deals/300", "orders/500").replace("deals/301", "carts/600")}
        | {"target": row["target"]}
        for row in portal["associations"]
    ]
    orders, carts = [record(500, ORDER_VALUES)], [record(600, CART_VALUES)]
    return portal | {"deals": [], "orders": orders, "carts": carts, "associations": moved}


def test_nothing_is_missing_where_all_deals_are_as_the_specification_says(shop, portal):
    assert missing(shop, portal, "deals", NOW_MS) == []


def test_nothing_is_missing_where_all_orders_and_carts_are_as_the_specification_says(shop, new_portal):
    assert missing(shop, new_portal, "data-sync", NOW_MS) == []


BROKEN_VALUES = [  # object type, id, property, a wrong value, what must be said
    ("contacts", 100, "firstname", "Eve", "firstname is 'Eve', must be 'Ada'"),
    ("contacts", 100, "phone", "+16135550001", "phone is '+16135550001'"),
    ("contacts", 100, "address", "1 Main St", "address is '1 Main St', must be '1 Main St, Apt 2'"),
    ("contacts", 100, "state", "ON", "state is 'ON', must be 'Ontario'"),
    ("contacts", 100, "shopify_orders_count", "2", "shopify_orders_count is '2'"),
    ("contacts", 100, "email", "eve@example.com", "no contact has the e-mail ada@example.com"),
    ("contacts", 101, "email", "eve@example.com", "no contact has the e-mail cleo@example.com"),
    ("products", 200, "price", "12", "price is '12', must be '10.00'"),
    ("products", 200, "name", "Mug", "product Cup: no product has this name"),
    ("products", 200, "hs_sku", "CUP-2", "hs_sku is 'CUP-2'"),
    ("deals", 300, "amount", "26.41", "amount is '26.41', must be '26.40'"),
    ("deals", 300, "amount", None, "amount is None, must be '26.40'"),
    ("deals", 300, "deal_currency_code", "EUR", "deal_currency_code is 'EUR'"),
    ("deals", 300, "closedate", str(NOW_MS), "closedate is"),
    ("deals", 300, "dealstage", "shipped", "stage is 'shipped', must be 'processed'"),
    ("deals", 300, "dealname", "#1002", "order #1001: no deal has this name"),
    ("deals", 301, "dealstage", "checkout_pending", "stage is 'checkout pending', must be 'checkout abandoned'"),
    ("deals", 301, "pipeline", "", "pipeline is ''"),
    ("line_items", 400, "quantity", "1", "quantity is '1', must be 2"),
    ("line_items", 400, "price", "10", "price is '10', must be '12.00'"),
    ("line_items", 400, "hs_sku", "CUP-1", "there is none such"),
    ("line_items", 400, "name", "Cup", "name is 'Cup', must hold 'Blue'"),
    ("line_items", 400, "hs_product_id", "", "not linked to the product 'Cup'"),
]


@pytest.mark.parametrize(("object_type", "id", "name", "value", "told"), BROKEN_VALUES)
def test_a_wrong_value_is_named(shop, portal, object_type, id, name, value, told):
    broken = next(one for one in portal[object_type] if one["id"] == id)
    broken["properties"][name] = value

    found = missing(shop, portal, "deals", NOW_MS)

    assert any(told in line for line in found), found


BROKEN_NEW_VALUES = [
    ("orders", "hs_external_order_id", "12", "order #1001: no order has this external id"),
    ("orders", "hs_order_name", "#1002", "hs_order_name is '#1002'"),
    ("orders", "hs_tax", "2.4001", "hs_tax is '2.4001'"),
    ("orders", "hs_payment_status", "paid", "hs_payment_status is 'paid', must be 'Paid'"),
    ("orders", "hs_pipeline_stage", "stage-Open", "stage is 'open', must be 'processed'"),
    ("carts", "hs_external_cart_id", "t22", "checkout #21: no cart has its token"),
    ("carts", "hs_external_status", "recovered", "hs_external_status must be 'abandoned'"),
    ("carts", "hs_total_price", "26.4000001", "hs_total_price is '26.4000001'"),
]


@pytest.mark.parametrize(("object_type", "name", "value", "told"), BROKEN_NEW_VALUES)
def test_a_wrong_value_of_an_order_or_a_cart_is_named(shop, new_portal, object_type, name, value, told):
    new_portal[object_type][0]["properties"][name] = value

    found = missing(shop, new_portal, "data-sync", NOW_MS)

    assert any(told in line for line in found), found


LOST_ASSOCIATIONS = [
    (1, "not associated with the contact ada@example.com"),
    (2, "line item 'Cup' x 2: there is none such"),
    (3, "not associated with the contact cleo@example.com"),
    (4, "line item 'Cup' x 2: there is none such"),
]


@pytest.mark.parametrize(("id", "told"), LOST_ASSOCIATIONS)
def test_a_lost_association_is_named(shop, portal, id, told):
    portal["associations"] = [row for row in portal["associations"] if row["id"] != id]

    found = missing(shop, portal, "deals", NOW_MS)

    assert any(told in line for line in found), found


def test_a_line_item_too_many_is_named(shop, portal):
    portal["line_items"].append(record(402, LINE_VALUES))
    portal["associations"].append({"id": 5, "source": "deals/300", "target": "line_items/402"})

    assert missing(shop, portal, "deals", NOW_MS) == ["order #1001: 1 line items too many: Cup - Blue"]


def test_a_line_of_which_nothing_is_left_asks_for_no_line_item_a34(shop, portal):
    shop["orders"][0]["line_items"].append(LINE | {"title": "Plate", "quantity": 1, "current_quantity": 0})

    assert missing(shop, portal, "deals", NOW_MS) == []


def test_a_second_live_record_is_named(shop, portal):
    portal["deals"].append(record(302, DEAL_VALUES))
    portal["contacts"].append(record(102, CONTACT_VALUES))

    found = missing(shop, portal, "deals", NOW_MS)

    assert "customer ada@example.com: 2 live contacts have the e-mail ada@example.com" in found
    assert "order #1001: 2 live records show it: 300, 302" in found


def test_a_customer_without_email_must_not_become_a_contact_a8(shop, portal):
    portal["contacts"].append(record(102, {"email": None, "phone": "+16135550777"}))

    assert missing(shop, portal, "deals", NOW_MS) == ["customer 8: has no e-mail, and yet is the contact 102 (A8)"]


def test_an_order_of_a_customer_without_email_is_associated_with_nobody_a29(shop, portal):
    shop["orders"][0]["customer_id"] = 8

    found = missing(shop, portal, "deals", NOW_MS)

    assert found == ["order #1001: associated with the contact ada@example.com, must be with none (A29)"]


def test_the_phone_of_an_address_is_never_used_a19(shop, portal):
    shop["customers"][0]["phone"] = None
    portal["contacts"][0]["properties"]["phone"] = "+16135550001"

    found = missing(shop, portal, "deals", NOW_MS)

    assert found == [
        "customer ada@example.com: phone '+16135550001' comes from the default address, which is never used (A19)"
    ]


def test_a_blank_of_shopify_leaves_hubspots_value_of_a_contact_alone_a10(shop, portal):
    shop["customers"][0]["last_name"] = None

    assert missing(shop, portal, "deals", NOW_MS) == []


def test_a_blank_of_shopify_is_copied_to_a_deal_a10(shop, portal):
    portal["deals"][0]["properties"]["shopify_note"] = "leave at the door"

    found = missing(shop, portal, "deals", NOW_MS)

    assert found == ["order #1001: shopify_note is 'leave at the door', must be None"]


def test_what_was_paid_back_must_show_and_a_refund_that_failed_does_not_count_i7(shop, portal):
    back = [{"kind": "refund", "status": status, "amount": "4.50"} for status in ("success", "failure")]
    shop["orders"][0]["transactions"] = back
    portal["deals"][0]["properties"]["shopify_refund_amount"] = "9.00"

    found = missing(shop, portal, "deals", NOW_MS)

    assert found == ["order #1001: shopify_refund_amount is '9.00', must be '4.50'"]


def test_a_contact_in_the_recycle_bin_is_not_missed_a13(shop, portal):
    portal["contacts"][0]["archived"] = True

    assert missing(shop, portal, "deals", NOW_MS) == []


def test_a_contact_that_was_deleted_must_not_be_back_a13(shop, portal):
    found = missing(shop, portal, "deals", NOW_MS, Gone(emails=frozenset({"ada@example.com"})))

    assert found == ["customer ada@example.com: its contact was deleted in HubSpot and is back as 100"]


def test_what_was_deleted_in_shopify_must_not_stand_in_hubspot_a27_a33(shop, portal):
    gone = Gone(orders=(shop["orders"].pop(),), products=(shop["products"].pop(),))

    found = missing(shop, portal, "deals", NOW_MS, gone)

    assert "order #1001: deleted in Shopify, HubSpot still holds it" in found
    assert "product Cup: deleted in Shopify, HubSpot still holds it" in found


def test_a_test_order_must_not_be_in_hubspot(shop, portal):
    shop["orders"][0]["test"] = True

    assert missing(shop, portal, "deals", NOW_MS) == ["order #1001: a test order must not be in HubSpot (I8)"]


def test_a_completed_checkout_has_no_deal_beside_its_orders_a26(shop, portal):
    shop["checkouts"][0]["completed_at_ms"] = NOW_MS
    shop["orders"][0]["checkout_token"] = "t21"

    assert missing(shop, portal, "deals", NOW_MS) == [
        "checkout #21: completed, and yet a deal of its own beside #1001 (I2)"
    ]


def test_a_recovered_cart_says_so_and_is_associated_with_its_order(shop, new_portal):
    shop["checkouts"][0]["completed_at_ms"] = NOW_MS
    shop["orders"][0]["checkout_token"] = "t21"

    found = missing(shop, new_portal, "data-sync", NOW_MS)

    assert found == [
        "checkout #21: hs_external_status must be 'recovered'",
        "checkout #21: cart is not associated with the order #1001 (I2)",
    ]
    new_portal["carts"][0]["properties"]["hs_external_status"] = "recovered"
    new_portal["associations"].append({"id": 9, "source": "orders/500", "target": "carts/600"})
    assert missing(shop, new_portal, "data-sync", NOW_MS) == []


def test_a_young_checkout_is_pending_and_no_cart_yet_a26_b16(shop, portal, new_portal):
    for name in ("created_at_ms", "updated_at_ms"):
        shop["checkouts"][0][name] = NOW_MS - 9 * MINUTE_MS

    assert missing(shop, portal, "deals", NOW_MS) == [
        "checkout #21: stage is 'checkout abandoned', must be 'checkout pending'"
    ]
    assert missing(shop, new_portal, "data-sync", NOW_MS) == ["checkout #21: pending, and yet a cart (B16)"]


@pytest.mark.parametrize(
    ("age_ms", "stage", "pipeline", "right"),
    [
        (48 * HOUR_MS - 1_000, "checkout_pending", "ecommerce", True),
        (48 * HOUR_MS - 1_000, "", "", False),
        (48 * HOUR_MS, "", "", True),
        (48 * HOUR_MS, "checkout_pending", "ecommerce", False),
        (48 * HOUR_MS, "", "ecommerce", False),
    ],
)
def test_a_checkout_without_contact_information_is_pending_for_48_hours_a25(
    shop, portal, age_ms, stage, pipeline, right
):
    shop["checkouts"][0]["email"] = None
    values = {"dealstage": stage, "pipeline": pipeline}
    portal["deals"][1]["properties"] |= values | {"hs_v2_date_entered_checkout_pending": str(NOW_MS - age_ms)}

    assert (missing(shop, portal, "deals", NOW_MS) == []) is right


def test_of_two_customers_with_one_email_the_one_changed_last_speaks_i5(shop, portal):
    later = {"id": 9, "email": "ada@example.com", "first_name": "Augusta", "last_name": "", "orders_count": 2}
    shop["customers"].append(later | {"updated_at_ms": NOW_MS, "addresses": []})

    found = missing(shop, portal, "deals", NOW_MS)

    assert "customer ada@example.com: firstname is 'Ada', must be 'Augusta'" in found
    portal["contacts"][0]["properties"] |= {"firstname": "Augusta", "shopify_orders_count": "3"}
    assert missing(shop, portal, "deals", NOW_MS) == []


def test_where_webhooks_are_lost_a_checkout_that_is_not_listed_yet_is_not_missed(shop, portal):
    shop["checkouts"][0]["updated_at_ms"] = NOW_MS - 9 * MINUTE_MS
    portal["deals"].pop()

    assert missing(shop, portal, "deals", NOW_MS) == ["checkout #21: no deal has this name"]
    assert missing(shop, portal, "deals", NOW_MS, webhooks_lost=True) == []
    assert missing(shop, portal, "deals", NOW_MS + MINUTE_MS, webhooks_lost=True) == [
        "checkout #21: no deal has this name"
    ]


@pytest.mark.parametrize(
    ("sale", "origin"),
    [
        ({"source_name": "pos"}, ("OFFLINE", "INTEGRATION", "pos")),
        (
            {"source_name": "web", "landing_site": "/a?utm_source=news&utm_medium=Email&utm_campaign=May"},
            ("EMAIL_MARKETING", "news", "May"),
        ),
        (
            {"landing_site": "/a", "referring_site": "https://blog.example.org/b"},
            ("REFERRALS", "blog.example.org", "/b"),
        ),
        ({"landing_site": "/a"}, ("DIRECT_TRAFFIC", "/a", "")),
    ],
)
def test_a_newcomers_origin_is_that_of_the_first_sale_a16(shop, portal, sale, origin):
    shop["customers"][0]["created_at_ms"] = NOW_MS - HOUR_MS
    shop["orders"] = [shop["orders"][0] | sale]
    held = portal["contacts"][0]["properties"]
    held |= dict(zip(PROPERTIES, origin, strict=True))
    view = View(Shop(shop), Portal.of(portal), "deals", NOW_MS, connected_ms=NOW_MS - 2 * HOUR_MS)
    assert [] == shortfalls(view)

    held["shopify_original_source_data_2"] = "elsewhere"
    (problem,) = shortfalls(View(Shop(shop), Portal.of(portal), "deals", NOW_MS, connected_ms=1))
    assert "(A16)" in problem


def test_a_contact_of_two_stores_lists_both_i5(shop, portal):
    held = portal["contacts"][0]["properties"]
    held["ip__ecomm_bridge__source_store_id"] = "a.myshopify.com"
    other = Shop({"customers": [shop["customers"][0] | {"id": 77}]}, "b.myshopify.com")

    def problems() -> list[str]:
        own = Shop(shop, "a.myshopify.com")
        view = View(own, Portal.of(portal), "deals", NOW_MS, others=(other,))
        return [one for one in shortfalls(view) if "source_store_id" in one]

    (problem,) = problems()
    assert "lacks b.myshopify.com" in problem
    held["ip__ecomm_bridge__source_store_id"] = "a.myshopify.com;b.myshopify.com"
    assert [] == problems()
