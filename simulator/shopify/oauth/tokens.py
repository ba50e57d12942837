"""POST /admin/oauth/access_token: a code, a refresh token, a session token or the secret alone for an access token."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson
from flask import Response, request

from simulator.kernel.clock import DAY
from simulator.kernel.resource import Document
from simulator.shopify import apps, grants
from simulator.shopify.kinds import CODES
from simulator.shopify.oauth import sessions
from simulator.shopify.oauth.door import Refused, authenticate, called, fields, text
from simulator.shopify.shop import Shop

RECOVERABLE_MS = 7 * DAY  # how long the answer to a migration may be asked for again [EXP]
OFFLINE = "urn:shopify:params:oauth:token-type:offline-access-token"  # [NODE]
ONLINE = "urn:shopify:params:oauth:token-type:online-access-token"
SESSION = "urn:ietf:params:oauth:token-type:id_token"
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"

Sent = Mapping[str, Any]
Given = dict[str, Any]


def answer() -> Response:
    """Everything that can be exchanged for a token, in a form or in JSON."""
    sent = fields(request.content_type or "", request.get_data())
    try:
        shop, app = called(sent)
        authenticate(app, sent)
        grant_type = text(sent, "grant_type")
        if grant_type not in GRANT_TYPES:
            # Our reading of the words
            raise Refused("unsupported_grant_type", f"The grant type {grant_type!r} is not supported")
        with shop.site.transaction():
            return _json(GRANT_TYPES[grant_type](shop, app, sent), 200)
    except Refused as reason:
        return _json({"error": reason.error, "error_description": reason.description}, reason.status)


def _of_a_code(shop: Shop, app: Document, sent: Sent) -> Given:
    """The code of the redirect, once [GH]."""
    found = shop.site.find(CODES.resource, "code = ?", (text(sent, "code"),), limit=1)
    code = found[0] if found else None
    if code and (code["app"] == app["name"] or code["expires_at_ms"] <= shop.now()):
        shop.site.remove(CODES.resource, code["id"])
    usable = code and code["app"] == app["name"] and shop.now() < code["expires_at_ms"]
    if not code or not usable or not grants.installed(shop.site, app["name"]):
        raise Refused("invalid_request", "The authorization code was not found or was already used")
    if code["per_user"]:
        return _online(shop, app, code["scopes"])
    return _offline(shop, app, sent)


def _of_a_refresh_token(shop: Shop, app: Document, sent: Sent) -> Given:
    """Each refresh gives a new refresh token; the one before it stays good until the new one is used [EXP]."""
    token = grants.by_refresh_token(shop.site, app["name"], text(sent, "refresh_token"))
    if token is None:
        # The error is reported by clients' makers, the words are our reading.
        raise Refused("invalid_grant", "The refresh token is invalid, expired or was replaced")
    for before in grants.replaced(shop.site, token):
        grants.retire(shop.site, before)
    return _told(shop, grants.expiring_token(shop.site, app, token["id"]))


def _of_the_secret(shop: Shop, app: Document, sent: Sent) -> Given:  # noqa: ARG001  all grant types are called alike
    """For apps of the organization that owns the shop, where they are installed [CC]."""
    if app["distribution"] != "custom" or not grants.installed(shop.site, app["name"]):
        raise Refused("shop_not_permitted", "Client credentials cannot be performed on this shop.")
    return _told(shop, grants.credentials_token(shop.site, app))


def _of_a_token(shop: Shop, app: Document, sent: Sent) -> Given:
    """Token exchange: of a session token, or of an offline token that shall expire from now on [NODE]."""
    wanted, subject = text(sent, "requested_token_type"), text(sent, "subject_token_type")
    if wanted not in (OFFLINE, ONLINE) or subject not in (SESSION, OFFLINE):
        raise Refused("invalid_request", "The subject or the requested token type is not supported")  # Our reading
    if subject == OFFLINE:
        return _migrated(shop, app, sent)
    found = grants.installed(shop.site, app["name"])
    if found is None or not sessions.holds(shop, app, text(sent, "subject_token")):
        raise _bad_subject()
    return _online(shop, app, found["scopes"]) if wanted == ONLINE else _offline(shop, app, sent)


def _migrated(shop: Shop, app: Document, sent: Sent) -> Given:
    """The old token opens nothing any more; asked again within seven days, the same answer [EXP]."""
    old = grants.by_token(shop.site, app["name"], text(sent, "subject_token"))
    if old is None or old["kind"] != "offline" or old["refresh_expires_at_ms"] or text(sent, "expiring") != "1":
        raise _bad_subject()
    given = grants.replaced_by(shop.site, old)
    if not given and old["expires_at_ms"] is None:
        grants.close(shop.site, old)
        return _told(shop, grants.expiring_token(shop.site, app, old["id"]))
    if given and shop.now() < given[0]["given_at_ms"] + RECOVERABLE_MS and given[0]["refresh_token"]:
        return _told(shop, grants.prolonged(shop.site, given[0]))
    raise _bad_subject()


# Clients that exchange a code name no grant type [PY, NODE].
GRANT_TYPES: dict[str, Callable[[Shop, Document, Sent], Given]] = {
    "": _of_a_code,
    "authorization_code": _of_a_code,
    "refresh_token": _of_a_refresh_token,
    "client_credentials": _of_the_secret,
    EXCHANGE: _of_a_token,
}


def _offline(shop: Shop, app: Document, sent: Sent) -> Given:
    if text(sent, "expiring") == "1":
        return _told(shop, grants.expiring_token(shop.site, app))
    return _told(shop, grants.lasting_token(shop.site, app))


def _online(shop: Shop, app: Document, scopes: list[str]) -> Given:
    given = _told(shop, grants.online_token(shop.site, app, scopes))
    return given | {"associated_user_scope": given["scope"], "associated_user": sessions.owner(shop)}


def _told(shop: Shop, token: Document) -> Given:
    told: Given = {"access_token": token["token"], "scope": ",".join(apps.without_implied(token["scopes"]))}
    if token["expires_at_ms"] is not None:
        told["expires_in"] = _seconds_left(shop, token["expires_at_ms"])
    if token["refresh_token"]:
        told["refresh_token"] = token["refresh_token"]
        told["refresh_token_expires_in"] = _seconds_left(shop, token["refresh_expires_at_ms"])
    return told


def _bad_subject() -> Refused:
    """[GH]"""
    return Refused("invalid_subject_token", "Token exchange cannot be performed due to an invalid subject token.")


def _json(told: Given, status: int) -> Response:
    response = Response(orjson.dumps(told), status, content_type="application/json; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response


def _seconds_left(shop: Shop, ends_ms: int) -> int:
    """A second that has begun counts: a new token has its whole life, though a millisecond went into making it."""
    return -((shop.now() - ends_ms) // 1000)
