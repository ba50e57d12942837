"""OAuth: tokens for codes and for refresh tokens, and what a token is; nobody shows a bearer token here [S][PY].

A client id belongs to one app of one world; code, refresh token or access token then say which portal is meant.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qs, unquote

from flask import request

from simulator.hubspot import apps, errors, grants, owners, portal
from simulator.hubspot.errors import Answer, OAuthRefused
from simulator.hubspot.instants import iso
from simulator.hubspot.routes import OPEN, VERSIONS, Route
from simulator.kernel.errors import NotSimulated
from simulator.kernel.gate import Environ, current, read_body
from simulator.kernel.resource import Document
from simulator.kernel.simulation import Simulation, Site

MOST_FIELDS = 50
HUB_DOMAIN = "drill.example"
AUTHORIZE = "/oauth/authorize"


def visited(environ: Environ, worlds: Iterable[Simulation]) -> Site | None:
    """The portal that a request without a living token speaks to: of OAuth's calls, and of a token that expired."""
    shown = [text for name, text in fields(environ).items() if name in ("code", "refresh_token", "token")]
    path = environ.get("PATH_INFO", "")
    if path.startswith("/oauth/v1/"):
        shown.append(unquote(path.rstrip("/").rpartition("/")[2]))
    client_id = fields(environ).get("client_id", "")
    _, _, bearer = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    for simulation in worlds:
        with simulation.lock:
            sites = [Site(simulation, tenant) for tenant in simulation.store.tenants(portal.PORTALS)]
            known = [site for site in sites if any(_known(site, word) for word in (*shown, bearer.strip()) if word)]
            of_app = sites if client_id and apps.by_client_id(simulation, client_id) else []
            if known or of_app:
                return (known or of_app)[0]
    return None


def fields(environ: Environ) -> dict[str, str]:
    """What OAuth's calls were sent: the form, or of the page the query."""
    path = environ.get("PATH_INFO", "")
    if not path.startswith("/oauth/"):
        return {}
    sent = environ.get("QUERY_STRING", "").encode() if path.rstrip("/") == AUTHORIZE else read_body(environ)
    try:
        pairs = parse_qs(sent.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return {}
    return {name: values[-1] for name, values in pairs.items()}


def token() -> Answer:
    """An access token for a code, or for a refresh token."""
    sent = _form()
    give = {"authorization_code": _for_code, "refresh_token": _for_refresh_token}.get(sent.get("grant_type", ""))
    if sent.get("grant_type") == "client_credentials":
        raise NotSimulated("the grant type client_credentials")
    if sent.get("code_verifier"):
        raise NotSimulated("code_verifier of OAuth's PKCE")
    if give is None:
        raise OAuthRefused("BAD_GRANT_TYPE", "missing or unknown grant type")  # [GK]
    site, app = _client(sent)
    made, found = give(site, app, sent)
    told: dict[str, Any] = {
        "token_type": "bearer",
        "refresh_token": found["refresh_token"],
        "access_token": made["token"],
        "expires_in": grants.ACCESS_LIVES_MS // 1000,
    }
    if not request.path.startswith("/oauth/v1/"):  # the newer ones say whom it is for [S]
        told |= {
            "hub_id": int(site.tenant),
            "scopes": found["scopes"],
            "user_id": _user(site, found)["userId"],
            "token_use": "access_token",
        }
    return Answer(200, told)


def access_token_info(token: str) -> Answer:
    """What an access token opens, and for how long."""
    site = _site()
    found = grants.by_token(site, token)
    if found is None:
        raise errors.Rejected(404, "resource not found")
    refuse_expired(site, token)
    return Answer(200, _about(site, found["app"]) | _of_access(site, found) | {"token_type": "access"})


def refresh_token_info(token: str) -> Answer:
    """To whom a refresh token belongs."""
    site, found = _by_refresh_token(token)
    client_id = _app(site, found["app"])["client_id"]
    told = _about(site, found["app"]) | {"token": token, "client_id": client_id, "token_type": "refresh"}
    return Answer(200, told)


def delete_refresh_token(token: str) -> Answer:
    """It gives no access tokens any more; those that were given go on, and the app stays installed."""
    grants.forget_refresh_token(*_by_refresh_token(token))
    return Answer(204)


def introspect() -> Answer:
    """What a token is, of either kind, to the app that it was given to; a dead one is not active."""
    sent = _form()
    site, app = _client(sent)
    found, shown = grants.by_token(site, sent.get("token", "")), sent.get("token", "")
    told: dict[str, Any] = {"token": shown, "token_type": "bearer", "client_id": app["client_id"]}
    if found and found["app"] == app["name"] and _left_ms(site, found) > 0:
        told |= _about(site, app["name"]) | _of_access(site, found) | {"token_use": "access_token"}
        return Answer(200, {"active": True} | told)
    refreshed = grants.by_refresh_token(site, shown)
    if refreshed and refreshed["app"] == app["name"]:
        told |= _about(site, app["name"]) | {"app_id": app["id"], "token_use": "refresh_token"}
        return Answer(200, {"active": True} | told)
    return Answer(200, {"active": False})


def revoke() -> Answer:
    """A token of either kind is dead from now on; 200 also for one that nobody knows, as RFC 7009 has it."""
    sent = _form()
    site, app = _client(sent)
    found, refreshed = (by(site, sent.get("token", "")) for by in (grants.by_token, grants.by_refresh_token))
    if found and found["app"] == app["name"]:
        grants.revoke(site, found)
    if refreshed and refreshed["app"] == app["name"]:
        grants.forget_refresh_token(site, refreshed)
    return Answer(200, {})


def refuse_expired(site: Site, token: str | None) -> None:
    """Say of a token that its time is over, if it is; in this answer the context stands last [X raw]."""
    found = grants.by_token(site, token) if token else None
    expires_at_ms = found["expires_at_ms"] if found else None
    if expires_at_ms is None or site.now() < expires_at_ms:
        return
    past_s = (site.now() - expires_at_ms) // 1000
    raise errors.Rejected(
        401,
        f"The OAuth token used to make this call expired {past_s} second(s) ago.",
        "EXPIRED_AUTHENTICATION",
        also={"context": {"expire time": [iso(expires_at_ms)]}},
    )


def _for_code(site: Site, app: Document, sent: Mapping[str, str]) -> tuple[Document, Document]:
    """The words of the refusals are unverified [GK]."""
    code = grants.code_row(site, app["name"], sent.get("code", ""))
    if code is None:
        raise OAuthRefused("BAD_AUTH_CODE", "missing or unknown auth code")
    if code["redirect_uri"] != sent.get("redirect_uri"):
        message = "redirect URI does not match redirect URI used for authorization code"
        raise OAuthRefused("MISMATCH_REDIRECT_URI_AUTH_CODE", message)
    made, found = grants.redeem(site, code), grants.installed(site, app["name"])
    if made is None or found is None:
        raise OAuthRefused("BAD_AUTH_CODE", "missing or unknown auth code")
    return made, found


def _for_refresh_token(site: Site, app: Document, sent: Mapping[str, str]) -> tuple[Document, Document]:
    found = grants.by_refresh_token(site, sent.get("refresh_token", ""))
    if found is None or found["app"] != app["name"]:
        raise OAuthRefused("BAD_REFRESH_TOKEN", "missing or unknown refresh token")  # [X] names the status
    return grants.access_token(site, found), found


def _form() -> Mapping[str, str]:
    if request.mimetype != "application/x-www-form-urlencoded":
        raise errors.Unsupported
    return fields(request.environ)


def _client(sent: Mapping[str, str]) -> tuple[Site, Document]:
    """The app that asks, its secret shown [GK]."""
    site = current().site
    app = apps.by_client_id(site.simulation, sent.get("client_id", "")) if site else None
    if site is None or app is None:
        raise OAuthRefused("BAD_CLIENT_ID", "missing or unknown client id")
    if not hmac.compare_digest(app["client_secret"].encode(), sent.get("client_secret", "").encode()):
        raise OAuthRefused("BAD_CLIENT_SECRET", "missing or invalid client secret")
    return site, app


def _site() -> Site:
    site = current().site
    if site is None:
        raise errors.Rejected(404, "resource not found")  # our reading
    return site


def _by_refresh_token(token: str) -> tuple[Site, Document]:
    site = _site()
    found = grants.by_refresh_token(site, token)
    if found is None:
        raise errors.Rejected(404, "resource not found")  # our reading
    return site, found


def _known(site: Site, word: str) -> bool:
    """Whether this is a token or a code of the portal, alive or dead."""
    found = grants.by_token(site, word) or grants.by_refresh_token(site, word)
    return found is not None or bool(site.count(grants.CODES, "code = ?", (word,)))


def _about(site: Site, app: str) -> dict[str, Any]:
    found = grants.installed(site, app)
    assert found is not None
    user = _user(site, found)
    return {
        "user": user["email"],
        "hub_domain": HUB_DOMAIN,
        "scopes": found["scopes"],
        "hub_id": int(site.tenant),
        "user_id": user["userId"],
    }


def _of_access(site: Site, token: Document) -> dict[str, Any]:
    told = {"token": token["token"], "app_id": _app(site, token["app"])["id"]}
    return told | {"expires_in": _left_ms(site, token) // 1000}


def _left_ms(site: Site, token: Document) -> int:
    """A private app's token has no end; it is told as if it were new. Our reading."""
    ends_ms = token["expires_at_ms"]
    return grants.ACCESS_LIVES_MS if ends_ms is None else max(0, ends_ms - site.now())


def _user(site: Site, found: Document) -> Document:
    user = site.get(owners.OWNERS, found["user"])
    assert user is not None
    return user


def _app(site: Site, name: str) -> Document:
    app = apps.registered(site.simulation, name)
    assert app is not None
    return app


ROUTES = (
    Route(
        "POST",
        ("/oauth/v1/token", "/oauth/v3/token", f"/oauth/{VERSIONS}/token"),
        token,
        OPEN,
        partly="Without `client_credentials`, `code_verifier` and `id_token`.",
    ),
    Route("GET", ("/oauth/v1/access-tokens/<token>",), access_token_info, OPEN),
    Route("GET", ("/oauth/v1/refresh-tokens/<token>",), refresh_token_info, OPEN),
    Route("DELETE", ("/oauth/v1/refresh-tokens/<token>",), delete_refresh_token, OPEN),
    Route("POST", ("/oauth/v3/token/introspect",), introspect, OPEN, partly="Without `signed_access_token`."),
    Route("POST", ("/oauth/v3/token/revoke",), revoke, OPEN),
)
