"""ShopifyAPI, Shopify's own Python client, unmodified, over HTTP."""

from urllib.parse import urlsplit

import pytest
import requests

shopify = pytest.importorskip("shopify", reason="ShopifyAPI is not installed")

pytestmark = [
    pytest.mark.http,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # the client's own, of datetime.utcnow
]


@pytest.fixture(autouse=True)
def shop_session(up):
    minute = {"advance_ms": 60_000}  # the bucket of 40 calls has leaked dry
    requests.post(f"{up['SHOPIFY_URL']}/_sim/worlds/main/clock", json=minute, timeout=30).raise_for_status()
    session = shopify.Session(up["SHOP"], "2026-07", up["SHOPIFY_TOKEN"])
    session.url = urlsplit(up["SHOPIFY_URL"]).netloc
    shopify.Session.setup(protocol="http")
    shopify.ShopifyResource.activate_session(session)
    yield
    shopify.ShopifyResource.clear_session()
    shopify.Session.setup(protocol="https")


def saved(resource):
    assert resource.save(), resource.errors.full_messages()
    return resource


def test_shop_and_scopes_are_read(up):
    assert shopify.Shop.current().myshopify_domain == up["SHOP"]
    assert "read_customers" in {scope.handle for scope in shopify.AccessScope.find()}


def test_a_customer_is_created_read_updated_searched_and_deleted():
    customer = saved(shopify.Customer({"first_name": "Ada", "last_name": "Lovelace", "email": "Ada@example.com"}))
    assert shopify.Customer.find(customer.id).first_name == "Ada"

    customer.last_name = "King"
    saved(customer)
    assert shopify.Customer.find(customer.id).last_name == "King"

    assert [found.id for found in shopify.Customer.search(query="email:ada@example.com")] == [customer.id]
    before = shopify.Customer.count()
    customer.destroy()
    assert shopify.Customer.count() == before - 1
    assert not shopify.Customer.exists(customer.id)


def test_addresses_come_and_go_with_their_customer():
    """The client has no way to the addresses' own endpoints: its Address asks for a path that Shopify lacks."""
    home = {"address1": "1 Main St", "city": "Ottawa", "country": "CA", "province": "ON"}
    customer = saved(shopify.Customer({"first_name": "Grace", "email": "grace@example.com", "addresses": [home]}))
    (address,) = shopify.Customer.find(customer.id).addresses
    assert (address.address1, address.country, address.province, address.default) == (
        "1 Main St",
        "Canada",
        "Ontario",
        True,
    )


def test_what_shopify_refuses_is_in_the_clients_errors():
    saved(shopify.Customer({"first_name": "One", "email": "twice@example.com"}))
    again = shopify.Customer({"first_name": "Two", "email": "twice@example.com"})

    assert again.save() is False
    assert again.errors.full_messages() == ["email has already been taken"]


def test_products_variants_and_images_are_created_read_updated_and_deleted():
    product = saved(
        shopify.Product(
            {
                "title": "Teapot",
                "options": [{"name": "Size"}],
                "variants": [{"option1": "Small", "price": "10.00"}, {"option1": "Large", "price": "15.00"}],
            }
        )
    )
    assert [variant.price for variant in product.variants] == ["10.00", "15.00"]

    variant = shopify.Variant.find(product.variants[0].id)
    variant.price = "11.00"
    saved(variant)
    image = saved(shopify.Image({"product_id": product.id, "src": "https://example.com/teapot.png"}))

    found = shopify.Product.find(product.id)
    assert found.variants[0].price == "11.00"
    assert [each.id for each in found.images] == [image.id]

    found.title = "Big teapot"
    saved(found)
    assert shopify.Product.find(product.id).title == "Big teapot"
    image.destroy()
    assert shopify.Product.find(product.id).images == []
    product.destroy()
    assert not shopify.Product.exists(product.id)


def test_an_order_is_created_read_updated_closed_opened_cancelled_and_deleted():
    product = saved(shopify.Product({"title": "Mug", "variants": [{"price": "7.50"}]}))
    order = saved(
        shopify.Order(
            {
                "email": "buyer@example.com",
                "line_items": [{"variant_id": product.variants[0].id, "quantity": 2}],
                "financial_status": "paid",
            }
        )
    )
    assert (order.total_price, order.financial_status) == ("15.00", "paid")

    order.note = "wrap it"
    saved(order)
    assert shopify.Order.find(order.id).note == "wrap it"

    order.close()
    assert shopify.Order.find(order.id).closed_at is not None
    order.open()
    assert shopify.Order.find(order.id).closed_at is None
    order.cancel(reason="customer")
    found = shopify.Order.find(order.id)
    assert (found.cancel_reason, found.cancelled_at is not None) == ("customer", True)
    order.destroy()
    assert not shopify.Order.exists(order.id)


def test_a_list_is_paged_by_the_link_header_to_its_end():
    made = {saved(shopify.Customer({"first_name": f"Page {n}"})).id for n in range(7)}
    page, seen = shopify.Customer.find(limit=3), []
    for _ in range(50):
        seen += [customer.id for customer in page]
        if not page.has_next_page():
            break
        page = page.next_page()

    assert len(seen) == len(set(seen)) == shopify.Customer.count()
    assert made <= set(seen)
    assert page.has_previous_page()


def test_an_abandoned_checkout_is_listed_when_it_counts_as_abandoned(up):
    base = f"{up['SHOPIFY_URL']}/_sim/worlds/main"
    lines = {"line_items": [{"title": "Lamp", "price": "20.00", "quantity": 1}]}
    cart = requests.post(f"{base}/shopify/{up['SHOP']}/carts", json=lines, timeout=10).json()["cart"]
    started = requests.post(
        f"{base}/shopify/{up['SHOP']}/carts/{cart['token']}/checkout", json={"email": "left@example.com"}, timeout=10
    ).json()["checkout"]
    assert shopify.Checkout.find() == []

    requests.post(f"{base}/clock", json={"advance_ms": 11 * 60_000}, timeout=30).raise_for_status()
    assert [checkout.token for checkout in shopify.Checkout.find()] == [started["token"]]


def test_webhook_subscriptions_are_created_listed_changed_and_deleted():
    webhook = saved(shopify.Webhook({"topic": "orders/create", "address": "http://127.0.0.1:1/a", "format": "json"}))
    webhook.address = "http://127.0.0.1:1/b"
    saved(webhook)
    assert [(each.topic, each.address) for each in shopify.Webhook.find()] == [
        ("orders/create", "http://127.0.0.1:1/b")
    ]
    webhook.destroy()
    assert shopify.Webhook.find() == []


def test_the_call_limit_is_read_from_the_header():
    shopify.Shop.current()
    used, size = shopify.Limits.credit_used(), shopify.Limits.credit_limit()

    assert size == 40
    assert 1 <= used <= size
