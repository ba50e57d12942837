"""What becomes of orders over GraphQL: drafts, fulfillments, refunds, captures; metafields of all owners."""

from __future__ import annotations

import pytest

ERRORS = "userErrors { field message }"


def payload(shop, text, **variables):
    answer = shop.query(text, variables)
    assert "errors" not in answer, answer["errors"]
    return next(iter(answer["data"].values()))


def errors(shop, text, **variables):
    return [(one["field"], one["message"]) for one in payload(shop, text, **variables)["userErrors"]]


def gid(type_name, record):
    return f"gid://shopify/{type_name}/{record['id']}"


# --- metafields ---

SET = """mutation ($m: [MetafieldsSetInput!]!) { metafieldsSet(metafields: $m) {
  metafields { id namespace key type value jsonValue compareDigest ownerType } userErrors { field message code } } }"""


@pytest.mark.parametrize("owner", ["Customer", "Product", "ProductVariant", "Order", "DraftOrder", "Shop"])
def test_a_metafield_is_set_over_graphql_and_read_over_rest_whoever_owns_it(shop, owner):
    product = shop.product()
    line = {"title": "Custom", "price": "10.00", "quantity": 1}
    records = {
        "Customer": (shop.customer, "customers/{}/"),
        "Product": (lambda: product, "products/{}/"),
        "ProductVariant": (lambda: product["variants"][0], "variants/{}/"),
        "Order": (shop.order, "orders/{}/"),
        "DraftOrder": (
            lambda: shop.ok("POST", "draft_orders", {"draft_order": {"line_items": [line]}}),
            "draft_orders/{}/",
        ),
        "Shop": (lambda: shop.ok("GET", "shop"), ""),
    }
    make, path = records[owner]
    record = make()
    sent = {"ownerId": gid(owner, record), "namespace": "crm", "key": "score", "type": "number_integer", "value": "25"}
    made = payload(shop, SET, m=[sent])
    assert [] == made["userErrors"]
    assert ("25", 25) == (made["metafields"][0]["value"], made["metafields"][0]["jsonValue"])
    listed = shop.ok("GET", f"{path.format(record['id'])}metafields")
    assert [("crm", "score", 25)] == [(one["namespace"], one["key"], one["value"]) for one in listed]
    text = """query ($id: ID!) { node(id: $id) { ... on HasMetafields { metafield(namespace: "crm", key: "score") {
      value owner { __typename } } metafields(first: 5, keys: ["crm.score", "crm.other"]) { nodes { key } } } } }"""
    assert {
        "metafield": {"value": "25", "owner": {"__typename": owner}},
        "metafields": {"nodes": [{"key": "score"}]},
    } == shop.query(text, {"id": gid(owner, record)})["data"]["node"]


def test_metafields_are_set_all_or_none_and_only_over_the_value_that_was_seen(shop):
    customer = gid("Customer", shop.customer())
    good = {"ownerId": customer, "namespace": "crm", "key": "a", "type": "boolean", "value": "true"}
    told = payload(shop, SET, m=[good, good | {"key": "b", "value": "maybe"}])["userErrors"]
    assert [(["metafields", "1", "value"], "INVALID_VALUE")] == [(one["field"], one["code"]) for one in told]
    assert 0 == shop.ok("GET", f"customers/{customer.rsplit('/', 1)[-1]}/metafields/count")
    first = payload(shop, SET, m=[good | {"compareDigest": None}])["metafields"][0]
    changed = {"ownerId": customer, "namespace": "crm", "key": "a", "value": "false"}
    assert [] == payload(shop, SET, m=[changed | {"compareDigest": first["compareDigest"]}])["userErrors"]
    stale = payload(shop, SET, m=[changed | {"compareDigest": first["compareDigest"]}])["userErrors"]
    assert [("STALE_OBJECT", ["metafields", "0"])] == [(one["code"], one["field"]) for one in stale]
    too_many = payload(shop, SET, m=[good] * 26)["userErrors"]
    assert ["LESS_THAN_OR_EQUAL_TO"] == [one["code"] for one in too_many]


def test_metafields_are_deleted_by_name_and_sent_along_with_their_owner(shop):
    text = """mutation { customerCreate(input: {firstName: "Ada", metafields: [{namespace: "crm", key: "a",
      type: "boolean", value: "true"}, {key: "own", type: "boolean", value: "false"}]}) { customer { id
      metafields(first: 9) { nodes { namespace key } } } userErrors { field message } } }"""
    customer = payload(shop, text)["customer"]
    namespaces = [one["namespace"] for one in customer["metafields"]["nodes"]]
    assert "crm" == namespaces[0]
    assert namespaces[1].startswith("app--")
    delete = """mutation ($m: [MetafieldIdentifierInput!]!) { metafieldsDelete(metafields: $m) { deletedMetafields {
      key namespace ownerId } userErrors { field message } } }"""
    names = [{"ownerId": customer["id"], "namespace": "crm", "key": key} for key in ("a", "b")]
    assert [names[0], None] == payload(shop, delete, m=names)["deletedMetafields"]


# --- fulfillments ---


def test_an_order_is_fulfilled_tracked_and_taken_back(shop):
    order = shop.order(shipping_address={"address1": "1 Way", "city": "Ottawa", "country": "CA"})
    plans = """query ($id: ID!) { order(id: $id) { displayFulfillmentStatus fulfillmentOrders(first: 5) { nodes { id
      status
      supportedActions { action } destination { countryCode } lineItems(first: 5) { nodes { remainingQuantity
      totalQuantity lineItem { id } } } } } } }"""
    shown = payload(shop, plans, id=gid("Order", order))
    plan = shown["fulfillmentOrders"]["nodes"][0]
    assert ("OPEN", "CA", 1) == (
        plan["status"],
        plan["destination"]["countryCode"],
        plan["lineItems"]["nodes"][0]["remainingQuantity"],
    )
    create = f"""mutation ($f: FulfillmentInput!) {{ fulfillmentCreate(fulfillment: $f) {{ fulfillment {{ id name status
      trackingInfo {{ company number url }} fulfillmentOrders(first: 2) {{ nodes {{ id status }} }}
      fulfillmentLineItems(first: 5) {{ nodes {{ quantity lineItem {{ id }} originalTotalSet {{ shopMoney {{ amount }}
      }} }} }} }} {ERRORS} }} }}"""
    sent = {
        "lineItemsByFulfillmentOrder": [{"fulfillmentOrderId": plan["id"]}],
        "trackingInfo": {"number": "1Z", "company": "UPS"},
    }
    made = payload(shop, create, f=sent)["fulfillment"]
    assert ("SUCCESS", "1Z", [{"id": plan["id"], "status": "CLOSED"}]) == (
        made["status"],
        made["trackingInfo"][0]["number"],
        made["fulfillmentOrders"]["nodes"],
    )
    assert "fulfilled" == shop.ok("GET", f"orders/{order['id']}")["fulfillment_status"]
    assert [(None, "The fulfillment order is not in an open state.")] == errors(shop, create, f=sent)
    track = f"""mutation ($id: ID!) {{ fulfillmentTrackingInfoUpdate(fulfillmentId: $id, trackingInfoInput: {{numbers:
      ["9"],
      urls: ["https://example.com/9"]}}) {{ fulfillment {{ trackingInfo {{ number url }} }} {ERRORS} }} }}"""
    assert [{"number": "9", "url": "https://example.com/9"}] == payload(shop, track, id=made["id"])["fulfillment"][
        "trackingInfo"
    ]
    event = f"""mutation ($id: ID!) {{ fulfillmentEventCreate(fulfillmentEvent: {{fulfillmentId: $id, status:
      DELIVERED}}) {{
      fulfillmentEvent {{ status happenedAt }} {ERRORS} }} }}"""
    assert "DELIVERED" == payload(shop, event, id=made["id"])["fulfillmentEvent"]["status"]
    cancel = f"""mutation ($id: ID!) {{ fulfillmentCancel(id: $id) {{ fulfillment {{ status displayStatus deliveredAt
      }} {ERRORS} }} }}"""
    assert "CANCELLED" == payload(shop, cancel, id=made["id"])["fulfillment"]["status"]
    assert "UNFULFILLED" == payload(shop, plans, id=gid("Order", order))["displayFulfillmentStatus"]
    unknown = "gid://shopify/Fulfillment/1"
    assert [(["id"], "Fulfillment does not exist.")] == errors(shop, cancel, id=unknown)


# --- money ---

REFUND = f"""mutation ($r: RefundInput!) {{ refundCreate(input: $r) {{ order {{ displayFinancialStatus
  currentTotalPriceSet {{ shopMoney {{ amount }} }} }} refund {{ id totalRefundedSet {{ shopMoney {{ amount }} }} }}
  {ERRORS} }} }}"""


def test_a_refund_over_graphql_is_the_refund_of_rest(shop):
    sale = [{"kind": "sale", "status": "success", "amount": "15.00"}]
    order = shop.order(line_items=[{"title": "Wax", "price": "15.00", "quantity": 1}], transactions=sale)
    line = gid("LineItem", order["line_items"][0])
    paid = shop.ok("GET", f"orders/{order['id']}/transactions")[0]

    def back(amount):
        return {
            "orderId": gid("Order", order),
            "amount": amount,
            "gateway": "",
            "kind": "REFUND",
            "parentId": gid("OrderTransaction", paid),
        }

    sent = {"orderId": gid("Order", order), "transactions": [back("25.00")]}
    too_much = "Refund amount $25.00 is greater than net payment received $15.00"
    assert [(None, too_much)] == errors(shop, REFUND, r=sent)
    too_many = sent | {"transactions": [], "refundLineItems": [{"lineItemId": line, "quantity": 2}]}
    assert [(["refundLineItems", "0", "quantity"], "Quantity cannot refund more items than were purchased")] == errors(
        shop, REFUND, r=too_many
    )
    whole = too_many | {
        "transactions": [back("15.00")],
        "refundLineItems": [{"lineItemId": line, "quantity": 1, "restockType": "NO_RESTOCK"}],
    }
    made = payload(shop, REFUND, r=whole)
    assert ("REFUNDED", "0.0", "15.0") == (
        made["order"]["displayFinancialStatus"],
        made["order"]["currentTotalPriceSet"]["shopMoney"]["amount"],
        made["refund"]["totalRefundedSet"]["shopMoney"]["amount"],
    )
    refunds = shop.ok("GET", f"orders/{order['id']}/refunds")
    assert [made["refund"]["id"]] == [gid("Refund", one) for one in refunds]


def test_an_authorization_is_captured_or_voided_by_its_id(shop):
    capture = f"""mutation ($i: OrderCaptureInput!) {{ orderCapture(input: $i) {{ transaction {{ kind status amountSet
      {{
      shopMoney {{ amount }} }} parentTransaction {{ id }} }} {ERRORS} }} }}"""
    void = """mutation ($id: ID!) { transactionVoid(parentTransactionId: $id) { transaction { kind }
      userErrors { field message code } } }"""
    held = [{"kind": "authorization", "status": "success", "amount": "10.00"}]
    first, second = shop.order(transactions=held), shop.order(transactions=held)
    one, other = (shop.ok("GET", f"orders/{order['id']}/transactions")[0] for order in (first, second))
    sent = {"id": gid("Order", first), "parentTransactionId": gid("OrderTransaction", one), "amount": "10.00"}
    assert "CAPTURE" == payload(shop, capture, i=sent)["transaction"]["kind"]
    assert "paid" == shop.ok("GET", f"orders/{first['id']}")["financial_status"]
    assert "VOID" == payload(shop, void, id=gid("OrderTransaction", other))["transaction"]["kind"]
    assert "voided" == shop.ok("GET", f"orders/{second['id']}")["financial_status"]
    again = payload(shop, void, id=gid("OrderTransaction", other))["userErrors"]
    assert ["AUTH_NOT_VOIDABLE"] == [error["code"] for error in again]


# --- draft orders ---


def test_a_draft_is_made_changed_invoiced_and_completed_as_over_rest(shop):
    fields = "{ id name status email totalPriceSet { shopMoney { amount } } order { id name } customer { id } }"
    customer = shop.customer(email="ada@example.com")
    create = f"mutation ($i: DraftOrderInput!) {{ draftOrderCreate(input: $i) {{ draftOrder {fields} {ERRORS} }} }}"
    line = {
        "title": "Board",
        "quantity": 2,
        "originalUnitPriceWithCurrency": {"amount": "50.00", "currencyCode": "USD"},
    }
    discount = {"value": 10.0, "valueType": "PERCENTAGE", "title": "Friend"}
    sent = {"lineItems": [line], "customerId": gid("Customer", customer), "appliedDiscount": discount, "note": "soon"}
    draft = payload(shop, create, i=sent)["draftOrder"]
    assert ("#D1", "OPEN", "ada@example.com", "90.0") == (
        draft["name"],
        draft["status"],
        draft["email"],
        draft["totalPriceSet"]["shopMoney"]["amount"],
    )
    assert "90.00" == shop.ok("GET", "draft_orders")[0]["total_price"]
    update = f"""mutation ($id: ID!, $i: DraftOrderInput!) {{ draftOrderUpdate(id: $id, input: $i) {{ draftOrder
      {fields}
      {ERRORS} }} }}"""
    free = payload(shop, update, id=draft["id"], i={"appliedDiscount": None})["draftOrder"]
    assert "100.0" == free["totalPriceSet"]["shopMoney"]["amount"]
    invoice = f"mutation ($id: ID!) {{ draftOrderInvoiceSend(id: $id) {{ draftOrder {fields} {ERRORS} }} }}"
    assert "INVOICE_SENT" == payload(shop, invoice, id=draft["id"])["draftOrder"]["status"]
    complete = f"mutation ($id: ID!) {{ draftOrderComplete(id: $id) {{ draftOrder {fields} {ERRORS} }} }}"
    done = payload(shop, complete, id=draft["id"])["draftOrder"]
    assert ("COMPLETED", "#1001") == (done["status"], done["order"]["name"])
    assert [(None, "This order has been paid")] == errors(shop, update, id=draft["id"], i={"note": "x"})
    delete = f"mutation ($id: ID!) {{ draftOrderDelete(input: {{id: $id}}) {{ deletedId {ERRORS} }} }}"
    assert draft["id"] == payload(shop, delete, id=draft["id"])["deletedId"]
    assert [(["id"], "Draft order does not exist")] == errors(shop, delete, id=draft["id"])
