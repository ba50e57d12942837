"""Connecting by OAuth: a person lets the core into a shop and a portal, and nobody else can; tokens are renewed."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
import requests
from browsing import Browser, connects
from shell_bench import CORE, FAKES, MINUTE, PORTAL, SHOP, Bench

from simulator import hubspot, shopify
from simulator.hubspot import grants as portal_grants
from simulator.kernel.simulation import Site
from simulator.kernel.wire import InProcess
from simulator.shopify import grants
from simulator.shopify.shop import Shop
from sync_core.shell.clients.access import PORTAL as PORTAL_ROW
from sync_core.shell.clients.access import Access, Keeper
from sync_core.shell.oauth import callbacks

OTHER = "other-shop.myshopify.com"
KEY = "the-key"
OPENED = f"{CORE}/connect?key={KEY}"
HOUR = 60 * MINUTE


class Door:
    """A core that knows no shop and no portal, and somebody at a browser."""

    def __init__(self, integration: str = "deals", **settings: Any) -> None:
        self.bench = bench = Bench(integration, calm=True, operator_key=KEY, **settings)
        for fake in (shopify, hubspot):
            fake.send_back_to(bench.simulation, "sync", callbacks(CORE))
        app = shopify.credentials(bench.simulation, SHOP, "sync")
        other = hubspot.credentials(bench.simulation, PORTAL, "sync")
        bench.core.close()
        bench.settings = replace(
            bench.settings,
            shop="",
            shopify_token="",
            shopify_key=app["client_id"],
            hubspot_token="",
            hubspot_key=other["client_id"],
            hubspot_secret=other["client_secret"],
        )
        bench.start()
        self.refused: list[str] = []  # addresses of the fakes that answered 401
        bench.hosts["127.0.0.1:5005"] = self.noting(bench.gate)
        self.browser = self.somebody()

    def noting(self, app: Any) -> Any:
        def serve(environ: dict[str, Any], start_response: Any) -> Any:
            def begin(status: str, *rest: Any) -> Any:
                self.refused += [environ["PATH_INFO"]] if status.startswith("401") else []
                return start_response(status, *rest)

            return app(environ, begin)

        return serve

    def somebody(self) -> Browser:
        session = requests.Session()
        session.mount("http://", InProcess(self.bench.hosts))
        return Browser(session)

    def connects(self) -> requests.Response:
        return connects(self.browser, OPENED, SHOP)

    def asks_shopify(self, shop: str = SHOP) -> dict[str, str]:
        """Goes to Shopify's page; returns the query that Shopify sends back, which nobody has brought yet."""
        self.browser.opens(OPENED)
        page = self.browser.asks("GET", f"{CORE}/connect/shopify", params={"shop": shop})
        back = self.browser.asks("GET", page.headers["Location"])
        return dict(parse_qsl(urlsplit(back.headers["Location"]).query))

    def brings(self, query: dict[str, str], vendor: str = "shopify") -> requests.Response:
        return self.browser.opens(f"{CORE}/connect/{vendor}/callback?{urlencode(query)}")

    def lets_hours_pass(self, hours: int) -> None:
        """A poll each twenty minutes is enough to have every token end."""
        for _ in range(3 * hours):
            self.bench.clock.move_to(self.bench.clock.now() + 20 * MINUTE)
            while (self.bench.due["sweep"] or 0) <= self.bench.clock.now():
                self.bench.turn("sweep")

    def shops(self) -> list[str]:
        return sorted(self.bench.core.connections)

    def calls(self, path: str) -> int:
        """How often the core has called an address."""
        return len([one for one in self.bench.simulation.journal.entries if one.path.startswith(path)])

    def emails(self) -> list[str]:
        return sorted(one["properties"]["email"] for one in self.bench.records("contacts", "email"))

    def customer(self, email: str) -> None:
        self.bench.shop("POST", "customers.json", {"customer": {"email": email}})


@pytest.fixture
def door():
    return Door()


# --- the way in ---


@pytest.mark.parametrize("integration", ["deals", pytest.param("data-sync", marks=pytest.mark.slow)])
def test_B4_a_person_connects_both_sides_and_the_import_begins(integration):
    door = Door(integration)
    door.customer("ann@example.com")
    assert "no shop is connected yet" == door.bench.core.pending()

    page = door.connects()

    assert f"<strong>{SHOP}</strong>" in page.text
    assert f"Connected: account {PORTAL}." in page.text
    door.bench.until_live()
    door.bench.run(MINUTE)
    assert ["ann@example.com"] == door.emails()
    assert "connected, in sync" in door.browser.opens(f"{CORE}/connect").text
    assert {CORE, FAKES} == {"{0.scheme}://{0.netloc}".format(urlsplit(url)) for url in door.browser.visited}


def test_nothing_is_called_before_both_sides_are_connected(door):
    door.browser.presses("Connect Shopify", door.browser.opens(OPENED), shop="Drill-Shop")
    door.bench.run(HOUR)

    assert "HubSpot is not connected yet" == door.bench.core.status()["trouble"]
    assert 0 == door.calls("/admin/api/")
    assert [] == door.bench.writes()


@pytest.mark.slow
def test_what_is_connected_needs_nothing_more_after_a_restart(ledger_url):
    door = Door(ledger_url=ledger_url)
    door.connects()
    door.bench.turn("setup")
    door.bench.restart()
    door.customer("ann@example.com")
    door.bench.until_live()
    door.bench.run(MINUTE)

    assert [SHOP] == door.shops()
    assert ["ann@example.com"] == door.emails()


def test_B6_another_store_is_added_the_same_way_and_the_same_one_is_refused(door):
    shopify.open_shop(door.bench.simulation, OTHER)
    door.connects()
    page = door.browser.presses("Connect Shopify", door.browser.opens(OPENED), shop=f"https://{OTHER}/admin")
    door.browser.presses("Install", page)
    again = door.browser.opens(f"{CORE}/connect/shopify?shop={SHOP}")

    assert [SHOP, OTHER] == door.shops()
    assert (409, True) == (again.status_code, "is connected already" in again.text)


# --- who is kept out ---


def test_a_record_that_is_asked_for_before_a_store_is_connected_was_never_seen(door):
    answer = door.bench.core.receiver.test_client().get("/records/order/7", base_url="http://127.0.0.1:5006")

    assert (404, "no order 7 was seen") == (answer.status_code, answer.json["error"])


def test_without_the_key_there_are_no_pages(door):
    stranger = door.somebody()
    door.browser.opens(OPENED)
    for path in ("", "/shopify?shop=drill-shop", "/hubspot", "/hubspot/callback?code=x&state=y", "?key=other"):
        assert 401 == stranger.opens(f"{CORE}/connect{path}").status_code
        assert 403 == door.browser.opens(f"{CORE}/connect{path}", headers={"Host": "evil.example"}).status_code


def test_an_answer_in_another_browser_than_the_question_connects_nobody(door):
    query = door.asks_shopify()
    door.browser = door.somebody()

    assert 401 == door.brings(query).status_code
    assert [] == door.shops()


def test_a_link_on_another_site_begins_nothing(door):
    door.browser.opens(OPENED)
    sent = {"Sec-Fetch-Site": "cross-site"}

    assert 403 == door.browser.asks("GET", f"{CORE}/connect/hubspot", headers=sent).status_code


def test_only_a_shops_own_address_is_asked(door):
    door.browser.opens(OPENED)
    for shop in ("", "evil.example", "a.myshopify.com.evil.example", "a b", "-", "x" * 70, "é"):
        assert 400 == door.browser.opens(f"{CORE}/connect/shopify", params={"shop": shop}).status_code

    assert [] == [url for url in door.browser.visited if not url.startswith(CORE)]


def test_an_answer_that_shopify_did_not_sign_connects_nobody(door):
    query = door.asks_shopify()
    forged = ({"hmac": "0" * 64}, {"hmac": "é"}, {"shop": OTHER}, {"code": "another"}, {"extra": "1"})

    assert [401] * 5 == [door.brings(query | changed).status_code for changed in forged]
    assert [] == door.shops()
    assert 200 == door.brings(query).status_code  # the question is still open


def test_an_answer_counts_once_and_not_after_ten_minutes(door):
    first, late = door.asks_shopify(), door.asks_shopify()
    assert 200 == door.brings(first).status_code
    assert 403 == door.brings(first).status_code
    door.bench.clock.move_to(door.bench.clock.now() + 10 * MINUTE)

    assert 403 == door.brings(late).status_code
    assert [SHOP] == door.shops()


def test_a_signed_answer_of_another_store_connects_nobody(door):
    shopify.open_shop(door.bench.simulation, OTHER)
    shopify.install(door.bench.simulation, OTHER, "sync")
    asked, other = door.asks_shopify(), door.asks_shopify(OTHER)
    signed = shopify_signs(door, other | {"state": asked["state"]})

    assert 403 == door.brings(signed).status_code
    assert [] == door.shops()


def test_the_state_of_one_vendor_is_none_for_the_other(door):
    query = door.asks_shopify()

    assert 403 == door.brings({"code": "x", "state": query["state"]}, "hubspot").status_code
    assert 403 == door.brings(query).status_code  # and it is used up


@pytest.mark.parametrize("vendor", ["shopify", "hubspot"])
def test_who_is_refused_is_told_so_and_may_ask_again(door, vendor):
    door.browser.opens(OPENED)
    page = door.browser.asks("GET", f"{CORE}/connect/{vendor}", params={"shop": SHOP})
    state = dict(parse_qsl(urlsplit(page.headers["Location"]).query))["state"]
    words = {"error": "access_denied", "error_description": "<b>The user said no</b>", "state": state, "shop": SHOP}
    answer = door.brings(shopify_signs(door, words), vendor)

    assert 403 == answer.status_code
    assert "did not let the app in: &lt;b&gt;The user said no&lt;/b&gt;" in answer.text
    assert [] == door.shops()
    door.connects()


def test_a_code_that_is_worth_nothing_is_told(door):
    query = door.asks_shopify()
    answer = door.brings(shopify_signs(door, query | {"code": "invented"}))

    assert 502 == answer.status_code
    assert "The authorization code was not found or was already used" in answer.text
    assert [] == door.shops()


# --- tokens that end ---


def test_tokens_are_renewed_before_they_end_no_call_is_refused_and_no_token_is_logged(door, caplog):
    caplog.set_level(logging.DEBUG)
    door.connects()
    door.bench.until_live()
    door.lets_hours_pass(2)
    held = [door.bench.core.portal.access, door.bench.core.first.shopify.access.access]

    assert [] == door.refused
    assert 1 + 2 == door.calls("/admin/oauth/access_token")  # each lives an hour
    assert 1 + 3 == door.calls("/oauth/v3/token")  # half an hour, and so every second poll finds an old one
    assert [] == [one for access in held for one in (access.token, access.refresh_token) if one in caplog.text]


def test_a_token_that_ends_early_is_renewed_after_one_refusal(door):
    door.connects()
    door.bench.until_live()
    for token in Site(door.bench.simulation, PORTAL).find(portal_grants.TOKENS, "app = ?", ("sync",)):
        portal_grants.revoke(Site(door.bench.simulation, PORTAL), token)
    site = Site(door.bench.simulation, SHOP)
    grants.close(site, grants.offline_token(site, "sync"))
    door.customer("ann@example.com")
    door.bench.run(3 * MINUTE)

    assert (2, 2) == (door.calls("/admin/oauth/access_token"), door.calls("/oauth/v3/token"))
    assert 2 == len(door.refused)
    assert ["ann@example.com"] == door.emails()
    assert door.bench.core.status()["paused"] is None


def test_what_another_process_has_renewed_is_taken_from_the_ledger(door):
    def nobody_is_asked(_: str) -> Access:
        raise AssertionError("the vendor was asked")

    door.connects()
    core, now = door.bench.core, door.bench.clock.now
    other = Keeper(PORTAL_ROW, core.portal.access, core.accesses, nobody_is_asked, now)
    before = other.token()
    assert core.portal.renew(before)

    assert other.renew(before)
    assert core.portal.token() == other.token() != before


@pytest.mark.slow
def test_a_renewed_token_outlives_a_restart(ledger_url):
    door = Door(ledger_url=ledger_url)
    door.connects()
    door.bench.until_live()
    door.lets_hours_pass(3)
    door.bench.restart()
    door.lets_hours_pass(3)

    assert [] == door.refused


@pytest.mark.slow
def test_a_vendor_that_fails_while_a_token_is_renewed_only_delays(door):
    door.connects()
    door.bench.until_live()
    door.bench.fault("break", path="/oauth/v3/token", per_mille=700)
    door.bench.fault("lose_answer", path="/admin/oauth/access_token", per_mille=700)
    door.lets_hours_pass(4)
    door.bench.calm_down()
    door.customer("ann@example.com")
    door.bench.run(10 * MINUTE)

    assert ["ann@example.com"] == door.emails()


# --- grants that are taken back (I11) ---


def test_I11_a_portal_that_turns_the_app_out_pauses_and_letting_it_in_goes_on(ledger_url):
    door = Door(ledger_url=ledger_url)
    door.connects()
    door.bench.until_live()
    portal_grants.uninstall(Site(door.bench.simulation, PORTAL), "sync")
    door.customer("ann@example.com")
    door.bench.run(10 * MINUTE)
    door.bench.restart()
    assert door.bench.core.pending().startswith("paused: HubSpot refuses the token: ")
    written = len(door.bench.writes())
    door.bench.run(5 * MINUTE)
    assert written == len(door.bench.writes())

    page = door.browser.opens(OPENED)
    assert "HubSpot refuses the token" in page.text
    door.browser.presses("Connect app", door.browser.presses("Connect HubSpot", page))
    door.bench.run(10 * MINUTE)

    assert ["ann@example.com"] == door.emails()
    assert door.bench.core.status()["paused"] is None


@pytest.mark.slow
def test_I11_a_shop_that_turns_the_app_out_pauses_and_letting_it_in_goes_on(door):
    door.connects()
    door.bench.until_live()
    grants.uninstall(Shop.open(Site(door.bench.simulation, SHOP)), "sync")
    door.bench.run(MINUTE)
    assert "paused: the app was uninstalled" == door.bench.core.pending()
    door.customer("ann@example.com")
    door.browser.presses("Install", door.browser.presses("Connect again", door.browser.opens(OPENED)))
    door.bench.run(10 * MINUTE)

    assert ["ann@example.com"] == door.emails()
    assert 17 == len(door.bench.core.first.shopify.subscriptions())


@pytest.mark.slow
def test_stores_are_not_moved_to_another_portal(door):
    door.connects()
    door.bench.until_live()
    hubspot.open_portal(door.bench.simulation, "97531")
    portal_grants.uninstall(Site(door.bench.simulation, PORTAL), "sync")
    door.bench.run(10 * MINUTE)
    page = door.browser.presses("Connect HubSpot", door.browser.opens(OPENED))
    answer = door.browser.opens(page.url, "POST", data={**form(page), "portal": "97531"})

    assert 409 == answer.status_code
    assert f"The stores here are synced to portal {PORTAL}, not to 97531." in answer.text


def shopify_signs(door: Door, query: dict[str, str]) -> dict[str, str]:
    from simulator.shopify.oauth.page import signature

    unsigned = {name: value for name, value in query.items() if name != "hmac"}
    return unsigned | {"hmac": signature(unsigned, door.bench.settings.shopify_secret)}


def form(page: requests.Response) -> dict[str, str]:
    import re

    return dict(re.findall(r'name="(token)" value="(\w+)"', page.text))
