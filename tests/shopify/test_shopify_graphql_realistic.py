"""Queries as real clients send them: right by the real schema, and answered here without an error.

And the two dialects are one: what REST writes GraphQL reads, and the other way, field by field.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import full_shop as full
import pytest
import reference_schema
from graphql import FragmentDefinitionNode, build_client_schema, parse, print_ast, separate_operations, validate

TEXT = (Path(__file__).parent / "realistic_queries.graphql").read_text()
OPERATIONS = {name: print_ast(document) for name, document in separate_operations(parse(TEXT)).items()}


@pytest.fixture
def filled(shop):
    return full.fill(shop)


@pytest.mark.skipif(not reference_schema.FULL.exists(), reason="the reference's schema is not here")
def test_the_queries_are_right_by_the_whole_real_schema():
    schema = build_client_schema({"__schema": {**_root(), "types": list(reference_schema.types().values())}}, True)
    wrong = {name: validate(schema, parse(text)) for name, text in OPERATIONS.items()}
    assert {} == {name: [error.message for error in errors] for name, errors in wrong.items() if errors}
    assert len(OPERATIONS) >= 40
    assert any(isinstance(one, FragmentDefinitionNode) for one in parse(TEXT).definitions)


def _root():
    roots = {"queryType": {"name": "QueryRoot"}, "mutationType": {"name": "Mutation"}, "subscriptionType": None}
    return roots | {"directives": reference_schema.directives()}


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_query_of_a_real_client_is_answered_without_an_error(filled, name):
    product, text = filled.product, OPERATIONS[name]
    known = {
        "first": 10,
        "query": "updated_at:>='2026-01-01 00:00:00+00:00' AND updated_at:<'2027-01-01 00:00:00+00:00'",
        "customer": f"gid://shopify/Customer/{filled.customer['id']}",
        "order": f"gid://shopify/Order/{filled.order['id']}",
        "product": f"gid://shopify/Product/{product['id']}",
        "variant": f"gid://shopify/ProductVariant/{product['variants'][0]['id']}",
        "item": f"gid://shopify/InventoryItem/{product['variants'][0]['inventory_item_id']}",
    }
    known["ids"] = [known["customer"], known["order"], known["product"]]
    answer = filled.shop.query(text, {name: value for name, value in known.items() if f"${name}" in text})
    assert "errors" not in answer, answer["errors"]
    assert "search" not in answer["extensions"]
    for field, value in answer["data"].items():
        assert value is not None, field
        if name[0].isupper() and isinstance(value, dict):
            assert not value.get("userErrors"), value


# --- the two dialects ---

MONEY = ("subtotal_price", "total_discounts", "total_price", "total_shipping_price", "total_tax", "current_total_price",
         "current_subtotal_price", "current_total_discounts", "current_total_tax")  # fmt: skip
SAME = ("name", "note", "confirmed", "confirmation_number", "customer_locale", "duties_included", "estimated_taxes",
        "taxes_included", "tax_exempt", "test", "po_number", "payment_gateway_names", "cart_token", "checkout_token",
        "source_identifier", "source_name", "total_weight", "phone")  # fmt: skip
TIMES = ("created_at", "updated_at", "processed_at", "closed_at", "cancelled_at")
LINE_SAME = (
    "name",
    "title",
    "quantity",
    "current_quantity",
    "sku",
    "vendor",
    "taxable",
    "requires_shipping",
    "variant_title",
)
ADDRESS = ("first_name", "last_name", "company", "address1", "address2", "city", "province", "country", "zip", "phone",
           "name", "province_code")  # fmt: skip


def camel(name):
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def utc(text):
    return text and datetime.fromisoformat(text).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def short(amount):
    """Decimal drops zeros at the end and keeps one decimal [DP]."""
    whole, _, rest = amount.partition(".")
    return f"{whole}.{rest.rstrip('0') or '0'}"


def read_by_graphql(shop, id):
    bag = "{ shopMoney { amount currencyCode } }"
    fields = [camel(name) for name in (*SAME, *TIMES)] + [f"{camel(name)}Set {bag}" for name in MONEY]
    address = f"{{ {' '.join(camel(name) for name in ADDRESS)} countryCodeV2 }}"
    lines = f"lineItems(first: 50) {{ nodes {{ id {' '.join(camel(name) for name in LINE_SAME)} originalUnitPriceSet {bag} taxLines {{ title rate priceSet {bag} }} }} }}"  # noqa: E501
    text = f"""{{ order(id: "gid://shopify/Order/{id}") {{ id email tags customer {{ id }} displayFinancialStatus
      {" ".join(fields)} customAttributes {{ key value }} discountCodes billingAddress {address}
      shippingAddress {address} {lines} }} }}"""
    answer = shop.query(text)
    assert "errors" not in answer, answer["errors"]
    return answer["data"]["order"]


def expected_by_rest(order):
    """The same order as REST shows it, in GraphQL's words."""

    def bag(value):
        return {
            "shopMoney": {
                "amount": short(value["shop_money"]["amount"]),
                "currencyCode": value["shop_money"]["currency_code"],
            }
        }

    def address(value):
        return value and {camel(name): value[name] for name in ADDRESS} | {"countryCodeV2": value["country_code"]}

    def line(one):
        taxes = [
            {"title": tax["title"], "rate": tax["rate"], "priceSet": bag(tax["price_set"])} for tax in one["tax_lines"]
        ]
        same = {camel(name): one[name] for name in LINE_SAME}
        return same | {
            "id": one["admin_graphql_api_id"],
            "originalUnitPriceSet": bag(one["price_set"]),
            "taxLines": taxes,
        }

    return (
        {camel(name): order[name] for name in SAME}
        | {"totalWeight": str(order["total_weight"])}
        | {camel(name): utc(order[name]) for name in TIMES}
        | {f"{camel(name)}Set": bag(order[f"{name}_set"]) for name in MONEY}
        | {
            "id": order["admin_graphql_api_id"],
            "email": order["email"],
            "tags": order["tags"].split(", "),
            "customer": {"id": order["customer"]["admin_graphql_api_id"]},
            "displayFinancialStatus": order["financial_status"].upper(),
            "customAttributes": [{"key": one["name"], "value": one["value"]} for one in order["note_attributes"]],
            "discountCodes": [one["code"] for one in order["discount_codes"]],
            "billingAddress": address(order["billing_address"]),
            "shippingAddress": address(order["shipping_address"]),
            "lineItems": {"nodes": [line(one) for one in order["line_items"]]},
        }
    )


def test_an_order_written_by_rest_is_read_by_graphql_field_by_field(filled):
    id = filled.order["id"]
    assert expected_by_rest(filled.shop.ok("GET", f"orders/{id}")) == read_by_graphql(filled.shop, id)


def test_an_order_written_by_graphql_is_read_by_rest_field_by_field(filled):
    """And it is the order that REST would have made of the same input."""
    shop, variant = filled.shop, filled.product["variants"][0]
    money = {"shopMoney": {"amount": "9.50", "currencyCode": "USD"}}
    tax = {"shopMoney": {"amount": "53.00", "currencyCode": "USD"}}
    text = """mutation ($order: OrderCreateOrderInput!) { orderCreate(order: $order) { order { id }
      userErrors { field message } } }"""
    place = {
        "firstName": "Ada",
        "address1": "150 Elgin Street",
        "city": "Ottawa",
        "provinceCode": "ON",
        "countryCode": "CA",
    }
    answer = shop.query(text, {"order": {
        "lineItems": [
            {"variantId": f"gid://shopify/ProductVariant/{variant['id']}", "quantity": 2, "requiresShipping": True},
            {"title": "Wax", "quantity": 1, "priceSet": money, "requiresShipping": True},
        ],
        "customerId": f"gid://shopify/Customer/{filled.customer['id']}",
        "email": "ada@example.com", "note": "n", "tags": ["b", "a"], "poNumber": "PO-1",
        "customAttributes": [{"key": "gift", "value": "yes"}],
        "shippingAddress": place, "taxLines": [{"title": "HST", "rate": "0.13", "priceSet": tax}],
        "discountCode": {"itemFixedDiscountCode": {"code": "TEN", "amountSet": money}},
    }})  # fmt: skip
    id = int(answer["data"]["orderCreate"]["order"]["id"].rsplit("/", 1)[1])
    by_rest = shop.order(
        line_items=[{"variant_id": variant["id"], "quantity": 2}, {"title": "Wax", "price": "9.50", "quantity": 1}],
        customer={"id": filled.customer["id"]}, email="ada@example.com", note="n", tags="b, a", po_number="PO-1",
        note_attributes=[{"name": "gift", "value": "yes"}],
        shipping_address={"first_name": "Ada", "address1": "150 Elgin Street", "city": "Ottawa", "province": "ON",
                          "country": "CA"},
        tax_lines=[{"title": "HST", "price": "53.00", "rate": 0.13}],
        discount_codes=[{"code": "TEN", "amount": "9.50", "type": "fixed_amount"}],
    )  # fmt: skip
    written = shop.ok("GET", f"orders/{id}")
    assert expected_by_rest(written) == read_by_graphql(shop, id)
    assert _without_what_is_drawn(by_rest) == _without_what_is_drawn(written)


DRAWN = {
    "id",
    "admin_graphql_api_id",
    "token",
    "confirmation_number",
    "order_status_url",
    "name",
    "number",
    "order_number",
}


def _without_what_is_drawn(order):
    """Ids, numbers and tokens differ between two orders; everything else must not."""
    text = json.dumps({name: value for name, value in order.items() if name not in {*DRAWN, "line_items", "customer"}})
    lines = [
        {name: value for name, value in line.items() if name not in DRAWN - {"name"}} for line in order["line_items"]
    ]
    return json.loads(text), lines, order["customer"]["id"]
