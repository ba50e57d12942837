"""What a client is told of a query that cannot be: graphql-ruby's words, codes and paths; access, cost and limits."""

from __future__ import annotations

import pytest

from simulator import shopify
from simulator.kernel.faults import Fault

DOMAIN = "drill-shop.myshopify.com"
ORDER_READERS = "`read_orders` access scope, `read_marketplace_orders` access scope or `read_quick_sale` access scope."


def first(answer):
    """The first error, and that nothing was executed."""
    assert "data" not in answer
    return answer["errors"][0]


# --- checking a query ---


@pytest.mark.parametrize(
    ("text", "message", "path", "extensions"),
    [
        ("query Name { orders(first: 1) { nodes { x } } }", "Field 'x' doesn't exist on type 'Order'",
         ["query Name", "orders", "nodes", "x"],
         {"code": "undefinedField", "typeName": "Order", "fieldName": "x"}),
        ("{ orders(quer: 1, first: 1) { nodes { id } } }", "Field 'orders' doesn't accept argument 'quer'",
         ["query", "orders", "quer"],
         {"code": "argumentNotAccepted", "name": "orders", "typeName": "Field", "argumentName": "quer"}),
        ("{ order { id } }", "Field 'order' is missing required arguments: id", ["query", "order"],
         {"code": "missingRequiredArguments", "className": "Field", "name": "order", "arguments": "id"}),
        ("{ shop }", "Field must have selections (field 'shop' returns Shop but has no selections. "
         "Did you mean 'shop { ... }'?)", ["query", "shop"],
         {"code": "selectionMismatch", "nodeName": "field 'shop'", "typeName": "Shop"}),
        ("{ shop { name { x } } }",
         "Selections can't be made on scalars (field 'name' returns String but has selections [\"x\"])",
         ["query", "shop", "name"],
         {"code": "selectionMismatch", "nodeName": "field 'name'", "typeName": "String"}),
        ("query Q($x: String) { shop { id } }", "Variable $x is declared by Q but not used", ["query Q"],
         {"code": "variableNotUsed", "variableName": "x"}),
        ("query Q { order(id: $y) { id } }", "Variable $y is used by Q but not declared", ["query Q", "order", "id"],
         {"code": "variableNotDefined", "variableName": "y"}),
        ("mutation M($i: Nonsense) { customerCreate(input: $i) { customer { id } } }",
         "Nonsense isn't a defined input type (on $i)", ["mutation M"],
         {"code": "variableRequiresValidType", "typeName": "Nonsense", "variableName": "i"}),
        ("query Q($a: String) { order(id: $a) { id } }",
         "Type mismatch on variable $a and argument id (String / ID!)", ["query Q", "order", "id"],
         {"code": "variableMismatch", "variableName": "a", "typeName": "String", "argumentName": "id",
          "errorMessage": "Type mismatch"}),
        ('{ orders(first: "x") { nodes { id } } }',
         "Argument 'first' on Field 'orders' has an invalid value (\"x\"). Expected type 'Int'.",
         ["query", "orders", "first"],
         {"code": "argumentLiteralsIncompatible", "typeName": "Field", "argumentName": "first"}),
        ("{ productsCount(savedSearchId: {}) { count } }",
         "Argument 'savedSearchId' on Field 'productsCount' has an invalid value ({  }). Expected type 'ID'.",
         ["query", "productsCount", "savedSearchId"],
         {"code": "argumentLiteralsIncompatible", "typeName": "Field", "argumentName": "savedSearchId"}),
        ("{ shop { id @skip(if: [1]) } }",
         "Argument 'if' on Directive 'skip' has an invalid value ([1]). Expected type 'Boolean!'.",
         ["query", "shop", "id", "if"],
         {"code": "argumentLiteralsIncompatible", "typeName": "Directive", "argumentName": "if"}),
        ("query ($n: Int = {}) { orders(first: $n) { nodes { id } } }",
         "Default value for $n doesn't match type Int", ["query"],
         {"code": "defaultValueInvalidType", "variableName": "n", "typeName": "Int"}),
        ("mutation { customerCreate(input: {x: 1}) { customer { id } } }",
         "InputObject 'CustomerInput' doesn't accept argument 'x'", ["mutation", "customerCreate", "input", "x"],
         {"code": "argumentNotAccepted", "name": "CustomerInput", "typeName": "InputObject", "argumentName": "x"}),
        ("{ shop { ... on Nonsense { id } } }", "No such type Nonsense, so it can't be a fragment condition",
         ["query", "shop", "... on Nonsense"], {"code": "undefinedType", "typeName": "Nonsense"}),
        ("{ shop { ...F } }", "Fragment F was used, but not defined", ["query", "shop", "... F"],
         {"code": "useAndDefineFragment", "fragmentName": "F"}),
        ('{ order(id: "1") { id } }', "Invalid global id '1'", ["query", "order", "id"],
         {"code": "argumentLiteralsIncompatible", "typeName": "CoercionError"}),
    ],
)  # fmt: skip
def test_a_query_that_does_not_fit_the_schema(shop, text, message, path, extensions):
    error = first(shop.query(text))
    assert (message, extensions, path) == (error["message"], error["extensions"], error["path"])
    assert {"line", "column"} == set(error["locations"][0])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{ shop {\n  id\n", "syntax error, unexpected end of file at [3, 1]"),
        ("{ shop { id } } }", 'syntax error, unexpected RCURLY ("}") at [1, 17]'),
        ("query ($x: ) { a }", 'syntax error, unexpected RPAREN (")") at [1, 12]'),
        ('{ shop { "x" } }', 'syntax error, unexpected STRING ("x") at [1, 10]'),
    ],
)
def test_a_query_that_cannot_be_read(shop, text, message):
    error = first(shop.query(text))
    assert (message, "PARSE_ERROR") == (error["message"], error["extensions"]["code"])


@pytest.mark.parametrize(
    ("declared", "value", "message", "problems"),
    [
        ("$v: ID!", None, "Variable $v of type ID! was provided invalid value",
         [{"path": [], "explanation": "Expected value to not be null"}]),
        ("$v: ID!", "1", "Variable $v of type ID! was provided invalid value",
         [{"path": [], "explanation": "Invalid global id '1'"}]),
    ],
)  # fmt: skip
def test_a_variable_of_the_wrong_type(shop, declared, value, message, problems):
    error = first(shop.query(f"query ({declared}) {{ order(id: $v) {{ id }} }}", {"v": value}))
    expected = {"code": "INVALID_VARIABLE", "value": value, "problems": problems}
    assert (message, expected) == (error["message"], error["extensions"])


def test_all_that_is_wrong_inside_a_variable_is_told_at_once(shop):
    text = "mutation ($input: CustomerInput!) { customerCreate(input: $input) { customer { id } } }"
    sent = {"email": 1, "sku": "x", "emailMarketingConsent": {"marketingState": "YES"}}
    error = first(shop.query(text, {"input": sent}))
    assert [["sku"], ["email"], ["emailMarketingConsent", "marketingState"]] == [
        one["path"] for one in error["extensions"]["problems"]
    ]
    assert "Field is not defined on CustomerInput" == error["extensions"]["problems"][0]["explanation"]
    start = "Variable $input of type CustomerInput! was provided invalid value for sku (Field is not defined on"
    assert error["message"].startswith(start)


def test_an_operation_must_be_named_where_there_are_several(shop):
    text = "query A { shop { id } } query B { shop { name } }"
    assert "An operation name is required" == first(shop.query(text))["message"]
    answer = shop.call("POST", "graphql", {"query": text, "operationName": "B"}).json()
    assert {"shop": {"name": "Drill Shop"}} == answer["data"]


def test_a_query_deeper_than_any_that_makes_sense_is_refused(shop):
    deep = "{ shop " * 500 + "{ id }" + " }" * 500
    value = f"{{ customers(first: 1, query: {'[' * 400}1{']' * 400}) {{ nodes {{ id }} }} }}"
    assert "depth" in first(shop.query(deep))["message"]
    assert "depth" in first(shop.query(value))["message"]


# --- executing it ---


def test_an_id_of_another_type_is_an_error_and_an_unknown_one_is_null(shop):
    answer = shop.query(
        '{ a: order(id: "gid://shopify/Customer/1") { id } b: order(id: "gid://shopify/Order/1") { id } '
        'nodes(ids: ["gid://shopify/Order/1", "gid://shopify/Nonsense/1"]) { id } }'
    )
    assert {"a": None, "b": None, "nodes": [None, None]} == answer["data"]
    assert [("invalid id", "RESOURCE_NOT_FOUND", ["a"])] == [
        (one["message"], one["extensions"]["code"], one["path"]) for one in answer["errors"]
    ]


def test_more_than_250_ids_are_too_many(shop):
    ids = [f"gid://shopify/Order/{one}" for one in range(251)]
    answer = shop.query("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": ids})
    text = "The input array size of 251 is greater than the maximum allowed of 250."
    assert (text, "MAX_INPUT_SIZE_EXCEEDED") == (
        answer["errors"][0]["message"],
        answer["errors"][0]["extensions"]["code"],
    )


@pytest.mark.parametrize(
    ("text", "field", "words", "data"),
    [
        ("{ customers(first: 1) { nodes { id } } }", "customers", "`read_customers` access scope.", None),
        ('{ order(id: "gid://shopify/Order/1") { id } }', "order", ORDER_READERS, {"order": None}),
        ('mutation { customerCreate(input: {email: "a@b.co"}) { customer { id } } }', "customerCreate",
         "`write_customers` access scope.", {"customerCreate": None}),
    ],
)  # fmt: skip
def test_what_an_app_was_not_granted_is_denied(shop, text, field, words, data):
    """As recorded for customers [DP]; the words are the schema's own."""
    shop.token = shopify.install(shop.simulation, DOMAIN, "narrow", ["read_products"]).token
    answer = shop.query(text)
    assert data == answer["data"]
    error = answer["errors"][0]
    assert f"Access denied for {field} field. Required access: {words}" == error["message"]
    documentation = "https://shopify.dev/api/usage/access-scopes"
    assert {"code": "ACCESS_DENIED", "documentation": documentation, "requiredAccess": words} == error["extensions"]
    assert [field] == error["path"]


# --- the request itself ---


@pytest.mark.parametrize(
    ("body", "status", "errors"),
    [
        (b"{", 400, "Bad Request"),
        (b"[]", 400, {"query": "Required parameter missing or invalid"}),
        (b'{"query": 1}', 400, {"query": "Required parameter missing or invalid"}),
        (b'{"query": "{ shop { id } }", "variables": 1}', 400, {"variables": "Required parameter missing or invalid"}),
        (
            b'{"query": "{ shop { id } }", "variables": {"a": ' + b"[" * 300 + b"]" * 300 + b"}}",
            400,
            {"variables": "Required parameter missing or invalid"},
        ),
    ],
)
def test_a_body_without_a_query(shop, body, status, errors):
    response = shop.call("POST", "graphql", data=body)
    assert (status, {"errors": errors}) == (response.status_code, response.json())


def test_a_query_may_come_as_plain_graphql_and_with_nulls_beside_it(shop):
    plain = shop.call(
        "POST", "graphql", data=b"{ shop { name } }", headers={"Content-Type": "application/graphql; charset=utf-8"}
    )
    nulls = shop.call("POST", "graphql", {"query": "{ shop { name } }", "variables": None, "operationName": None})
    assert [{"shop": {"name": "Drill Shop"}}] * 2 == [plain.json()["data"], nulls.json()["data"]]


def test_a_stranger_is_turned_away_as_by_rest(shop):
    shop.token = "shpat_unknown"
    response = shop.call("POST", "graphql", {"query": "{ shop { id } }"})
    text = "[API] Invalid API key or access token (unrecognized login or wrong password)"
    assert (401, {"errors": text}) == (response.status_code, response.json())


# --- cost ---


def cost(shop, text, variables=None):
    return shop.query(text, variables)["extensions"]["cost"]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ('{ product(id: "gid://shopify/Product/1") { variants(first: 250) { nodes { inventoryItem { id } } } } }', 25),
        ("{ shop { name } }", 1),
        ("{ shop { name plan { displayName } } }", 2),
        ("{ customers(first: 10) { edges { cursor node { id } } pageInfo { hasNextPage } } }", 6),
        ("{ customers(first: 1) { nodes { id amountSpent { amount } defaultPhoneNumber { phoneNumber } } } }", 3),
        ("{ customersCount { count } ordersCount { count } }", 20),
        ("query ($n: Int = 250) { orders(first: $n) { nodes { id customer { id } } } }", 24),
        ('{ node(id: "gid://shopify/Order/1") { ... on Order { customer { id } } ... on Product { id } } }', 2),
        ("{ shop { name } again: shop { ...F } } fragment F on Shop { plan { displayName } }", 3),
        ("{ shop @skip(if: true) { name } }", 1),
        ('mutation { tagsAdd(id: "gid://shopify/Order/1", tags: []) { userErrors { message } } }', 10),
    ],
)
def test_what_a_query_costs_follows_from_its_text(shop, text, asked):
    """The first is the reference's example, recorded as 25 [DP]; the others are worked out by its formula."""
    assert asked == cost(shop, text)["requestedQueryCost"]


def test_a_query_is_charged_what_came_back(shop):
    shop.product(variants=[{"option1": "S"}, {"option1": "L"}])
    text = "{ products(first: 250) { nodes { variants(first: 250) { nodes { inventoryItem { id } } } } } }"
    found = cost(shop, text)
    # 2 + 11 x (1 + 2 + 11 x 2) asked; one product with two variants: 2 + 1 x (1 + 2 + 1 x 2)
    assert (277, 7) == (found["requestedQueryCost"], found["actualQueryCost"])
    assert {"maximumAvailable": 2000, "currentlyAvailable": 1993, "restoreRate": 100} == found["throttleStatus"]


@pytest.mark.parametrize(
    ("plan", "size", "rate"), [("basic", 2000, 100), ("advanced", 4000, 200), ("plus", 20000, 1000)]
)
def test_a_bucket_is_as_large_as_the_plan(open_harness, plan, size, rate):
    status = cost(open_harness(plan=plan), "{ shop { id } }")["throttleStatus"]
    assert (size, rate) == (status["maximumAvailable"], status["restoreRate"])


DEAR = (
    "{ orders(first: 250) { nodes { lineItems(first: 250) { nodes { product { id } variant { product { id } } } } } } }"
)


def test_an_empty_bucket_throttles_and_fills_again(busy_shop):
    limits = busy_shop.simulation.limits
    cost(busy_shop, "{ shop { id } }")
    limits["shopify", DOMAIN, "dev", "points"].take(busy_shop.clock.now(), 1900)
    answer = busy_shop.query(DEAR)
    throttled = {"code": "THROTTLED", "documentation": "https://shopify.dev/api/usage/rate-limits"}
    status = {"maximumAvailable": 2000, "currentlyAvailable": 99, "restoreRate": 100}
    assert {
        "errors": [{"message": "Throttled", "extensions": throttled}],
        "extensions": {
            "cost": {"requestedQueryCost": 519, "actualQueryCost": None, "throttleStatus": status},
        },
    } == answer
    busy_shop.let_pass(5_000)
    assert "errors" not in busy_shop.query(DEAR)


def test_a_query_above_a_thousand_points_is_refused_whole(busy_shop):
    text = DEAR.replace(
        "{ product { id } variant", "{ product { id } second: product { media(first: 250) { nodes { id } } } variant"
    )
    error = first(busy_shop.query(text))
    cost = error["extensions"]["cost"]
    assert cost > 1000
    assert {
        "code": "MAX_COST_EXCEEDED",
        "cost": cost,
        "maxCost": 1000,
        "documentation": "https://shopify.dev/api/usage/rate-limits",
    } == error["extensions"]
    beginning = f"Query cost is {cost}, which exceeds the single query max cost limit (1000).\n\nSee https://"
    assert error["message"].startswith(beginning)


def test_a_calm_shop_refuses_no_query_for_its_cost(shop):
    for _ in range(6):
        assert "errors" not in shop.query(DEAR)


def test_queries_spend_nothing_of_rests_bucket_and_bear_none_of_its_headers(busy_shop):
    response = busy_shop.call("POST", "graphql", {"query": "{ shop { id } }"})
    assert not [name for name in response.headers if "Call-Limit" in name]
    rest = busy_shop.call("GET", "shop")
    assert "1/40" == rest.headers["X-Shopify-Shop-Api-Call-Limit"]


def test_an_injected_throttle_has_graphqls_shape(shop):
    shop.simulation.faults.replace((Fault(name="busy", effect="throttle"),))
    response = shop.call("POST", "graphql", {"query": "{ shop { id } }"})
    assert (200, ["THROTTLED"]) == (
        response.status_code,
        [one["extensions"]["code"] for one in response.json()["errors"]],
    )
