"""Topics: the table against the reference, every body against Shopify's own samples, and that what happens is told."""

import gzip
import json
import re
from pathlib import Path

import payload_samples
import pytest

from simulator.shopify import apps, configure, grants, topics, webhooks
from simulator.shopify.rules import customers as rules
from simulator.shopify.samples import samples
from simulator.shopify.shop import Shop

HERE = Path(__file__).parent
SCHEMA = HERE.parents[2] / "shared/reference/shopify/admin_2026-10.json.gz"
needs_schema = pytest.mark.skipif(not SCHEMA.exists(), reason="the full schema is not on this machine")
DAY = 86_400_000

# topic -> field -> the JSON types that it has in the examples of shopify.dev's webhook reference, 2026-04 [WHM]
FIELDS = {
    topic: group["fields"]
    for group in json.loads((HERE / "webhook_fields.json").read_text())
    for topic in group["topics"]
}
JSON_TYPES = {str: "string", int: "integer", float: "number", bool: "boolean", list: "array", dict: "object"}
# (topics, field) -> why a body differs from the example
DIFFERENCES = {
    (r"orders/.*", "checkout_id"): "the recorded answers of REST have it [AJS]; the sync of HubSpot writes it down",
    (r"refunds/create", "additional_fees"): "the recorded answers of REST have it [AJS]",
    (r"refunds/create", "total_additional_fees_set"): "as additional_fees",
    (r"customers/(en|dis)able", "default_address"): "this customer has none, and then there is no such key [AJS]",
    (r"checkouts/create", "billing_address"): "the shopper has not come to it yet",
    (r"checkouts/create", "shipping_address"): "as billing_address",
}


@pytest.fixture(scope="module")
def sent():
    return samples()


# --- the table ---


@needs_schema
def test_every_topic_of_the_schema_is_a_row_under_its_own_names_and_asks_for_its_scope():
    schema = json.loads(gzip.decompress(SCHEMA.read_bytes()))["data"]["__schema"]
    enum = next(one for one in schema["types"] if one["name"] == "WebhookSubscriptionTopic")["enumValues"]
    told = {one["name"]: one["description"] for one in enum}

    assert set(topics.BY_ENUM) == set(told)
    named = {name: re.findall(r"`([\w./]+)` events", text) for name, text in told.items()}
    assert {} == {name: found for name, found in named.items() if found and found != [topics.BY_ENUM[name]]}
    for row in topics.DELIVERED:
        scopes = re.findall(r"\b(?:read|write)_\w+", told.get(row.enum, "").partition("Requires")[2])
        assert row.scope in (scopes or [""]), row.name


def test_no_topic_stands_twice():
    names = [one.name for one in (*topics.DELIVERED, *topics.ABSENT)]
    enums = [one.enum for one in (*topics.DELIVERED, *topics.ABSENT) if one.enum]
    assert (len(names), len(enums)) == (len(set(names)), len(set(enums)))


# --- the bodies ---


def test_there_is_a_sample_of_every_topic_that_the_fake_sends(sent):
    assert {one.topic for one in sent} == set(topics.TOPICS) == set(FIELDS)


def test_every_body_has_the_fields_and_types_of_shopifys_examples(sent):
    assert [] == sorted({found for one in sent for found in _unlike(one)})


def _unlike(sample):
    body, fields = json.loads(sample.body), FIELDS[sample.topic]
    for name in set(fields) ^ set(body):
        if not any(re.fullmatch(named, sample.topic) and field == name for named, field in DIFFERENCES):
            yield f"{sample.topic}: {name} is {'missing' if name in fields else 'too many'}"
    for name in set(fields) & set(body):
        shown = JSON_TYPES.get(type(body[name]))
        if shown and shown not in fields[name].split() and fields[name] != "null":  # any field may be blank
            yield f"{sample.topic}: {name} is {shown}, not {fields[name]}"


def test_the_samples_in_files_are_what_the_fake_sends(sent):
    files = {file.name: file.read_text(encoding="utf-8") for file in payload_samples.FOLDER.glob("*.json")}
    assert {payload_samples.file_name(one): payload_samples.text(one) for one in sent} == files


def test_an_order_knows_its_buyer_without_tags_and_consent(sent):
    order = next(json.loads(one.body) for one in sent if (one.topic, one.variant) == ("orders/create", "pending"))
    assert {"tags", "email_marketing_consent", "orders_count"} & set(order["customer"]) == set()
    assert (order["current_shipping_price_set"]["shop_money"]["amount"], order["returns"]) == ("4.90", [])


# --- what happens is told ---


def told(shop, act):
    act()
    return {one.topic: one.body for one in shop.deliver()}


def test_tags_consent_and_accounts_tell_topics_of_their_own(shop):
    shop.subscribe(*(name for name, row in topics.TOPICS.items() if name.startswith("customer") and row.enum))
    gid, made = "gid://shopify/Customer/7100000000001", {}
    plain = told(shop, lambda: made.update(shop.customer(email="a@example.com", tags="old")))
    assert set(plain) == {"customers/create", "customer.tags_added"}
    path = f"customers/{made['id']}"

    tags = told(shop, lambda: shop.ok("PUT", path, {"customer": {"tags": "new, newer"}}))
    now = "2026-11-02T12:00:00.000Z"
    assert set(tags) == {"customers/update", "customer.tags_added", "customer.tags_removed"}
    assert tags["customer.tags_added"] == {"customerId": gid, "tags": ["new", "newer"], "occurredAt": now}
    assert tags["customer.tags_removed"] == {"customerId": gid, "tags": ["old"], "occurredAt": now}

    wanted = {"email_marketing_consent": {"state": "subscribed", "opt_in_level": "confirmed_opt_in"}}
    consent = told(shop, lambda: shop.ok("PUT", path, {"customer": wanted}))
    assert consent["customers_email_marketing_consent/update"] == {
        "customer_id": made["id"],
        "email_address": "a@example.com",
        "email_marketing_consent": {
            "state": "subscribed",
            "opt_in_level": "confirmed_opt_in",
            "consent_updated_at": "2026-11-02T07:00:00-05:00",
        },
    }
    sms = {"phone": "+15142546011", "sms_marketing_consent": {"state": "subscribed"}}
    assert "customers_marketing_consent/update" in told(shop, lambda: shop.ok("PUT", path, {"customer": sms}))
    account = {"email": "b@example.com", "password": "secret", "password_confirmation": "secret"}
    assert set(told(shop, lambda: shop.customer(**account))) == {"customers/create", "customers/enable"}


def test_graphql_tells_the_same_of_tags(shop):
    shop.subscribe("customer.tags_added", "customer.tags_removed")
    gid = f"gid://shopify/Customer/{shop.customer(email='a@example.com')['id']}"
    added = told(shop, lambda: shop.query(f'mutation {{ tagsAdd(id: "{gid}", tags: ["x", "y"]) {{ __typename }} }}'))
    removed = told(shop, lambda: shop.query(f'mutation {{ tagsRemove(id: "{gid}", tags: ["y"]) {{ __typename }} }}'))

    assert {name: body["tags"] for name, body in (added | removed).items()} == {
        "customer.tags_added": ["x", "y"],
        "customer.tags_removed": ["y"],
    }


def test_an_order_changes_its_buyers_purchasing_summary(shop):
    shop.subscribe("customers/purchasing_summary", "customers/update")
    id = shop.customer(email="a@example.com")["id"]
    (bought,) = told(shop, lambda: shop.order(customer={"id": id}, financial_status="paid")).items()

    order = shop.ok("GET", "orders")[0]["id"]
    assert bought == (
        "customers/purchasing_summary",
        {
            "customerId": f"gid://shopify/Customer/{id}",
            "numberOfOrders": 1,
            "amountSpent": {"amount": "10.00", "currencyCode": "USD"},
            "lastOrderId": f"gid://shopify/Order/{order}",
            "occurredAt": "2026-11-02T12:00:00.000Z",
        },
    )


def test_a_shop_that_changes_tells_so_once(shop):
    shop.subscribe("shop/update")
    changed = told(shop, lambda: shop.control("PUT", "shop", {"name": "New Name"}))

    assert changed["shop/update"]["name"] == "New Name" == shop.ok("GET", "shop")["name"]
    assert {} == told(shop, lambda: shop.control("PUT", "shop", {"name": "New Name"}))


# --- what only an app's configuration names ---


@pytest.fixture
def configured(shop):
    configure(shop.simulation, shop.site.tenant, "dev", "http://127.0.0.1:7007/configured")
    return shop


def test_a_configuration_hears_of_every_topic_and_no_api_shows_it(configured):
    configured.customer(email="a@example.com", tags="vip")

    assert [one.topic for one in configured.deliver()] == ["customers/create", "customer.tags_added"]
    assert configured.ok("GET", "webhooks") == []
    assert (
        configured.query("{ webhookSubscriptionsCount { count } }")["data"]["webhookSubscriptionsCount"]["count"] == 0
    )


def test_a_configuration_outlives_failures_and_the_app_and_follows_its_file(configured):
    configured.subscribe("customers/create")
    configured.receiver.status = 500
    configured.customer(email="a@example.com")
    configured.let_pass(5 * 3_600_000)
    assert configured.ok("GET", "webhooks") == []  # made over the API: removed
    configured.receiver.status = 200
    configured.customer(email="b@example.com")
    assert [one.topic for one in configured.deliver()] == ["customers/create"]

    configure(configured.simulation, configured.site.tenant, "dev", "")
    configured.customer(email="c@example.com")
    assert configured.deliver() == []


def test_a_subscription_whose_receiver_took_something_else_meanwhile_stays(shop):
    shop.subscribe("customers/create")
    shop.receiver.status = 500
    shop.customer(email="a@example.com")
    shop.let_pass(3 * 3_600_000)
    shop.receiver.status = 200
    shop.customer(email="b@example.com")
    shop.deliver()
    shop.receiver.status = 500
    shop.let_pass(2 * 3_600_000)

    assert shop.outbox.waiting() == []
    assert len(shop.ok("GET", "webhooks")) == 1


def test_a_shop_is_to_be_forgotten_two_days_after_the_app_was_turned_out(configured):
    configured.plain("DELETE", "/admin/api_permissions/current.json")
    assert [one.topic for one in configured.deliver()] == ["app/uninstalled"]
    configured.let_pass(2 * DAY - 1_000)
    assert configured.receiver.topics() == ["app/uninstalled"]
    configured.let_pass(2_000)

    last = configured.receiver.got[-1]
    assert (last.topic, last.body["shop_domain"]) == ("shop/redact", configured.site.tenant)
    assert last.headers["X_SHOPIFY_HMAC_SHA256"] == webhooks.signature(last.raw, configured.grant.secret)


def test_an_app_that_is_let_in_again_need_not_forget_the_shop(configured):
    configured.plain("DELETE", "/admin/api_permissions/current.json")
    app = apps.registered(configured.simulation, "dev")
    with configured.site.transaction():
        grants.let_in(Shop.open(configured.site), app, app["scopes"])
    configured.let_pass(3 * DAY)

    assert configured.receiver.topics() == ["app/uninstalled"]


def test_other_scopes_are_told_and_what_the_app_may_not_read_any_more_is_not(configured):
    app = apps.registered(configured.simulation, "dev")
    with configured.site.transaction():
        grants.let_in(Shop.open(configured.site), app, ["read_products"])
        rules.create(Shop.open(configured.site), {"email": "a@example.com"})
    (changed,) = configured.deliver()

    assert (changed.topic, changed.body["current"]) == ("app/scopes_update", ["read_products"])
    assert "write_customers" in changed.body["previous"]


def test_a_customers_data_is_asked_for_at_once_and_redacted_after_ten_days_or_sixty_behind_an_order(configured):
    id = configured.customer(email="a@example.com")["id"]
    buyer = configured.customer(email="b@example.com")["id"]
    order = configured.order(customer={"id": buyer})["id"]
    configured.deliver()

    configured.control("POST", f"customers/{buyer}/data_request")
    (asked,) = configured.deliver()
    assert (asked.topic, asked.body["orders_requested"]) == ("customers/data_request", [order])
    assert asked.body["customer"] == {"id": buyer, "email": "b@example.com", "phone": None}
    assert configured.control("POST", f"customers/{id}/redact") == {"after_ms": 10 * DAY}
    assert configured.control("POST", f"customers/{buyer}/redact") == {"after_ms": 60 * DAY}
    configured.let_pass(10 * DAY)
    redacted = configured.receiver.got[-1]
    assert (redacted.topic, redacted.body["customer"]["id"]) == ("customers/redact", id)
