"""What an app may read and write: scopes by resource and by field, and how much it is told of customers."""

from __future__ import annotations

import re
from typing import Any

import pytest

from simulator import shopify
from simulator.shopify import apps
from simulator.shopify.graphql import access, undeclared

DOMAIN = "drill-shop.myshopify.com"
CUSTOMER = {"first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.com", "phone": "+16135550142"}
ADDRESS = {"first_name": "Ada", "address1": "1 Elm", "city": "Ottawa", "country": "Canada", "zip": "K1A 0A1"}


def turn(shop: Any, name: str, **more: Any) -> None:
    """Go on as another app of the shop."""
    shop.control("POST", "apps", {"name": name} | more)
    shop.token = shop.control("POST", f"apps/{name}/install")["app"]["token"]


def denied(field: str, words: str) -> dict[str, Any]:
    return {
        "message": f"Access denied for {field} field. Required access: {words}",
        "extensions": {
            "code": "ACCESS_DENIED",
            "documentation": "https://shopify.dev/api/usage/access-scopes",
            "requiredAccess": words,
        },
    }


def told(answer: Any) -> list[Any]:
    return [{name: one[name] for name in ("message", "extensions")} for one in answer["errors"]]


# --- scopes ---


def test_a_connection_a_field_and_a_record_of_an_interface_ask_for_their_types_scope(shop):
    customer = shop.customer(**CUSTOMER)
    order = shop.order(customer={"id": customer["id"]})
    turn(shop, "narrow", scopes=["read_orders"])
    gid = customer["admin_graphql_api_id"]
    words = "`read_customers` access scope."

    assert told(shop.query("{ customers(first: 1) { nodes { id } } }")) == [denied("customers", words)]
    assert told(shop.query(f'{{ node(id: "{gid}") {{ id }} }}')) == [denied("node", words)]
    assert told(shop.query(f'{{ nodes(ids: ["{gid}"]) {{ id }} }}')) == [denied("nodes", words)]
    answer = shop.query(f'{{ order(id: "gid://shopify/Order/{order["id"]}") {{ name customer {{ id }} }} }}')
    assert answer["data"] == {"order": {"name": order["name"], "customer": None}}
    assert told(answer) == [denied("customer", words)]


def test_any_of_the_scopes_that_the_schema_names_is_enough(shop):
    shop.product()
    turn(shop, "narrow", scopes=["read_inventory"])
    words = "`read_products` access scope."

    assert told(shop.query("{ products(first: 1) { nodes { id } } }")) == [denied("products", words)]
    assert access.of_type("InventoryItem").scopes == {"read_inventory", "read_products"}


def test_an_app_with_all_scopes_of_the_fake_is_denied_no_field():
    granted = apps.with_implied(apps.SCOPES)
    lines = undeclared.text("access.txt").splitlines()

    assert [] == [line for line in lines if not granted & set(re.findall(r"`(\w+)` access scope", line))]


def test_scopes_are_told_by_rest_and_by_graphql_with_those_that_they_imply(shop):
    turn(shop, "narrow", scopes=["write_orders", "read_products"])

    rest = shop.plain("GET", "/admin/oauth/access_scopes.json").json()["access_scopes"]
    graphql = shop.query("{ currentAppInstallation { accessScopes { handle } } }")["data"]
    assert rest == [{"handle": "read_orders"}, {"handle": "read_products"}, {"handle": "write_orders"}]
    assert graphql["currentAppInstallation"]["accessScopes"] == rest


def test_orders_older_than_sixty_days_ask_for_read_all_orders(shop):
    shop.control("POST", "seed", {"orders": 40, "customers": 5, "products": 2, "days": 365})
    every = shop.ok("GET", "orders/count", params={"status": "any"})
    recent = shop.clock.now() - 60 * 86_400_000
    turn(shop, "narrow", scopes=["read_orders"])
    counted = shop.query("{ ordersCount { count } }")["data"]["ordersCount"]["count"]

    young = shop.simulation.store.execute("SELECT count(*) FROM shopify_orders WHERE created_at_ms >= ?", (recent,))
    assert shop.ok("GET", "orders/count", params={"status": "any"}) == counted == young.fetchone()[0] < every == 40


# --- protected customer data ---

FIELDS = "firstName lastName email phone defaultEmailAddress { emailAddress } addresses { city zip name }"


def asked(shop: Any, id: int) -> Any:
    return shop.query(f'{{ customer(id: "gid://shopify/Customer/{id}") {{ id {FIELDS} }} }}')


def test_a_custom_app_sees_all_and_a_public_one_what_it_was_approved_for(shop):
    customer = shop.customer(**CUSTOMER, addresses=[ADDRESS])
    assert "errors" not in asked(shop, customer["id"])
    turn(shop, "some", customer_data=["customer", "email"])
    answer = asked(shop, customer["id"])

    seen = answer["data"]["customer"]
    assert (seen["email"], seen["defaultEmailAddress"]) == ("ada@example.com", {"emailAddress": "ada@example.com"})
    assert (seen["firstName"], seen["phone"]) == (None, None)
    assert seen["addresses"] == [{"city": "Ottawa", "zip": None, "name": None}]
    phone = next(one for one in answer["errors"] if one["path"] == ["customer", "phone"])
    assert re.fullmatch(
        r"This app is not approved to use the phone field\. "
        r"See https://partners\.shopify\.com/\d+/apps/\d+/customer_data for more details\.",
        phone["message"],
    )
    assert phone["extensions"]["code"] == "ACCESS_DENIED"


def test_a_refused_field_that_cannot_be_null_takes_its_record_along(shop):
    customer = shop.customer(**CUSTOMER)
    turn(shop, "some", customer_data=["customer"])
    answer = shop.query(f'{{ customer(id: "gid://shopify/Customer/{customer["id"]}") {{ id displayName }} }}')

    assert (answer["data"], answer["errors"][0]["path"]) == ({"customer": None}, ["customer", "displayName"])


def test_without_level_one_the_object_is_refused(shop):
    customer = shop.customer(**CUSTOMER)
    turn(shop, "none", customer_data=[])
    answer = shop.query(f'{{ customer(id: "gid://shopify/Customer/{customer["id"]}") {{ phone }} }}')

    assert answer["data"] == {"customer": {"phone": None}}
    assert answer["errors"][0]["message"].startswith("This app is not approved to access the Customer object. See ")
    assert answer["errors"][0]["path"] == ["customer", "phone"]


@pytest.mark.parametrize(
    ("approved", "seen"),
    [
        ([], (None, None, None, None)),
        (["customer"], (None, None, None, None)),
        (["customer", "name"], ("Ada", None, None, None)),
        (["customer", "email", "address"], (None, "ada@example.com", None, "1 Elm")),
        (["customer", "name", "address", "email", "phone"], ("Ada", "ada@example.com", "+16135550142", "1 Elm")),
    ],
)
def test_rest_and_webhooks_show_what_is_approved_and_null_for_the_rest(shop, approved, seen):
    turn(shop, "some", customer_data=approved)
    shop.subscribe("customers/create", "orders/create")
    customer = shop.customer(**CUSTOMER, addresses=[ADDRESS])
    order = shop.order(customer={"id": customer["id"]}, email="ada@example.com", shipping_address=ADDRESS)
    by_topic = {one.topic: one.body for one in shop.deliver()}

    assert (order["name"], order["line_items"][0]["name"]) == ("#1001", "Custom")  # no customer's
    for body in (customer, order["customer"], by_topic["customers/create"], by_topic["orders/create"]["customer"]):
        address = body["default_address"]["address1"]
        assert seen == (body["first_name"], body["email"], body["phone"], address)
        assert body["default_address"]["city"] == "Ottawa"
    for body in (order, by_topic["orders/create"]):
        assert (seen[1], seen[1]) == (body["email"], body["contact_email"])
        assert (seen[0], seen[3]) == (body["shipping_address"]["first_name"], body["shipping_address"]["address1"])
    assert shop.ok("GET", "shop")["email"] == f"owner@{DOMAIN}"


def test_an_app_is_told_when_its_scopes_change_and_when_it_is_turned_out(shop):
    turn(shop, "mine", scopes=["read_orders"])
    token = shop.token
    shop.subscribe("app/uninstalled")
    shop.control("POST", "apps/mine/install", {"scopes": ["read_products"]})
    assert [shop.call("GET", path).status_code for path in ("orders", "products")] == [403, 200]

    shop.control("POST", "apps/mine/uninstall")
    assert [one.topic for one in shop.deliver()] == ["app/uninstalled"]
    assert shop.call("GET", "products").status_code == 401
    shop.token = shop.control("POST", "apps/mine/install")["app"]["token"]
    assert (shop.token != token, shop.call("GET", "orders").status_code) == (True, 200)


def test_an_app_turns_itself_out(shop):
    shop.token = shopify.install(shop.simulation, DOMAIN, "mine").token

    assert shop.plain("DELETE", "/admin/api_permissions/current.json").status_code == 200
    assert shop.call("GET", "shop").status_code == 401
