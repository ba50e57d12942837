"""OAuth: the page that asks the merchant, the way back to the app, and what is exchanged for tokens."""

from __future__ import annotations

import base64
import re
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jwt
import pytest
import requests

from simulator import shopify as fake
from simulator.kernel.wire import InProcess

HOST = "127.0.0.1:5005"
DOMAIN = "drill-shop.myshopify.com"
BACK = "http://127.0.0.1:3000/callback"
AUTHORIZE = f"http://{HOST}/admin/oauth/authorize"
TOKENS = f"http://{HOST}/admin/oauth/access_token"
OFFLINE = "urn:shopify:params:oauth:token-type:offline-access-token"
ONLINE = "urn:shopify:params:oauth:token-type:online-access-token"
SESSION = "urn:ietf:params:oauth:token-type:id_token"
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
CODE_USED = {
    "error": "invalid_request",
    "error_description": "The authorization code was not found or was already used",
}
BAD_SUBJECT = {
    "error": "invalid_subject_token",
    "error_description": "Token exchange cannot be performed due to an invalid subject token.",
}


class Merchant:
    """A browser in front of a shop, and the app's developer."""

    def __init__(self, shop: Any, **more: Any) -> None:
        self.shop = shop
        wanted = {"name": "mine", "redirect_urls": [BACK], "scopes": ["read_orders"]} | more
        self.app = SimpleNamespace(**shop.control("POST", "apps", wanted)["app"])
        self.browser = requests.Session()
        self.browser.trust_env = False
        self.browser.mount("http://", InProcess({HOST: shop.gate}))

    def asked(self, **more: Any) -> requests.Response:
        """The page that the app sends the merchant to."""
        query = {"client_id": self.app.client_id, "scope": "read_orders", "redirect_uri": BACK, "state": "17"} | more
        return self.browser.get(AUTHORIZE, params=query, allow_redirects=False)

    def presses(self, page: requests.Response, **headers: str) -> requests.Response:
        (token,) = re.findall(r'name="token" value="(\w+)"', page.text)
        headers = headers or {"Cookie": page.headers["Set-Cookie"].split(";")[0]}
        return self.browser.post(page.url, data={"token": token}, headers=headers, allow_redirects=False)

    def installs(self, **more: Any) -> dict[str, str]:
        """What the app is handed at its redirect URL."""
        answer = self.presses(self.asked(**more))
        assert answer.status_code == 302, answer.text
        assert answer.headers["Location"].startswith(f"{BACK}?")
        return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))

    def comes_again(self) -> dict[str, str]:
        """Where the scopes were granted before: no page, a code at once."""
        return dict(parse_qsl(urlsplit(self.asked().headers["Location"]).query))

    def exchanges(self, as_form: bool = False, **sent: Any) -> requests.Response:
        body = {"client_id": self.app.client_id, "client_secret": self.app.client_secret} | sent
        return self.browser.post(TOKENS, **{"data" if as_form else "json": body})

    def token_for(self, **sent: Any) -> dict[str, Any]:
        answer = self.exchanges(**sent)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def status(self, token: str, path: str = "orders") -> int:
        self.shop.token = token
        return self.shop.call("GET", path).status_code

    def lets_pass(self, ms: int) -> None:
        self.shop.clock.move_to(self.shop.clock.now() + ms)

    def session_token(self, secret: str = "", **claims: Any) -> str:
        now = self.shop.clock.now() // 1000
        held = {"iss": f"https://{DOMAIN}/admin", "dest": f"https://{DOMAIN}", "aud": self.app.client_id, "sub": "7"}
        held |= {"exp": now + 60, "nbf": now, "iat": now} | claims
        return jwt.encode({k: v for k, v in held.items() if v is not None}, secret or self.app.client_secret, "HS256")


@pytest.fixture
def merchant(shop):
    return Merchant(shop)


# --- the page ---


def test_B4_the_page_names_the_app_and_what_it_asks_for(merchant):
    page = merchant.asked(scope="read_orders,write_customers,read_customers")

    assert page.status_code == 200
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert re.findall(r"<code>(\w+)</code>", page.text) == ["read_orders", "write_customers"]
    assert "<strong>mine</strong>" in page.text


def test_the_way_back_bears_all_that_the_clients_check(merchant):
    back = merchant.installs()

    assert sorted(back) == ["code", "hmac", "host", "shop", "state", "timestamp"]
    assert (back["shop"], back["state"]) == (DOMAIN, "17")
    assert back["timestamp"] == str(merchant.shop.clock.now() // 1000)
    assert base64.b64decode(back["host"] + "==").decode() == "admin.shopify.com/store/drill-shop"


@pytest.mark.parametrize("state", ["17", "a b&c=d%", "é"])
def test_shopifys_own_library_accepts_the_signature_and_no_other(merchant, monkeypatch, state):
    library = pytest.importorskip("shopify", reason="ShopifyAPI is not installed")
    back = merchant.installs(state=state)
    monkeypatch.setattr(library.Session, "secret", merchant.app.client_secret)
    monkeypatch.setattr(library.session.time, "time", lambda: merchant.shop.clock.now() / 1000)

    assert library.Session.validate_params(back)
    assert not library.Session.validate_params(back | {"shop": "other.myshopify.com"})


def test_a_form_from_elsewhere_installs_nothing(merchant):
    mine, others = merchant.asked(), merchant.asked()
    cookie = others.headers["Set-Cookie"].split(";")[0]

    for refused in (merchant.presses(mine, Cookie=cookie), merchant.presses(mine, Cookie="none=1")):
        assert (refused.status_code, "Location" in refused.headers) == (403, False)
    guessed = merchant.shop.simulation.chance.secret(f"shopify/install/{DOMAIN}//{urlsplit(mine.url).query}")
    assert merchant.browser.post(mine.url, data={"token": guessed}, allow_redirects=False).status_code == 403
    assert merchant.shop.control("GET", "apps")["apps"][-1]["installed_scopes"] is None


@pytest.mark.parametrize(
    ("sent", "status", "said"),
    [
        ({"redirect_uri": f"{BACK}/"}, 400, "invalid_request: The redirect_uri is not whitelisted"),
        ({"redirect_uri": None}, 400, "invalid_request: The redirect_uri is not whitelisted"),
        ({"client_id": "nobody"}, 400, "invalid_request: Could not find Shopify API application with api_key nobody"),
        ({"scope": "orders"}, 400, "invalid_scope: &#39;orders&#39; is no access scope"),
        ({"state": "x" * 1_001}, 400, "invalid_request: the state has more than 1000 characters"),
    ],
)
def test_what_cannot_be_asked_is_refused_on_the_page(merchant, sent, status, said):
    page = merchant.asked(**sent)

    assert (page.status_code, "Location" in page.headers) == (status, False)
    assert f"Oauth error {said}" in page.text


def test_nothing_that_is_sent_is_taken_for_html(merchant):
    page = merchant.asked(client_id="<script>x</script>")

    assert "<script>" not in page.text


def test_B5_who_has_granted_the_scopes_before_is_not_asked_again(merchant):
    merchant.installs(scope="read_orders,write_products")

    assert merchant.asked(scope="read_products").status_code == 302
    assert merchant.asked(scope="write_orders").status_code == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [(DOMAIN, 200), ("drill-shop.localhost:5005", 200), ("127.0.0.1:5005", 200), ("other.myshopify.com", 404)],
)
def test_the_shop_is_the_one_that_the_host_names(merchant, host, status):
    merchant.browser.headers["Host"] = host

    assert merchant.asked().status_code == status


# --- a code ---


@pytest.mark.parametrize("as_form", [True, False])
def test_a_code_becomes_a_token_once(merchant, as_form):
    code = merchant.installs(scope="read_customers,write_customers,read_orders")["code"]
    answer = merchant.exchanges(as_form, code=code)

    given = answer.json()
    assert (answer.status_code, sorted(given)) == (200, ["access_token", "scope"])
    assert given["scope"] == "read_orders,write_customers"
    assert given["access_token"].startswith("shpat_")
    assert merchant.status(given["access_token"]) == 200
    again = merchant.exchanges(as_form, code=code)
    assert (again.status_code, again.json()) == (400, CODE_USED)


def test_a_code_is_good_for_a_minute_and_for_its_own_app(merchant):
    other = Merchant(merchant.shop, name="other")
    code = merchant.installs()["code"]

    assert other.exchanges(code=code).json() == CODE_USED
    merchant.lets_pass(60_000)
    assert merchant.exchanges(code=code).json() == CODE_USED


def test_a_wrong_secret_and_an_unknown_app_get_nothing(merchant):
    code = merchant.installs()["code"]
    wrong = merchant.exchanges(code=code, client_secret="shpss_wrong")
    unknown = merchant.exchanges(code=code, client_id="nobody")

    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")
    assert (unknown.status_code, unknown.json()["error"]) == (400, "invalid_request")
    assert merchant.token_for(code=code)["scope"] == "read_orders"


@pytest.mark.parametrize(
    "options",
    [
        {"data": b"{", "headers": {"Content-Type": "application/json"}},
        {"data": b"[1]", "headers": {"Content-Type": "application/json"}},
        {"data": b"\xff\xfe=1"},
        {"json": {"client_id": {"a": 1}}},
        {"data": b"a=1&" * 60},
    ],
)
def test_a_body_that_is_no_question_is_refused(merchant, options):
    answer = merchant.browser.post(TOKENS, **options)

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_an_online_token_belongs_to_a_person_and_ends(merchant):
    given = merchant.token_for(code=merchant.installs(**{"grant_options[]": "per-user"})["code"])

    assert given["expires_in"] == 86_399
    assert given["associated_user_scope"] == given["scope"] == "read_orders"
    assert sorted(given["associated_user"]) == [
        "account_owner", "collaborator", "email", "email_verified", "first_name", "id", "last_name", "locale",
    ]  # fmt: skip
    assert merchant.status(given["access_token"]) == 200
    merchant.lets_pass(86_399_000)
    assert merchant.status(given["access_token"]) == 401


# --- tokens that expire ---


def test_an_expiring_token_is_refreshed_and_its_refresh_token_changes(merchant):
    first = merchant.token_for(code=merchant.installs()["code"], expiring="1")

    assert (first["expires_in"], first["refresh_token_expires_in"]) == (3_600, 7_776_000)
    merchant.lets_pass(3_600_000)
    assert merchant.status(first["access_token"]) == 401
    second = merchant.token_for(grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert merchant.status(second["access_token"]) == 200
    assert second["refresh_token"] != first["refresh_token"]


def test_an_answer_that_got_lost_can_be_asked_for_again_until_the_new_refresh_token_is_used(merchant):
    def refreshed(token: str) -> requests.Response:
        return merchant.exchanges(grant_type="refresh_token", refresh_token=token)

    first = merchant.token_for(code=merchant.installs()["code"], expiring="1")["refresh_token"]
    lost = refreshed(first).json()["refresh_token"]
    second = refreshed(first).json()["refresh_token"]
    refreshed(second)

    assert [refreshed(token).json().get("error") for token in (first, lost)] == ["invalid_grant"] * 2
    assert refreshed(second).status_code == 200


def test_a_refresh_token_ends_after_ninety_days(merchant):
    first = merchant.token_for(code=merchant.installs()["code"], expiring="1")["refresh_token"]
    merchant.lets_pass(90 * 86_400_000)

    assert merchant.exchanges(grant_type="refresh_token", refresh_token=first).json()["error"] == "invalid_grant"


def test_an_old_token_is_migrated_to_an_expiring_one_and_the_answer_can_be_recovered(merchant):
    old = merchant.token_for(code=merchant.installs()["code"])["access_token"]
    migrate = {"grant_type": EXCHANGE, "subject_token": old, "subject_token_type": OFFLINE}
    migrate |= {"requested_token_type": OFFLINE, "expiring": "1"}
    first, again = merchant.token_for(**migrate), merchant.token_for(**migrate)

    assert first == again
    assert (merchant.status(old), merchant.status(first["access_token"])) == (401, 200)
    merchant.token_for(grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert merchant.exchanges(**migrate).json() == BAD_SUBJECT


def test_a_public_app_must_use_tokens_that_expire(merchant):
    public = Merchant(merchant.shop, name="public", distribution="public")
    lasting = public.token_for(code=public.installs()["code"])["access_token"]
    expiring = public.token_for(code=public.comes_again()["code"], expiring="1")["access_token"]

    assert (public.status(lasting), public.status(expiring)) == (403, 200)


# --- session tokens and credentials ---


def exchanged(merchant: Merchant, token: str, wanted: str = OFFLINE) -> requests.Response:
    return merchant.exchanges(
        grant_type=EXCHANGE, subject_token=token, subject_token_type=SESSION, requested_token_type=wanted
    )


def test_a_session_token_is_exchanged_for_either_kind_of_token(merchant):
    merchant.shop.control("POST", "apps/mine/install")
    token = merchant.shop.control("POST", "apps/mine/session_token")["session_token"]
    offline, online = (exchanged(merchant, token, wanted).json() for wanted in (OFFLINE, ONLINE))

    assert sorted(offline) == ["access_token", "scope"]
    assert sorted(online) == ["access_token", "associated_user", "associated_user_scope", "expires_in", "scope"]
    assert {merchant.status(one["access_token"]) for one in (offline, online)} == {200}


@pytest.mark.parametrize(
    "claims",
    [
        {"secret": "x" * 32},
        {"aud": "other"},
        {"dest": "https://other.myshopify.com"},
        {"iss": "https://other.myshopify.com/admin"},
        {"exp": 1},
        {"exp": None},
        {"nbf": 2**40},
        {"sub": None},
        {"exp": "soon"},
    ],
)
def test_a_session_token_is_checked(merchant, claims):
    merchant.shop.control("POST", "apps/mine/install")
    answer = exchanged(merchant, merchant.session_token(**claims))

    assert (answer.status_code, answer.json()) == (400, BAD_SUBJECT)
    assert exchanged(merchant, merchant.session_token()).status_code == 200


def test_client_credentials_are_for_installed_apps_of_the_same_organization(merchant):
    public = Merchant(merchant.shop, name="public", distribution="public")
    public.installs()
    refused = [one.exchanges(grant_type="client_credentials") for one in (merchant, public)]
    merchant.installs()
    given = merchant.token_for(grant_type="client_credentials")

    assert {(one.status_code, one.json()["error"]) for one in refused} == {(400, "shop_not_permitted")}
    assert refused[0].json()["error_description"] == "Client credentials cannot be performed on this shop."
    assert (given["scope"], given["expires_in"]) == ("read_orders", 86_399)
    assert merchant.status(given["access_token"]) == 200


def test_another_grant_type_is_refused(merchant):
    assert merchant.exchanges(grant_type="password").json()["error"] == "unsupported_grant_type"


# --- the end of it ---


def test_an_app_that_was_turned_out_has_neither_tokens_nor_a_way_to_new_ones(merchant):
    code = merchant.installs()["code"]
    lasting = merchant.token_for(code=code)["access_token"]
    expiring = merchant.token_for(code=merchant.comes_again()["code"], expiring="1")
    merchant.shop.control("POST", "apps/mine/uninstall")

    assert {merchant.status(token) for token in (lasting, expiring["access_token"])} == {401}
    for sent in (
        {"grant_type": "refresh_token", "refresh_token": expiring["refresh_token"]},
        {"grant_type": "client_credentials"},
    ):
        assert merchant.exchanges(**sent).status_code == 400
    assert exchanged(merchant, merchant.session_token()).json() == BAD_SUBJECT
    assert merchant.asked().status_code == 200  # the merchant is asked anew


def test_scopes_that_are_granted_later_count_for_the_tokens_that_there_are(merchant):
    token = merchant.token_for(code=merchant.installs()["code"])["access_token"]

    assert merchant.status(token, "products") == 403
    merchant.installs(scope="read_orders,read_products")
    assert merchant.status(token, "products") == 200


def test_a_restart_brings_back_tokens_but_no_app_that_was_turned_out(tmp_path, open_harness):
    def start() -> Any:
        return open_harness(path=str(tmp_path / "world.db"))

    first = start()
    merchant = Merchant(first)
    kept = merchant.token_for(code=merchant.installs()["code"], expiring="1")
    printed = first.token
    gone = fake.install(first.simulation, DOMAIN, "gone").token
    first.control("POST", "apps/gone/uninstall")
    first.simulation.close()

    second = start()
    assert second.grant.token == printed
    fake.install(second.simulation, DOMAIN, "gone")
    merchant.shop = second
    assert [merchant.status(token) for token in (printed, gone, kept["access_token"])] == [200, 401, 200]


def test_neither_logs_nor_dumps_show_a_credential(merchant):
    merchant.token_for(code=merchant.installs()["code"], expiring="1")
    store = merchant.shop.simulation.store

    told = f"{store.changes()}{store.dump('shopify', DOMAIN)}{store.dump('shopify', '')}"
    assert not re.search(r"shp(at|ss|rt)_", told)


@pytest.mark.parametrize(
    "wanted",
    [
        {"name": "mine"},
        {"name": "<b>"},
        {"name": 7},
        {"name": "new", "redirect_urls": ["ftp://x/"]},
        {"name": "new", "redirect_urls": "http://x/"},
        {"name": "new", "scopes": ["orders"]},
        {"name": "new", "distribution": "secret"},
        {"name": "new", "customer_data": ["email"]},
        {"name": "new", "client_secret": "short"},
        {"name": "new", "color": "red"},
    ],
)
def test_an_app_that_cannot_be_is_not_registered(merchant, wanted):
    url = f"http://{HOST}/_sim/worlds/test/shopify/{DOMAIN}/apps"

    assert merchant.browser.post(url, json=wanted).status_code == 400
    assert [app["name"] for app in merchant.shop.control("GET", "apps")["apps"]] == ["dev", "mine"]
