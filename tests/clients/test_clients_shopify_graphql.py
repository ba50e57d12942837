"""The GraphQL side of ShopifyAPI, Shopify's own Python client, unmodified, over HTTP."""

import json
from urllib.parse import urlsplit

import pytest

shopify = pytest.importorskip("shopify", reason="ShopifyAPI is not installed")

pytestmark = [
    pytest.mark.http,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # the client's own, of datetime.utcnow
]


@pytest.fixture(autouse=True)
def shop_session(up):
    session = shopify.Session(up["SHOP"], "2026-10", up["SHOPIFY_TOKEN"])
    session.url = urlsplit(up["SHOPIFY_URL"]).netloc
    shopify.Session.setup(protocol="http")
    shopify.ShopifyResource.activate_session(session)
    yield
    shopify.ShopifyResource.clear_session()
    shopify.Session.setup(protocol="https")


def execute(text, **more):
    return json.loads(shopify.GraphQL().execute(text, **more))


def test_a_query_with_nothing_beside_it_is_answered(up):
    """The client sends null for the variables and for the operation's name."""
    answer = execute("{ shop { myshopifyDomain } currentAppInstallation { accessScopes { handle } } }")
    assert up["SHOP"] == answer["data"]["shop"]["myshopifyDomain"]
    assert {"handle": "read_customers"} in answer["data"]["currentAppInstallation"]["accessScopes"]
    assert 1000 < answer["extensions"]["cost"]["throttleStatus"]["currentlyAvailable"]


def test_what_a_mutation_writes_the_rest_of_the_client_reads():
    made = execute(
        """query Unused { shop { id } }
        mutation Create($input: CustomerInput!) { customerCreate(input: $input) {
          customer { legacyResourceId } userErrors { field message } } }""",
        variables={"input": {"email": "graphql@example.com", "tags": ["api"]}},
        operation_name="Create",
    )["data"]["customerCreate"]
    assert [] == made["userErrors"]
    customer = shopify.Customer.find(int(made["customer"]["legacyResourceId"]))
    assert ("graphql@example.com", "api") == (customer.email, customer.tags)


def test_an_error_comes_with_its_code():
    answer = execute("{ customers { nodes { id } } }")
    assert "BAD_REQUEST" == answer["errors"][0]["extensions"]["code"]
