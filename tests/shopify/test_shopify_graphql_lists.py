"""Connections: pages both ways, cursors, sort keys, searches, counts, and events."""

from __future__ import annotations

import base64
import json

import pytest


def ids(shop, list_name, arguments, query=None):
    """The ids of one page, short."""
    answer = shop.query(
        f"query ($q: String) {{ {list_name}({arguments}, query: $q) {{ nodes {{ id }} }} }}", {"q": query}
    )
    assert "errors" not in answer, answer["errors"]
    return [int(one["id"].rsplit("/", 1)[1]) for one in answer["data"][list_name]["nodes"]]


def page(shop, arguments):
    text = f"{{ customers({arguments}) {{ edges {{ cursor node {{ firstName }} }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}"  # noqa: E501
    found = shop.query(text)["data"]["customers"]
    return "".join(one["node"]["firstName"] for one in found["edges"]), found["pageInfo"], found["edges"]


@pytest.fixture
def alphabet(shop):
    """Customers A to G, a second apart."""
    for name in "ABCDEFG":
        shop.customer(first_name=name)
        shop.clock.move_to(shop.clock.now() + 1000)
    return shop


# --- pages ---


def test_pages_go_forwards_and_backwards_over_the_same_records(alphabet):
    one, info, _ = page(alphabet, "first: 3")
    two, info_two, _ = page(alphabet, f'first: 3, after: "{info["endCursor"]}"')
    three, info_three, _ = page(alphabet, f'first: 3, after: "{info_two["endCursor"]}"')
    back, info_back, _ = page(alphabet, f'last: 3, before: "{info_three["startCursor"]}"')
    assert ["ABC", "DEF", "G", "DEF"] == [one, two, three, back]
    assert [(True, False), (True, True), (False, True)] == [
        (one["hasNextPage"], one["hasPreviousPage"]) for one in (info, info_two, info_three)
    ]
    assert (True, True) == (info_back["hasNextPage"], info_back["hasPreviousPage"])
    assert "EFG" == page(alphabet, "last: 3")[0]


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ("first: 3, reverse: true", "GFE"),
        ("first: 7, sortKey: CREATED_AT", "ABCDEFG"),
        ("last: 2, reverse: true", "BA"),
        ("first: 0", ""),
    ],
)
def test_lists_turn_around(alphabet, arguments, names):
    assert names == page(alphabet, arguments)[0]


def test_a_cursor_holds_the_id_and_what_the_list_is_sorted_by(alphabet):
    """last_value is the id as a text, or milliseconds [DP]."""
    by_id = json.loads(base64.b64decode(page(alphabet, "first: 1")[2][0]["cursor"]))
    by_time = json.loads(base64.b64decode(page(alphabet, "first: 1, sortKey: UPDATED_AT")[2][0]["cursor"]))
    record = alphabet.ok("GET", "customers", params={"order": "id asc", "limit": 1})[0]
    assert {"last_id": record["id"], "last_value": str(record["id"])} == by_id
    assert {"last_id": record["id"], "last_value": 1_793_620_800_000} == by_time


def test_pages_by_another_key_do_not_lose_or_double_records(alphabet):
    """Two customers that were changed in the same millisecond stay two."""
    seen, after = "", ""
    while True:
        names, info, _ = page(alphabet, f"first: 2, sortKey: UPDATED_AT, reverse: true{after}")
        seen += names
        if not info["hasNextPage"]:
            break
        after = f', after: "{info["endCursor"]}"'
    assert "GFEDCBA" == seen


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("", "you must provide one of first or last"),
        ("first: 1, last: 1", "providing both first and last is not supported"),
        ('first: 1, after: "nonsense"', "Malformed cursor"),
        ('first: 1, after: "eyJsYXN0X2lkIjoieCJ9"', "Malformed cursor"),
    ],
)
def test_pages_that_cannot_be(shop, arguments, message):
    answer = shop.query(f"{{ customers{f'({arguments})' if arguments else ''} {{ nodes {{ id }} }} }}")
    assert (None, message, "BAD_REQUEST", ["customers"]) == (
        answer["data"],
        answer["errors"][0]["message"],
        answer["errors"][0]["extensions"]["code"],
        answer["errors"][0]["path"],
    )


def test_the_lines_of_an_order_are_paged_too(shop):
    order = shop.order(line_items=[{"title": name, "price": "1.00"} for name in "ABC"])
    text = """query ($id: ID!, $after: String) { order(id: $id) { lineItems(first: 2, after: $after) {
      nodes { title } pageInfo { hasNextPage endCursor } } } }"""
    id = f"gid://shopify/Order/{order['id']}"
    one = shop.query(text, {"id": id})["data"]["order"]["lineItems"]
    two = shop.query(text, {"id": id, "after": one["pageInfo"]["endCursor"]})["data"]["order"]["lineItems"]
    assert (["A", "B"], True, ["C"], False) == (
        [line["title"] for line in one["nodes"]],
        one["pageInfo"]["hasNextPage"],
        [line["title"] for line in two["nodes"]],
        two["pageInfo"]["hasNextPage"],
    )


# --- searches ---


def test_customers_are_searched_by_every_field_of_the_documentation(shop):
    ada = shop.customer(first_name="Ada", last_name="Byron", email="ada@gmail.com", tags="vip, early bird")["id"]
    bob = shop.customer(first_name="Bob", phone="+16135550100", email="bob@example.com", tags="vip",
                        addresses=[{"country": "CA", "city": "Ottawa"}])["id"]  # fmt: skip
    shop.order(customer={"id": bob}, line_items=[{"title": "x", "price": "30.00"}])
    for query, found in (
        ("ada", [ada]),
        ("email:gmail.com", [ada]),
        ('email:"bob@example.com"', [bob]),
        ("first_name:Bo*", [bob]),
        ("tag:vip", [ada, bob]),
        ("tag:'early bird'", [ada]),
        ("tag_not:'early bird'", [bob]),
        ("tag:vip AND -first_name:ada", [bob]),
        ("first_name:ada OR first_name:bob", [ada, bob]),
        ("orders_count:>0", [bob]),
        ("total_spent:>=30", [bob]),
        ("country:Canada", [bob]),
        ("country:CA", [bob]),
        ("phone:*", [bob]),
        ("state:disabled", [ada, bob]),
        (f"id:{ada}", [ada]),
        (f"id:>{ada}", [bob]),
        ("accepts_marketing:true", []),
        ("customer_date:>2030-01-01", []),
    ):
        assert found == ids(shop, "customers", "first: 9", query), query


def test_times_are_understood_in_the_spellings_that_clients_send(shop):
    """A blank for the T, quotes, offsets and Z: tap-shopify and others [TAP]."""
    id = shop.order()["id"]  # on 2026-11-02 at 12:00 UTC
    for query in (
        "updated_at:>='2026-11-02 12:00:00+00:00' AND updated_at:<'2026-11-02 12:00:01+00:00'",
        "updated_at:>='2026-11-02T12:00:00.000000Z' AND updated_at:<='2026-11-03T00:00:00+00:00'",
        "updated_at:>2026-11-01",
        "created_at:'2026-11-02T07:00:00-05:00'",
        "created_at:2026-11-01..2026-11-03",
    ):
        assert [id] == ids(shop, "orders", "first: 9", query), query
    assert [] == ids(shop, "orders", "first: 9", "updated_at:<'2026-11-02 12:00:00+00:00'")


def test_orders_products_and_variants_are_searched(shop):
    product = shop.product(title="Red Board", vendor="Burton", product_type="Snow", tags="sale",
                           variants=[{"sku": "RB-1", "price": "10.00", "barcode": "123"}])  # fmt: skip
    other = shop.product(title="Blue Mug", status="draft")
    open_order = shop.order(tags="first", line_items=[{"variant_id": product["variants"][0]["id"]}])["id"]
    cancelled = shop.order(financial_status="pending", email="ada@example.com")["id"]
    shop.ok("POST", f"orders/{cancelled}/cancel", {})
    variant = product["variants"][0]["id"]
    for name, query, found in (
        ("orders", "status:open", [open_order]),
        ("orders", "status:cancelled", [cancelled]),
        ("orders", "financial_status:voided", [cancelled]),
        ("orders", "fulfillment_status:unshipped NOT tag:first", [cancelled]),
        ("orders", "sku:RB-1", [open_order]),
        ("orders", "email:ada@example.com", [cancelled]),
        ("orders", "name:#1001", [open_order]),
        ("orders", "#1002", [cancelled]),
        ("products", "board", [product["id"]]),
        ("products", "title:'red board'", [product["id"]]),
        ("products", "status:draft", [other["id"]]),
        ("products", "vendor:burton tag:sale", [product["id"]]),
        ("products", "sku:RB*", [product["id"]]),
        ("products", "price:>5", [product["id"]]),
        ("productVariants", "sku:RB-1", [variant]),
        ("productVariants", f"product_id:{product['id']}", [variant]),
        ("productVariants", "barcode:123 updated_at:>2026-01-01", [variant]),
        ("productVariants", "vendor:burton", [variant]),
    ):
        assert found == ids(shop, name, "first: 9", query), query


def test_a_field_that_is_not_searchable_is_a_warning_and_filters_nothing(shop):
    """As recorded for customersCount(query: "email:...") [DP]."""
    shop.customer(email="grace@example.com")
    shop.customer(email="ada@example.com")
    answer = shop.query('{ matching: customersCount(query: "email:grace@example.com") { count precision } }')
    assert {"matching": {"count": 2, "precision": "EXACT"}} == answer["data"]
    assert [
        {
            "path": ["matching"],
            "query": "email:grace@example.com",
            "parsed": {"field": "email", "match_all": "grace@example.com"},
            "warnings": [
                {"field": "email", "message": "Invalid search field for this query.", "code": "invalid_field"}
            ],
        }
    ] == answer["extensions"]["search"]


def test_a_field_that_is_real_and_not_simulated_is_refused_by_name(shop):
    answer = shop.query('{ orders(first: 1, query: "gateway:bogus") { nodes { id } } }')
    assert ("a search by gateway is not simulated by syncdrill", "NOT_SIMULATED") == (
        answer["errors"][0]["message"],
        answer["errors"][0]["extensions"]["code"],
    )
    answer = shop.query("{ customers(first: 1, sortKey: RELEVANCE) { nodes { id } } }")
    assert "the sort key RELEVANCE of Customer is not simulated by syncdrill" == answer["errors"][0]["message"]


@pytest.mark.parametrize(
    "query", ["(((", "tag:", "-", "NOT", "updated_at:yesterday", "orders_count:many", "' OR 1=1 --", "a:b:c", "%_!"]
)  # fmt: skip
def test_no_search_is_an_error_however_odd(shop, query):
    answer = shop.query("query ($q: String) { customers(first: 1, query: $q) { nodes { id } } }", {"q": query})
    assert "errors" not in answer


def test_counts_stop_at_their_limit(shop):
    for _ in range(3):
        shop.customer()
    text = "{ all: customersCount { count precision } two: customersCount(limit: 2) { count precision } }"
    exact, stopped = {"count": 3, "precision": "EXACT"}, {"count": 2, "precision": "AT_LEAST"}
    assert {"all": exact, "two": stopped} == shop.query(text)["data"]


# --- what is special ---


def test_orders_older_than_sixty_days_ask_for_read_all_orders(open_harness):
    from simulator import shopify

    shop = open_harness()
    shop.order()
    shop.clock.move_to(shop.clock.now() + 61 * 86_400_000)
    shop.order()
    assert 2 == len(ids(shop, "orders", "first: 9"))
    shop.token = shopify.install(shop.simulation, "drill-shop.myshopify.com", "narrow", ["read_orders"]).token
    assert 1 == len(ids(shop, "orders", "first: 9"))


def test_deletions_are_found_by_events_and_by_the_older_deletion_events(shop):
    product = shop.product(title="Gone")
    shop.ok("DELETE", f"products/{product['id']}")
    text = """{ events(first: 5, query: "action:destroy subject_type:PRODUCT") { nodes { id action ... on BasicEvent {
      subjectId subjectType } } }
      deletionEvents(first: 5, subjectTypes: [PRODUCT]) { nodes { occurredAt subjectId } } }"""
    data = shop.query(text)["data"]
    gid = f"gid://shopify/Product/{product['id']}"
    assert [("destroy", gid, "PRODUCT")] == [
        (one["action"], one["subjectId"], one["subjectType"]) for one in data["events"]["nodes"]
    ]
    assert [{"occurredAt": "2026-11-02T12:00:00Z", "subjectId": gid}] == data["deletionEvents"]["nodes"]


def test_a_checkout_is_listed_once_it_is_abandoned(shop):
    cart = shop.control("POST", "carts", {"line_items": [{"title": "Board", "price": "10.00"}]})["cart"]
    shop.control("POST", f"carts/{cart['token']}/checkout", {"email": "ada@example.com"})
    text = """{ abandonedCheckouts(first: 5, query: "status:open recovery_state:not_recovered") {
      nodes { name customer { email } } } abandonedCheckoutsCount { count } }"""
    assert [] == shop.query(text)["data"]["abandonedCheckouts"]["nodes"]
    shop.let_pass(10 * 60_000)
    found = shop.query(text)["data"]
    assert ["ada@example.com"] == [one["customer"]["email"] for one in found["abandonedCheckouts"]["nodes"]]
    assert 1 == found["abandonedCheckoutsCount"]["count"]
