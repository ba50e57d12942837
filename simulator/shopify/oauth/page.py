"""GET /admin/oauth/authorize: the merchant is asked whether the app may come in, and sent back to it with a code.

The button's form carries a token that only this page and the cookie beside it know, so no other page can press it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from flask import Response, make_response, render_template_string, request

from simulator.kernel.clock import MINUTE
from simulator.kernel.errors import BadInput
from simulator.kernel.resource import Document
from simulator.shopify import apps, grants
from simulator.shopify.kinds import CODES
from simulator.shopify.oauth.door import Refused, called, text
from simulator.shopify.shop import Shop

CODE_LIVES_MS = 1 * MINUTE  # Our reading
LONGEST_STATE = 1_000
COOKIE = "syncdrill_install"
PER_USER = "per-user"
POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"

HEAD = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{{ title }}</title>
<style>body{font:16px/1.5 sans-serif;max-width:36em;margin:3em auto;padding:0 1em}button{font:inherit}</style>"""
PAGE = f"""{HEAD}<h1>{{{{ title }}}}</h1>
<p>The app <strong>{{{{ app }}}}</strong> asks {{{{ whom }}}} of <strong>{{{{ shop }}}}</strong> for:</p>
<ul>{{% for scope in scopes %}}<li><code>{{{{ scope }}}}</code></li>{{% else %}}<li>no access scopes</li>{{% endfor %}}
</ul>
<form method="post"><input type="hidden" name="token" value="{{{{ token }}}}"><button>Install</button></form>
<p><small>syncdrill: a fake of Shopify's page.</small></p></html>
"""
PROBLEM = f"{HEAD}<h1>{{{{ title }}}}</h1><p>Oauth error {{{{ error }}}}: {{{{ description }}}}</p></html>\n"


def show() -> Response:
    """The page; who has granted these scopes before is not asked again."""
    try:
        shop, app = called(request.args)
        asked = _asked(app)
        found = grants.installed(shop.site, app["name"])
        if found and apps.with_implied(asked) <= apps.with_implied(found["scopes"]):  # Our reading
            with shop.site.transaction():
                return _back(shop, app, found["scopes"])
        return _page(shop, app, asked)
    except Refused as reason:
        return _problem(reason)


def install() -> Response:
    """The button: the app is let in, and goes on with a code."""
    try:
        shop, app = called(request.args)
        asked = _asked(app)
        nonce = request.cookies.get(COOKIE, "")
        if not nonce or not hmac.compare_digest(_token(shop, nonce).encode(), text(request.form, "token").encode()):
            raise Refused("invalid_request", "this form is not from this page: open the page anew", 403)
        with shop.site.transaction():
            before = grants.installed(shop.site, app["name"])
            kept = before["scopes"] if before and _per_user() else []
            grants.let_in(shop, app, [*kept, *asked])
            return _back(shop, app, asked)
    except Refused as reason:
        return _problem(reason)


def signature(query: Mapping[str, str], secret: str) -> str:
    """`hmac` of a query: over its sorted pairs, escaped as ShopifyAPI does [PY]; Shopify's own values need none."""

    def escaped(value: str) -> str:
        return value.replace("%", "%25").replace("&", "%26")

    pairs = sorted(f"{escaped(name).replace('=', '%3D')}={escaped(value)}" for name, value in query.items())
    return hmac.new(secret.encode(), "&".join(pairs).encode(), hashlib.sha256).hexdigest()


def _asked(app: Document) -> list[str]:
    """The scopes that are asked for; none named means those of the app's configuration."""
    address = text(request.args, "redirect_uri")
    if address not in app["redirect_urls"]:
        raise Refused("invalid_request", "The redirect_uri is not whitelisted")  # [GH]
    if len(text(request.args, "state")) > LONGEST_STATE:
        raise Refused("invalid_request", f"the state has more than {LONGEST_STATE} characters")
    sent = text(request.args, "scope")
    try:
        return apps.without_implied(apps.read_scopes(sent)) if sent.strip() else list(app["scopes"])
    except BadInput as reason:
        raise Refused("invalid_scope", str(reason)) from None  # Our reading of the words


def _per_user() -> bool:
    return PER_USER in request.args.getlist("grant_options[]")


def _page(shop: Shop, app: Document, asked: list[str]) -> Response:
    nonce = shop.site.chance.uuid("shopify/installs")
    page = render_template_string(
        PAGE,
        title=f"Install {app['name']}",
        app=app["name"],
        whom="a member of the staff" if _per_user() else "the owner",
        shop=shop.record["name"],
        scopes=asked,
        token=_token(shop, nonce),
    )
    response = _html(page, 200)
    response.set_cookie(COOKIE, nonce, path=request.path, httponly=True, samesite="Lax")
    return response


def _token(shop: Shop, nonce: str) -> str:
    """What the form and the cookie must agree on, for this very question."""
    return shop.site.chance.secret(f"shopify/install/{shop.domain}/{nonce}/{request.query_string.decode('latin-1')}")


def _back(shop: Shop, app: Document, scopes: list[str]) -> Response:
    """To the app, with a code that is good once and for a minute, and with Shopify's signature."""
    code = shop.token()
    id = shop.site.next_id(CODES.resource)
    shop.site.put(
        CODES.resource,
        id,
        {
            "id": id,
            "code": code,
            "app": app["name"],
            "scopes": scopes,
            "per_user": _per_user(),
            "expires_at_ms": shop.now() + CODE_LIVES_MS,
        },
    )
    location = urlsplit(text(request.args, "redirect_uri"))
    query: dict[str, Any] = dict(parse_qsl(location.query, keep_blank_values=True))
    query |= {"code": code, "host": _host(shop), "shop": shop.domain, "timestamp": str(shop.now() // 1000)}
    if "state" in request.args:
        query["state"] = text(request.args, "state")
    query["hmac"] = signature(query, app["client_secret"])
    response = make_response("", 302)
    response.headers["Location"] = urlunsplit(location._replace(query=urlencode(sorted(query.items()))))
    response.delete_cookie(COOKIE, path=request.path)
    return response


def _host(shop: Shop) -> str:
    """The address of the shop's admin, in base64 without padding, as embedded apps are handed it. Our reading."""
    address = f"admin.shopify.com/store/{shop.domain.removesuffix('.myshopify.com')}"
    return base64.urlsafe_b64encode(address.encode()).decode().rstrip("=")


def _problem(reason: Refused) -> Response:
    page = render_template_string(
        PROBLEM, title="This app cannot be installed", error=reason.error, description=reason.description
    )
    return _html(page, reason.status)


def _html(page: str, status: int) -> Response:
    response = Response(page, status, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Cache-Control"] = "no-store"
    return response
