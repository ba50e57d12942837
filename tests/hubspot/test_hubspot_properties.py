"""Property definitions: those that every portal has, and an app's own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hubspot_world import Client

from simulator.hubspot import definitions
from simulator.hubspot.objects import OBJECT_TYPES

RECORDED = Path(__file__).parents[3] / "shared/reference/hubspot/contact-properties.json"
NEWER = {"hs_object_source", "hs_object_source_id", "hs_object_source_label", "hs_object_source_user_id"}  # after 2022
KEY = {"name": "our_key", "label": "Our key", "type": "string", "fieldType": "text", "groupName": "dealinformation"}
COLOURS = [{"label": "Red", "value": "red"}, {"label": "Blue", "value": "blue"}]


def test_contact_properties_agree_with_the_recorded_ones() -> None:
    if not RECORDED.exists():
        pytest.skip("the recorded definitions are not on this machine")
    recorded = {row["name"]: row for row in json.loads(RECORDED.read_text())["properties"]}

    for name, have in definitions.defaults("contacts").items():
        if name in NEWER:
            continue
        want = recorded[name]
        assert (
            want["type"],
            want["fieldType"],
            want["readOnlyValue"],
            want["readOnlyDefinition"],
            want["calculated"],
            want["hidden"],
            want["formField"],
            want["externalOptions"],
            want["hasUniqueValue"],
            want["groupName"],
        ) == (
            have.type,
            have.field_type,
            have.read_only,
            have.fixed,
            have.calculated,
            have.hidden,
            have.form_field,
            have.external_options,
            have.unique,
            have.group,
        ), name
        if have.options and len(want.get("options", ())) < 40:  # the recording cuts lists at 40
            assert want["options"] == [option.value for option in have.options], name


@pytest.mark.parametrize("row", OBJECT_TYPES, ids=lambda row: row.name)
def test_every_property_that_the_object_table_names_is_defined(row) -> None:
    names = {*row.shown, *row.searched, *row.system, *row.native_writes, *row.discarded}
    names |= {computed.name for computed in row.computed} | {rollup.name for rollup in row.rollups}
    names |= {word for computed in row.computed for word in computed.of}
    names |= {row.stages.pipeline, row.stages.stage} if row.stages else set()
    names |= {row.key} if row.key else set()

    assert set() == names - set(definitions.defaults(row.name))


@pytest.mark.parametrize(
    ("object_type", "names"),
    [  # tables A-CONTACT, A-ORDER, A-PRODUCT and B-ORDER / B-CART: the properties that HubSpot itself has
        ("contacts", "email firstname lastname phone address city country state zip hs_analytics_source"),
        ("deals", "dealname amount deal_currency_code closedate pipeline dealstage"),
        ("products", "name description price hs_sku hs_images"),
        ("line_items", "name price quantity amount hs_sku hs_product_id hs_line_item_currency_code"),
        (
            "orders",
            "hs_order_name hs_external_order_id hs_external_order_status hs_external_order_url "
            "hs_external_created_date hs_processed_date hs_external_modified_date hs_external_canceled_date "
            "hs_cancellation_reason hs_external_cart_id hs_external_checkout_id hs_source_store "
            "hs_currency_code hs_total_price hs_subtotal_price hs_tax hs_order_discount hs_discount_codes "
            "hs_shipping_cost hs_refund_amount hs_payment_status hs_fulfillment_status "
            "hs_shipping_tracking_number hs_billing_address_name hs_billing_address_email "
            "hs_billing_address_phone hs_billing_address_street hs_billing_address_city "
            "hs_billing_address_state hs_billing_address_postal_code hs_billing_address_country "
            "hs_shipping_address_name hs_shipping_address_phone hs_shipping_address_street "
            "hs_shipping_address_city hs_shipping_address_state hs_shipping_address_postal_code "
            "hs_shipping_address_country hs_order_note hs_tags hs_buyer_accepts_marketing hs_pipeline "
            "hs_pipeline_stage",
        ),
        (
            "carts",
            "hs_cart_name hs_external_cart_id hs_external_status hs_cart_url hs_source_store hs_currency_code "
            "hs_total_price hs_subtotal_price hs_tax hs_cart_discount hs_shipping_cost hs_tags",
        ),
    ],
)
def test_what_the_shopify_integration_writes_is_there_and_writable(object_type, names) -> None:
    have = definitions.defaults(object_type)

    assert [] == [name for name in names.split() if name not in have or have[name].read_only]


def test_a_property_of_an_app_is_created_read_and_used(hub: Client) -> None:
    made = hub.post("/crm/v3/properties/deals", KEY | {"hasUniqueValue": True})

    told = made.json()
    assert (201, "our_key", True, False) == (
        made.status_code,
        told["name"],
        told["hasUniqueValue"],
        "hubspotDefined" in told,  # absent, not false [X live]
    )
    assert told == hub.get("/crm/properties/2026-03/deals/our_key").json()
    assert "k" == hub.make("deals", our_key="k")["properties"]["our_key"]
    found = hub.get("/crm/v3/objects/deals/k", idProperty="our_key")
    assert 200 == found.status_code
    names = [row["name"] for row in hub.get("/crm/v3/properties/deals").json()["results"]]
    assert "our_key" in names
    assert sorted(names) == names


def test_a_name_that_is_taken_is_a_409(hub: Client) -> None:
    hub.post("/crm/v3/properties/deals", KEY)

    for name in ("our_key", "amount"):
        answer = hub.post("/crm/v3/properties/deals", KEY | {"name": name})
        told = answer.json()
        assert (409, f"A property named '{name}' already exists.", "OBJECT_ALREADY_EXISTS") == (
            answer.status_code,
            told["message"],
            told["category"],
        )
        assert "Properties.PROPERTY_WITH_NAME_EXISTS" == told["subCategory"]


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Our Key"},
        {"name": "x'); DROP TABLE changes; --"},
        {"label": None},
        {"type": "colour"},
        {"fieldType": "number"},
        {"groupName": "nowhere"},
        {"type": "enumeration", "fieldType": "select"},
        {"type": "enumeration", "fieldType": "select", "options": COLOURS + COLOURS},
    ],
)
def test_a_definition_that_does_not_fit_is_a_400(hub: Client, change) -> None:
    assert 400 == hub.post("/crm/v3/properties/deals", KEY | change).status_code


def test_an_enumeration_takes_its_options_alone_and_patch_replaces_the_list(hub: Client) -> None:
    more = {"type": "enumeration", "fieldType": "checkbox", "options": COLOURS}
    hub.post("/crm/v3/properties/deals", KEY | more)
    assert "red;blue" == hub.make("deals", our_key="red;blue")["properties"]["our_key"]

    hub.call("PATCH", "/crm/v3/properties/deals/our_key", {"options": COLOURS[:1], "label": "Ours"})

    read = hub.get("/crm/v3/properties/deals/our_key").json()
    assert ("Ours", ["red"]) == (read["label"], [option["value"] for option in read["options"]])
    refused = hub.post("/crm/v3/objects/deals", {"properties": {"our_key": "red;blue"}})
    assert "INVALID_OPTION" == refused.json()["errors"][0]["code"]


def test_an_archived_property_is_unknown_until_its_name_is_used_again(hub: Client) -> None:
    first = hub.post("/crm/v3/properties/deals", KEY).json()
    hub.wait(1_000)

    gone = hub.call("DELETE", "/crm/v3/properties/deals/our_key")

    assert (204, 404) == (gone.status_code, hub.get("/crm/v3/properties/deals/our_key").status_code)
    assert 400 == hub.post("/crm/v3/objects/deals", {"properties": {"our_key": "x"}}).status_code
    again = hub.post("/crm/v3/properties/deals", KEY)
    assert (201, first["createdAt"]) == (again.status_code, again.json()["createdAt"])
    assert 400 == hub.call("DELETE", "/crm/v3/properties/deals/amount").status_code


def test_a_batch_of_definitions_makes_the_good_ones(hub: Client) -> None:
    rows = [KEY, KEY | {"name": "amount"}, KEY | {"name": "third"}]

    answer = hub.post("/crm/v3/properties/deals/batch/create", {"inputs": rows})
    read = hub.post(
        "/crm/v3/properties/deals/batch/read",
        {"archived": False, "inputs": [{"name": "our_key"}, {"name": "nope"}]},
    )
    gone = hub.post("/crm/v3/properties/deals/batch/archive", {"inputs": [{"name": "our_key"}, {"name": "nope"}]})

    assert (207, ["our_key", "third"]) == (answer.status_code, [row["name"] for row in answer.json()["results"]])
    assert (207, ["our_key"]) == (read.status_code, [row["name"] for row in read.json()["results"]])
    assert (204, 404) == (gone.status_code, hub.get("/crm/v3/properties/deals/our_key").status_code)


def test_groups_are_made_used_and_kept_while_they_hold_properties(hub: Client) -> None:
    group = {"name": "ip__ecomm_bridge__ecomm_bridge", "label": "Ecommerce"}
    path = "/crm/v3/properties/deals/groups"

    made = hub.post(path, group | {"displayOrder": 2})
    hub.post("/crm/v3/properties/deals", KEY | {"groupName": group["name"]})

    assert (201, group | {"displayOrder": 2, "archived": False}) == (made.status_code, made.json())
    assert 409 == hub.post(path, group).status_code
    assert group["name"] in [row["name"] for row in hub.get(path).json()["results"]]
    assert "Shop" == hub.call("PATCH", f"{path}/{group['name']}", {"label": "Shop"}).json()["label"]
    refused = hub.call("DELETE", f"{path}/{group['name']}")
    kind = "PropertyGroupError.GROUP_WITH_ACTIVE_PROPERTIES"
    assert (400, kind, kind) == (
        refused.status_code,
        refused.json()["subCategory"],
        json.loads(refused.json()["message"])["subCategory"],
    )
    hub.call("DELETE", "/crm/v3/properties/deals/our_key")
    assert 204 == hub.call("DELETE", f"{path}/{group['name']}").status_code
    assert 404 == hub.get(f"{path}/{group['name']}").status_code


def test_a_definition_keeps_the_details_of_its_options_and_its_hints(hub: Client) -> None:
    options = [
        {"label": "Red", "value": "red", "displayOrder": 5, "hidden": True, "description": "As roses"},
        {"label": "Blue", "value": "blue", "displayOrder": 2, "hidden": False},
    ]
    enumeration = KEY | {"name": "colour", "type": "enumeration", "fieldType": "select", "options": options}
    number = KEY | {"name": "worth", "type": "number", "fieldType": "number", "numberDisplayHint": "currency"}

    made = [hub.post("/crm/v3/properties/deals", body).json() for body in (enumeration, number)]

    assert (options, "currency") == (made[0]["options"], made[1]["numberDisplayHint"])


def test_an_archived_definition_says_when_it_went(hub: Client) -> None:
    hub.post("/crm/v3/properties/deals", KEY)
    hub.wait(1_000)
    hub.call("DELETE", "/crm/v3/properties/deals/our_key")

    (gone,) = hub.get("/crm/v3/properties/deals", archived="true").json()["results"]

    assert ("our_key", True, "2026-05-28T20:26:41.500Z") == (gone["name"], gone["archived"], gone["archivedAt"])
