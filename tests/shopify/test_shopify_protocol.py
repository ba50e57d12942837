"""What every route has in common: who may, how much, which version, pages, fields, errors."""

import base64
import json

import pytest

from simulator import shopify
from simulator.kernel.faults import Fault

NO_TOKEN = "[API] Invalid API key or access token (unrecognized login or wrong password)"

THROTTLED = "Exceeded 2 calls per second for api client. Reduce request rates to resume uninterrupted service."


# --- who ---


@pytest.mark.parametrize("token", [None, "", "shpat_wrong"])
def test_a_stranger_gets_401(shop, token):
    shop.token = token
    response = shop.call("GET", "shop")

    assert (response.status_code, response.json()) == (401, {"errors": NO_TOKEN})


def test_a_legacy_password_opens_the_shop_as_well(shop):
    password, shop.token = shop.token, None
    login = base64.b64encode(f"key:{password}".encode()).decode()

    assert shop.call("GET", "shop", headers={"Authorization": f"Basic {login}"}).status_code == 200
    assert shop.call("GET", "shop", headers={"Authorization": "Basic !!"}).status_code == 401


def test_a_token_does_not_open_another_shops_host(shop):
    own = {"Host": "drill-shop.myshopify.com"}
    other = {"Host": "other.myshopify.com"}

    assert shop.call("GET", "shop", headers=own).status_code == 200
    assert shop.call("GET", "shop", headers=other).status_code == 401


def test_a_missing_scope_is_named_and_writing_implies_reading(shop):
    shop.token = shopify.install(shop.simulation, shop.site.tenant, "narrow", ["write_customers"]).token

    refused = shop.call("GET", "orders")
    assert refused.status_code == 403
    assert refused.json() == {"errors": "[API] This action requires merchant approval for read_orders scope."}
    assert shop.call("GET", "customers").status_code == 200
    scopes = shop.plain("GET", "/admin/oauth/access_scopes.json").json()
    assert scopes == {"access_scopes": [{"handle": "read_customers"}, {"handle": "write_customers"}]}


def test_tokens_and_secrets_follow_from_the_seed_and_say_drill(shop):
    again = shopify.install(shop.simulation, shop.site.tenant, "dev")

    assert (again.token, again.secret) == (shop.grant.token, shop.grant.secret)
    assert shop.grant.token.startswith("shpat_drill")


# --- how much ---


def test_the_bucket_leaks_two_a_second_and_refuses_above_forty(busy_shop):
    shown = [busy_shop.call("GET", "shop").headers["X-Shopify-Shop-Api-Call-Limit"] for _ in range(40)]
    refused = busy_shop.call("GET", "shop")

    assert (shown[0], shown[-1]) == ("1/40", "40/40")
    assert (refused.status_code, refused.json()) == (429, {"errors": THROTTLED})
    assert refused.headers["Retry-After"] == "2.0"
    busy_shop.clock.move_to(busy_shop.clock.now() + 1_000)
    assert [busy_shop.call("GET", "shop").status_code for _ in range(3)] == [200, 200, 429]


def test_each_app_has_a_bucket_of_its_own(busy_shop):
    for _ in range(41):
        busy_shop.call("GET", "shop")
    busy_shop.token = shopify.install(busy_shop.simulation, busy_shop.site.tenant, "other").token

    assert busy_shop.call("GET", "shop").headers["X-Shopify-Shop-Api-Call-Limit"] == "1/40"


def test_a_calm_world_counts_but_does_not_refuse(shop):
    answers = [shop.call("GET", "shop") for _ in range(60)]

    assert {one.status_code for one in answers} == {200}
    assert answers[-1].headers["X-Shopify-Shop-Api-Call-Limit"] == "40/40"


@pytest.mark.parametrize(
    ("effect", "status", "errors"),
    [
        ("throttle", 429, THROTTLED),
        ("break", 503, "Service Unavailable"),
    ],
)  # fmt: skip
def test_an_injected_fault_speaks_like_shopify(shop, effect, status, errors):
    shop.simulation.faults.replace((Fault("test", effect),))
    response = shop.call("GET", "shop")

    assert (response.status_code, response.json()) == (status, {"errors": errors})
    assert response.headers["X-Shopify-Shop-Api-Call-Limit"] == "0/40"


# --- which version ---


@pytest.mark.parametrize(
    ("asked", "served", "warned"),
    [
        ("/admin/api/2026-10", "2026-10", False),
        ("/admin/api/2026-01", "2026-01", False),
        ("/admin/api/unstable", "unstable", False),
        ("/admin/api/2025-10", "2026-01", True),
        ("/admin/api/2019-04", "2026-01", True),
        ("/admin", "2026-01", False),
    ],
)
def test_versions_are_served_or_fall_forward(shop, asked, served, warned):
    response = shop.plain("GET", f"{asked}/shop.json")

    assert response.headers["X-Shopify-API-Version"] == served
    assert ("X-Shopify-API-Version-Warning" in response.headers) == warned


@pytest.mark.parametrize("asked", ["2027-04", "2026-02", "1999-01", "latest"])
def test_a_version_that_is_none_is_not_found(shop, asked):
    response = shop.plain("GET", f"/admin/api/{asked}/shop.json")

    assert (response.status_code, response.json()) == (404, {"errors": "Not Found"})


def test_answers_bear_shopifys_headers(shop):
    headers = shop.call("GET", "shop").headers

    assert headers["Content-Type"] == "application/json; charset=utf-8"
    assert headers["X-ShopId"] == str(shop.ok("GET", "shop")["id"])
    assert headers["X-Shopify-Stage"] == "production"
    assert len(headers["X-Request-Id"]) == 36


# --- pages and fields ---


def links(response):
    return {rel: link["url"] for rel, link in response.links.items()}


def test_pages_follow_each_other_in_both_directions(shop):
    ids = [shop.customer(email=f"{number}@example.com")["id"] for number in range(5)][::-1]
    first = shop.call("GET", "customers", params={"limit": 2, "fields": "id"})
    headers = {"X-Shopify-Access-Token": shop.token}
    second = shop.session.get(links(first)["next"], headers=headers)
    third = shop.session.get(links(second)["next"], headers=headers)
    back = shop.session.get(links(third)["previous"], headers=headers)
    start = shop.session.get(links(back)["previous"], headers=headers)

    pages = [[one["id"] for one in page.json()["customers"]] for page in (first, second, third, back, start)]
    assert pages == [ids[:2], ids[2:4], ids[4:], ids[2:4], ids[:2]]
    assert [sorted(links(page)) for page in (first, second, third)] == [["next"], ["next", "previous"], ["previous"]]
    assert sorted(links(start)) == ["next"]
    assert links(first)["next"].startswith("http://127.0.0.1:5005/admin/api/2026-07/customers.json?limit=2&fields=id&")
    assert set(second.json()["customers"][0]) == {"id"}


def test_a_list_that_fits_on_a_page_has_no_link(shop):
    shop.customer(email="a@example.com")

    assert "Link" not in shop.call("GET", "customers", params={"limit": 1}).headers


def test_a_cursor_keeps_the_filters_and_the_order_of_the_first_request(shop):
    ids = []
    for number in range(4):
        shop.clock.move_to(shop.clock.now() + 1_000)
        ids.append(shop.order(financial_status="paid" if number else "pending")["id"])
    params = {"limit": 2, "financial_status": "paid", "order": "updated_at asc", "updated_at_min": "2026-11-02"}
    first = shop.call("GET", "orders", params=params)
    shop.order()  # comes at the end and moves nothing
    second = shop.session.get(links(first)["next"], headers={"X-Shopify-Access-Token": shop.token})

    assert [one["id"] for one in first.json()["orders"]] == ids[1:3]
    assert second.json()["orders"][0]["id"] == ids[3]


def test_beside_a_cursor_only_limit_and_fields_may_be_sent(shop):
    shop.customer(email="a@example.com")
    shop.customer(email="b@example.com")
    page_info = links(shop.call("GET", "customers", params={"limit": 1}))["next"].partition("page_info=")[2]
    params = {"page_info": page_info, "updated_at_min": "2026-01-01"}
    response = shop.call("GET", "customers", params=params)

    text = (
        "updated_at_min cannot be passed when page_info is present. "
        "See https://shopify.dev/api/usage/pagination-rest for more information."
    )
    assert (response.status_code, response.json()) == (400, {"errors": {"updated_at_min": text}})


@pytest.mark.parametrize(
    "page_info",
    [
        "nonsense",
        "e30",
        base64.b64encode(json.dumps({"direction": "next", "last_value": "x", "last_id": 1}).encode()).decode(),
        base64.b64encode(json.dumps({"direction": "up", "last_value": 1, "last_id": 1}).encode()).decode(),
        base64.b64encode(
            json.dumps({"direction": "next", "last_value": 1, "last_id": 1, "filters": {"order": {}}}).encode()
        ).decode(),
    ],
)
def test_a_cursor_that_is_none_of_ours_is_refused(shop, page_info):
    response = shop.call("GET", "customers", params={"page_info": page_info})

    assert (response.status_code, response.json()) == (400, {"errors": {"page_info": "Invalid value."}})


def test_an_order_that_is_none_cannot_reach_the_database(shop):
    cursor = {"direction": "next", "last_value": 1, "last_id": 1, "filters": {"order": "id;DROP asc"}}
    page_info = base64.urlsafe_b64encode(json.dumps(cursor).encode()).decode().rstrip("=")

    assert shop.call("GET", "customers", params={"page_info": page_info}).status_code == 400
    assert shop.call("GET", "customers", params={"order": "email desc"}).status_code == 400


def test_a_page_has_fifty_records_and_two_hundred_and_fifty_at_most(shop):
    shop.control("POST", "seed", {"customers": 260})

    assert len(shop.ok("GET", "customers")) == 50
    assert len(shop.ok("GET", "customers", params={"limit": 999})) == 250
    assert shop.call("GET", "customers", params={"limit": "many"}).status_code == 400


# --- errors ---


@pytest.mark.parametrize(
    ("method", "path", "data", "status", "errors"),
    [
        ("GET", "nothing", None, 404, "Not Found"),
        ("GET", "customers/1", None, 404, "Not Found"),
        ("GET", f"customers/{10**30}", None, 404, "Not Found"),
        ("POST", "customers", b"{nope", 400, "Bad Request"),
        ("POST", "customers", b"", 400, {"customer": "Required parameter missing or invalid"}),
        ("POST", "customers", b"[1]", 400, {"customer": "Required parameter missing or invalid"}),
        ("POST", "customers", b'{"client": {}}', 400, {"customer": "Required parameter missing or invalid"}),
        ("POST", "customers", b'{"customer": "Ada"}', 400, {"customer": "expected String to be a Hash"}),
        ("POST", "customers", b'{"customer": {"addresses": {"a": 1}}}', 400,
         {"addresses": "expected Hash to be a Array"}),
        ("POST", "customers", b'{"customer": {"email": ["a@example.com"]}}', 422, {"email": ["is invalid"]}),
        ("PATCH", "customers", None, 406, "Not Acceptable"),
        ("POST", "shop", None, 406, "Not Acceptable"),
        ("POST", "graphql", b"{}", 400, {"query": "Required parameter missing or invalid"}),
        ("GET", "orders/1/risks", None, 501, "GET orders/1/risks.json is not simulated by syncdrill"),
        ("GET", "customers/1/send_invite", None, 406, "Not Acceptable"),
    ],
)  # fmt: skip
def test_bad_requests_get_a_body_of_shopifys_kind(shop, method, path, data, status, errors):
    response = shop.call(method, path, data=data)

    assert (response.status_code, response.json()) == (status, {"errors": errors})


def test_a_parameter_that_is_not_simulated_is_named(shop):
    response = shop.call("GET", "products", params={"collection_id": 1})

    told = {"errors": "the parameter collection_id of products.json is not simulated by syncdrill"}
    assert (response.status_code, response.json()) == (501, told)


def test_a_body_above_the_limit_is_refused_unread(shop):
    response = shop.call("POST", "customers", data=b" " * (8 * 1024 * 1024 + 1))

    told = {"errors": "Request entity too large: the limit is 8388608 bytes"}
    assert (response.status_code, response.json()) == (413, told)


def test_the_shop_shows_itself_and_any_of_its_fields(shop):
    assert shop.ok("GET", "shop")["iana_timezone"] == "America/New_York"
    assert shop.ok("GET", "shop", params={"fields": "id,name"}).keys() == {"id", "name"}


@pytest.mark.parametrize(
    ("state", "status", "errors"),
    [
        ("frozen", 402, "This shop's plan does not have access to this feature"),
        ("locked", 423, "This shop is unavailable"),
    ],
)
def test_the_api_of_a_shop_that_is_shut_answers_nobody(shop, state, status, errors):
    shop.control("PUT", "shop", {"state": state})
    answers = [shop.call("GET", "orders"), shop.call("POST", "graphql", {"query": "{ shop { name } }"})]
    shop.control("PUT", "shop", {"state": "open"})

    assert [(one.status_code, one.json()) for one in answers] == [(status, {"errors": errors})] * 2
    assert shop.call("GET", "orders").status_code == 200


@pytest.mark.parametrize(("accept", "status"), [("application/xml", 406), ("text/html, */*", 200), ("", 200)])
def test_only_json_is_served(shop, accept, status):
    assert shop.call("GET", "shop", headers={"Accept": accept}).status_code == status


def test_of_a_doubled_parameter_the_last_counts_and_brackets_make_a_list(shop):
    ids = [shop.customer()["id"] for _ in range(3)]

    last = shop.plain("GET", "/admin/customers.json?limit=1&limit=2").json()["customers"]
    listed = shop.plain("GET", f"/admin/customers.json?ids[]={ids[0]}&ids[]={ids[1]}").json()["customers"]
    assert (len(last), [one["id"] for one in listed]) == (2, [ids[1], ids[0]])
