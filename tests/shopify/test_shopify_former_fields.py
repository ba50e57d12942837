"""What a connector that pins an old version asks for: fields that later ones dropped, queries near the limit."""

from __future__ import annotations

import pytest
from graphql import OperationDefinitionNode, parse

from simulator.shopify.graphql import cost

SERVICES = "query ($id: ID!) { order(id: $id) { fulfillments { service { handle permitsSkuSharing } } } }"


def asked(shop, version, query=SERVICES):
    variables = {"id": shop.order()["admin_graphql_api_id"]}
    return shop.plain("POST", f"/admin/api/{version}/graphql.json", {"query": query, "variables": variables}).json()


@pytest.mark.parametrize("version", ["2025-07", "2026-01", "2026-04"])
def test_a_version_before_its_end_has_a_field_that_was_dropped_later(shop, version):
    assert "errors" not in asked(shop, version)


@pytest.mark.parametrize("version", ["2026-07", "2026-10", "unstable"])
def test_a_version_from_its_end_on_calls_it_unknown(shop, version):
    (error,) = asked(shop, version)["errors"]

    assert error["message"] == "Field 'permitsSkuSharing' doesn't exist on type 'FulfillmentService'"
    assert error["extensions"]["code"] == "undefinedField"


def test_only_an_old_versions_introspection_shows_it(shop):
    query = '{ __type(name: "FulfillmentService") { fields { name } } }'
    names = {
        version: {one["name"] for one in asked(shop, version, query)["data"]["__type"]["fields"]}
        for version in ("2026-01", "2026-10")
    }
    assert names["2026-01"] - names["2026-10"] == {"permitsSkuSharing"}


def test_an_orders_app_has_an_icon(shop):
    query = "query ($id: ID!) { order(id: $id) { app { name icon { url } } } }"
    told = asked(shop, "2026-10", query)["data"]["order"]["app"]

    assert told["icon"]["url"].startswith("https://cdn.shopify.com/")


def requested(query, **variables):
    tree = parse(query)
    (operation,) = (one for one in tree.definitions if isinstance(one, OperationDefinitionNode))
    return cost.requested(tree, operation, variables)


def test_what_tap_shopify_counts_of_the_lines_that_may_move_costs_nothing():
    """With a point for each of these counts its query would cost 1022, more than Shopify lets pass [TAP]."""
    moves = "locationsForMove(first: 3) { edges { node { movable %s } } }"
    counts = "availableLineItemsCount { count } unavailableLineItemsCount { count }"
    query = "{ fulfillmentOrders(first: 30) { edges { node { id %s } } } }"

    assert requested(query % (moves % counts)) == requested(query % (moves % ""))


def test_a_discounts_value_costs_nothing_whatever_its_kind():
    """It is money or a percentage, and money is free [CS]; else tap-shopify's refunds would cost 1025 [TAP]."""
    value = "value { ... on MoneyV2 { amount } ... on PricingPercentageValue { percentage } }"
    query = "{ orders(first: 250) { nodes { discountApplications(first: 50) { nodes { index %s } } } } }"

    assert requested(query % value) == requested(query % "")
