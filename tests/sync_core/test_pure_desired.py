"""The rules of both integrations: what HubSpot should hold for a customer, a product, an order."""

from __future__ import annotations

import pytest
from shopify_documents import (
    CHECKOUT,
    CHECKOUT_UPDATED_MS,
    CUSTOMER,
    HOUR_MS,
    LINE,
    SHOP,
    around,
    checkout,
    customer,
    deleted,
    order,
    product,
    settings,
)

from sync_core.mappings import E_COMMERCE, ORDERS, portal_pipeline, stage_ids
from sync_core.pure.desired import desired
from sync_core.pure.image import not_given
from sync_core.pure.model import Absent, Desired, Excluded, Ref, Source

DEALS, DATA_SYNC = settings("deals"), settings("data-sync")
BOTH = pytest.mark.parametrize("chosen", [DEALS, DATA_SYNC], ids=["deals", "data-sync"])

TOKEN = CHECKOUT["token"]
BOB = Ref("contacts", f"{SHOP}/customer/207119551")
DEAL = Ref("deals", f"{SHOP}/checkout/{TOKEN}")
CART = Ref("carts", f"{SHOP}/checkout/{TOKEN}")
ORDER = Ref("orders", f"{SHOP}/order/450789469")
PRODUCT = Ref("products", f"{SHOP}/product/632910392")


# --- customers ---


@BOTH
def test_A7_A10_a_customer_is_found_by_email_and_a_blank_never_erases(chosen):
    contact = desired(customer(first_name=None), around(), chosen)

    assert ("email", "bob.norman@mail.example.com") == contact.match
    assert contact.blank_erases is False


@BOTH
@pytest.mark.parametrize("blank", [None, "", "  "])
def test_A8_a_customer_without_email_is_excluded_and_leaves_its_contact_as_it_is(chosen, blank):
    assert Excluded(BOB, "no_email") == desired(customer(email=blank), around(), chosen)


@BOTH
def test_A19_the_phone_of_an_address_is_never_used(chosen):
    assert desired(customer(phone=None), around(), chosen).properties["phone"] == ""


@BOTH
def test_A11_a_customer_deleted_in_shopify_leaves_its_contact(chosen):
    assert Excluded(BOB, "deleted_in_shopify") == desired(deleted(customer()), around(), chosen)


@BOTH
@pytest.mark.parametrize(
    "memory", [{"tombstoned": True}, {"tombstoned_emails": frozenset({"bob.norman@mail.example.com"})}]
)
def test_A13_a_contact_deleted_in_hubspot_is_never_made_again(chosen, memory):
    assert Excluded(BOB, "tombstoned") == desired(customer(), around(**memory), chosen)


@BOTH
def test_a_customer_that_was_excluded_before_can_become_a_contact(chosen):
    assert isinstance(desired(customer(), around(gone=frozenset({BOB})), chosen), Desired)


@BOTH
def test_A14_only_the_first_import_marks_the_contacts_that_it_creates(chosen):
    marks = {"hs_analytics_source_data_1": "INTEGRATION_SYNC", "hs_analytics_source_data_2": "integrations-sync"}

    assert marks == desired(customer(), around(first_import=True), chosen).create_only
    later = desired(customer(), around(), chosen).create_only
    assert ("OFFLINE", "INTEGRATION", "shopify") == tuple(later.values())  # A16: nothing is known of the customer
    assert not set(marks) & set(desired(customer(), around(first_import=True), chosen).properties)


def test_S60_a_field_that_shopify_does_not_give_is_not_a_blank_one():
    webhook = {name: value for name, value in CUSTOMER.items() if name not in ("tags", "orders_count")}
    contact = desired(Source(SHOP, "customer", "207119551", webhook), around(), DEALS)

    assert not {"shopify_tags", "shopify_orders_count"} & set(contact.properties)


# --- products ---


@BOTH
def test_A35_a_product_with_many_variants_is_one_product_at_the_first_ones_price(chosen):
    variants = [{"price": f"{number}.00", "position": number, "sku": f"S-{number}"} for number in range(120, 0, -1)]
    found = desired(product(variants=variants), around(), chosen)

    assert PRODUCT == found.ref
    assert found.properties["price"] == "1.00"
    assert () == found.children


@BOTH
def test_A33_a_product_deleted_in_shopify_is_archived(chosen):
    assert Absent(PRODUCT, "deleted_in_shopify") == desired(deleted(product()), around(), chosen)


# --- orders ---


def test_I2_an_order_and_its_checkout_are_one_deal_but_an_order_and_a_cart():
    assert (DEAL, DEAL) == (desired(order(), around(), DEALS).ref, desired(checkout(), around(), DEALS).ref)
    later = around(CHECKOUT_UPDATED_MS + HOUR_MS)
    assert (ORDER, CART) == (desired(order(), around(), DATA_SYNC).ref, desired(checkout(), later, DATA_SYNC).ref)


@BOTH
def test_A22_an_order_is_associated_with_its_customers_contact(chosen):
    assert {BOB} == desired(order(), around(), chosen).associations


@BOTH
@pytest.mark.parametrize(
    ("changes", "memory"),
    [
        ({"customer": None}, {}),  # a guest: the order's own e-mail does not decide
        ({}, {"gone": frozenset({BOB})}),  # excluded for want of an e-mail, or deleted in HubSpot
        ({}, {"tombstoned_emails": frozenset({"bob.norman@mail.example.com"})}),
    ],
)
def test_A29_an_order_whose_customer_is_no_contact_syncs_without_one(chosen, changes, memory):
    found = desired(order(**changes), around(**memory), chosen)

    assert frozenset() == found.associations
    assert isinstance(found, Desired)


@BOTH
@pytest.mark.parametrize("nobody", [{"customer": None}, {"customer": {"id": 207119551, "email": None}}])
def test_A29_an_orders_own_email_brings_a_contact_where_the_setting_says_so(chosen, nobody):
    wanted = settings(chosen.integration, use_order_email=True)
    placed = order(email="Guest@Example.com", **nobody)
    without = around(gone=frozenset({BOB}))  # the customer is excluded for want of an e-mail

    (guest,) = desired(placed, without, wanted).companions

    assert ("email", "guest@example.com") == guest.match
    assert frozenset({guest.ref}) == desired(placed, without, wanted).associations
    assert frozenset() == desired(placed, without, chosen).associations
    buried = around(gone=frozenset({BOB}), tombstoned_emails=frozenset({"guest@example.com"}))
    assert ((), frozenset()) == (
        desired(placed, buried, wanted).companions,
        desired(placed, buried, wanted).associations,
    )


@pytest.mark.parametrize(
    ("changes", "deal_stage", "order_stage"),
    [
        ({"financial_status": "pending"}, "checkout_completed", "open"),
        ({"financial_status": "authorized"}, "checkout_completed", "open"),
        ({"financial_status": "voided"}, "checkout_completed", "open"),
        ({"financial_status": "expired"}, "checkout_completed", "open"),
        ({"financial_status": "partially_paid"}, "processed", "open"),
        ({"financial_status": "paid"}, "processed", "processed"),
        ({"financial_status": "partially_refunded"}, "processed", "processed"),
        ({"financial_status": "refunded"}, "processed", "processed"),
        ({"fulfillment_status": "partial", "financial_status": "paid"}, "processed", "processed"),
        ({"fulfillment_status": "fulfilled", "financial_status": "pending"}, "shipped", "shipped"),
        (
            {"fulfillment_status": "fulfilled", "fulfillments": [{"shipment_status": "delivered"}]},
            "shipped",
            "delivered",
        ),
        ({"fulfillment_status": "fulfilled", "cancelled_at": "2026-11-22T09:00:00Z"}, "cancelled", "cancelled"),
    ],
)
def test_A20_B24_the_stage_follows_from_the_orders_state(changes, deal_stage, order_stage):
    assert deal_stage == desired(order(**changes), around(), DEALS).stage
    assert order_stage == desired(order(**changes), around(), DATA_SYNC).stage


def test_B35_delivered_counts_as_shipped_where_no_stage_is_mapped_to_it():
    stages = {name: id_ for name, id_ in DATA_SYNC.stages.items() if name != "delivered"}
    arrived = order(fulfillment_status="fulfilled", fulfillments=[{"shipment_status": "delivered"}])

    assert desired(arrived, around(), settings("data-sync", stages=stages)).stage == "shipped"


def test_B35_an_order_whose_stage_is_not_mapped_is_excluded():
    stages = {name: id_ for name, id_ in DATA_SYNC.stages.items() if name != "processed"}

    assert Excluded(ORDER, "stage_unmapped") == desired(order(), around(), settings("data-sync", stages=stages))


@BOTH
def test_I8_a_test_order_is_excluded_unless_the_user_wants_it(chosen):
    assert desired(order(test=True), around(), chosen).reason == "test_order"
    wanted = settings(chosen.integration, skip_test_orders=False)
    assert isinstance(desired(order(test=True), around(), wanted), Desired)


def test_I9_what_is_never_deleted_stays_when_its_shopify_record_goes():
    kept = settings("data-sync", never_delete=frozenset({"orders"}))

    assert Excluded(ORDER, "never_deleted") == desired(deleted(order()), around(ref=ORDER), kept)
    assert Absent(PRODUCT, "deleted_in_shopify") == desired(deleted(product()), around(), kept)


def test_A27_a_deleted_order_is_archived_under_the_name_that_it_last_had():
    gone = deleted(order())

    assert Absent(DEAL, "deleted_in_shopify") == desired(gone, around(ref=DEAL), DEALS)
    assert Absent(Ref("deals", f"{SHOP}/order/450789469"), "deleted_in_shopify") == desired(gone, around(), DEALS)
    assert Absent(ORDER, "deleted_in_shopify") == desired(gone, around(), DATA_SYNC)


@BOTH
def test_A34_every_line_that_is_still_bought_is_a_line_item(chosen):
    lines = [LINE, LINE | {"id": 2, "current_quantity": 0}, LINE | {"id": 3, "quantity": 5, "current_quantity": 1}]
    found = desired(order(line_items=lines), around(), chosen)

    assert [("518995019", "2"), ("3", "1")] == [
        (child.ref.key.rsplit("/", 1)[1], child.properties["quantity"]) for child in found.children
    ]
    assert all(child.associations == {found.ref} for child in found.children)


@BOTH
@pytest.mark.parametrize(
    ("changes", "links"),
    [
        ({}, {"hs_product_id": PRODUCT}),
        ({"product_id": None}, {}),  # a custom line
        ({"product_exists": False}, {}),  # deleted in Shopify
    ],
)
def test_A22_a_line_item_is_linked_to_a_product_that_exists(chosen, changes, links):
    (line,) = desired(order(line_items=[LINE | changes]), around(), chosen).children

    assert links == line.links


@BOTH
def test_S38_a_line_item_is_not_linked_to_a_product_that_will_never_be_there(chosen):
    (line,) = desired(order(), around(gone=frozenset({PRODUCT})), chosen).children

    assert {} == line.links


def test_S60_a_retired_field_is_left_out_and_named():
    found = desired(order(), around(), DEALS)

    assert "shopify_processing_method" not in found.properties
    assert () == found.warnings  # it is said once of the connection, not of every order
    assert ("processing_method",) == not_given("deals", order())
    assert () == not_given("data-sync", order())


def test_S57_a_text_is_cut_where_hubspot_cuts_it_and_that_is_told():
    found = desired(order(note="x" * 70_000), around(), DATA_SYNC)

    assert "x" * 65_536 == found.properties["hs_order_note"]
    assert found.warnings == ("hs_order_note is cut from 70000 to 65536 characters",)


def test_a_value_that_cannot_be_read_is_left_out_and_told():
    found = desired(order(total_tax="much"), around(), DATA_SYNC)

    assert "hs_tax" not in found.properties
    assert found.warnings == ("hs_tax is left as it is: 'much' is not a number",)


# --- pipelines ---


def test_B30_a_portals_stages_are_ours_by_id_and_else_by_label():
    portal = [
        {"id": "4b27b500-f031-4927-9811-68a0b525cbae", "label": "New orders"},
        {"id": "77", "label": " shipped "},
        {"id": "78", "label": "Gift wrapping"},
    ]

    assert {"open": "4b27b500-f031-4927-9811-68a0b525cbae", "shipped": "77"} == stage_ids(ORDERS, portal)


def test_a_portals_pipeline_is_ours_by_id_and_else_by_label():
    portal = [{"id": "default", "label": "Sales Pipeline"}, {"id": "9", "label": "ecommerce pipeline"}]

    assert portal[1] == portal_pipeline(E_COMMERCE, portal)
    assert portal_pipeline(ORDERS, portal) is None


def test_A21_the_ecommerce_pipeline_has_its_six_stages_in_order():
    labels = ["Checkout Abandoned", "Checkout Pending", "Checkout Completed", "Processed", "Shipped", "Cancelled"]

    assert labels == [stage.label for stage in E_COMMERCE.stages]
