"""Whatever is sent to the REST API, it answers in Shopify's way: no 5xx of its own, and nothing half written."""

import json
import re

import pytest

from simulator.shopify import app, resources, versions

pytestmark = pytest.mark.slow  # hundreds of odd requests; `make fuzz` sends thousands

ROUTES = [(method, path) for method, path, *_ in app.routes() if path != "api_permissions/current"]
LISTS = [row.path for row in resources.ROWS]
HUGE = "9" * 5000
WRONG = (
    None,
    True,
    0,
    -1,
    10**400,
    1.5e308,
    "",
    "x" * 70_000,
    "\u0000",
    "\ud83d",
    "²",
    [],
    [None],
    {},
    {"a": [[]]},
    [[1]],
)
ODD_VALUES = (
    "",
    "abc",
    "-1",
    "0",
    "1e9",
    HUGE,
    "٣",
    "²",
    "null",
    "\x00",
    "2026-13-45",
    "0000-01-01",
    "'; --",
    "%",
    "a,b,,",
)
PARAMETERS = (
    "limit", "since_id", "ids", "created_at_min", "updated_at_max", "order", "fields", "page_info", "status", "name",
    "attribution_app_id", "query", "filter",
)  # fmt: skip
FINE = {200, 201, 400, 404, 406, 422, 501}


def fields_of(row):
    """Every field that a row's rules read, by its name in the body."""
    return {
        "customers": ("email", "phone", "addresses", "tags", "metafields", "email_marketing_consent", "tax_exemptions"),
        "products": ("title", "handle", "variants", "options", "images", "published_at", "tags", "metafields"),
        "orders": (
            *("line_items", "customer", "email", "currency", "presentment_currency", "transactions", "discount_codes"),
            *("tax_lines", "shipping_lines", "billing_address", "note_attributes", "processed_at", "fulfillments"),
        ),
        "draft_orders": ("line_items", "customer", "applied_discount", "shipping_line", "note_attributes", "email"),
        "webhooks": ("topic", "address", "format", "fields"),
    }[row.path]


BODIES = [(row, field) for row in resources.ROWS if row.create for field in fields_of(row)]
GOOD = {
    "customers": {"first_name": "Ada"},
    "products": {"title": "Board"},
    "orders": {"line_items": [{"title": "Custom", "price": "1.00"}]},
    "draft_orders": {"line_items": [{"title": "Custom", "price": "1.00"}]},
    "webhooks": {"topic": "orders/create", "address": "http://127.0.0.1:7007/hook"},
}


def everything(shop):
    """All that is stored, with the change log's length: a write that was half done would show."""
    counted = [len(shop.site.find(resource)) for resource in resources.RESOURCES]
    return counted, len(shop.receiver.got)


@pytest.mark.parametrize(("row", "field"), BODIES, ids=[f"{row.path}-{field}" for row, field in BODIES])
def test_a_field_of_any_type_is_taken_or_refused_whole(shop, row, field):
    for wrong in WRONG:
        before = everything(shop)
        sent = json.dumps({row.one: GOOD[row.path] | {field: wrong}})
        response = shop.call("POST", row.path, data=sent)
        assert response.status_code in FINE, (wrong, response.text[:300])
        if response.status_code >= 400:
            assert everything(shop) == before, wrong


@pytest.mark.parametrize("path", [*LISTS, "customers/search"])
def test_a_parameter_of_any_kind_is_answered(shop, path):
    for name in PARAMETERS:
        for value in ODD_VALUES:
            response = shop.call("GET", path, params={name: value})
            assert response.status_code in FINE, (name, value, response.text[:300])


@pytest.mark.parametrize("id", ["-1", "0", HUGE, str(2**63), "1.0", "abc", "%00", "٣", "1;2"])
def test_an_id_of_any_kind_is_not_found(shop, id):
    paths = {re.sub("<int:.*?>", id, path) for method, path in ROUTES if method == "GET" and "<int" in path}
    answers = {path: shop.call("GET", path).status_code for path in sorted(paths)}

    assert {path: status for path, status in answers.items() if status != 404} == {}


@pytest.mark.parametrize(("method", "path"), [route for route in ROUTES if route[0] in ("POST", "PUT")])
def test_a_body_of_any_kind_is_answered(shop, method, path):
    customer, product, order = shop.customer(), shop.product(images=[{"src": "http://example.com/a.png"}]), shop.order()
    known = {"customers": customer, "products": product, "orders": order}.get(path.split("/")[0], {"id": 1})
    concrete = re.sub("<int:.*?>", "1", path.replace("<int:id>", str(known["id"])))
    for body in (b"", b"{", b"[]", b"null", b'"a"', b"{}", b"\xff\xfe", b"[" * 200, b'{"' + b"a" * 70_000 + b'":1}'):
        response = shop.call(method, concrete, data=body)
        assert response.status_code in FINE, (body[:20], response.text[:300])


@pytest.mark.parametrize("version", versions.VERSIONS, ids=lambda version: version.name)
def test_every_version_of_the_table_is_served_or_falls_forward(shop, version):
    response = shop.plain("GET", f"/admin/api/{version.name}/shop.json")
    served = versions.OLDEST.name if version.state == "retired" else version.name

    assert (response.status_code, response.headers["X-Shopify-API-Version"]) == (200, served)
    assert ("X-Shopify-API-Version-Warning" in response.headers) == (version.state == "retired")
