"""Mutations: the same rules and webhooks as REST, reasons why not in the recorded words."""

from __future__ import annotations

import pytest

ERRORS = "userErrors { field message }"
CUSTOMER_CREATE = (
    f"mutation ($input: CustomerInput!) {{ customerCreate(input: $input) {{ customer {{ id }} {ERRORS} }} }}"
)
CUSTOMER_UPDATE = (
    f"mutation ($input: CustomerInput!) {{ customerUpdate(input: $input) {{ customer {{ id }} {ERRORS} }} }}"
)
ORDER_CREATE = f"""mutation ($order: OrderCreateOrderInput!) {{
  orderCreate(order: $order) {{ order {{ id name displayFinancialStatus }} {ERRORS} }} }}"""
LINE = {"title": "Board", "quantity": 1, "priceSet": {"shopMoney": {"amount": "10.00", "currencyCode": "USD"}}}


def payload(shop, text, **variables):
    answer = shop.query(text, variables)
    assert "errors" not in answer, answer["errors"]
    return next(iter(answer["data"].values()))


def errors(shop, text, **variables):
    return [(one["field"], one["message"]) for one in payload(shop, text, **variables)["userErrors"]]


def gid(type_name, record):
    return f"gid://shopify/{type_name}/{record['id']}"


# --- what is told, in the recorded words [DP] ---


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({}, (None, "A name, phone number, or email address must be present")),
        ({"email": "no address"}, (["email"], "Email is invalid")),
        ({"email": "ada@example.com"}, (["email"], "Email has already been taken")),
        ({"phone": "1"}, (["phone"], "Phone is invalid")),
        ({"firstName": "a" * 256}, (["firstName"], "First name is too long (maximum is 255 characters)")),
        ({"email": "b@example.com", "note": "a" * 5001}, (["note"], "Note is too long (maximum is 5000 characters)")),
        ({"email": "b@example.com", "tags": [*map(str, range(251))]}, (["tags"], "Tags cannot be more than 250")),
        (
            {"firstName": "B", "addresses": [{"city": "Ottawa"}, {"country": "Nowhere"}]},
            (["addresses", "1", "country"], "Country is invalid"),
        ),
        ({"firstName": "B", "locale": "no locale"}, (["locale"], "Locale is invalid")),
        ({"email": "b@example.com", "id": "gid://shopify/Customer/1"}, (["id"], "Cannot specify ID on creation")),
        (
            {"firstName": "B", "emailMarketingConsent": {"marketingState": "SUBSCRIBED"}},
            (["emailMarketingConsent"], "An email address is required to set the email marketing consent state."),
        ),
        (
            {"firstName": "B", "smsMarketingConsent": {"marketingState": "SUBSCRIBED"}},
            (["smsMarketingConsent"], "A phone number is required to set the SMS consent state."),
        ),
    ],
)  # fmt: skip
def test_a_customer_that_cannot_be_made(shop, sent, told):
    shop.customer(email="ada@example.com")
    assert [told] == errors(shop, CUSTOMER_CREATE, input=sent)
    assert 1 == shop.ok("GET", "customers/count")


def test_what_cannot_be_changed_of_a_customer_or_deleted(shop):
    customer = shop.customer(email="ada@example.com")
    shop.order(customer={"id": customer["id"]})
    consent = {"marketingState": "SUBSCRIBED"}
    unknown = "gid://shopify/Customer/1"
    delete = f"mutation ($id: ID!) {{ customerDelete(input: {{id: $id}}) {{ deletedCustomerId {ERRORS} }} }}"
    use = "To update emailMarketingConsent, please use the customerEmailMarketingConsentUpdate Mutation instead"
    has_orders = "Customer can’t be deleted because they have associated orders"
    assert [(["id"], "Customer does not exist")] == errors(shop, CUSTOMER_UPDATE, input={"id": unknown})
    sent = {"id": gid("Customer", customer), "emailMarketingConsent": consent}
    assert [(["emailMarketingConsent"], use)] == errors(shop, CUSTOMER_UPDATE, input=sent)
    assert [(["id"], "Customer can't be found")] == errors(shop, delete, id=unknown)
    assert [(["id"], has_orders)] == errors(shop, delete, id=gid("Customer", customer))


def test_orders_products_and_subscriptions_that_cannot_be(shop):
    shop.product(title="Board", handle="board")
    unknown = "gid://shopify/Order/1"
    cancel = f"""mutation ($id: ID!, $note: String) {{ orderCancel(orderId: $id, reason: OTHER, restock: false,
      staffNote: $note) {{ job {{ id }} orderCancelUserErrors {{ field message code }} {ERRORS} }} }}"""
    product = f"mutation ($p: ProductCreateInput!) {{ productCreate(product: $p) {{ product {{ id }} {ERRORS} }} }}"
    hook = f"""mutation ($url: URL) {{ webhookSubscriptionCreate(topic: ORDERS_CREATE,
      webhookSubscription: {{callbackUrl: $url}}) {{ webhookSubscription {{ id }} {ERRORS} }} }}"""
    sent = {"lineItems": [LINE | {"title": ""}]}
    assert [(["order", "lineItems"], "Line items Title can't be blank")] == errors(shop, ORDER_CREATE, order=sent)
    assert [(["orderId"], "Order does not exist")] == errors(shop, cancel, id=unknown)
    told = payload(shop, cancel, id=unknown)["orderCancelUserErrors"]
    assert [{"field": ["orderId"], "message": "Order does not exist", "code": "NOT_FOUND"}] == told
    too_long = "Staff note is too long. Maximum length is 255 characters."
    assert [(["staffNote"], too_long)] == errors(shop, cancel, id=unknown, note="a" * 256)
    assert [(["title"], "Title can't be blank")] == errors(shop, product, p={"title": ""})
    taken = "Handle 'board' already in use. Please provide a new handle."
    assert [(["input", "handle"], taken)] == errors(shop, product, p={"title": "Board", "handle": "board"})
    callback = ["webhookSubscription", "callbackUrl"]
    url = "https://127.0.0.1:7007/hook"
    assert [] == errors(shop, hook, url=url)
    assert [(callback, "Address for this topic has already been taken")] == errors(shop, hook, url=url)
    assert [(callback, "Address can't be blank")] == errors(shop, hook, url="")
    assert [(callback, "Address is invalid")] == errors(shop, hook, url="nonsense")
    assert [(callback, "Address protocol http:// is not supported")] == errors(
        shop, hook, url="http://example.com/hook"
    )


# --- what is done ---


def test_a_new_customer_has_the_recorded_defaults(shop):
    text = """mutation { customerCreate(input: {email: "Grace@example.com", tags: ["b", "a"]}) { customer {
      state verifiedEmail locale tags taxExemptions defaultAddress { id } canDelete numberOfOrders } } }"""
    assert {
        "state": "DISABLED",
        "verifiedEmail": True,
        "locale": "en",
        "tags": ["a", "b"],
        "taxExemptions": [],
        "defaultAddress": None,
        "canDelete": True,
        "numberOfOrders": "0",
    } == payload(shop, text)["customer"]


def test_every_mutation_sends_the_webhooks_that_rest_sends(shop):
    of_orders = ("create", "updated", "paid", "cancelled", "delete")
    shop.subscribe(*(f"{kind}/{verb}" for kind in ("customers", "products") for verb in ("create", "update", "delete")))
    shop.subscribe(*(f"orders/{verb}" for verb in of_orders))
    made = payload(shop, CUSTOMER_CREATE, input={"email": "a@example.com"})["customer"]["id"]
    payload(shop, CUSTOMER_UPDATE, input={"id": made, "note": "new"})
    payload(shop, f'mutation {{ tagsAdd(id: "{made}", tags: ["vip"]) {{ node {{ id }} }} }}')
    payload(shop, f'mutation {{ customerDelete(input: {{id: "{made}"}}) {{ deletedCustomerId }} }}')
    product = payload(shop, 'mutation { productCreate(product: {title: "Board"}) { product { id } } }')["product"]["id"]
    payload(shop, f'mutation {{ productUpdate(product: {{id: "{product}", vendor: "V"}}) {{ product {{ id }} }} }}')
    payload(shop, f'mutation {{ productDelete(input: {{id: "{product}"}}) {{ deletedProductId }} }}')
    order = payload(shop, ORDER_CREATE, order={"lineItems": [LINE], "financialStatus": "PENDING"})["order"]["id"]
    payload(shop, f'mutation {{ orderUpdate(input: {{id: "{order}", note: "n"}}) {{ order {{ id }} }} }}')
    payload(shop, f'mutation {{ orderMarkAsPaid(input: {{id: "{order}"}}) {{ order {{ id }} }} }}')
    payload(shop, f'mutation {{ orderCancel(orderId: "{order}", reason: OTHER, restock: true) {{ job {{ id }} }} }}')
    payload(shop, f'mutation {{ orderDelete(orderId: "{order}") {{ deletedId }} }}')
    expected = {
        "customers": ["create", "update", "update", "delete"],
        "products": ["create", "update", "delete"],
        "orders": ["create", "updated", "updated", "paid", "updated", "cancelled", "delete"],
    }
    while shop.deliver():
        pass  # some at a time
    topics = sorted(f"{kind}/{verb}" for kind, verbs in expected.items() for verb in verbs)
    assert topics == sorted(shop.receiver.topics())


def test_each_root_field_of_a_mutation_is_an_action_of_its_own(shop):
    """Two events, and the second one's refusal leaves the first one standing."""
    shop.subscribe("customers/create")
    text = """mutation { one: customerCreate(input: {email: "a@example.com"}) { userErrors { message } }
      two: customerCreate(input: {email: "b@example.com"}) { userErrors { message } }
      three: customerCreate(input: {email: "a@example.com"}) { userErrors { message } } }"""
    answer = shop.query(text)["data"]
    assert [[], [], [{"message": "Email has already been taken"}]] == [one["userErrors"] for one in answer.values()]
    assert 2 == len({one.headers["X_SHOPIFY_EVENT_ID"] for one in shop.deliver()})


def test_an_order_is_closed_opened_marked_as_paid_and_cancelled(shop):
    order = payload(shop, ORDER_CREATE, order={"lineItems": [LINE], "financialStatus": "PENDING"})["order"]
    id = order["id"]
    asked = "{ closed cancelReason displayFinancialStatus totalOutstandingSet { shopMoney { amount } } }"

    def act(field):
        return payload(shop, f"mutation {{ {field} {{ order {asked} {ERRORS} }} }}")["order"]

    assert ("#1001", "PENDING") == (order["name"], order["displayFinancialStatus"])
    assert act(f'orderClose(input: {{id: "{id}"}})')["closed"] is True
    assert act(f'orderOpen(input: {{id: "{id}"}})')["closed"] is False
    paid = act(f'orderMarkAsPaid(input: {{id: "{id}"}})')
    assert ("PAID", "0.0") == (paid["displayFinancialStatus"], paid["totalOutstandingSet"]["shopMoney"]["amount"])
    again = payload(shop, f'mutation {{ orderMarkAsPaid(input: {{id: "{id}"}}) {{ order {{ id }} {ERRORS} }} }}')
    assert [{"field": ["id"], "message": "Order cannot be marked as paid."}] == again["userErrors"]
    cancel = f"""mutation {{ orderCancel(orderId: "{id}", reason: CUSTOMER, restock: true, refund: true) {{
      job {{ done }} {ERRORS} }} }}"""
    assert {"job": {"done": False}, "userErrors": []} == payload(shop, cancel)
    stored = shop.ok("GET", f"orders/{id.rsplit('/', 1)[1]}")
    assert ("customer", "refunded") == (stored["cancel_reason"], stored["financial_status"])
    already = "Cannot cancel an order that has already been canceled"
    assert [{"field": ["orderId"], "message": already}] == payload(shop, cancel)["userErrors"]


def test_the_financial_status_of_a_new_order_follows_from_its_transactions(shop):
    """An authorization alone is AUTHORIZED, and the gateway is "external" where none is named [DP]."""
    money = {"shopMoney": {"amount": "10.00", "currencyCode": "USD"}}
    sent = {"lineItems": [LINE], "transactions": [{"kind": "AUTHORIZATION", "amountSet": money}]}
    text = ORDER_CREATE.replace("displayFinancialStatus", "displayFinancialStatus transactions { kind gateway }")
    order = payload(shop, text, order=sent)["order"]
    assert ("AUTHORIZED", [{"kind": "AUTHORIZATION", "gateway": "external"}]) == (
        order["displayFinancialStatus"],
        order["transactions"],
    )


def test_variants_are_made_and_changed_in_one_go(shop):
    make = 'mutation { productCreate(product: {title: "Board", productOptions: [{name: "Size", values: [{name: "S"}]}]}) { product { id } } }'  # noqa: E501
    product = payload(shop, make)["product"]["id"]
    create = f"""mutation ($v: [ProductVariantsBulkInput!]!) {{ productVariantsBulkCreate(productId: "{product}",
      variants: $v) {{ productVariants {{ id title price sku }} {ERRORS} }} }}"""
    update = create.replace("BulkCreate(", "BulkUpdate(")
    wanted = {"price": "12.50", "optionValues": [{"name": "L", "optionName": "Size"}], "inventoryItem": {"sku": "L-1"}}
    made = payload(shop, create, v=[wanted])
    assert [("L", "12.50", "L-1")] == [(one["title"], one["price"], one["sku"]) for one in made["productVariants"]]
    id = made["productVariants"][0]["id"]
    changed = payload(shop, update, v=[{"id": id, "price": "15"}])
    assert [("15.00", "L-1")] == [(one["price"], one["sku"]) for one in changed["productVariants"]]
    stored = shop.ok("GET", f"products/{product.rsplit('/', 1)[1]}")
    assert ["S", "L"] == [one["title"] for one in stored["variants"]]


def test_tags_are_added_and_removed_without_doubles(shop):
    order = shop.order(tags="first")
    id = gid("Order", order)
    add = f'mutation {{ tagsAdd(id: "{id}", tags: ["vip, gift", "First"]) {{ node {{ ... on Order {{ tags }} }} }} }}'
    remove = f'mutation {{ tagsRemove(id: "{id}", tags: ["VIP"]) {{ node {{ ... on Order {{ tags }} }} }} }}'
    assert ["first", "gift", "vip"] == sorted(one.lower() for one in payload(shop, add)["node"]["tags"])
    assert ["first", "gift"] == sorted(one.lower() for one in payload(shop, remove)["node"]["tags"])


def test_addresses_and_consent_have_mutations_of_their_own(shop):
    customer = shop.customer(email="ada@example.com")
    id = gid("Customer", customer)
    create = f"""mutation ($a: MailingAddressInput!) {{ customerAddressCreate(customerId: "{id}", address: $a,
      setAsDefault: true) {{ address {{ id formattedArea }} {ERRORS} }} }}"""
    one = payload(shop, create, a={"city": "Ottawa", "provinceCode": "ON", "countryCode": "CA"})["address"]
    other = payload(shop, create, a={"city": "Berlin", "countryCode": "DE"})["address"]
    assert ("Ottawa, ON, Canada", "Berlin, Germany") == (one["formattedArea"], other["formattedArea"])
    default = f"""mutation {{ customerUpdateDefaultAddress(customerId: "{id}", addressId: "{one["id"]}") {{
      customer {{ defaultAddress {{ id }} }} {ERRORS} }} }}"""
    assert one["id"] == payload(shop, default)["customer"]["defaultAddress"]["id"]
    delete = f"""mutation {{ customerAddressDelete(customerId: "{id}", addressId: "{other["id"]}") {{
      deletedAddressId {ERRORS} }} }}"""
    assert other["id"] == payload(shop, delete)["deletedAddressId"]
    consent = f"""mutation {{ customerEmailMarketingConsentUpdate(input: {{customerId: "{id}", emailMarketingConsent: {{
      marketingState: SUBSCRIBED, marketingOptInLevel: SINGLE_OPT_IN}}}}) {{
      customer {{ defaultEmailAddress {{ marketingState marketingOptInLevel }} }} {ERRORS} }} }}"""
    assert {"marketingState": "SUBSCRIBED", "marketingOptInLevel": "SINGLE_OPT_IN"} == payload(shop, consent)[
        "customer"
    ]["defaultEmailAddress"]


def test_customer_set_creates_or_changes_whichever_it_takes(shop):
    text = """mutation ($who: CustomerSetIdentifiers, $input: CustomerSetInput!) {
      customerSet(identifier: $who, input: $input) { customer { id note } userErrors { field message code } } }"""
    made = payload(shop, text, who={"email": "a@example.com"}, input={"note": "one"})["customer"]
    changed = payload(shop, text, who={"email": "a@example.com"}, input={"note": "two"})["customer"]
    assert (made["id"], "one", "two") == (changed["id"], made["note"], changed["note"])
    told = payload(shop, text, who={"id": "gid://shopify/Customer/1"}, input={"note": "x"})["userErrors"]
    message = "Resource matching the identifier was not found."
    assert [{"field": ["input"], "message": message, "code": "NOT_FOUND"}] == told


def test_a_webhook_subscription_is_made_changed_and_removed(shop):
    create = f"""mutation ($w: WebhookSubscriptionInput!) {{ webhookSubscriptionCreate(topic: CUSTOMERS_CREATE,
      webhookSubscription: $w) {{ webhookSubscription {{ id topic uri includeFields format endpoint {{ __typename
      ... on WebhookHttpEndpoint {{ callbackUrl }} }} }} {ERRORS} }} }}"""
    made = payload(shop, create, w={"uri": "http://127.0.0.1:7007/one", "includeFields": ["id"]})["webhookSubscription"]
    address = "http://127.0.0.1:7007/one"
    assert {
        "id": made["id"],
        "topic": "CUSTOMERS_CREATE",
        "uri": address,
        "includeFields": ["id"],
        "format": "JSON",
        "endpoint": {"__typename": "WebhookHttpEndpoint", "callbackUrl": address},
    } == made
    payload(shop, CUSTOMER_CREATE, input={"email": "a@example.com"})
    assert [["id"]] == [list(one.body) for one in shop.deliver()]
    update = f"""mutation {{ webhookSubscriptionUpdate(id: "{made["id"]}",
      webhookSubscription: {{includeFields: []}}) {{ webhookSubscription {{ includeFields }} {ERRORS} }} }}"""
    assert [] == payload(shop, update)["webhookSubscription"]["includeFields"]
    delete = f'mutation {{ webhookSubscriptionDelete(id: "{made["id"]}") {{ deletedWebhookSubscriptionId {ERRORS} }} }}'
    assert {"deletedWebhookSubscriptionId": made["id"], "userErrors": []} == payload(shop, delete)
    assert 0 == shop.ok("GET", "webhooks/count")


def test_an_input_that_is_not_simulated_is_named_and_nothing_is_written(shop):
    text = """mutation { customerCreate(input: {email: "a@example.com", taxExemptions: [CA_STATUS_CARD_EXEMPTION]}) {
      customer { id } } }"""
    answer = shop.query(text)
    assert {"customerCreate": None} == answer["data"]
    assert ("a customer with taxExemptions is not simulated by syncdrill", "NOT_SIMULATED") == (
        answer["errors"][0]["message"],
        answer["errors"][0]["extensions"]["code"],
    )
    assert 0 == shop.ok("GET", "customers/count")


def test_a_reason_that_a_mutation_has_no_code_for_is_called_invalid(shop):
    """OrderCreateUserErrorCode has no BLANK."""
    text = "mutation { orderCreate(order: {lineItems: [{quantity: 1}]}) { userErrors { field code } } }"
    answer = shop.query(text)

    assert "errors" not in answer
    assert [{"field": ["order", "lineItems"], "code": "INVALID"}] == answer["data"]["orderCreate"]["userErrors"]
