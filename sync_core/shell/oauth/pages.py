"""The pages on which a person connects shops and a portal (B4 to B6), on the core's own port, for this machine alone.

    /connect                       what is connected, and the two ways on
    /connect/shopify?shop=         off to Shopify's page; the answer comes to /connect/shopify/callback
    /connect/hubspot               off to HubSpot's page; the answer comes to /connect/hubspot/callback

Who opens the address with the key in it gets a cookie, and only that browser may ask a question or bring its answer:
a link on somebody else's page connects nobody. From here a browser is sent to the vendors' pages and to /connect alone.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import Flask, Response, redirect, render_template_string, request
from werkzeug.wrappers import Response as AnyResponse

from sync_core.shell.clients.access import Revoked
from sync_core.shell.clients.http import CallFailed, NotBefore
from sync_core.shell.oauth.asking import LIVES_MS, Question, Vendor, answered, ask
from sync_core.shell.oauth.vendors import is_genuine
from sync_core.shell.operator import is_local

if TYPE_CHECKING:
    from sync_core.shell.running.core import SyncCore

SHOP = re.compile(r"[a-z0-9][a-z0-9-]{0,59}\.myshopify\.com")
LONGEST = 2_000  # characters of anything in a query
MONTH_S = 30 * 86_400
REFRESH_S = 3  # while the first import runs

HEAD = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{{ title }}</title>
{% if refresh_s %}<meta http-equiv="refresh" content="{{ refresh_s }}">{% endif %}
<style>body{font:16px/1.5 sans-serif;max-width:40em;margin:3em auto;padding:0 1em}button,input{font:inherit}
td{padding-right:1.5em}</style><h1>{{ title }}</h1>"""
PAGE = f"""{HEAD}
<h2>Shopify</h2>
{{% if stores %}}<table>{{% for store in stores %}}<tr><td><strong>{{{{ store.shop }}}}</strong></td>
<td>{{{{ store.told }}}}</td><td>{{% if store.out %}}<form action="{{{{ base }}}}/connect/shopify">
<input type="hidden" name="shop" value="{{{{ store.shop }}}}"><button>Connect again</button></form>{{% endif %}}</td>
</tr>{{% endfor %}}</table>{{% else %}}<p>No store is connected.</p>{{% endif %}}
<form action="{{{{ base }}}}/connect/shopify"><p><label>{{{{ "Another store's" if stores else "The store's" }}}} address
<input name="shop" size="36" value="{{{{ shop }}}}" placeholder="your-store.myshopify.com"></label>
<button>Connect Shopify</button></p></form>
<h2>HubSpot</h2>
<p>{{{{ portal }}}}</p>
{{% if not works %}}<form action="{{{{ base }}}}/connect/hubspot"><button>Connect HubSpot</button></form>{{% endif %}}
<p><small>syncdrill's sync core, {{{{ integration }}}}. Numbers: <a href="{{{{ base }}}}/status">status</a></small></p>
</html>
"""
PROBLEM = f"""{HEAD}<p>{{{{ words }}}}</p>
{{% if back %}}<p><a href="{{{{ base }}}}/connect">Back</a></p>{{% endif %}}</html>
"""
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",  # the key stands in the first address
}


class Problem(Exception):
    """Why nobody is connected, in words for a person."""

    def __init__(self, words: str, status: int = 400) -> None:
        super().__init__(words)
        self.words, self.status = words, status


def serve(app: Flask, core: SyncCore, key: str, now: Callable[[], int]) -> None:
    """Add the pages, where there are apps that somebody can let in and a key that keeps others out."""
    if not key or not core.settings.has_apps:
        return
    made = Pages(core, key, now)
    for path, view in (
        ("/connect", made.overview),
        ("/connect/shopify", made.to_shopify),
        ("/connect/shopify/callback", made.from_shopify),
        ("/connect/hubspot", made.to_hubspot),
        ("/connect/hubspot/callback", made.from_hubspot),
    ):
        app.add_url_rule(path, f"connect {path}", made.guarded(view), methods=["GET"])


class Pages:
    """The pages of one core."""

    def __init__(self, core: SyncCore, key: str, now: Callable[[], int]) -> None:
        self._core, self._key, self._now = core, key, now
        self._pass = hmac.new(key.encode(), b"/connect", hashlib.sha256).hexdigest()
        self._cookie = f"syncdrill_{self._pass[:8]}"  # cookies know no ports: two cores need two names
        self._base = core.settings.pages

    def guarded(self, view: Callable[[], AnyResponse]) -> Callable[[], AnyResponse]:
        """Only for hosts on this machine, and for the browser that was shown the key."""

        @wraps(view)
        def run() -> AnyResponse:
            try:
                self._check(request.args)
                return view()
            except Problem as problem:
                return _problem(problem, self._base)
            except NotBefore:
                return _problem(Problem("The vendor's limit is reached: try again in some seconds.", 503), self._base)
            except (CallFailed, Revoked) as failed:
                words = getattr(getattr(failed, "outcome", failed), "words", "")
                told = f"The vendor did not give a token: {words or 'no answer'}. Try again."
                return _problem(Problem(told, 502), self._base)

        return run

    # --- the pages ---

    def overview(self) -> AnyResponse:
        if hmac.compare_digest(request.args.get("key", "").encode(), self._key.encode()):
            shop = request.args.get("shop", "")
            answer = redirect(f"{self._base}/connect{'?' + urlencode({'shop': shop}) if shop else ''}")
            path = f"{request.script_root}/connect"
            answer.set_cookie(self._cookie, self._pass, MONTH_S, path=path, httponly=True, samesite="Lax")
            return _safe(answer)
        core = self._core
        stores = [
            {"shop": shop, "told": _told(one.status()), "out": bool(one.ledger.connection.paused)}
            for shop, one in core.connections.items()
        ]
        imports = core.portal.works and any(one.ledger.connection.phase != "live" for one in core.connections.values())
        page = render_template_string(
            PAGE,
            title="Connect Shopify and HubSpot",
            refresh_s=REFRESH_S if imports else 0,
            base=self._base,
            stores=stores,
            shop="" if stores else request.args.get("shop", ""),
            portal=_portal(core),
            works=core.portal.works,
            integration=core.settings.integration,
        )
        return _html(page, 200)

    def to_shopify(self) -> AnyResponse:
        """B4: enter the store's address."""
        shop = _shop(request.args.get("shop", ""))
        self._refuse_twice(shop)
        return self._off("shopify", shop, lambda state: self._core.vendors.shopify_page(shop, state))

    def to_hubspot(self) -> AnyResponse:
        return self._off("hubspot", "", self._core.vendors.hubspot_page)

    def from_shopify(self) -> AnyResponse:
        """The merchant is back: Shopify's signature, our question, its shop; then a token for the code."""
        if not is_genuine(request.args, self._core.settings.shopify_secret):
            raise Problem("Shopify did not sign this address: nothing was connected.", 401)
        question = self._question("shopify")
        if request.args.get("shop", "") != question.shop:
            raise Problem(f"This answers for another store than {question.shop}: nothing was connected.", 403)
        code = _granted("Shopify")
        self._refuse_twice(question.shop)
        access = self._core.vendors.shopify_access(question.shop, code)
        return self._connected(lambda: self._core.let_in(question.shop, access))

    def from_hubspot(self) -> AnyResponse:
        """HubSpot signs nothing: the question is all that tells that this answer was asked for."""
        self._question("hubspot")
        access = self._core.vendors.hubspot_access(_granted("HubSpot"))
        return self._connected(lambda: self._core.let_into_portal(access))

    # --- parts ---

    def _check(self, query: Any) -> None:
        if not is_local(request.host):
            raise Problem("These pages are for hosts on this machine.", 403)
        if any(len(value) > LONGEST for value in query.values()):
            raise Problem("This address is too long.")
        shown = request.cookies.get(self._cookie, "").encode("utf-8", "replace")
        has_key = hmac.compare_digest(query.get("key", "").encode("utf-8", "replace"), self._key.encode())
        if not hmac.compare_digest(shown, self._pass.encode()) and not has_key:
            raise Problem("Open the address that syncdrill sync printed when it started: it has the key.", 401)

    def _off(self, vendor: Vendor, shop: str, page: Callable[[str], str]) -> AnyResponse:
        if request.headers.get("Sec-Fetch-Site") == "cross-site":  # as browsers say of a link on another's page
            raise Problem("Connecting begins on this core's own page.", 403)
        return _safe(redirect(page(ask(self._core.accesses, Question(vendor, shop, self._now()), self._core.rng))))

    def _question(self, vendor: Vendor) -> Question:
        question = answered(self._core.accesses, request.args.get("state", ""), self._now())
        if question is None or question.vendor != vendor:
            minutes = LIVES_MS // 60_000
            words = (
                f"This answer was not asked for, was brought before, or is older than {minutes} minutes: begin anew."
            )
            raise Problem(words, 403)
        return question

    def _refuse_twice(self, shop: str) -> None:
        known = self._core.connections.get(shop)
        if known and not known.ledger.connection.paused:
            raise Problem(f"{shop} is connected already: a store has one connection to a portal.", 409)

    def _connected(self, act: Callable[[], object]) -> AnyResponse:
        try:
            act()
        except ValueError as refusal:
            words = str(refusal)
            raise Problem(f"{words[0].upper()}{words[1:]}.", 409) from None
        return _safe(redirect(f"{self._base}/connect"))


def _shop(typed: str) -> str:
    """The domain, however a person writes it: with https:// before it, or its first word alone."""
    name = typed.strip().lower().removeprefix("https://").partition("/")[0]
    shop = name if "." in name else f"{name}.myshopify.com"
    if not SHOP.fullmatch(shop):
        raise Problem("A store's address looks like your-store.myshopify.com.")
    return shop


def _granted(vendor: str) -> str:
    """The code, if the person has said yes."""
    if error := request.args.get("error"):
        words = request.args.get("error_description") or error
        raise Problem(f"{vendor} did not let the app in: {words}. Nothing was connected.", 403)
    if not (code := request.args.get("code")):
        raise Problem(f"{vendor} gave no code: nothing was connected.")
    return code


def _told(status: dict[str, Any]) -> str:
    if status["paused"] or status["trouble"]:
        return f"paused: {status['paused']}" if status["paused"] else str(status["trouble"])
    if status["phase"] == "importing":
        counts = ", ".join(f"{one['done']} of {one['total']} {kind}s" for kind, one in status["import"].items())
        return f"importing: {counts}"
    return status["pending"] or "connected, in sync"


def _portal(core: SyncCore) -> str:
    access = core.portal.access
    if access.refused:
        return f"HubSpot refuses the token: {access.refused}"
    return f"Connected{f': account {access.portal}' if access.portal else ''}." if access.token else "Not connected."


def _problem(problem: Problem, base: str) -> Response:
    """In plain words; the way back is for whoever may go it."""
    back = problem.status != 401
    page = render_template_string(PROBLEM, title="Not connected", words=problem.words, base=base, back=back)
    return _html(page, problem.status)


def _html(page: str, status: int) -> Response:
    response = Response(page, status, content_type="text/html; charset=utf-8")
    response.headers.update(HEADERS)
    return response


def _safe(response: AnyResponse) -> AnyResponse:
    response.headers.update({name: value for name, value in HEADERS.items() if name != "Content-Security-Policy"})
    return response
