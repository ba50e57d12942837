"""Every row of the mapping tables, with values written by hand from the requirements' tables."""

from __future__ import annotations

import pytest
from shopify_documents import (
    CHECKOUT,
    CHECKOUT_UPDATED_MS,
    HOUR_MS,
    around,
    checkout,
    customer,
    order,
    product,
    settings,
)

from sync_core.mappings import GROUP, TABLES, definitions
from sync_core.pure.convert import OF_ALL_VALUES, OF_ONE_VALUE
from sync_core.pure.desired import desired
from sync_core.pure.model import Desired

SHOP = "drill-shop.myshopify.com"
PIPELINE_A = "75e28846-ad0d-4be2-a027-5e1da6590b98"
PIPELINE_B = "14a2e10e-5471-408a-906e-c51f3b04369e"

CONTACT_A = {
    "shopify_accepts_marketing": "true",
    "shopify_created_at": "2026-11-20T16:25:58Z",
    "firstname": "Bob",
    "lastname": "Norman",
    "email": "bob.norman@mail.example.com",
    "phone": "+16136120707",
    "shopify_note": "Likes blue",
    "shopify_orders_count": "3",
    "shopify_tags": "Léon, Noël",
    "shopify_tax_exempt": "false",
    "shopify_verified_email": "true",
    "address": "Chestnut Street 92, Floor 3",
    "city": "Louisville",
    "country": "United States",
    "state": "Kentucky",
    "zip": "40202",
    "ip__ecomm_bridge__source_store_id": SHOP,
    "ip__ecomm_bridge__ecomm_synced": "true",
}

CONTACT_B = {
    "firstname": "Bob",
    "lastname": "Norman",
    "email": "bob.norman@mail.example.com",
    "phone": "+16136120707",
    "address": "Chestnut Street 92, Floor 3",
    "city": "Louisville",
    "country": "United States",
    "state": "Kentucky",
    "zip": "40202",
    "ip__ecomm_bridge__source_store_id": SHOP,
}

PRODUCT_A = {
    "name": "IPod Nano - 8GB",
    "description": "<p>Small</p>",
    "shopify_created_at": "2026-11-20T16:29:59Z",
    "shopify_handle": "ipod-nano",
    "ip__ecomm_bridge__image_url": "https://cdn.shopify.com/front.png",
    "hs_images": "https://cdn.shopify.com/front.png;https://cdn.shopify.com/back.png",
    "shopify_product_type": "Cult Products",
    "shopify_published_at": "2008-01-01T00:00:00Z",
    "shopify_published_scope": "web",
    "shopify_tags": "Emotive, Music",
    "shopify_vendor": "Apple",
    "price": "199.00",
    "ip__ecomm_bridge__source_store_id": SHOP,
    "shopify_sync_key": f"{SHOP}/product/632910392",
}

PRODUCT_B = {
    "name": "IPod Nano - 8GB",
    "description": "<p>Small</p>",
    "price": "199.00",
    "hs_sku": "IPOD-PINK",
    "ip__ecomm_bridge__source_store_id": SHOP,
    "shopify_sync_key": f"{SHOP}/product/632910392",
}

ORDER_A = {
    "ip__ecomm_bridge__abandoned_cart_url": "https://shop.example/recover",
    "shopify_buyer_accepts_marketing": "false",
    "shopify_customer_id": "207119551",
    "shopify_cancel_reason": "customer",
    "shopify_cart_token": "68778783ad298f1c80c3bafcddeea02f",
    "shopify_cancelled_at": "2026-11-22T09:00:00Z",
    "shopify_created_at": "2026-11-22T04:30:00.250Z",
    "deal_currency_code": "EUR",
    "shopify_financial_status": "partially_refunded",
    "shopify_fulfillment_status": "partial",
    "shopify_landing_site": "/?utm_source=mail",
    "dealname": "#1001",
    "shopify_note": "",
    "ip__ecomm_bridge__order_number": "1001",
    "shopify_processing_method": "direct",
    "shopify_referring_site": "https://www.example.org/blog",
    "shopify_source_name": "web",
    "shopify_subtotal_price": "408.00",
    "shopify_taxes_included": "true",
    "shopify_token": "b1946ac92492d2347c6235b4d2611184",
    "ip__ecomm_bridge__discount_amount": "10.00",
    "shopify_total_line_items_price": "418.00",
    "amount": "418.90",
    "ip__ecomm_bridge__tax_amount": "66.88",
    "shopify_total_weight": "400",
    "closedate": "2026-11-22T04:29:00Z",
    "shopify_presentment_currency": "JPY",
    "shopify_presentment_total_price": "68012",
    "shopify_refund_amount": "20.55",
    "pipeline": PIPELINE_A,
    "dealstage": "cancelled",
    "ip__ecomm_bridge__source_store_id": SHOP,
    "ip__ecomm_bridge__ecomm_synced": "true",
    "shopify_sync_key": f"{SHOP}/checkout/bd5a8aa1ecd019dd3520ff791ee3a24c",
}

ORDER_B = {
    "hs_order_name": "#1001",
    "hs_external_order_id": "450789469",
    "hs_external_order_status": "cancelled",
    "hs_external_order_url": f"https://{SHOP}/admin/orders/450789469",
    "hs_external_created_date": "2026-11-22T04:30:00.250Z",
    "hs_processed_date": "2026-11-22T04:29:00Z",
    "hs_external_modified_date": "2026-11-22T05:10:00Z",
    "hs_external_canceled_date": "2026-11-22T09:00:00Z",
    "hs_cancellation_reason": "Customer changed/cancelled order",
    "hs_external_cart_id": "68778783ad298f1c80c3bafcddeea02f",
    "hs_external_checkout_id": "901414060",
    "hs_source_store": SHOP,
    "hs_currency_code": "EUR",
    "hs_total_price": "418.90",
    "hs_subtotal_price": "408.00",
    "hs_tax": "66.88",
    "hs_order_discount": "10.00",
    "hs_discount_codes": "TENOFF",
    "hs_shipping_cost": "10.90",
    "hs_refund_amount": "20.55",
    "hs_payment_status": "Partially refunded",
    "hs_fulfillment_status": "Partially fulfilled",
    "hs_shipping_tracking_number": "1Z1234512345123456",
    "hs_billing_address_name": "Bob Norman",
    "hs_billing_address_email": "bob.norman@mail.example.com",
    "hs_billing_address_phone": "+1(502)-459-2181",
    "hs_billing_address_street": "Chestnut Street 92",
    "hs_billing_address_city": "Louisville",
    "hs_billing_address_state": "Kentucky",
    "hs_billing_address_postal_code": "40202",
    "hs_billing_address_country": "United States",
    "hs_shipping_address_name": "Ann Norman",
    "hs_shipping_address_phone": "+1(502)-459-2181",
    "hs_shipping_address_street": "Chestnut Street 92, Floor 3",
    "hs_shipping_address_city": "Louisville",
    "hs_shipping_address_state": "Kentucky",
    "hs_shipping_address_postal_code": "40202",
    "hs_shipping_address_country": "United States",
    "hs_order_note": "",
    "hs_tags": "gift, hurry",
    "hs_buyer_accepts_marketing": "false",
    "hs_pipeline": PIPELINE_B,
    "hs_pipeline_stage": "3c85a297-e9ce-400b-b42e-9f16853d69d6",
    "shopify_presentment_currency": "JPY",
    "shopify_presentment_total_price": "68012",
    "shopify_sync_key": f"{SHOP}/order/450789469",
}

CART_B = {
    "hs_cart_name": "#450789470",
    "hs_external_cart_id": "bd5a8aa1ecd019dd3520ff791ee3a24c",
    "hs_external_status": "abandoned",
    "hs_cart_url": CHECKOUT["abandoned_checkout_url"],
    "shopify_created_at": "2026-11-21T12:00:00Z",
    "shopify_checkout_id": "450789470",
    "hs_source_store": SHOP,
    "hs_currency_code": "USD",
    "hs_total_price": "379.69",
    "hs_subtotal_price": "358.20",
    "hs_tax": "21.49",
    "hs_cart_discount": "39.80",
    "hs_shipping_cost": "7.00",
    "shopify_sync_key": f"{SHOP}/checkout/bd5a8aa1ecd019dd3520ff791ee3a24c",
}

LINE_A = {
    "name": "IPod Nano - 8GB - Red",
    "price": "209.00",
    "quantity": "2",
    "hs_sku": "IPOD-RED",
    "hs_line_item_currency_code": "EUR",
    "shopify_sync_key": f"{SHOP}/checkout/bd5a8aa1ecd019dd3520ff791ee3a24c/line/518995019",
}

# Every field at once: also the two that an order of today never has (A-ORDER 1 and 15).
CANCELLED = {
    "cancelled_at": "2026-11-22T10:00:00+01:00",
    "cancel_reason": "customer",
    "processing_method": "direct",
    "abandoned_checkout_url": "https://shop.example/recover",
}
LATER = around(CHECKOUT_UPDATED_MS + HOUR_MS)

ROWS = [
    ("deals", customer(), CONTACT_A),
    ("data-sync", customer(), CONTACT_B),
    ("deals", product(), PRODUCT_A),
    ("data-sync", product(), PRODUCT_B),
    ("deals", order(**CANCELLED), ORDER_A),
    ("data-sync", order(**CANCELLED), ORDER_B),
    ("data-sync", checkout(), CART_B),
]
FIELDS = [
    pytest.param(integration, source, name, value, id=f"{integration} {source.kind} {name}")
    for integration, source, expected in ROWS
    for name, value in expected.items()
]


def wanted(integration, source) -> Desired:
    decision = desired(source, LATER, settings(integration))
    assert isinstance(decision, Desired)
    return decision


@pytest.mark.parametrize(("integration", "source", "name", "value"), FIELDS)
def test_A18_A28_A31_B16_a_row_gives_the_value_that_the_requirements_ask_for(integration, source, name, value):
    actual = wanted(integration, source).properties[name]

    assert value == actual


@pytest.mark.parametrize(("integration", "source", "expected"), ROWS)
def test_the_tables_name_no_property_beside_those_of_the_requirements(integration, source, expected):
    actual = set(wanted(integration, source).properties)

    assert set(expected) == actual


def test_A35_a_line_item_names_the_bought_variant_with_its_price_and_sku():
    (line,) = wanted("deals", order()).children

    assert line.properties == LINE_A


@pytest.mark.parametrize(
    ("integration", "kind", "rows"), [("deals", "customer", 16), ("deals", "order", 25), ("deals", "product", 11)]
)
def test_A18_A28_A31_the_seeds_tables_are_complete(integration, kind, rows):
    prefix = {"customer": "A-CONTACT", "order": "A-ORDER", "product": "A-PRODUCT"}[kind]
    specs = {row.spec for row in TABLES[integration][kind].fields}

    assert specs >= {f"{prefix} {number}" for number in range(1, rows + 1)}
    assert f"{prefix} {rows + 1}" not in specs


def test_every_row_names_a_conversion_of_the_vocabulary_and_its_requirement():
    rows = [row for tables in TABLES.values() for table in tables.values() for row in table.fields]

    assert {row.convert for row in rows} <= set(OF_ONE_VALUE) | set(OF_ALL_VALUES)
    assert all(row.spec for row in rows)


def test_a_table_writes_a_property_once():
    for tables in TABLES.values():
        for table in tables.values():
            targets = [row.target for row in table.fields]

            assert len(set(targets)) == len(targets)


@pytest.mark.parametrize("integration", ["deals", "data-sync"])
def test_every_property_of_ours_is_created_on_connecting(integration):
    defined = {(type_, each.name) for type_, found in definitions(integration).items() for each in found}
    written = {(table.object_type, row.target) for table in TABLES[integration].values() for row in table.fields}
    ours = {(type_, name) for type_, name in written if name.startswith(("shopify_", "ip__ecomm_bridge__"))}

    assert ours == defined


def test_what_is_created_says_how_hubspot_shall_keep_it():
    contacts = {each.name: each for each in definitions("deals")["contacts"]}
    deals = {each.name: each for each in definitions("deals")["deals"]}

    assert ("bool", "booleancheckbox") == (
        contacts["shopify_tax_exempt"].type,
        contacts["shopify_tax_exempt"].field_type,
    )
    assert ["true", "false"] == [option["value"] for option in contacts["shopify_tax_exempt"].options]
    assert ("number", "number") == (deals["shopify_total_weight"].type, deals["shopify_total_weight"].field_type)
    assert ("datetime", "date") == (deals["shopify_created_at"].type, deals["shopify_created_at"].field_type)
    assert ("string", "textarea") == (deals["shopify_note"].type, deals["shopify_note"].field_type)
    assert deals["shopify_sync_key"].has_unique_value
    assert {GROUP} == {each.group for each in deals.values()}


def test_contacts_have_no_key_of_ours_because_they_are_found_by_email():
    assert "shopify_sync_key" not in {each.name for each in definitions("deals")["contacts"]}
