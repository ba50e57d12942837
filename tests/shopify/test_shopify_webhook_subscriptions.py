"""Subscriptions: filters, fields and metafields, names, and what GraphQL takes beyond REST."""

import pytest

from simulator.shopify import filters

CREATE = """mutation ($topic: WebhookSubscriptionTopic!, $w: WebhookSubscriptionInput!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: $w) {
    webhookSubscription { id topic uri filter name includeFields metafieldNamespaces metafields { namespace key } }
    userErrors { field message } } }"""
HOOK = "http://127.0.0.1:7007/hook"
NO_FIELD = "The specified filter is invalid, please ensure you specify the field(s) you wish to filter on."
BODY = {
    "id": 123,
    "title": "Album of the year",
    "status": "active",
    "total_price": "29.99",
    "taxable": True,
    "tags": "cotton, vip",
    "note": None,
    "customerId": "gid://shopify/Customer/1",
    "created_at": "2026-11-02T07:00:00-05:00",
    "variants": [{"price": "9.00", "title": "Small"}, {"price": "12.50", "title": "Large"}],
    "customer": {"id": 7},
}


def created(shop, topic="ORDERS_CREATE", **sent):
    answer = shop.query(CREATE, {"topic": topic, "w": {"uri": HOOK} | sent})
    assert "errors" not in answer, answer
    return answer["data"]["webhookSubscriptionCreate"]


def errors(shop, topic="ORDERS_CREATE", **sent):
    return [(one["field"], one["message"]) for one in created(shop, topic, **sent)["userErrors"]]


# --- filters ---


@pytest.mark.parametrize(
    ("filter", "passes"),
    [
        ("total_price:>=10", True),
        ("total_price:>=29.99", True),
        ("total_price:<29.99", False),
        ("id:123", True),
        ("id:124 OR id:123", True),
        ("id:* AND status:active AND (title:Books OR title:Album*)", True),
        ("status:Active", False),  # case counts
        ("-status:active", False),
        ("NOT status:draft", True),
        ("status:active title:Books", False),  # without a connective both must hold
        ('title:"Album of the year"', True),
        ("variants.price:>=10.00", True),
        ("variants.price:>100", False),
        ("variants.title:Small variants.price:>10", True),  # not of the same variant
        ("taxable:true", True),
        ("tags:vip", True),
        ("customer.id:7", True),
        ("customerId:*", True),
        ("note:*", False),  # null
        ("unknown:*", False),
        ("-unknown:*", True),
        ('created_at:>"2026-11-01"', True),
        ('created_at:<"2026-11-02T12:00:00Z"', False),
        ("title:>5", False),  # no number
        ("total_price:10..30", True),
        ("", True),
    ],
)
def test_a_filter_is_held_against_the_body(filter, passes):
    assert filters.passes(filter, BODY) is passes


def test_only_what_passes_the_filter_is_sent_and_two_filters_share_an_address(shop):
    small = created(shop, filter="total_price:<10")["webhookSubscription"]
    created(shop, filter="total_price:>=10")
    assert small["filter"] == "total_price:<10"
    shop.order()
    (got,) = shop.deliver()

    assert got.body["total_price"] == "10.00"
    taken = [(["webhookSubscription", "callbackUrl"], "Address for this topic has already been taken")]
    assert errors(shop, filter="total_price:>=10") == taken


def test_a_filter_sees_the_fields_alone_that_are_sent(shop):
    created(shop, filter="note:*", includeFields=["id"])
    created(shop, filter="note:*", includeFields=["id", "note"], uri=f"{HOOK}/2")
    id = shop.order(note="hi")["id"]

    assert [one.body for one in shop.deliver()] == [{"id": id, "note": "hi"}]


@pytest.mark.parametrize("filter", ["bareword", "customer_id:1 bareword", "AND", "("])
def test_a_filter_names_its_fields(shop, filter):
    assert errors(shop, filter=filter) == [(["webhookSubscription"], NO_FIELD)]


def test_a_filter_has_a_largest_size(shop):
    text = "The specified filter exceeds the maximum allowed size."
    assert errors(shop, filter="id:" + "1" * 65_535) == [(["webhookSubscription"], text)]


# --- fields and metafields ---


def test_fields_reach_into_what_is_nested(shop):
    created(shop, "PRODUCTS_CREATE", includeFields=["id", "variants.id", "variants.price"])
    made = shop.product(variants=[{"price": "5.00"}])
    (got,) = shop.deliver()

    assert got.body == {"id": made["id"], "variants": [{"id": made["variants"][0]["id"], "price": "5.00"}]}


def test_a_whole_field_and_a_part_of_it_are_the_whole():
    assert filters.chosen({"a": {"b": 1, "c": 2}, "d": 3}, ["a.b", "a"]) == {"a": {"b": 1, "c": 2}}


def test_metafields_come_along_by_namespace_and_by_name(shop):
    id = shop.product()["id"]
    for namespace, key in (("custom", "care"), ("custom", "origin"), ("other", "x"), ("other", "y")):
        field = {"namespace": namespace, "key": key, "value": key, "type": "single_line_text_field"}
        shop.ok("POST", f"products/{id}/metafields", {"metafield": field})
    named = [{"namespace": "other", "key": "y"}]
    made = created(shop, "PRODUCTS_UPDATE", metafieldNamespaces=["custom"], metafields=named)["webhookSubscription"]
    assert (made["metafieldNamespaces"], made["metafields"]) == (["custom"], named)
    shop.deliver()
    shop.ok("PUT", f"products/{id}", {"product": {"title": "New"}})
    (got,) = shop.deliver()

    assert [one["key"] for one in got.body["metafields"]] == ["care", "origin", "y"]
    assert got.body["metafields"][0]["owner_id"] == id


def test_rest_takes_namespaces_too(shop):
    (made,) = shop.subscribe("products/update", metafield_namespaces=["custom"])
    assert made["metafield_namespaces"] == ["custom"]


# --- names ---


def test_a_name_goes_with_every_delivery(shop):
    assert created(shop, name="order-export_1")["webhookSubscription"]["name"] == "order-export_1"
    shop.order()
    (got,) = shop.deliver()

    assert got.headers["X_SHOPIFY_NAME"] == "order-export_1"


WORDS = "Name name field can only contain alphanumeric characters, underscores, and hyphens"


@pytest.mark.parametrize(
    ("name", "messages"),
    [
        ("", ["Name is too short (minimum is 1 character)", WORDS]),
        ("has spaces", [WORDS]),
        ("x" * 51, ["Name is too long (maximum is 50 characters)"]),
        ("TAKEN", ["Name already exists, no duplicate allowed"]),
    ],
)
def test_a_name_keeps_to_the_rules(shop, name, messages):
    created(shop, "ORDERS_PAID", name="taken")
    assert errors(shop, name=name) == [(["webhookSubscription", "name"], text) for text in messages]


# --- changing ---


def test_a_change_that_is_refused_leaves_the_subscription_as_it_was(shop):
    id = created(shop, filter="id:1")["webhookSubscription"]["id"]
    update = f"""mutation ($w: WebhookSubscriptionInput!) {{ webhookSubscriptionUpdate(id: "{id}",
      webhookSubscription: $w) {{ webhookSubscription {{ filter }} userErrors {{ field message }} }} }}"""
    refused = shop.query(update, {"w": {"filter": "word"}})["data"]["webhookSubscriptionUpdate"]

    assert refused["userErrors"] == [{"field": ["webhookSubscription"], "message": NO_FIELD}]
    shown = shop.query(f'{{ webhookSubscription(id: "{id}") {{ filter }} }}')["data"]["webhookSubscription"]
    assert shown == {"filter": "id:1"}
    changed = shop.query(update, {"w": {"filter": None}})["data"]["webhookSubscriptionUpdate"]
    assert changed == {"webhookSubscription": {"filter": None}, "userErrors": []}


def test_what_goes_to_a_cloud_is_refused_by_name(shop):
    answer = shop.query(CREATE, {"topic": "ORDERS_CREATE", "w": {"uri": "pubsub://project:topic"}})

    assert answer["errors"][0]["extensions"]["code"] == "NOT_SIMULATED"
