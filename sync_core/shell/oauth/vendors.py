"""What the two vendors are asked in OAuth: the page for the person, a token for a code, a token for a refresh token.

Shopify: shopify-api.md, "OAuth"; HubSpot: hubspot-api.md, section 2. Its redirect carries no signature, Shopify's does.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests

from sync_core.pure.model import Integration
from sync_core.pure.retry import NO_ANSWER, Rejected, Throttled, classify
from sync_core.shell.clients.access import Access, Revoked
from sync_core.shell.clients.http import TIMEOUT_S, CallFailed, NotBefore
from sync_core.shell.incoming.scopes import SCOPES
from sync_core.shell.incoming.topics import NEEDED_SCOPES
from sync_core.shell.oauth import HUBSPOT_BACK, SHOPIFY_BACK
from sync_core.shell.running.settings import CoreSettings

API, PEOPLES = "api.hubapi.com", "app.hubspot.com"  # HubSpot shows its page on another host than its API [PY]

# What a grant that is gone is called: Shopify's word is OAuth's own, HubSpot's a `status` [X].
GONE = frozenset({"invalid_grant", "BAD_REFRESH_TOKEN"})
PAUSE_MS = 10_000  # after a 429 that does not say how long

OLD_ORDERS = "read_all_orders"  # else Shopify shows those of 60 days (F9)
WRITTEN_BACK = ("write_customers", "write_products")  # the data sync is two-way (I4)
# HubSpot's records that each integration writes, beside products and line items, which `e-commerce` opens [S].
OBJECTS: Mapping[Integration, tuple[str, ...]] = {
    "deals": ("contacts", "deals"),
    "data-sync": ("contacts", "orders", "carts"),
}
GOODS = ("products", "line_items")
WAYS = ("read", "write")


class Vendors:
    """Both vendors, as one app of each meets them.

    Args:
        shopify, hubspot: the wires.
    """

    def __init__(
        self, settings: CoreSettings, shopify: requests.Session, hubspot: requests.Session, now: Callable[[], int]
    ) -> None:
        self._settings, self._shopify, self._hubspot, self._now = settings, shopify, hubspot, now

    # --- Shopify ---

    def shopify_page(self, shop: str, state: str) -> str:
        """Where the merchant is asked. Shopify ignores `shop`; one host that stands for several shops needs it."""
        sent = {
            "client_id": self._settings.shopify_key,
            "scope": ",".join(shopify_scopes(self._settings.integration)),
            "redirect_uri": self._settings.pages + SHOPIFY_BACK,
            "state": state,
            "shop": shop,
        }
        return f"{self._at(shop)}/admin/oauth/authorize?{urlencode(sent)}"

    def shopify_access(self, shop: str, code: str) -> Access:
        """A token for the code; one that expires, as Shopify asks of new apps [EXP]."""
        return self._of_shopify(shop, {"code": code, "expiring": "1"})

    def shopify_renewed(self, shop: str, refresh_token: str) -> Access:
        return self._of_shopify(shop, {"grant_type": "refresh_token", "refresh_token": refresh_token})

    def _of_shopify(self, shop: str, asked: Mapping[str, str]) -> Access:
        app = {"client_id": self._settings.shopify_key, "client_secret": self._settings.shopify_secret, "shop": shop}
        return self._given(self._shopify, f"{self._at(shop)}/admin/oauth/access_token", json={**app, **asked})

    def _at(self, shop: str) -> str:
        return self._settings.at(shop).shopify_url.rstrip("/")

    # --- HubSpot ---

    def hubspot_page(self, state: str) -> str:
        """Where a user of the portal is asked, and chooses it."""
        sent = {
            "client_id": self._settings.hubspot_key,
            "scope": " ".join(hubspot_scopes(self._settings.integration)),
            "redirect_uri": self._settings.pages + HUBSPOT_BACK,
            "state": state,
        }
        parts = urlsplit(self._settings.hubspot_url)
        host = PEOPLES if parts.netloc == API else parts.netloc
        return f"{parts.scheme}://{host}{parts.path.rstrip('/')}/oauth/authorize?{urlencode(sent)}"

    def hubspot_access(self, code: str) -> Access:
        """A token for the code, for half an hour, and of which portal it is."""
        return self._of_hubspot(
            {"grant_type": "authorization_code", "code": code, "redirect_uri": self._settings.pages + HUBSPOT_BACK}
        )

    def hubspot_renewed(self, refresh_token: str) -> Access:
        return self._of_hubspot({"grant_type": "refresh_token", "refresh_token": refresh_token})

    def _of_hubspot(self, asked: Mapping[str, str]) -> Access:
        """v3 names the portal, which v1 does not [S]; HubSpot takes forms alone."""
        app = {"client_id": self._settings.hubspot_key, "client_secret": self._settings.hubspot_secret}
        return self._given(
            self._hubspot, f"{self._settings.hubspot_url.rstrip('/')}/oauth/v3/token", data={**app, **asked}
        )

    # --- both ---

    def _given(self, session: requests.Session, url: str, **body: Any) -> Access:
        try:
            response = session.post(url, timeout=TIMEOUT_S, allow_redirects=False, **body)
            told = response.json()
        except requests.JSONDecodeError:
            told = {}
        except requests.RequestException as error:
            raise CallFailed(classify(NO_ANSWER)) from error
        told = told if isinstance(told, dict) else {}
        if response.status_code != 200 or not told.get("access_token"):
            raise self._failure(response, told)
        lives_s = told.get("expires_in")
        return Access(
            token=str(told["access_token"]),
            refresh_token=str(told.get("refresh_token") or ""),
            expires_at_ms=self._now() + int(lives_s) * 1000 if lives_s else 0,
            portal=str(told.get("hub_id") or ""),
        )

    def _failure(self, response: requests.Response, told: Mapping[str, Any]) -> Exception:
        words = str(told.get("error_description") or told.get("message") or f"HTTP {response.status_code}")
        if not GONE.isdisjoint((str(told.get("error")), str(told.get("status")))):
            return Revoked(words)
        outcome = classify(response.status_code, told, response.headers.get("Retry-After"))
        if isinstance(outcome, Throttled):
            return NotBefore(self._now() + (outcome.retry_after_ms or PAUSE_MS))
        if response.status_code < 500:
            outcome = Rejected(words)
        return CallFailed(outcome, response.status_code)


def shopify_scopes(integration: Integration) -> list[str]:
    """What the app must be granted to keep every promise of the integration."""
    needed = {*SCOPES.values(), *NEEDED_SCOPES.values(), OLD_ORDERS}
    return sorted(needed | (set(WRITTEN_BACK) if integration == "data-sync" else set()))


def hubspot_scopes(integration: Integration) -> list[str]:
    """To read and write the records of the integration, their properties and pipelines."""
    records = [f"crm.objects.{name}" for name in OBJECTS[integration]]
    definitions = [f"crm.schemas.{name}" for name in (*OBJECTS[integration], *GOODS)]
    return sorted({"oauth", "e-commerce", *(f"{word}.{way}" for word in records + definitions for way in WAYS)})


def is_genuine(query: Mapping[str, str], secret: str) -> bool:
    """Whether Shopify signed this redirect: `hmac` is over the other parameters, sorted [PY].

    The escapes are those that keep two different queries from having one text.
    """
    signed = sorted(
        f"{_escaped(name).replace('=', '%3D')}={_escaped(value)}" for name, value in query.items() if name != "hmac"
    )
    expected = hmac.new(secret.encode(), "&".join(signed).encode(), hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), query.get("hmac", "").encode())


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("&", "%26")
