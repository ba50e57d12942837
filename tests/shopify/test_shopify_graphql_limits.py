"""What GraphQL tells of costs, and its search index, which lags behind the records."""

from __future__ import annotations

import pytest

VARIANTS = "{ product(id: $id) { variants(first: 250) { nodes { inventoryItem { id } } } } }"


@pytest.mark.parametrize("header", [{"Shopify-GraphQL-Cost-Debug": "1"}, {"X-GraphQL-Cost-Include-Fields": "true"}])
def test_each_fields_cost_is_told_where_a_header_asks_for_it(shop, header):
    query = f"query ($id: ID!) {VARIANTS}"
    variables = {"id": "gid://shopify/Product/1"}
    cost = shop.query(query, variables, headers=header)["extensions"]["cost"]

    assert cost["requestedQueryCost"] == 25  # 1 + 2 + 11 * 2, as recorded
    told = [(one["path"][-1], *list(one.values())[1:]) for one in cost["fields"]]
    assert told == [
        ("id", 0, 0, None),
        ("inventoryItem", 1, 1, 0),
        ("nodes", 1, 2, 1),
        ("variants", 2, 24, 22),
        ("product", 1, 25, 24),
    ]
    assert list(cost["fields"][0]) == ["path", "definedCost", "requestedTotalCost", "requestedChildrenCost"]
    assert cost["fields"][0]["path"] == ["product", "variants", "nodes", "inventoryItem", "id"]
    assert "fields" not in shop.query(query, variables)["extensions"]["cost"]


def test_a_mutation_costs_ten_as_its_fields_tell(shop):
    query = 'mutation { tagsAdd(id: "gid://shopify/Order/1", tags: ["x"]) { node { id } userErrors { message } } }'
    cost = shop.query(query, headers={"Shopify-GraphQL-Cost-Debug": "1"})["extensions"]["cost"]

    assert (cost["requestedQueryCost"], cost["fields"][-1]["requestedTotalCost"]) == (10, 10)


def found(shop, query):
    answer = shop.query(f'{{ customers(first: 9, query: "{query}") {{ nodes {{ firstName }} }} }}')["data"]
    return [one["firstName"] for one in answer["customers"]["nodes"]]


def test_a_search_finds_a_new_record_and_a_changed_value_a_little_later_but_an_id_at_once(busy_shop):
    shop = busy_shop
    shop.let_pass(60_000)
    customer = shop.customer(first_name="Ada", email="ada@example.com")
    by_id = f'{{ customer(id: "{customer["admin_graphql_api_id"]}") {{ firstName }} }}'

    assert (found(shop, "first_name:Ada"), shop.query(by_id)["data"]["customer"]) == ([], {"firstName": "Ada"})
    assert [one["id"] for one in shop.ok("GET", "customers")] == [customer["id"]]
    assert len(shop.query("{ customers(first: 9) { nodes { id } } }")["data"]["customers"]["nodes"]) == 1
    shop.let_pass(3_000)
    assert found(shop, "first_name:Ada") == ["Ada"]

    shop.ok("PUT", f"customers/{customer['id']}", {"customer": {"first_name": "Grace"}})
    assert (found(shop, "first_name:Grace"), found(shop, "first_name:Ada")) == ([], ["Grace"])
    counted = shop.query('{ ordersCount { count } customersCount(query: "id:>0") { count } }')["data"]
    assert counted["customersCount"]["count"] == 1
    shop.let_pass(3_000)
    assert (found(shop, "first_name:Grace"), found(shop, "first_name:Ada")) == (["Grace"], [])

    shop.call("DELETE", f"customers/{customer['id']}")
    assert found(shop, "first_name:Grace") == []


def test_a_calm_world_finds_all_at_once(shop):
    shop.customer(first_name="Ada")

    assert found(shop, "first_name:Ada") == ["Ada"]
