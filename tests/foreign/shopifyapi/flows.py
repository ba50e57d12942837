"""ShopifyAPI: every call that takes nothing but the library, a shop's name and a token."""

import base64
import hashlib
import hmac
import json
import os
from urllib.parse import parse_qsl, urlsplit

import shopify
from drill import equal, flow, flow_by_the_wall, installs, passes, receiver, refused, run_all, shop

SHOP, TOKEN = os.environ["SHOP"], os.environ["SHOPIFY_TOKEN"]
SCOPES = ["read_customers", "write_orders"]


def activate(version="2026-07", token=TOKEN):
    shopify.ShopifyResource.activate_session(shopify.Session(SHOP, version, token))


def saved(resource):
    if not resource.save():
        raise AssertionError(resource.errors.full_messages())
    return resource


def gone(resource, id):
    return not resource.exists(id)


@flow_by_the_wall
def an_app_is_installed_by_OAuth_and_its_token_opens_the_shop():
    back = "http://127.0.0.1:3000/callback"
    app = shop("POST", "apps", {"name": "oauth", "redirect_urls": [back], "scopes": SCOPES})["app"]
    shopify.Session.setup(api_key=app["client_id"], secret=app["client_secret"])
    session = shopify.Session(SHOP, "2026-07")
    led_back = installs(session.create_permission_url(SCOPES, back, "state-17"))
    params = dict(parse_qsl(urlsplit(led_back).query))
    equal("state-17", params["state"])
    token = session.request_token(params)  # checks the signature and the time, then exchanges the code

    shopify.ShopifyResource.activate_session(session)
    equal(token, session.token)
    equal(SHOP, shopify.Shop.current().myshopify_domain)
    equal(sorted(SCOPES), sorted(set(str(session.access_scopes).split(",")) & set(SCOPES)))
    params["hmac"] = "0" * 64
    refused(lambda: shopify.Session(SHOP, "2026-07").request_token(params), "Invalid HMAC")
    activate()


@flow
def shop_and_scopes_are_read():
    activate()
    equal(SHOP, shopify.Shop.current().myshopify_domain)
    assert "read_customers" in {scope.handle for scope in shopify.AccessScope.find()}


@flow
def a_customer_is_created_read_updated_searched_and_deleted():
    customer = saved(shopify.Customer({"first_name": "Ada", "email": "ada@example.com", "tags": "vip, early"}))
    customer.last_name = "King"
    saved(customer)
    found = shopify.Customer.find(customer.id)
    equal(("Ada", "King", "early, vip"), (found.first_name, found.last_name, found.tags))
    passes(30)
    equal([customer.id], [each.id for each in shopify.Customer.search(query="email:ada@example.com")])
    equal(1, shopify.Customer.count())
    again = shopify.Customer({"email": "ada@example.com"})
    equal((False, ["email has already been taken"]), (again.save(), again.errors.full_messages()))
    customer.destroy()
    equal(True, gone(shopify.Customer, customer.id))


@flow
def a_product_with_variants_images_and_metafields_is_written_and_read():
    sizes = [{"option1": "Small", "price": "10.00"}, {"option1": "Large", "price": "15.00"}]
    product = saved(shopify.Product({"title": "Teapot", "options": [{"name": "Size"}], "variants": sizes}))
    variant = shopify.Variant.find(product.variants[0].id)
    variant.price = "11.00"
    saved(variant)
    image = saved(shopify.Image({"product_id": product.id, "src": "https://example.com/teapot.png"}))
    field = {"namespace": "drill", "key": "care", "value": "by hand", "type": "single_line_text_field"}
    product.add_metafield(shopify.Metafield(field))
    found = shopify.Product.find(product.id)
    equal(["11.00", "15.00"], [each.price for each in found.variants])
    equal([image.id], [each.id for each in found.images])
    equal(["by hand"], [each.value for each in found.metafields()])
    product.destroy()
    equal(True, gone(shopify.Product, product.id))


@flow
def an_order_is_created_paid_refunded_closed_cancelled_and_deleted():
    product = saved(shopify.Product({"title": "Mug", "variants": [{"price": "7.50"}]}))
    line = {"variant_id": product.variants[0].id, "quantity": 2}
    order = saved(
        shopify.Order(
            {
                "email": "b@example.com",
                "line_items": [line],
                "transactions": [{"kind": "sale", "status": "success", "amount": "15.00"}],
            }
        )
    )
    equal(("15.00", "paid"), (order.total_price, order.financial_status))
    order.note = "wrap it"
    saved(order)
    equal("wrap it", shopify.Order.find(order.id).note)
    kept = [{"line_item_id": order.line_items[0].id, "quantity": 1, "restock_type": "no_restock"}]
    equal(["7.50"], [each.amount for each in shopify.Refund.calculate(order.id, refund_line_items=kept).transactions])
    equal(["sale"], [each.kind for each in shopify.Transaction.find(order_id=order.id)])
    order.close()
    order.open()
    order.cancel(reason="customer")
    equal("customer", shopify.Order.find(order.id).cancel_reason)
    order.destroy()
    equal(True, gone(shopify.Order, order.id))


@flow
def a_draft_order_becomes_an_order():
    draft = saved(shopify.DraftOrder({"line_items": [{"title": "Lamp", "price": "20.00", "quantity": 1}]}))
    draft.complete({"payment_pending": True})
    equal("completed", shopify.DraftOrder.find(draft.id).status)


@flow
def a_deleted_product_is_found_among_the_events():
    product = saved(shopify.Product({"title": "Short-lived"}))
    product.destroy()
    assert product.id in [event.subject_id for event in shopify.Event.find(filter="Product", verb="destroy")]


@flow
def a_list_is_paged_by_its_links_on_the_vendors_host_to_its_end():
    for number in range(7):
        saved(shopify.Customer({"first_name": f"Page {number}"}))
    page, seen = shopify.Customer.find(limit=3), []
    seen += [customer.id for customer in page]
    while page.has_next_page():
        assert page.next_page_url.startswith(f"https://{SHOP}/admin/api/2026-07/customers.json?"), page.next_page_url
        page = page.next_page()
        seen += [customer.id for customer in page]
    equal(shopify.Customer.count(), len(set(seen)))
    equal(True, page.has_previous_page())


@flow
def an_abandoned_checkout_is_read():
    cart = shop("POST", "carts", {"line_items": [{"title": "Lamp", "price": "20.00", "quantity": 1}]})["cart"]
    checkout = shop("POST", f"carts/{cart['token']}/checkout", {"email": "left@example.com"})["checkout"]
    passes(660)
    equal([checkout["token"]], [each.token for each in shopify.Checkout.find()])


@flow
def a_webhook_is_subscribed_delivered_and_its_signature_holds():
    with receiver() as (address, arrived):
        webhook = saved(shopify.Webhook({"topic": "customers/create", "address": f"{address}/hooks", "format": "json"}))
        equal(["customers/create"], [each.topic for each in shopify.Webhook.find()])
        customer = saved(shopify.Customer({"first_name": "Hooked"}))
        passes(30)
        webhook.destroy()
    (path, headers, body), *_ = arrived
    secret = os.environ["SHOPIFY_API_SECRET"].encode()
    signature = base64.b64encode(hmac.new(secret, body, hashlib.sha256).digest()).decode()
    equal(
        ("/hooks", "customers/create", signature), (path, headers["X-Shopify-Topic"], headers["X-Shopify-Hmac-Sha256"])
    )
    equal(customer.id, json.loads(body)["id"])


@flow
def the_call_limit_is_read_and_met():
    shopify.Shop.current()
    equal(40, shopify.Limits.credit_limit())

    def too_often():
        for _ in range(60):
            shopify.Shop.current()

    equal(429, refused(too_often, "Exceeded 2 calls per second").code)


@flow
def GraphQL_queries_and_mutations_are_executed():
    activate("2026-10")
    execute = shopify.GraphQL().execute
    made = execute(
        "mutation Make($input: CustomerInput!) { customerCreate(input: $input)"
        " { customer { id legacyResourceId } userErrors { field message } } }",
        variables={"input": {"email": "graphql@example.com"}},
        operation_name="Make",
    )
    created = json.loads(made)["data"]["customerCreate"]
    equal([], created["userErrors"])
    equal("graphql@example.com", shopify.Customer.find(int(created["customer"]["legacyResourceId"])).email)
    answer = json.loads(
        execute("{ shop { myshopifyDomain } customers(first: 2) { nodes { id } pageInfo { hasNextPage } } }")
    )
    equal(
        (SHOP, True),
        (answer["data"]["shop"]["myshopifyDomain"], answer["data"]["customers"]["pageInfo"]["hasNextPage"]),
    )


@flow
def a_wrong_token_is_unauthorized():
    activate(token="shpat_drillwrong")
    equal("UnauthorizedAccess", type(refused(shopify.Shop.current)).__name__)
    activate()


run_all()
