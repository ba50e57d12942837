"""Bulk operations: how one runs and ends, what its file holds, and where that is fetched."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from simulator import shopify

MINUTE, DAY = 60_000, 86_400_000
RUN = """mutation ($query: String!) { bulkOperationRunQuery(query: $query) {
  bulkOperation { id status type objectCount rootObjectCount completedAt url fileSize partialDataUrl query }
  userErrors { field message code } } }"""
POLL = """query ($id: ID!) { node(id: $id) { ... on BulkOperation {
  id status errorCode createdAt completedAt objectCount rootObjectCount fileSize url partialDataUrl } } }"""
CANCEL = """mutation ($id: ID!) { bulkOperationCancel(id: $id) {
  bulkOperation { id status } userErrors { field message } } }"""
PRODUCTS = "{ products { edges { node { id title } } } }"


def run(shop, text):
    return shop.query(RUN, {"query": text})["data"]["bulkOperationRunQuery"]


def poll(shop, id):
    return shop.query(POLL, {"id": id})["data"]["node"]


def finished(shop, text):
    """Run it to its end; the operation as it is then."""
    answer = run(shop, text)
    assert [] == answer["userErrors"]
    shop.let_pass(MINUTE)
    return poll(shop, answer["bulkOperation"]["id"])


def lines(shop, operation):
    answer = shop.session.get(operation["url"])
    assert 200 == answer.status_code
    return [json.loads(line) for line in answer.text.splitlines()]


def exported(shop, text):
    operation = finished(shop, text)
    assert ("COMPLETED", None) == (operation["status"], operation["errorCode"])
    return lines(shop, operation)


def two_products(shop):
    sizes = [{"option1": size, "sku": f"B-{size}"} for size in ("S", "M")]
    board = shop.product(title="Board", options=[{"name": "Size"}], variants=sizes)
    return board, shop.product(title="Wax")


# --- its life ---


def test_an_operation_is_created_runs_and_completes_after_a_second(shop):
    two_products(shop)

    begun = run(shop, PRODUCTS)["bulkOperation"]

    id = begun.pop("id")
    nothing = {"completedAt": None, "url": None, "fileSize": None, "partialDataUrl": None}
    counts = {"objectCount": "0", "rootObjectCount": "0"}
    assert {"status": "CREATED", "type": "QUERY", "query": PRODUCTS} | nothing | counts == begun
    shop.let_pass(1_000)
    assert "RUNNING" == poll(shop, id)["status"]
    shop.let_pass(1_000)
    ended = poll(shop, id)
    assert ("COMPLETED", "2", "2", "2026-11-02T12:00:00Z", "2026-11-02T12:00:01Z") == tuple(
        ended[name] for name in ("status", "objectCount", "rootObjectCount", "createdAt", "completedAt")
    )
    assert ended["fileSize"] == str(len(shop.session.get(ended["url"]).content))


def test_an_operation_that_finds_nothing_completes_without_an_address(shop):
    ended = finished(shop, PRODUCTS)

    assert ("COMPLETED", None, None, "0") == tuple(ended[name] for name in ("status", "url", "fileSize", "objectCount"))


def test_the_app_that_ran_it_is_told_of_its_end(shop):
    shop.subscribe("bulk_operations/finish")
    shop.product()
    shop.token = shopify.install(shop.simulation, shop.site.tenant, "other").token
    shop.subscribe("bulk_operations/finish", address="http://127.0.0.1:7007/other")

    id = finished(shop, PRODUCTS)["id"]

    assert [
        {
            "admin_graphql_api_id": id,
            "completed_at": "2026-11-02T07:00:01-05:00",
            "created_at": "2026-11-02T07:00:00-05:00",
            "error_code": None,
            "status": "completed",
            "type": "query",
        }
    ] == [one.body for one in shop.receiver.got]


def test_a_running_operation_is_cancelled_after_a_moment_and_keeps_nothing(shop):
    shop.product()
    id = run(shop, PRODUCTS)["bulkOperation"]["id"]
    shop.let_pass(1_000)

    asked = shop.query(CANCEL, {"id": id})["data"]["bulkOperationCancel"]
    shop.let_pass(1_000)

    assert {"bulkOperation": {"id": id, "status": "CANCELING"}, "userErrors": []} == asked
    ended = poll(shop, id)
    assert ("CANCELED", None, None) == (ended["status"], ended["url"], ended["completedAt"])


def test_an_operation_that_has_ended_or_is_not_known_cannot_be_cancelled(shop):
    id = finished(shop, PRODUCTS)["id"]

    ended = shop.query(CANCEL, {"id": id})["data"]["bulkOperationCancel"]
    unknown = shop.query(CANCEL, {"id": "gid://shopify/BulkOperation/1"})["data"]["bulkOperationCancel"]

    text = "A bulk operation cannot be canceled when it is completed"
    assert {
        "bulkOperation": {"id": id, "status": "COMPLETED"},
        "userErrors": [{"field": None, "message": text}],
    } == ended
    told = [{"field": ["id"], "message": "Bulk operation does not exist"}]
    assert {"bulkOperation": None, "userErrors": told} == unknown


def test_five_run_at_once_for_each_app_and_the_sixth_is_told_which(shop):
    ids = [run(shop, PRODUCTS)["bulkOperation"]["id"] for _ in range(5)]

    sixth = run(shop, PRODUCTS)
    shop.token = shopify.install(shop.simulation, shop.site.tenant, "other").token
    of_another_app = run(shop, PRODUCTS)

    text = f"A bulk query operation for this app and shop is already in progress: {', '.join(ids)}."
    told = [{"field": None, "message": text, "code": "OPERATION_IN_PROGRESS"}]
    assert {"bulkOperation": None, "userErrors": told} == sixth
    assert [] == of_another_app["userErrors"]


def test_a_field_that_the_app_may_not_read_fails_the_operation(shop):
    shop.product(title="Board")
    shop.order()
    scopes = ["read_products"]
    shop.token = shopify.install(shop.simulation, shop.site.tenant, "small", scopes=scopes).token

    ended = finished(shop, "{ products { edges { node { title } } } orders { edges { node { id } } } }")

    assert ("FAILED", "ACCESS_DENIED", None, "0") == tuple(
        ended[name] for name in ("status", "errorCode", "url", "objectCount")
    )


def test_what_was_read_before_a_failure_is_partial_data(shop):
    two_products(shop)
    shop.control("POST", "import/products", {"products": [{"title": f"No. {number}"} for number in range(260)]})
    id = run(shop, PRODUCTS)["bulkOperation"]["id"]
    shop.let_pass(1_250)
    grant = shop.grant
    shop.simulation.revoke(grant.token)
    shop.let_pass(1_000)
    shop.simulation.grants[grant.token] = grant

    ended = poll(shop, id)

    assert ("FAILED", "ACCESS_DENIED", None, "250") == tuple(
        ended[name] for name in ("status", "errorCode", "url", "objectCount")
    )
    assert 250 == len(lines(shop, {"url": ended["partialDataUrl"]}))


def test_an_operation_begins_anew_where_the_process_was_restarted(shop):
    shop.control("POST", "import/products", {"products": [{"title": f"No. {number}"} for number in range(260)]})
    id = run(shop, PRODUCTS)["bulkOperation"]["id"]
    shop.let_pass(1_250)
    assert ("RUNNING", "250") == (poll(shop, id)["status"], poll(shop, id)["objectCount"])

    shop.worker = shopify.worker(shop.simulation)
    shop.let_pass(MINUTE)

    assert 260 == len({line["id"] for line in lines(shop, poll(shop, id))}) == int(poll(shop, id)["objectCount"])


# --- what is found of them ---


def test_an_app_finds_its_own_operations_newest_first(shop):
    ids = [finished(shop, PRODUCTS)["id"] for _ in range(2)] + [run(shop, PRODUCTS)["bulkOperation"]["id"]]
    answer = shop.query(
        """query ($id: ID!) { bulkOperation(id: $id) { status } currentBulkOperation { id }
        all: bulkOperations(first: 5) { nodes { id } }
        oldest: bulkOperations(first: 1, reverse: true) { edges { node { id } } pageInfo { hasNextPage } }
        running: bulkOperations(first: 5, query: "status:created operation_type:query") { nodes { id } } }""",
        {"id": ids[0]},
    )["data"]
    mutations = shop.query("{ currentBulkOperation(type: MUTATION) { id } }")["data"]["currentBulkOperation"]
    shop.token = shopify.install(shop.simulation, shop.site.tenant, "other").token

    assert ({"status": "COMPLETED"}, {"id": ids[2]}) == (answer["bulkOperation"], answer["currentBulkOperation"])
    assert ids[::-1] == [one["id"] for one in answer["all"]["nodes"]]
    assert ({"id": ids[0]}, True) == (
        answer["oldest"]["edges"][0]["node"],
        answer["oldest"]["pageInfo"]["hasNextPage"],
    )
    assert [{"id": ids[2]}] == answer["running"]["nodes"]
    assert mutations is None
    assert poll(shop, ids[0]) is None  # another app sees none of it


# --- the lines ---


def test_children_stand_right_behind_their_parent_with_its_id(shop):
    board, wax = two_products(shop)

    found = exported(
        shop,
        """{ products(first: 1) { edges { cursor node { __typename id name: title
        variants { edges { node { id sku } } } } } pageInfo { hasNextPage } } }""",
    )

    def product(one):
        return {"__typename": "Product", "id": one["admin_graphql_api_id"], "name": one["title"]}

    def variants(one):
        ids = {"__parentId": one["admin_graphql_api_id"]}
        return [{"id": v["admin_graphql_api_id"], "sku": v["sku"]} | ids for v in one["variants"]]

    assert [product(board), *variants(board), product(wax), *variants(wax)] == found


def test_two_levels_of_children_and_an_object_on_the_way(shop):
    customer = shop.customer(email="ada@example.com")
    order = shop.order(customer={"id": customer["id"]}, line_items=[{"title": "Wax", "price": "9.50", "quantity": 2}])

    found = exported(
        shop,
        """query Export { customers { edges { node { id ...Orders } } } }
        fragment Orders on Customer { orders { edges { node { id name ... on Order { lineItems { edges { node {
          id quantity originalUnitPriceSet { shopMoney { amount } } } } } } } } } }""",
    )

    ids = [one["admin_graphql_api_id"] for one in (customer, order, order["line_items"][0])]
    price = {"shopMoney": {"amount": "9.5"}}
    assert [
        {"id": ids[0]},
        {"id": ids[1], "name": order["name"], "__parentId": ids[0]},
        {"id": ids[2], "quantity": 2, "originalUnitPriceSet": price, "__parentId": ids[1]},
    ] == found


def test_connections_side_by_side_and_a_record_by_itself_are_lines_too(shop):
    board, _ = two_products(shop)
    shop.customer(email="ada@example.com")

    found = exported(
        shop,
        f"""{{ product(id: "{board["admin_graphql_api_id"]}") {{ id variants {{ edges {{ node {{ sku }} }} }} }}
        customers {{ edges {{ node {{ email }} }} }} }}""",
    )

    id = board["admin_graphql_api_id"]
    children = [{"sku": sku, "__parentId": id} for sku in ("B-S", "B-M")]
    assert [{"id": id}, *children, {"email": "ada@example.com"}] == found


def test_every_child_and_every_root_is_read_however_many_pages_they_fill(shop):
    """Pages of nested connections have fifty records."""
    sizes = [{"option1": str(number)} for number in range(90)]
    many = shop.product(title="Many", options=[{"name": "Size"}], variants=sizes)
    others = [{"title": f"No. {number}"} for number in range(60)]
    shop.control("POST", "import/products", {"products": [*others, {"title": "Last", "options": [{"name": "Size"}],
                                                                     "variants": sizes}]})  # fmt: skip

    found = exported(shop, "{ products { edges { node { id variants { edges { node { id } } } } } } }")

    parents = [line["id"] for line in found if "__parentId" not in line]
    order = [line.get("__parentId", line["id"]) for line in found]
    assert (62, 62 + 90 + 60 + 90) == (len(parents), len({line["id"] for line in found})) == (62, len(found))
    assert order == sorted(order, key=parents.index)
    assert 90 == sum(line.get("__parentId") == many["admin_graphql_api_id"] for line in found)


def test_a_search_and_a_literal_condition_hold_in_a_bulk_query(shop):
    two_products(shop)

    found = exported(
        shop,
        """{ products(query: "title:Wax") {
        edges { node { title id @skip(if: true) vendor @include(if: true) } } } }""",
    )

    assert [{"title": "Wax", "vendor": shop.site.find(shopify.resources.kinds.SHOPS.resource)[0]["name"]}] == found


def test_a_client_polls_by_node_and_reads_orders_with_their_lines_line_by_line(shop):
    """The flow of a connector: a window of time, polls until it is done, children kept beside the parent just read."""
    customer = shop.customer(email="ada@example.com")
    orders = [shop.order(customer={"id": customer["id"]}) for _ in range(3)]
    text = """
    query { orders(query: "updated_at:>='2026-11-01T00:00:00.000000Z' AND updated_at:<'2026-11-03T00:00:00.000000Z'",
        sortKey: UPDATED_AT) { edges { node { __typename id name createdAt customer { id email }
        totalPriceSet { shopMoney { amount currencyCode } }
        lineItems { edges { node { __typename id title quantity } } } } } } }"""
    id = run(shop, text)["bulkOperation"]["id"]
    for _ in range(10):
        operation = poll(shop, id)
        if operation["status"] in ("COMPLETED", "FAILED"):
            break
        shop.let_pass(1_000)

    kept = {}
    for line in lines(shop, operation):
        if line["__typename"] == "Order":
            kept[line["id"]] = line | {"lines": []}
            last = line["id"]
        else:
            assert last == line["__parentId"]
            kept[last]["lines"].append(line["id"])
    wanted = {one["admin_graphql_api_id"]: [one["line_items"][0]["admin_graphql_api_id"]] for one in orders}
    assert wanted == {id: one["lines"] for id, one in kept.items()}


# --- the address ---


def test_the_address_has_the_form_that_connectors_take_apart_and_needs_no_token(shop):
    shop.product()
    operation = finished(shop, PRODUCTS)

    url = urlsplit(operation["url"])
    query = {name: values[0] for name, values in parse_qs(url.query).items()}

    name = f"bulk-{operation['id'].rpartition('/')[2]}.jsonl"
    assert "127.0.0.1:5005" == url.netloc
    assert ".myshopify" in operation["url"]
    assert {"GoogleAccessId", "Expires", "Signature", "response-content-disposition", "response-content-type"} == set(
        query
    )
    assert f"attachment; filename=\"{name}\"; filename*=UTF-8''{name}" == query["response-content-disposition"]
    assert "application/jsonl" == query["response-content-type"]
    answer = shop.session.get(operation["url"])
    assert (200, "application/jsonl") == (answer.status_code, answer.headers["Content-Type"])
    assert not [name for name in answer.headers if name.startswith("X-Shop")]


def test_an_address_that_was_changed_opens_nothing(shop):
    shop.product()
    url = finished(shop, PRODUCTS)["url"]
    expires = parse_qs(urlsplit(url).query)["Expires"][0]

    changed = [
        url.replace(expires, str(int(expires) + 1)),
        url.replace("Signature=", "Signature=a"),
        url.replace("/test/", "/other/"),
        url.partition("?")[0],
    ]

    answers = [shop.session.get(one) for one in changed]
    assert [403] * 4 == [answer.status_code for answer in answers]
    assert all("<Code>SignatureDoesNotMatch</Code>" in answer.text for answer in answers)


def test_a_result_is_kept_for_seven_days(shop):
    shop.product()
    operation = finished(shop, PRODUCTS)

    shop.let_pass(7 * DAY - MINUTE - 10_000)
    before = poll(shop, operation["id"])["status"], shop.session.get(operation["url"]).status_code
    shop.let_pass(MINUTE + 10_000)
    answer = shop.session.get(operation["url"])
    after = poll(shop, operation["id"])

    assert ("COMPLETED", 200) == before
    assert ("EXPIRED", None) == (after["status"], after["url"])
    assert (400, True) == (answer.status_code, "<Code>ExpiredToken</Code>" in answer.text)
    assert shop.simulation.store.execute("SELECT count(*) FROM files").fetchone()[0] == 0


# --- what may not be asked ---

NODE_ID = (
    "The parent 'node' field for a nested connection must select the 'id' field without an alias and must be of 'ID'"
)
BY_EDGES = (
    "All connection fields in a bulk query must select their contents using 'edges' > 'node', e.g: 'products { edges { "
    "node {'. Selecting via 'nodes' is not supported. Invalid connection fields: 'products'."
)
DEEP = "customers { edges { node { id orders { edges { node { id lineItems { edges { node { id INNER } } } } } } } } }"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{ shop { name } }", "Bulk queries must contain at least one connection."),
        (
            "{ " + " ".join(f"a{n}: products {{ edges {{ node {{ id }} }} }}" for n in range(6)) + " }",
            "Bulk queries cannot contain more than 5 connections.",
        ),
        (
            "{ " + DEEP.replace("INNER", "variant { product { variants { edges { node { id } } } } }") + " }",
            "Bulk queries cannot contain connections with a nesting depth greater than 2.",
        ),
        (
            "{ products { edges { node { x: id variants { edges { node { id } } } } } } }",
            f"{NODE_ID} return type. Connection fields without 'id': products.",
        ),
        (
            'mutation { productDelete(input: {id: "gid://shopify/Product/1"}) { deletedProductId } }',
            "Invalid operation type. Only `query` operations are supported.",
        ),
        (
            '{ node(id: "gid://shopify/Customer/1") { ... on Customer { orders { edges { node { id } } } } } }',
            "Bulk queries cannot contain a top level `node` field.",
        ),
        ("{ products { nodes { id } } }", BY_EDGES),
        (
            "{ orders { edges { node { id fulfillments { fulfillmentLineItems { edges { node { id } } } } } } } }",
            "Queries that contain a connection field within a list field are not currently supported.",
        ),
        ("{ products { edges { node { id }", "Invalid bulk query: syntax error, unexpected end of file"),
        ("{ products { edges { node { colour } } } }",
         "Invalid bulk query: Field 'colour' doesn't exist on type 'Product'"),
    ],
)  # fmt: skip
def test_a_query_that_may_not_run_is_refused_in_shopifys_words(shop, text, message):
    assert {
        "bulkOperation": None,
        "userErrors": [{"field": ["query"], "message": message, "code": "INVALID"}],
    } == run(shop, text)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("{ themes { edges { node { id } } } }", "QueryRoot.themes is not simulated by syncdrill"),
        (
            '{ orders(query: "gateway:bogus") { edges { node { id } } } }',
            "a search by gateway is not simulated by syncdrill",
        ),
    ],
)
def test_what_is_not_simulated_is_told_before_an_operation_runs(shop, text, what):
    answer = shop.query(RUN, {"query": text})

    error = answer["errors"][0]
    assert (None, what, "NOT_SIMULATED") == (
        answer["data"]["bulkOperationRunQuery"],
        error["message"],
        error["extensions"]["code"],
    )


def test_fragments_that_grow_without_end_are_refused(shop):
    chain = " ".join(f"fragment F{n} on QueryRoot {{ ...F{n + 1} ...F{n + 1} }}" for n in range(30))
    text = f"{{ ...F0 }} {chain} fragment F30 on QueryRoot {{ shop {{ name }} }}"

    assert run(shop, text)["userErrors"][0]["message"].startswith("Invalid bulk query: more than 20000 fields")


# --- a part of the file ---


def test_a_range_of_the_file_is_answered_as_google_storage_does(shop):
    two_products(shop)
    operation = finished(shop, "{ products { edges { node { id title descriptionHtml } } } }")
    whole = shop.session.get(operation["url"])
    size = len(whole.content)
    answers = [
        shop.session.get(operation["url"], headers={"Range": f"bytes={span}"}) for span in ("5-20", "9-99999", "-4")
    ]

    assert ("bytes", str(size)) == (whole.headers["Accept-Ranges"], whole.headers["Content-Length"])
    assert [whole.content[5:21], whole.content[9:], whole.content[-4:]] == [answer.content for answer in answers]
    assert [
        (206, f"bytes 5-20/{size}"),
        (206, f"bytes 9-{size - 1}/{size}"),
        (206, f"bytes {size - 4}-{size - 1}/{size}"),
    ] == [(answer.status_code, answer.headers["Content-Range"]) for answer in answers]
    assert 416 == shop.session.get(operation["url"], headers={"Range": f"bytes={size}-"}).status_code
