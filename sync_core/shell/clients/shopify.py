"""Shopify's API as the sync core needs it: pages, records by id, subscriptions by REST; bulk operations by GraphQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import requests

from sync_core.pure.model import Kind
from sync_core.pure.retry import Throttled, classify
from sync_core.shell.clients.access import Keeper
from sync_core.shell.clients.http import Answer, CallFailed, NotBefore, call, download
from sync_core.shell.clients.limits import Bucket

VERSION = "2026-07"
PAGE = 250  # Shopify's largest page
IDS = 250  # ids in one call: a page of them, 4 kB of an address
BAD_REQUEST = 400
UNAUTHORIZED = 401  # the token was revoked, or the app uninstalled [RR]
RETRY_AFTER_MS = 2_000  # Shopify's own figure [RLR], where a 429 gives none

RESOURCES: Mapping[Kind, str] = {
    "customer": "customers",
    "product": "products",
    "order": "orders",
    "checkout": "checkouts",
}
ALWAYS: Mapping[Kind, Mapping[str, str]] = {"order": {"status": "any"}}  # without it closed orders are left out


class Shopify:
    """A client for one shop.

    Args:
        url: scheme and host.
        access: the shop's token, of which it learns here that it is refused.
        now: the time in milliseconds.
    """

    def __init__(self, session: requests.Session, url: str, access: Keeper, now: Callable[[], int]) -> None:
        self._session, self._url, self._now = session, url.rstrip("/"), now
        self.access = access
        self.bucket = Bucket()

    def shop(self) -> dict[str, Any]:
        return self._get("shop.json").body["shop"]  # type: ignore[no-any-return]

    def scopes(self) -> set[str]:
        answer = self._send("GET", "/admin/oauth/access_scopes.json")
        return {scope["handle"] for scope in answer.body["access_scopes"]}

    def count(self, kind: Kind) -> int:
        return int(self._get(f"{RESOURCES[kind]}/count.json", **ALWAYS.get(kind, {})).body["count"])

    def patient_page(self, resource: str, page: str = "", **params: Any) -> tuple[list[dict[str, Any]], str]:
        """One of many pages, none of which is in a hurry: live changes go first."""
        self.bucket.leave_some(self._now())
        return self.page(resource, page, **params)

    def page(self, resource: str, page: str = "", **params: Any) -> tuple[list[dict[str, Any]], str]:
        """One page of a list and the address of the next; `page` is such an address, else the list begins."""
        answer = self._send("GET", page) if page else self._get(f"{resource}.json", **({"limit": PAGE} | params))
        return answer.body[resource], _path(answer.links.get("next", {}).get("url", ""))

    def by_ids(self, kind: Kind, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Those of up to 250 records that exist."""
        records, _ = self.page(RESOURCES[kind], ids=",".join(ids), **ALWAYS.get(kind, {}))
        return {str(record["id"]): record for record in records}

    def create(self, kind: Kind, body: Mapping[str, Any]) -> dict[str, Any]:
        """Make a customer or a product."""
        path = f"/admin/api/{VERSION}/{RESOURCES[kind]}.json"
        return self._send("POST", path, {kind: body}).body[kind]  # type: ignore[no-any-return]

    def customer(self, email: str) -> dict[str, Any] | None:
        """The customer with this address, which Shopify gives to one alone."""
        found = self._get("customers/search.json", query=f'email:"{email}"').body["customers"]
        return next((one for one in found if (one.get("email") or "").lower() == email.lower()), None)

    def titled(self, title: str, since_ms: int) -> list[dict[str, Any]]:
        """The products with this title that were made since then."""
        since = datetime.fromtimestamp(since_ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        found, _ = self.page("products", title=title, created_at_min=since)
        return found

    def change(self, kind: Kind, document: Mapping[str, Any], changes: Mapping[str, str]) -> None:
        """Write fields of a customer or a product, by their places in the record.

        A customer's address and a product's variant are records of their own in REST.
        """
        own = {place: value for place, value in changes.items() if "." not in place}
        part = {place.rpartition(".")[2]: value for place, value in changes.items() if "." in place}
        path = f"/admin/api/{VERSION}/{RESOURCES[kind]}/{document['id']}"
        if own:
            self._send("PUT", f"{path}.json", {kind: {"id": document["id"], **own}})
        if part and kind == "customer":
            self._change_address(path, document.get("default_address"), part)
        elif part:
            variant = min(document["variants"], key=lambda one: one.get("position") or 0)
            self._send(
                "PUT", f"/admin/api/{VERSION}/variants/{variant['id']}.json", {"variant": {"id": variant["id"], **part}}
            )

    def _change_address(self, path: str, known: Mapping[str, Any] | None, part: Mapping[str, str]) -> None:
        """The default address, or the first one; HubSpot's street is one line."""
        address = {**part, **({"address2": ""} if "address1" in part else {})}
        if known:
            self._send("PUT", f"{path}/addresses/{known['id']}.json", {"address": {"id": known["id"], **address}})
        else:
            self._send("POST", f"{path}/addresses.json", {"address": address})

    def query(self, text: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """The data of a GraphQL request. Its errors come with status 200: a CallFailed as of REST.

        GraphQL has limits of its own; what is asked here is too little to come near them.
        """
        answer = self._send("POST", f"/admin/api/{VERSION}/graphql.json", {"query": text, "variables": variables})
        if not (errors := answer.body.get("errors")):
            return answer.body["data"]  # type: ignore[no-any-return]
        error: dict[str, Any] = errors[0] if isinstance(errors, list) else {"message": str(errors)}
        if error.get("extensions", {}).get("code") == "THROTTLED":
            self.bucket.blocked_until_ms = self._now() + RETRY_AFTER_MS
            raise NotBefore(self.bucket.blocked_until_ms)
        raise CallFailed(classify(BAD_REQUEST, {"errors": error.get("message", "")}), BAD_REQUEST)

    def download(self, url: str, start: int, size: int) -> bytes:
        """A part of a file that Shopify has made."""
        return download(self._session, url, start, size)

    def subscriptions(self) -> list[dict[str, Any]]:
        return self._get("webhooks.json", limit=PAGE).body["webhooks"]  # type: ignore[no-any-return]

    def subscribe(self, topic: str, address: str) -> None:
        body = {"webhook": {"topic": topic, "address": address, "format": "json"}}
        self._send("POST", f"/admin/api/{VERSION}/webhooks.json", body)

    def _get(self, path: str, **params: Any) -> Answer:
        return self._send("GET", f"/admin/api/{VERSION}/{path}", **params)

    def _send(self, method: str, path: str, body: Any = None, **params: Any) -> Answer:
        """One call; a token that is refused is renewed once, if it can be."""
        token = self.access.token()
        try:
            return self._send_with(token, method, path, body, **params)
        except CallFailed as failed:
            if failed.status != UNAUTHORIZED:
                raise
            if not self.access.renew(token):
                self.access.refuse(getattr(failed.outcome, "words", ""))
                raise
        return self._send_with(self.access.token(), method, path, body, **params)

    def _send_with(self, token: str, method: str, path: str, body: Any, **params: Any) -> Answer:
        self.bucket.take(self._now())
        try:
            headers = {"X-Shopify-Access-Token": token}
            answer = call(self._session, method, self._url + path, headers, body, **params)
        except CallFailed as failed:
            if not isinstance(failed.outcome, Throttled):
                raise
            self.bucket.blocked_until_ms = self._now() + (failed.outcome.retry_after_ms or RETRY_AFTER_MS)
            raise NotBefore(self.bucket.blocked_until_ms) from failed
        self.bucket.shown(answer.headers.get("X-Shopify-Shop-Api-Call-Limit", ""), self._now())
        return answer


def _path(url: str) -> str:
    """Path and query of a link: the token goes to no other host than ours."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.path else ""
