"""Somebody at a browser: follows redirects, keeps cookies, fills in forms and presses their buttons."""

from __future__ import annotations

import re
from html import unescape
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests

MOST_REDIRECTS = 10
FORM = re.compile(r"<form(?P<attributes>[^>]*)>(?P<inside>.*?)</form>", re.DOTALL)
FIELD = re.compile(r'<input[^>]*?name="(?P<name>\w+)"[^>]*?value="(?P<value>[^"]*)"')
CHOICE = re.compile(r'<select name="(?P<name>\w+)">.*?<option>(?P<value>[^<]*)', re.DOTALL)


class Browser:
    """Args: session: the way to the servers; its own memory of cookies is not used."""

    def __init__(self, session: requests.Session) -> None:
        self._session = session
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._cookies: dict[str, dict[str, str]] = {}
        self.visited: list[str] = []  # every address, in order

    def opens(self, url: str, method: str = "GET", **sent: Any) -> requests.Response:
        """The page at the end of all redirects."""
        for _ in range(MOST_REDIRECTS):
            answer = self.asks(method, url, **sent)
            if not answer.is_redirect:
                return answer
            method, url, sent = "GET", urljoin(url, answer.headers["Location"]), {}
        raise AssertionError(f"redirects without an end at {url}")

    def asks(self, method: str, url: str, **sent: Any) -> requests.Response:
        """One request, with the host's cookies."""
        self.visited.append(url)
        kept = self._cookies.setdefault(urlsplit(url).netloc, {})
        sent["headers"] = {"Cookie": "; ".join(f"{n}={v}" for n, v in kept.items())} | sent.get("headers", {})
        answer = self._session.request(method, url, allow_redirects=False, timeout=30, **sent)
        if "Set-Cookie" in answer.headers:
            name, _, value = answer.headers["Set-Cookie"].split(";")[0].partition("=")
            kept[name] = value
        return answer

    def presses(self, button: str, page: requests.Response, **typed: str) -> requests.Response:
        """The page behind a button of `page`."""
        for form in FORM.finditer(page.text):
            if f">{button}</button>" in form["inside"]:
                attributes = dict(re.findall(r'(\w+)="([^"]*)"', form["attributes"]))
                url = urljoin(page.url, unescape(attributes.get("action", page.url)))
                found = [*FIELD.finditer(form["inside"]), *CHOICE.finditer(form["inside"])]
                fields = {one["name"]: unescape(one["value"]) for one in found} | typed
                if attributes.get("method") == "post":
                    return self.opens(url, "POST", data=fields)
                return self.opens(url, params=fields)
        raise AssertionError(f"no button {button!r} in {page.text}")


def connects(browser: Browser, opened: str, shop: str) -> requests.Response:
    """Let a sync core into a shop and a portal, beginning at the address that it printed."""
    connects_shopify(browser, opened, shop)
    return connects_hubspot(browser, opened)


def connects_shopify(browser: Browser, opened: str, shop: str) -> None:
    page = browser.presses("Connect Shopify", browser.opens(opened), shop=shop)
    if "/admin/oauth/authorize" in page.url:  # Shopify asks once only
        page = browser.presses("Install", page)
    assert page.status_code == 200, page.text


def connects_hubspot(browser: Browser, opened: str) -> requests.Response:
    page = browser.presses("Connect app", browser.presses("Connect HubSpot", browser.opens(opened)))
    assert page.status_code == 200, page.text
    return page
