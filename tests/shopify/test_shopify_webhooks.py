"""Webhooks: who is told what, how it is signed, what happens when nobody takes it."""

import base64
import hashlib
import hmac
from itertools import pairwise

import pytest

from simulator import shopify
from simulator.shopify import topics, webhooks

HOUR = 3_600_000


def test_a_webhook_is_signed_over_its_raw_body_with_the_apps_secret(shop):
    shop.subscribe("customers/create")
    made = shop.customer(email="ü@example.com")
    (got,) = shop.deliver()

    digest = hmac.new(shop.grant.secret.encode(), got.raw, hashlib.sha256).digest()
    assert got.headers["X_SHOPIFY_HMAC_SHA256"] == base64.b64encode(digest).decode()
    assert got.headers["X_SHOPIFY_TOPIC"] == "customers/create"
    assert got.headers["X_SHOPIFY_SHOP_DOMAIN"] == "drill-shop.myshopify.com"
    assert got.headers["X_SHOPIFY_API_VERSION"] == "2026-07"
    assert got.headers["X_SHOPIFY_TRIGGERED_AT"] == "2026-11-02T12:00:00.000000Z"
    assert got.body["id"] == made["id"]


def test_deliveries_of_one_action_share_an_event_and_have_an_id_of_their_own(shop):
    shop.subscribe("orders/create", "orders/paid", "customers/create")
    shop.order(email="new@example.com")
    got = shop.deliver()

    assert [one.topic for one in got] == ["customers/create", "orders/create", "orders/paid"]
    assert len({one.headers["X_SHOPIFY_EVENT_ID"] for one in got}) == 1
    assert len({one.headers["X_SHOPIFY_WEBHOOK_ID"] for one in got}) == 3


def test_every_change_tells_its_topic(shop):
    shop.subscribe(
        *("customers/create", "customers/update", "customers/delete"),
        *("orders/create", "orders/updated", "orders/paid", "orders/fulfilled", "orders/cancelled", "orders/delete"),
        *("products/create", "products/update", "products/delete"),
    )

    def told(act):
        act()
        return [one.topic for one in shop.deliver()]

    customer, product, order = {}, {}, {}
    assert told(lambda: customer.update(shop.customer(email="a@example.com"))) == ["customers/create"]
    path = f"customers/{customer['id']}"
    assert told(lambda: shop.ok("PUT", path, {"customer": {"tags": "x"}})) == ["customers/update"]
    assert told(lambda: shop.ok("DELETE", path)) == ["customers/delete"]
    assert told(lambda: product.update(shop.product())) == ["products/create"]
    path = f"products/{product['id']}"
    assert told(lambda: shop.ok("PUT", path, {"product": {"title": "x"}})) == ["products/update"]
    assert told(lambda: shop.ok("POST", f"{path}/variants", {"variant": {"option1": "B"}})) == ["products/update"]
    assert told(lambda: shop.ok("DELETE", path)) == ["products/delete"]
    assert told(lambda: order.update(shop.order(financial_status="pending"))) == ["orders/create"]
    path = f"orders/{order['id']}"
    assert told(lambda: shop.ok("PUT", path, {"order": {"note": "x"}})) == ["orders/updated"]
    assert told(lambda: shop.ok("POST", f"{path}/cancel")) == ["orders/updated", "orders/cancelled"]
    assert told(lambda: shop.ok("POST", f"{path}/close")) == ["orders/updated"]
    assert told(lambda: shop.ok("DELETE", path)) == ["orders/delete"]
    fulfilled = ["orders/create", "orders/paid", "orders/fulfilled"]
    assert told(lambda: shop.order(fulfillment_status="fulfilled")) == fulfilled


def test_a_refused_change_owes_nothing(shop):
    shop.subscribe("customers/create", "orders/create")
    shop.call("POST", "orders", {"order": {"email": "a@example.com", "line_items": [{"quantity": 1}]}})

    assert shop.outbox.waiting() == []


def test_customer_payloads_lack_what_the_manual_took_out(shop):
    shop.subscribe("customers/update", "customers/delete", "orders/create")
    id = shop.customer(email="a@example.com", tags="vip", addresses=[{"city": "Ottawa", "country": "CA"}])["id"]
    shop.ok("PUT", f"customers/{id}", {"customer": {"note": "x"}})
    order = shop.order(customer={"id": id})
    shop.ok("PUT", f"orders/{order['id']}", {"order": {"customer": None}})
    shop.ok("DELETE", f"customers/{id}")
    updated, ordered, deleted = (one.body for one in shop.deliver())

    assert set(updated) == {
        *("id", "created_at", "updated_at", "first_name", "last_name", "state", "note", "verified_email"),
        *("multipass_identifier", "tax_exempt", "email", "phone", "currency", "addresses", "tax_exemptions"),
        *("admin_graphql_api_id", "default_address"),
    }
    assert set(ordered["customer"]) == set(updated) - {"addresses"}
    gid = f"gid://shopify/Customer/{id}"
    assert deleted == {"id": id, "tax_exemptions": [], "admin_graphql_api_id": gid}


def test_product_payloads_have_narrower_variants_and_deletions_an_id_alone(shop):
    shop.subscribe("products/create", "products/delete", "orders/delete")
    product = shop.product(images=[{"src": "http://example.com/a.gif"}])
    shop.ok("DELETE", f"products/{product['id']}")
    order = shop.order()
    shop.ok("DELETE", f"orders/{order['id']}")
    created, deleted, order_deleted = (one.body for one in shop.deliver())

    gone = {"grams", "weight", "weight_unit", "requires_shipping", "inventory_management", "fulfillment_service"}
    assert not gone & set(created["variants"][0])
    assert set(created) - set(product) == {
        *("media", "variant_gids", "has_variants_that_requires_components", "category"),
    }
    assert (deleted, order_deleted) == ({"id": product["id"]}, {"id": order["id"]})


def test_a_subscription_may_ask_for_some_fields_only(shop):
    shop.subscribe("orders/create", fields=["id", "note"])
    order = shop.order(note="hi")

    assert [one.body for one in shop.deliver()] == [{"id": order["id"], "note": "hi"}]


def test_a_webhook_is_due_after_a_moment_unless_the_world_is_calm(busy_shop):
    busy_shop.subscribe("customers/create")
    for number in range(20):
        busy_shop.customer(email=f"{number}@example.com")
    now = busy_shop.clock.now()

    waits = [row["due_ms"] - now for row in busy_shop.outbox.waiting()]
    assert len(set(waits)) > 1
    assert 200 <= min(waits) <= max(waits) <= 3_000


def test_a_failing_receiver_is_tried_nine_times_in_four_hours_and_then_unsubscribed(shop):
    shop.subscribe("customers/create")
    shop.receiver.status = 500
    shop.customer(email="a@example.com")
    shop.let_pass(4 * HOUR - 10_000)
    assert len(shop.receiver.got) == 8
    assert len(shop.ok("GET", "webhooks")) == 1
    shop.let_pass(20_000)

    assert len(shop.receiver.got) == 9
    assert len({one.headers["X_SHOPIFY_WEBHOOK_ID"] for one in shop.receiver.got}) == 1
    assert len({one.raw for one in shop.receiver.got}) == 1
    assert shop.ok("GET", "webhooks") == []
    assert shop.outbox.waiting() == []


def test_the_waits_double_and_are_four_hours_together():
    delivery = webhooks.Delivery(None)  # type: ignore[arg-type]
    waits = [delivery.retry_after_ms(attempts) for attempts in range(1, 9)]

    assert all(2 * one <= other <= 2 * one + 1 for one, other in pairwise(waits))
    assert abs(sum(waits) - 4 * HOUR) < 10
    assert delivery.retry_after_ms(9) is None


def test_a_redirect_is_a_failure(shop):
    shop.subscribe("customers/create")
    shop.receiver.status = 301
    shop.customer(email="a@example.com")
    shop.deliver()

    assert [row["attempt"] for row in shop.outbox.waiting()] == [1]


def test_what_was_owed_before_an_unsubscription_is_still_signed_and_sent(shop):
    (subscription,) = shop.subscribe("customers/create")
    shop.customer(email="a@example.com")
    shop.ok("DELETE", f"webhooks/{subscription['id']}")
    shop.customer(email="b@example.com")

    assert [one.body["email"] for one in shop.deliver()] == ["a@example.com"]


def test_an_uninstalled_app_is_told_once_and_its_token_is_dead(shop):
    shop.subscribe("app/uninstalled", "customers/create")
    other = shopify.install(shop.simulation, shop.site.tenant, "other")
    mine, shop.token = shop.token, other.token
    shop.subscribe("app/uninstalled")
    shop.token = mine

    assert shop.plain("DELETE", "/admin/api_permissions/current.json").json() == {}
    assert shop.call("GET", "shop").status_code == 401
    shop.token = other.token
    shop.customer(email="a@example.com")
    (got,) = shop.deliver()
    assert (got.topic, got.body["myshopify_domain"]) == ("app/uninstalled", "drill-shop.myshopify.com")
    assert got.headers["X_SHOPIFY_HMAC_SHA256"] == webhooks.signature(got.raw, shop.grant.secret)


# --- subscriptions ---


def test_an_app_sees_its_own_subscriptions_alone(shop):
    (mine,) = shop.subscribe("orders/create")
    shop.token = shopify.install(shop.simulation, shop.site.tenant, "other").token

    assert shop.ok("GET", "webhooks") == []
    assert shop.call("GET", f"webhooks/{mine['id']}").status_code == 404
    shop.subscribe("orders/create")  # the same topic and address: another app's


def test_subscriptions_are_filtered_counted_and_changed(shop):
    first, second = shop.subscribe("orders/create", "customers/update")

    assert [one["id"] for one in shop.ok("GET", "webhooks", params={"topic": "orders/create"})] == [first["id"]]
    assert shop.ok("GET", "webhooks/count", params={"topic": "orders/create"}) == 1
    assert shop.ok("GET", "webhooks/count") == 2
    moved = shop.ok("PUT", f"webhooks/{second['id']}", {"webhook": {"address": "http://localhost:1/x"}})
    assert moved["address"] == "http://localhost:1/x"


@pytest.mark.parametrize(
    ("topic", "address", "status", "errors"),
    [
        ("orders/create", "http://127.0.0.1:7007/hook", 422, {"address": ["for this topic has already been taken"]}),
        ("orders/create", "", 422, {"address": ["can't be blank"]}),
        (None, "http://localhost/x", 422, {"topic": ["can't be blank"]}),
        ("orders/create", "http://example.com/x", 422, {"address": ["protocol http:// is not supported"]}),
        ("orders/create", "https://example.com/x", 501,
         "a webhook to example.com, which is not this machine and which the shop does not allow by name, "
         "is not simulated by syncdrill"),
        ("orders/create", "https://other.myshopify.com/x", 422,
         {"address": ["cannot be a Shopify or an internal domain"]}),
        ("orders/create", "ftp://example.com/x", 422, {"address": ["protocol ftp:// is not supported"]}),
        ("orders/create", "nonsense", 422, {"address": ["is invalid"]}),
        ("orders/create", "http://localhost:port/", 422, {"address": ["is invalid"]}),
        ("returns/close", "http://localhost/x", 501, "the webhook topic returns/close is not simulated by syncdrill"),
        ("orders/create", "pubsub://project:topic", 501,
         "a webhook to Google Pub/Sub or Amazon EventBridge is not simulated by syncdrill"),
    ],
)  # fmt: skip
def test_subscriptions_that_cannot_be_are_refused(shop, topic, address, status, errors):
    shop.subscribe("orders/create")

    response = shop.call("POST", "webhooks", {"webhook": {"topic": topic, "address": address}})

    assert (response.status_code, response.json()) == (status, {"errors": errors})
    assert shop.ok("GET", "webhooks/count") == 1


def test_an_unreal_topic_is_answered_with_the_topics_that_there_are(shop):
    wanted = {"topic": "orders/update", "address": "http://localhost/x"}
    response = shop.call("POST", "webhooks", {"webhook": wanted})

    (told,) = response.json()["errors"]["topic"]
    assert response.status_code == 422
    assert told.startswith("Invalid topic specified: orders/update. Does it exist?")
    assert told.endswith(", ".join(sorted(one.name for one in topics.DELIVERED if one.enum)))


def test_a_topic_asks_for_its_scope(shop):
    shop.token = shopify.install(shop.simulation, shop.site.tenant, "narrow", ["read_customers"]).token
    wanted = {"topic": "orders/create", "address": "http://localhost/x"}

    assert shop.call("POST", "webhooks", {"webhook": wanted}).status_code == 422
    assert shop.call("POST", "webhooks", {"webhook": wanted | {"topic": "customers/create"}}).status_code == 201


def test_a_host_that_the_shop_allows_by_name_may_be_delivered_to(shop):
    from simulator.shopify.kinds import SHOPS

    (record,) = shop.site.find(SHOPS.resource)
    shop.site.put(SHOPS.resource, record["id"], record | {"webhook_hosts": ["hooks.example.com"]})

    shop.subscribe("orders/create", address="https://hooks.example.com/x")


def test_no_topic_is_both_delivered_and_not_simulated():
    assert not topics.NOT_SIMULATED & set(topics.TOPICS)
