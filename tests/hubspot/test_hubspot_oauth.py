"""OAuth: the page, codes, tokens that expire and are refreshed, what a token is, and how an app leaves."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from hubspot_world import HOST, PORTAL, START_MS, World

from simulator import hubspot
from simulator.hubspot import apps, auth, grants, owners
from simulator.hubspot.instants import iso
from simulator.kernel.clock import MINUTE, SECOND, Clock
from simulator.kernel.simulation import Simulation

BACK = "http://127.0.0.1:3000/callback?from=hubspot"
CONTACTS = ["crm.objects.contacts.read", "crm.objects.contacts.write"]


@dataclass
class Developer:
    """Somebody who has registered the app "shop sync", with a browser and no token."""

    world: World
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def app(self) -> dict[str, Any]:
        found = apps.registered(self.world.simulation, "shop sync")
        assert found
        return found

    def authorize(self, method: str = "GET", data: Any = None, **more: str) -> requests.Response:
        query = {"client_id": self.app["client_id"], "redirect_uri": BACK, "scope": " ".join(["oauth", *CONTACTS])}
        url, cookies = f"http://{HOST}/oauth/authorize", self.cookies
        answer = self.world.session.request(
            method, url, params=query | more, data=data, cookies=cookies, allow_redirects=False
        )
        if method == "GET" and "Set-Cookie" in answer.headers:
            name, _, value = answer.headers["Set-Cookie"].partition(";")[0].partition("=")
            self.cookies = {name: value}
        return answer

    def code(self, **more: str) -> str:
        page = self.authorize(**more)
        assert 200 == page.status_code, page.text
        form = {"token": re.findall(r'name="token" value="([^"]+)"', page.text)[0], "portal": PORTAL}
        gone = self.authorize("POST", form, **more)
        assert 302 == gone.status_code, gone.text
        return parse_qs(urlsplit(gone.headers["Location"]).query)["code"][0]

    def post(self, path: str, **form: str) -> requests.Response:
        known = {"client_id": self.app["client_id"], "client_secret": self.app["client_secret"]}
        return self.world.session.post(f"http://{HOST}{path}", data=known | form)

    def tokens(self, path: str = "/oauth/v1/token", **more: str) -> dict[str, Any]:
        form = {"grant_type": "authorization_code", "code": self.code(), "redirect_uri": BACK}
        answer = self.post(path, **(form | more))
        assert 200 == answer.status_code, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def call(self, token: str, method: str = "GET", path: str = "/crm/v3/objects/contacts") -> requests.Response:
        return self.world.session.request(
            method, f"http://{HOST}{path}", headers={"Authorization": f"Bearer {token}"}, json={"properties": {}}
        )

    def info(self, path: str, method: str = "GET") -> requests.Response:
        return self.world.session.request(method, f"http://{HOST}/oauth/v1/{path}")


@pytest.fixture
def developer(world: World) -> Developer:
    apps.register(
        world.simulation, "shop sync", {"redirect_urls": [BACK], "scopes": ["oauth", *sorted(auth.all_scopes())]}
    )
    return Developer(world)


def test_a_user_connects_the_app_and_it_gets_tokens(developer: Developer) -> None:
    page = developer.authorize(state="abc")
    assert (200, "text/html;charset=utf-8") == (page.status_code, page.headers["Content-Type"])
    assert all(word in page.text for word in ("shop sync", PORTAL, *CONTACTS, "<button>"))
    form = {"token": re.findall(r'name="token" value="([^"]+)"', page.text)[0], "portal": PORTAL}
    back = urlsplit(developer.authorize("POST", form, state="abc").headers["Location"])

    assert ("127.0.0.1:3000", "/callback") == (back.netloc, back.path)
    query = parse_qs(back.query)
    assert (["hubspot"], ["abc"]) == (query["from"], query["state"])
    told = developer.post(
        "/oauth/v1/token", grant_type="authorization_code", code=query["code"][0], redirect_uri=BACK
    ).json()
    assert ("bearer", 1800) == (told["token_type"], told["expires_in"])
    assert {"token_type", "refresh_token", "access_token", "expires_in"} == set(told)
    assert 201 == developer.call(told["access_token"], "POST").status_code
    assert "110" == developer.call(told["access_token"]).headers["X-HubSpot-RateLimit-Max"]
    refused = developer.call(told["access_token"], path="/crm/v3/objects/deals")
    assert (403, ["crm.objects.deals.read"]) == (
        refused.status_code,
        refused.json()["errors"][0]["context"]["requiredGranularScopes"],
    )


def test_an_access_token_expires_and_is_refreshed(developer: Developer) -> None:
    told = developer.tokens()
    clock = developer.world.simulation.clock
    clock.move_to(clock.now() + 30 * MINUTE + 75 * SECOND)

    refused = developer.call(told["access_token"])
    again = developer.post("/oauth/v1/token", grant_type="refresh_token", refresh_token=told["refresh_token"]).json()

    body = refused.json()
    assert 401 == refused.status_code
    assert ["status", "message", "correlationId", "category", "context"] == list(body)
    assert (
        "The OAuth token used to make this call expired 75 second(s) ago.",
        "EXPIRED_AUTHENTICATION",
        {"expire time": [iso(START_MS + 30 * MINUTE)]},
    ) == (body["message"], body["category"], body["context"])
    assert told["refresh_token"] == again["refresh_token"]
    assert told["access_token"] != again["access_token"]
    assert 200 == developer.call(again["access_token"]).status_code


def test_the_newer_endpoints_say_whom_the_token_is_for(developer: Developer) -> None:
    user = owners.opener(developer.world.client().grant.site)

    for path in ("/oauth/v3/token", "/oauth/2026-03/token"):
        told = developer.tokens(path)
        assert (int(PORTAL), user["userId"], "access_token", sorted(["oauth", *CONTACTS])) == (
            told["hub_id"],
            told["user_id"],
            told["token_use"],
            told["scopes"],
        )


def test_a_token_says_what_it_is(developer: Developer) -> None:
    told = developer.tokens()
    user = owners.opener(developer.world.client().grant.site)
    common = {
        "user": "owner@drill.example",
        "hub_domain": "drill.example",
        "scopes": sorted(["oauth", *CONTACTS]),
        "hub_id": int(PORTAL),
        "user_id": user["userId"],
    }

    access = developer.info(f"access-tokens/{told['access_token']}").json()
    refresh = developer.info(f"refresh-tokens/{told['refresh_token']}").json()
    active = developer.post("/oauth/v3/token/introspect", token=told["access_token"]).json()

    about = {"token": told["access_token"], "app_id": developer.app["id"], "expires_in": 1800}
    assert common | about | {"token_type": "access"} == access
    assert {
        **common,
        "token": told["refresh_token"],
        "client_id": developer.app["client_id"],
        "token_type": "refresh",
    } == refresh
    assert (True, "access_token", int(PORTAL)) == (active["active"], active["token_use"], active["hub_id"])
    journal = str(developer.world.simulation.journal.tail(100))
    assert [] == [word for word in told.values() if isinstance(word, str) and len(word) > 9 and word in journal]


def test_tokens_are_taken_back(developer: Developer) -> None:
    told = developer.tokens()

    assert 204 == developer.info(f"refresh-tokens/{told['refresh_token']}", "DELETE").status_code
    refused = developer.post("/oauth/v1/token", grant_type="refresh_token", refresh_token=told["refresh_token"])
    assert (400, "BAD_REFRESH_TOKEN") == (refused.status_code, refused.json()["status"])
    assert 200 == developer.call(told["access_token"]).status_code
    assert 200 == developer.post("/oauth/v3/token/revoke", token=told["access_token"]).status_code
    assert 401 == developer.call(told["access_token"]).status_code
    assert {"active": False} == developer.post("/oauth/v3/token/introspect", token=told["access_token"]).json()


def test_an_app_turns_itself_out(developer: Developer) -> None:
    told = developer.tokens()

    gone = developer.call(told["access_token"], "DELETE", "/appinstalls/v3/external-install")

    assert 204 == gone.status_code
    assert 401 == developer.call(told["access_token"]).status_code
    assert 404 == developer.info(f"refresh-tokens/{told['refresh_token']}").status_code


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"code": "wrong"}, "BAD_AUTH_CODE"),
        ({"client_id": "wrong", "code": "x"}, "BAD_CLIENT_ID"),
        ({"client_secret": "wrong"}, "BAD_CLIENT_SECRET"),
        ({"client_secret": "é"}, "BAD_CLIENT_SECRET"),
        ({"redirect_uri": "http://127.0.0.1:3000/other"}, "MISMATCH_REDIRECT_URI_AUTH_CODE"),
        ({"grant_type": "password"}, "BAD_GRANT_TYPE"),
    ],
)
def test_what_does_not_fit_gives_no_token(developer: Developer, changed: dict[str, str], status: str) -> None:
    form = {"grant_type": "authorization_code", "code": developer.code(), "redirect_uri": BACK}

    refused = developer.post("/oauth/v1/token", **(form | changed))

    assert (400, status, ["status", "message", "correlationId"]) == (
        refused.status_code,
        refused.json()["status"],
        list(refused.json()),
    )


def test_a_code_is_good_once_and_for_ten_minutes(developer: Developer) -> None:
    form = {"grant_type": "authorization_code", "code": developer.code(), "redirect_uri": BACK}
    statuses = [developer.post("/oauth/v1/token", **form).status_code for _ in range(2)]
    late = form | {"code": developer.code()}
    clock = developer.world.simulation.clock
    clock.move_to(clock.now() + 10 * MINUTE)

    assert [200, 400, 400] == [*statuses, developer.post("/oauth/v1/token", **late).status_code]


def test_no_token_of_a_world_is_one_of_another_with_the_same_seed(open_world: Callable[..., World]) -> None:
    told = []
    for world in (open_world(), open_world()):
        site = world.client().grant.site
        app = apps.register(site.simulation, "mine", {"redirect_urls": [BACK], "scopes": ["oauth"]})
        grants.let_in(site, app, ["oauth"])
        code = grants.code_row(site, "mine", grants.give_code(site, app, BACK))
        assert code
        token, installed = grants.redeem(site, code), grants.installed(site, "mine")
        assert token
        assert installed
        told += [code["code"], token["token"], installed["refresh_token"]]

    assert 6 == len(set(told))


def test_optional_scopes_are_those_that_the_account_has(developer: Developer) -> None:
    app = developer.app
    apps.change(developer.world.simulation, app, {"scopes": [*app["scopes"], "automation"]})
    code = developer.code(optional_scope="crm.lists.read automation")
    developer.post("/oauth/v1/token", grant_type="authorization_code", code=code, redirect_uri=BACK)

    found = grants.installed(developer.world.client().grant.site, "shop sync")

    assert found
    assert sorted(["oauth", *CONTACTS, "crm.lists.read"]) == found["scopes"]


@pytest.mark.parametrize(
    "changed",
    [
        {"client_id": "wrong"},
        {"redirect_uri": "https://evil.example/"},
        {"scope": "oauth not.a.scope.of.the.app"},
        {"scope": ""},
        {"code_challenge": "x"},
    ],
)
def test_the_page_refuses_what_does_not_fit(developer: Developer, changed: dict[str, str]) -> None:
    refused = developer.authorize(**changed)

    assert 400 == refused.status_code
    assert "<button>" not in refused.text


def test_no_other_page_can_press_the_button(developer: Developer) -> None:
    page = developer.authorize()
    token = re.findall(r'name="token" value="([^"]+)"', page.text)[0]

    assert 400 == developer.authorize("POST", {"token": "guess", "portal": PORTAL}).status_code
    assert 400 == developer.authorize("POST", {"token": token, "portal": "1"}).status_code
    developer.cookies = {}
    assert 400 == developer.authorize("POST", {"token": token, "portal": PORTAL}).status_code


def test_tokens_and_their_end_survive_a_restart(tmp_path: Any) -> None:
    path = str(tmp_path / "world.db")

    def opened() -> Simulation:
        simulation = Simulation("main", Clock(START_MS), 7, hubspot.RESOURCES, True, path)
        hubspot.open_portal(simulation, PORTAL)
        return simulation

    first = opened()
    kept, gone = (hubspot.install(first, PORTAL, app, kind="public") for app in ("kept", "gone"))
    installed = grants.installed(kept.site, "kept")
    assert installed
    token = grants.access_token(kept.site, installed)["token"]
    grants.uninstall(gone.site, "gone")
    first.close()

    second = opened()
    try:
        assert {kept.token, token} <= set(second.grants)
        assert gone.token not in second.grants
        assert hubspot.install(second, PORTAL, "kept").token == kept.token
        assert not hubspot.install(second, PORTAL, "gone").lives
        assert "" == hubspot.credentials(second, PORTAL, "gone")["token"]
    finally:
        second.close()
