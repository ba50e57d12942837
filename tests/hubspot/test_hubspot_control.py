"""The control plane's settings of a portal."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from hubspot_world import PORTAL, World, control

UNCHANGED = {"currencies": ["USD"], "rates": {}, "unique": {}, "api_packs": 0, "retry_after": False}


@pytest.fixture
def change(world: World) -> Any:
    def post(body: Any, portal: str = PORTAL) -> requests.Response:
        return control(world.simulation, "settings", body, portal)

    return post


@pytest.fixture
def call(world: World) -> Any:
    def send(method: str, path: str, body: Any) -> requests.Response:
        return control(world.simulation, path, body, method=method)

    return send


def test_currencies_are_enabled_with_their_rates_or_at_par(world: World, change) -> None:
    with_rates, at_par = change({"currencies": {"EUR": 1.08}}), change({"currencies": ["SEK", "EUR"]})

    assert UNCHANGED | {"currencies": ["USD", "EUR"], "rates": {"EUR": "1.08"}} == with_rates.json()
    assert {"EUR": "1", "SEK": "1"} == at_par.json()["rates"]
    assert "SEK" == world.client().make("deals", deal_currency_code="SEK")["properties"]["deal_currency_code"]


def test_a_property_can_be_made_unique(world: World, change) -> None:
    hub = world.client()
    hub.make("products", name="one", hs_sku="S")
    change({"unique": {"products": ["hs_sku"]}})

    answer = hub.post("/crm/v3/objects/products", {"properties": {"name": "two", "hs_sku": "S"}})

    assert (400, "CONFLICTING_UNIQUE_VALUE") == (answer.status_code, answer.json()["errors"][0]["code"])


@pytest.mark.parametrize(
    "body",
    [
        {"colour": 1},
        {"currencies": 5},
        {"currencies": {"euro": 1}},
        {"currencies": {"EUR": 0}},
        {"unique": []},
        {"unique": {"things": []}},
        {"unique": {"deals": 5}},
        {"unique": {"deals": ["x'); --"]}},
        {"api_packs": 3},
        {"retry_after": "yes"},
    ],
)
def test_settings_that_do_not_fit_change_nothing(change, body) -> None:
    assert 400 == change(body).status_code
    assert UNCHANGED == change({}).json()


def test_an_unknown_portal_is_a_404(change) -> None:
    assert 404 == change({}, portal="1").status_code


def test_an_app_is_registered_let_in_and_turned_out(world: World, call) -> None:
    made = call("POST", "apps", {"name": "mine", "redirect_urls": ["http://127.0.0.1:3000/back"], "kind": "public"})
    app = made.json()["app"]
    assert (201, False, "") == (made.status_code, app["installed"], app["token"])
    assert {app["client_id"]} == {one["client_id"] for one in call("GET", "apps", None).json()["apps"]}

    let_in = call("POST", "apps/mine/install", {"scopes": ["crm.objects.contacts.read"]}).json()["app"]
    assert (True, ["crm.objects.contacts.read"]) == (let_in["installed"], let_in["granted"])
    assert let_in["token"] in world.simulation.grants
    assert "v2" == call("PUT", "apps/mine", {"signature": "v2"}).json()["app"]["signature"]
    assert not call("POST", "apps/mine/uninstall", {}).json()["app"]["installed"]
    assert let_in["token"] not in world.simulation.grants


def test_B37_B38_a_user_edits_what_is_theirs_and_no_order_of_a_store(world: World) -> None:
    hub = world.client()
    ann = hub.make("contacts", email="ann@example.com")
    synced = hub.make("orders", hs_order_name="#1001", hs_source_store="a.myshopify.com")
    own = hub.make("orders", hs_order_name="By phone")

    def edit(path: str, **properties: Any) -> int:
        body = {"properties": properties}
        return control(world.simulation, f"records/{path}", body, method="PATCH").status_code

    shipped = {"hs_pipeline_stage": "aa99e8d0-c1d5-4071-b915-d240bbb1aed9"}
    assert 200 == edit(f"contacts/{ann['id']}", firstname="Ann")
    assert (403, 200) == (edit(f"orders/{synced['id']}", **shipped), edit(f"orders/{own['id']}", **shipped))
    assert (404, 400) == (edit("contacts/1", firstname="Ann"), edit("quotes/1", firstname="Ann"))
    assert 400 == edit(f"contacts/{ann['id']}", email="no address")
    found = hub.get(f"/crm/v3/objects/contacts/{ann['id']}", propertiesWithHistory="firstname").json()
    assert ["CRM_UI"] == [one["sourceId"] for one in found["propertiesWithHistory"]["firstname"]]
    same = hub.get(f"/crm/v3/objects/orders/{synced['id']}", properties="hs_pipeline_stage").json()["properties"]
    assert shipped["hs_pipeline_stage"] != same["hs_pipeline_stage"]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("apps", {}, 400),
        ("apps", {"name": "x" * 99}, 400),
        ("apps", {"name": "x", "kind": "strange"}, 400),
        ("apps", {"name": "x", "colour": 1}, 400),
        ("apps", {"name": "x", "redirect_urls": ["ftp://x"]}, 400),
        ("apps", {"name": "x", "scopes": [5]}, 400),
        ("apps/none/install", {}, 404),
        ("owners", {"email": "no address"}, 400),
        ("owners", {"email": "a@b.c", "teams": "Sales"}, 400),
    ],
)
def test_what_no_developer_could_do_is_refused(call, path: str, body: Any, status: int) -> None:
    assert status == call("POST", path, body).status_code
    assert [] == call("GET", "apps", None).json()["apps"]


def test_an_owner_is_made_and_leaves(call) -> None:
    made = call("POST", "owners", {"email": "ann@x.com", "first_name": "Ann", "teams": ["Sales"]}).json()

    assert ("ann@x.com", "Ann", ["Sales"]) == (made["email"], made["firstName"], [t["name"] for t in made["teams"]])
    assert call("DELETE", f"owners/{made['id']}", None).json()["archived"]
    assert 404 == call("DELETE", "owners/1", None).status_code
