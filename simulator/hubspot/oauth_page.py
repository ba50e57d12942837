"""The page on which a user lets an app into a portal [PY], and is sent back to it with a code.

The button's form carries a token that only this page and the cookie beside it know, so no other page can press it.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from flask import render_template_string, request

from simulator.hubspot import apps, auth, errors, grants, portal
from simulator.hubspot.ask import Ask
from simulator.hubspot.errors import Answer
from simulator.hubspot.oauth import AUTHORIZE, fields
from simulator.hubspot.routes import OPEN, Route
from simulator.kernel.gate import current
from simulator.kernel.resource import Document
from simulator.kernel.simulation import Site

COOKIE = "syncdrill_connect"
LONGEST_STATE = 2_000

HEAD = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{{ title }}</title>
<style>body{font:16px/1.5 sans-serif;max-width:36em;margin:3em auto;padding:0 1em}button{font:inherit}</style>
<h1>{{ title }}</h1>"""
PAGE = f"""{HEAD}<p>The app <strong>{{{{ app }}}}</strong> asks to be let into an account, for:</p>
<ul>{{% for scope in scopes %}}<li><code>{{{{ scope }}}}</code></li>{{% endfor %}}</ul>
<form method="post"><input type="hidden" name="token" value="{{{{ token }}}}">
<p><label>Account <select name="portal">{{% for id in portals %}}<option>{{{{ id }}}}</option>{{% endfor %}}</select>
</label></p><button>Connect app</button></form><p><small>syncdrill: a fake of HubSpot's page.</small></p></html>
"""
PROBLEM = f"{HEAD}<p>{{{{ reason }}}}</p></html>\n"
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}


class Refused(Exception):
    """Why nobody can be let in, in words for a person. They are ours: no source has HubSpot's."""


def show() -> Answer:
    """Account, app and scopes, and a button."""
    try:
        site, app, scopes = _asked()
    except Refused as reason:
        return _problem(str(reason))
    nonce = site.chance.uuid("hubspot/connects")
    page = render_template_string(
        PAGE,
        title=f"Connect {app['name']} to HubSpot",
        app=app["name"],
        scopes=scopes,
        portals=site.store.tenants(portal.PORTALS),
        token=_token(site, nonce),
    )
    cookie = f"{COOKIE}={nonce}; Path={request.path}; HttpOnly; SameSite=Lax"
    return Answer(200, page, HEADERS | {"Set-Cookie": cookie})


def connect() -> Answer:
    """The button: the app is let into the account, and goes on with a code."""
    try:
        site, app, scopes = _asked()
        expected = _token(site, request.cookies.get(COOKIE, ""))
        if not hmac.compare_digest(expected.encode(), request.form.get("token", "").encode()):
            raise Refused("This form is not from this page: open the page anew.")
        chosen = request.form.get("portal", "")
        if chosen not in site.store.tenants(portal.PORTALS):
            raise Refused("There is no such account.")
    except Refused as reason:
        return _problem(str(reason))
    site = Site(site.simulation, chosen)
    with site.transaction():
        grants.let_in(site, app, scopes)
        address = fields(request.environ)["redirect_uri"]
        return _back(address, grants.give_code(site, app, address))


def uninstall(question: Ask) -> Answer:
    """The app turns itself out of the account."""
    if question.grant.kind != "public":
        raise errors.bad_request("Only public apps can uninstall themselves")  # our sentence
    grants.uninstall(question.site, question.grant.app)
    return Answer(204)


def _asked() -> tuple[Site, Document, list[str]]:
    """The app and the scopes; optional ones as far as the account has them, which is those that the fake knows."""
    sent, site = fields(request.environ), current().site
    app = apps.by_client_id(site.simulation, sent.get("client_id", "")) if site else None
    if site is None or app is None:
        raise Refused("There is no app with this client_id.")
    if sent.get("redirect_uri", "") not in app["redirect_urls"]:
        raise Refused("The redirect_uri is not one of the app's redirect URLs.")
    if len(sent.get("state", "")) > LONGEST_STATE:
        raise Refused(f"The state has more than {LONGEST_STATE} characters.")
    if "code_challenge" in sent:
        raise Refused("syncdrill does not simulate code_challenge of OAuth's PKCE.")
    wanted, optional = (set(sent.get(name, "").split()) for name in ("scope", "optional_scope"))
    strange = sorted((wanted | optional) - set(app["scopes"]) - {"oauth"})
    if not wanted or strange:
        told = f"the app's settings do not have {', '.join(strange)}" if strange else "no scope is asked for"
        raise Refused(f"The scopes of this address and of the app do not match: {told}.")
    return site, app, sorted(wanted | (optional & auth.all_scopes()))


def _token(site: Site, nonce: str) -> str:
    """What the form and the cookie must agree on, for this very question."""
    return site.chance.secret(f"hubspot/connect/{nonce}/{request.query_string.decode('latin-1')}")


def _back(address: str, code: str) -> Answer:
    location, sent = urlsplit(address), fields(request.environ)
    query: Mapping[str, str] = dict(parse_qsl(location.query, keep_blank_values=True)) | {"code": code}
    query = {**query, "state": sent["state"]} if "state" in sent else query
    where = urlunsplit(location._replace(query=urlencode(query)))
    forget = f"{COOKIE}=; Path={request.path}; Max-Age=0"
    return Answer(302, None, {"Location": where, "Cache-Control": "no-store", "Set-Cookie": forget})


def _problem(reason: str) -> Answer:
    page = render_template_string(PROBLEM, title="This app cannot be connected", reason=reason)
    return Answer(400, page, HEADERS)


ROUTES = (
    Route("GET", (AUTHORIZE,), show, OPEN),
    Route("POST", (AUTHORIZE,), connect, OPEN),
    Route("DELETE", ("/appinstalls/v3/external-install",), uninstall, ""),
)
