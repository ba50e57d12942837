"""Orders that are edited, and customers that are merged: over GraphQL alone, and seen over REST."""

from __future__ import annotations

import pytest

ERRORS = "userErrors { field message }"
ORDER = """{ id subtotalLineItemsQuantity totalPriceSet { shopMoney { amount } } totalOutstandingSet { shopMoney {
  amount } } addedLineItems(first: 5) { nodes { id title quantity } } lineItems(first: 9) { nodes { id title quantity
  editableQuantity editableQuantityBeforeChanges stagedChanges { __typename } } } stagedChanges(first: 9) { nodes {
  __typename ... on OrderStagedChangeDecrementItem { delta restock lineItem { id } } ... on
      OrderStagedChangeAddVariant {
  quantity } ... on OrderStagedChangeAddCustomItem { originalUnitPrice { amount } } } } }"""
BEGIN = f"""mutation ($id: ID!) {{ orderEditBegin(id: $id) {{ calculatedOrder {ORDER} orderEditSession {{ id }}
  {ERRORS} }} }}"""
ADD = f"""mutation ($id: ID!, $v: ID!, $n: Int!) {{ orderEditAddVariant(id: $id, variantId: $v, quantity: $n) {{
  calculatedLineItem {{ id quantity }} calculatedOrder {ORDER} {ERRORS} }} }}"""
ADD_CUSTOM = f"""mutation ($id: ID!) {{ orderEditAddCustomItem(id: $id, title: "Engraving", quantity: 1,
  price: {{amount: "5.00", currencyCode: USD}}) {{ calculatedLineItem {{ title }} calculatedOrder {ORDER} {ERRORS} }}
      }}"""
SET = f"""mutation ($id: ID!, $line: ID!, $n: Int!) {{ orderEditSetQuantity(id: $id, lineItemId: $line, quantity: $n,
  restock: true) {{ calculatedOrder {ORDER} {ERRORS} }} }}"""
COMMIT = f"""mutation ($id: ID!) {{ orderEditCommit(id: $id, notifyCustomer: false, staffNote: "He called") {{ order
      {{ id
  edited originalTotalPriceSet {{ shopMoney {{ amount }} }} }} successMessages {ERRORS} }} }}"""
SALE = {"kind": "sale", "status": "success", "gateway": "bogus"}


def payload(shop, text, **variables):
    answer = shop.query(text, variables)
    assert "errors" not in answer, answer["errors"]
    return next(iter(answer["data"].values()))


def gid(type_name, record):
    return f"gid://shopify/{type_name}/{record['id']}"


def bought(shop):
    """An order of two boards and a wax, paid: 220.00."""
    product = shop.product(variants=[{"price": "100.00"}])
    lines = [
        {"variant_id": product["variants"][0]["id"], "quantity": 2},
        {"title": "Wax", "price": "20.00", "quantity": 1},
    ]
    order = shop.order(line_items=lines, transactions=[SALE | {"amount": "220.00"}])
    return product, order


def test_an_edit_is_staged_and_changes_nothing_until_it_is_committed(shop):
    product, order = bought(shop)
    other = shop.product(title="Bag", variants=[{"price": "30.00"}])
    edit = payload(shop, BEGIN, id=gid("Order", order))["calculatedOrder"]
    assert ("220.0", 3, []) == (
        edit["totalPriceSet"]["shopMoney"]["amount"],
        edit["subtotalLineItemsQuantity"],
        edit["stagedChanges"]["nodes"],
    )
    added = payload(shop, ADD, id=edit["id"], v=gid("ProductVariant", other["variants"][0]), n=2)["calculatedOrder"]
    assert ("280.0", "60.0") == tuple(
        added[key]["shopMoney"]["amount"] for key in ("totalPriceSet", "totalOutstandingSet")
    )
    custom = payload(shop, ADD_CUSTOM, id=edit["id"])["calculatedOrder"]
    board = gid("CalculatedLineItem", order["line_items"][0])
    less = payload(shop, SET, id=edit["id"], line=board, n=1)["calculatedOrder"]
    assert ("285.0", "185.0", 5) == (
        custom["totalPriceSet"]["shopMoney"]["amount"],
        less["totalPriceSet"]["shopMoney"]["amount"],
        less["subtotalLineItemsQuantity"],
    )
    assert ["OrderStagedChangeDecrementItem", "OrderStagedChangeAddVariant", "OrderStagedChangeAddCustomItem"] == [
        one["__typename"] for one in less["stagedChanges"]["nodes"]
    ]
    assert order == shop.ok("GET", f"orders/{order['id']}")
    assert [] == payload(shop, COMMIT, id=edit["id"])["userErrors"]
    found = shop.ok("GET", f"orders/{order['id']}")
    lines = [
        (one["name"], one["quantity"], one["current_quantity"], one["fulfillable_quantity"])
        for one in found["line_items"]
    ]
    assert [("Board", 2, 1, 1), ("Wax", 1, 1, 1), ("Bag", 2, 2, 2), ("Engraving", 1, 1, 1)] == lines
    sums = (
        "total_price",
        "current_total_price",
        "current_subtotal_price",
        "total_line_items_price",
        "total_outstanding",
    )
    assert ["285.00", "185.00", "185.00", "285.00", "0.00"] == [found[name] for name in sums]
    assert "paid" == found["financial_status"]
    assert 1 == product["variants"][0]["position"]


def test_what_an_edit_adds_is_to_be_paid_and_to_be_sent(shop):
    _, order = bought(shop)
    plan = shop.ok("GET", f"orders/{order['id']}/fulfillment_orders")[0]
    sent = {"line_items_by_fulfillment_order": [{"fulfillment_order_id": plan["id"]}]}
    shop.ok("POST", "fulfillments", {"fulfillment": sent})
    shop.subscribe("orders/edited", "orders/updated")
    edit = payload(shop, BEGIN, id=gid("Order", order))
    assert "OrderEditSession" in edit["orderEditSession"]["id"]
    id = edit["calculatedOrder"]["id"]
    board = gid("CalculatedLineItem", order["line_items"][0])
    too_few = payload(shop, SET, id=id, line=board, n=1)["userErrors"]
    assert [["quantity"]] == [one["field"] for one in too_few]
    payload(shop, SET, id=id, line=board, n=3)
    committed = payload(shop, COMMIT, id=edit["orderEditSession"]["id"])
    assert (True, "220.0") == (
        committed["order"]["edited"],
        committed["order"]["originalTotalPriceSet"]["shopMoney"]["amount"],
    )
    found = shop.ok("GET", f"orders/{order['id']}")
    assert ("partially_paid", "partial", "100.00") == (
        found["financial_status"],
        found["fulfillment_status"],
        found["total_outstanding"],
    )
    plans = shop.ok("GET", f"orders/{order['id']}/fulfillment_orders")
    assert [("closed", 0), ("open", 1)] == [
        (one["status"], sum(line["fulfillable_quantity"] for line in one["line_items"])) for one in plans
    ]
    told = {one.topic: one.body for one in shop.deliver()}
    changes = {"additions": [{"id": order["line_items"][0]["id"], "delta": 1}], "removals": []}
    assert (order["id"], "He called", changes) == tuple(
        told["orders/edited"]["order_edit"][name] for name in ("order_id", "staff_note", "line_items")
    )
    assert "partially_paid" == told["orders/updated"]["financial_status"]
    again = payload(shop, COMMIT, id=id)["userErrors"]
    assert ["The changes have already been committed."] == [one["message"] for one in again]


def test_pieces_that_an_edit_took_away_are_not_refunded_again(shop):
    _, order = bought(shop)
    id = payload(shop, BEGIN, id=gid("Order", order))["calculatedOrder"]["id"]
    payload(shop, SET, id=id, line=gid("CalculatedLineItem", order["line_items"][0]), n=1)
    payload(shop, COMMIT, id=id)
    refund = {"refund": {"refund_line_items": [{"line_item_id": order["line_items"][0]["id"], "quantity": 2}]}}
    assert 422 == shop.call("POST", f"orders/{order['id']}/refunds", refund).status_code
    refund["refund"]["refund_line_items"][0]["quantity"] = 1
    shop.ok("POST", f"orders/{order['id']}/refunds", refund)
    assert "20.00" == shop.ok("GET", f"orders/{order['id']}")["current_total_price"]


def test_a_cancelled_order_and_an_unknown_one_cannot_be_edited(shop):
    order = shop.order()
    shop.ok("POST", f"orders/{order['id']}/cancel", {})
    told = [payload(shop, BEGIN, id=id)["userErrors"] for id in (gid("Order", order), "gid://shopify/Order/1")]
    assert [
        [{"field": ["id"], "message": "The order cannot be edited because it has been cancelled."}],
        [{"field": ["id"], "message": "The order does not exist."}],
    ] == told
    unknown = payload(shop, COMMIT, id="gid://shopify/CalculatedOrder/1")["userErrors"]
    assert ["The calculated order does not exist."] == [one["message"] for one in unknown]


# --- customers ---

MERGE = """mutation ($a: ID!, $b: ID!, $o: CustomerMergeOverrideFields) { customerMerge(customerOneId: $a,
  customerTwoId: $b, overrideFields: $o) { job { id done } resultingCustomerId userErrors { field message code } } }"""


@pytest.fixture
def two(shop):
    ada = shop.customer(email="ada@example.com", note="First", tags="b, vip", addresses=[{"city": "Ottawa"}])
    grace = shop.customer(
        first_name="Grace",
        last_name="Hopper",
        email="grace@example.com",
        note="Second",
        tags="a, vip",
        phone="+16135550100",
        addresses=[{"city": "New York"}],
    )
    return ada, grace


def test_two_customers_become_one_with_all_their_orders(shop, two):
    ada, grace = two
    first, second = (shop.order(customer={"id": one["id"]}) for one in two)
    flag = {"namespace": "crm", "key": "a", "type": "boolean", "value": "true"}
    shop.ok("POST", f"customers/{grace['id']}/metafields", {"metafield": flag})
    shop.subscribe("customers/merge", "customers/update", "customers/delete")
    one, other = (gid("Customer", each) for each in two)
    made = payload(shop, MERGE, a=one, b=other, o={"customerIdOfEmailToKeep": other})
    assert ([], gid("Customer", ada)) == (made["userErrors"], made["resultingCustomerId"])
    assert {"id": made["job"]["id"], "done": True} == shop.query(f'{{ job(id: "{made["job"]["id"]}") {{ id done }} }}')[
        "data"
    ]["job"]
    assert 404 == shop.call("GET", f"customers/{grace['id']}").status_code
    found = shop.ok("GET", f"customers/{ada['id']}")
    assert ("Ada", "Hopper", "grace@example.com", "+16135550100", "First\nSecond", "a, b, vip", 2, "20.00") == tuple(
        found[name]
        for name in ("first_name", "last_name", "email", "phone", "note", "tags", "orders_count", "total_spent")
    )
    assert ["Ottawa", "New York"] == [one["city"] for one in found["addresses"]]
    assert "Ottawa" == found["default_address"]["city"]
    assert [second["id"], first["id"]] == [
        one["id"] for one in shop.ok("GET", f"customers/{ada['id']}/orders", params={"status": "any"})
    ]
    assert 1 == shop.ok("GET", f"customers/{ada['id']}/metafields/count")
    told = {got.topic: got.body for got in shop.deliver()}
    assert {"customers/merge", "customers/update"} == set(told)
    assert {
        "admin_graphql_api_customer_kept_id": one,
        "admin_graphql_api_customer_deleted_id": other,
        "admin_graphql_api_job_id": made["job"]["id"],
        "status": "completed",
        "errors": [],
    } == told["customers/merge"]


def test_a_customer_is_not_merged_with_itself_or_with_nobody(shop, two):
    ada = gid("Customer", two[0])
    told = [payload(shop, MERGE, a=ada, b=b)["userErrors"][0] for b in (ada, "gid://shopify/Customer/1")]
    assert [
        {"field": None, "message": "Customers IDs should not match", "code": "INVALID_CUSTOMER_ID"},
        {"field": ["customerTwoId"], "message": "Customer does not exist", "code": "INVALID_CUSTOMER"},
    ] == told
    assert 2 == shop.ok("GET", "customers/count")
