"""How apps are let into shops: installations with their scopes, the tokens given for them, and their end.

All of it is rows; what the gate looks tokens up in is made again from them when the shop is opened. A token that has
expired or was taken back opens nothing from that moment on.
"""

from __future__ import annotations

from collections.abc import Iterable

from simulator.kernel.clock import DAY, HOUR, SECOND
from simulator.kernel.resource import Document
from simulator.kernel.simulation import Grant, Simulation, Site
from simulator.shopify import apps, webhooks
from simulator.shopify.kinds import INSTALLATIONS, SUBSCRIPTIONS, TOKENS, VENDOR
from simulator.shopify.shop import Shop

OFFLINE_LIVES_MS = 1 * HOUR  # an expiring one: expires_in 3600 [EXP]
REFRESH_LIVES_MS = 90 * DAY  # UNVERIFIED in the reference
ONLINE_LIVES_MS = DAY - SECOND  # Our reading: as long as one of client credentials
CREDENTIALS_LIVE_MS = DAY - SECOND  # expires_in 86399 [CC]
REDACTED_AFTER_MS = 2 * DAY  # how long after its removal an app is told to forget the shop [WH]
KINDS = ("offline", "online", "client_credentials")


def open_again(site: Site) -> None:
    """Let the tokens of an earlier run open the shop as before."""
    for token in site.find(TOKENS.resource):
        _index(site, token)


def install(
    simulation: Simulation,
    shop: str,
    app: str,
    scopes: Iterable[str] | None = None,
    secret: str | None = None,
) -> Grant:
    """Let an app into a shop, once: one that was let in before stays as it is, also if it was turned out since."""
    site = Site(simulation, shop)
    wanted = {"scopes": sorted(scopes)} if scopes is not None else {}
    known = apps.registered(simulation, app)
    with site.transaction():
        known = known or apps.register(simulation, app, wanted | ({"client_secret": secret} if secret else {}))
        if installation(site, app) is None:
            let_in(Shop.open(site), known, wanted.get("scopes", known["scopes"]))
            _give(site, known, "offline", f"{VENDOR}/{shop}/{app}/token")
    token = offline_token(site, app)
    return _grant(site, token or {"app": app, "token": "", "kind": "offline", "scopes": [], "expires_at_ms": 0})


def credentials(simulation: Simulation, shop: str, app: str) -> dict[str, str | None]:
    """What a developer must know of an app: its id and secret, and the token that it has in the shop, if any."""
    known = apps.registered(simulation, app)
    assert known is not None, f"nobody registered the app {app!r}"
    token = offline_token(Site(simulation, shop), app)
    return {
        "client_id": known["client_id"],
        "client_secret": known["client_secret"],
        "token": token["token"] if token else None,
    }


# --- installations ---


def installation(site: Site, app: str) -> Document | None:
    """How the app stands in this shop, also when it was turned out; None where it never was let in."""
    found = site.find(INSTALLATIONS.resource, "app = ?", (app,), limit=1)
    return found[0] if found else None


def installed(site: Site, app: str) -> Document | None:
    found = installation(site, app)
    return found if found and found["uninstalled_at_ms"] is None else None


def let_in(shop: Shop, app: Document, scopes: Iterable[str]) -> Document:
    """The merchant installs the app, or grants it other scopes: its tokens have them at once."""
    site, asked = shop.site, apps.without_implied(scopes)
    before = installed(site, app["name"])
    if before and before["scopes"] == asked:
        return before
    known = installation(site, app["name"])
    made = {
        "id": known["id"] if known else site.next_id(INSTALLATIONS.resource),
        "app": app["name"],
        "scopes": asked,
        "installed_at_ms": shop.now(),
        "uninstalled_at_ms": None,
    }
    site.put(INSTALLATIONS.resource, made["id"], made)
    for token in _tokens(site, app["name"]):
        if token["kind"] != "online":
            _put(site, token | {"scopes": asked})
    if known and not before:
        webhooks.withdraw(shop, "shop/redact", app["name"])  # it was let in again before it had to forget [WHM]
    if before:
        told = {"app_id": apps.app_id(app["name"]), "previous": before["scopes"], "current": asked}
        shop.owe("app/scopes_update", told, app["name"])
    return made


def uninstall(shop: Shop, app: str) -> None:
    """Turn an app out: it is told once more, the subscriptions that it made go, its tokens are dead at once [GH]."""
    found = installed(shop.site, app)
    if found is None:
        return
    shop.owe("app/uninstalled", shop.record, app)
    shop.owe("shop/redact", shop.record, app, after_ms=REDACTED_AFTER_MS)
    for subscription in shop.find(SUBSCRIPTIONS, "app = ? AND origin = ?", app, webhooks.BY_API):
        shop.delete(SUBSCRIPTIONS, subscription)
    for token in _tokens(shop.site, app):
        revoke(shop.site, token)
    shop.site.put(INSTALLATIONS.resource, found["id"], found | {"uninstalled_at_ms": shop.now()})


# --- tokens ---


def offline_token(site: Site, app: str) -> Document | None:
    """The newest token of the app itself that still opens the shop."""
    found = [one for one in _tokens(site, app) if one["kind"] == "offline" and _lives(site, one)]
    return found[-1] if found else None


def lasting_token(site: Site, app: Document) -> Document:
    """An offline token that never expires; asked for again, Shopify gives the same. Our reading."""
    found = [one for one in _tokens(site, app["name"]) if one["kind"] == "offline" and one["expires_at_ms"] is None]
    return found[-1] if found else _give(site, app, "offline")


def expiring_token(site: Site, app: Document, replaces: int | None = None) -> Document:
    """An offline token for an hour, and the refresh token for the next one [EXP]."""
    return _give(site, app, "offline", lives_ms=OFFLINE_LIVES_MS, refreshed=True, replaces=replaces)


def online_token(site: Site, app: Document, scopes: list[str]) -> Document:
    """A token of the person who installs."""
    return _give(site, app, "online", lives_ms=ONLINE_LIVES_MS, scopes=scopes)


def credentials_token(site: Site, app: Document) -> Document:
    """A token that an app of the shop's own organization gets for its secret alone [CC]."""
    return _give(site, app, "client_credentials", lives_ms=CREDENTIALS_LIVE_MS)


def by_refresh_token(site: Site, app: str, refresh_token: str) -> Document | None:
    found = site.find(TOKENS.resource, "app = ? AND refresh_token = ?", (app, refresh_token), limit=1)
    return found[0] if found and found[0]["refresh_expires_at_ms"] > site.now() else None


def by_token(site: Site, app: str, token: str) -> Document | None:
    """Also one that was replaced by an expiring one."""
    found = site.find(TOKENS.resource, "app = ? AND token = ?", (app, token), limit=1)
    return found[0] if found else None


def replaced(site: Site, token: Document) -> list[Document]:
    """The token in whose place this one was given, and its siblings: answers that perhaps got lost."""
    if token["replaces"] is None:
        return []
    family = (token["replaces"], *(one["id"] for one in _tokens(site, token["app"]) if _twins(one, token)))
    return [one for one in _tokens(site, token["app"]) if one["id"] in family]


def replaced_by(site: Site, token: Document) -> list[Document]:
    """The tokens that were given for this one, oldest first."""
    return [one for one in _tokens(site, token["app"]) if one["replaces"] == token["id"]]


def retire(site: Site, token: Document) -> None:
    """Its refresh token is of no use any more; the row goes when it opens nothing either."""
    if _lives(site, token):
        _put(site, token | {"refresh_token": None})
    else:
        revoke(site, token)


def prolonged(site: Site, token: Document) -> Document:
    """The same token, for another hour where it would end."""
    if not _lives(site, token):
        token = token | {"expires_at_ms": site.now() + OFFLINE_LIVES_MS}
        _put(site, token)
    return token


def close(site: Site, token: Document) -> None:
    """The token opens nothing from now on, but is known still."""
    _put(site, token | {"expires_at_ms": site.now()})


def revoke(site: Site, token: Document) -> None:
    site.remove(TOKENS.resource, token["id"])
    site.simulation.revoke(token["token"])


def _give(
    site: Site,
    app: Document,
    kind: str,
    named: str = "",
    *,
    lives_ms: int | None = None,
    refreshed: bool = False,
    replaces: int | None = None,
    scopes: list[str] | None = None,
) -> Document:
    """A new token. `named`: what its digits follow from, where it shall be the same in every run."""
    now, id = site.now(), site.next_id(TOKENS.resource)
    named = named or f"{VENDOR}/{site.tenant}/{app['name']}/token/{id}"
    found = installed(site, app["name"])
    assert found is not None, f"{app['name']!r} is not installed in {site.tenant}"
    secret = site.chance.secret
    token = {
        "id": id,
        "app": app["name"],
        "kind": kind,
        "token": f"shpat_drill{secret(named, 27)}",
        "scopes": found["scopes"] if scopes is None else scopes,
        "given_at_ms": now,
        "expires_at_ms": None if lives_ms is None else now + lives_ms,
        "refresh_token": f"shprt_drill{secret(f'{named}/refresh', 27)}" if refreshed else None,
        "refresh_expires_at_ms": now + REFRESH_LIVES_MS if refreshed else None,
        "replaces": replaces,
    }
    _put(site, token)
    _forget_dead(site, app["name"])
    return token


def _forget_dead(site: Site, app: str) -> None:
    """Tokens that can neither open the shop nor be refreshed; one that another one replaced is known for a while."""
    replaced = {one["replaces"] for one in _tokens(site, app)}
    for token in _tokens(site, app):
        refreshable = (token["refresh_expires_at_ms"] or 0) > site.now() and token["refresh_token"]
        if not _lives(site, token) and not refreshable and token["id"] not in replaced:
            revoke(site, token)


def _put(site: Site, token: Document) -> None:
    site.put(TOKENS.resource, token["id"], token)
    _index(site, token)


def _tokens(site: Site, app: str) -> list[Document]:
    return site.find(TOKENS.resource, "app = ?", (app,))


def _twins(one: Document, other: Document) -> bool:
    return one["id"] != other["id"] and one["replaces"] == other["replaces"]


def _lives(site: Site, token: Document) -> bool:
    return token["expires_at_ms"] is None or site.now() < token["expires_at_ms"]


def _index(site: Site, token: Document) -> Grant:
    grant = _grant(site, token)
    site.simulation.grants[token["token"]] = grant
    return grant


def _grant(site: Site, token: Document) -> Grant:
    app = apps.registered(site.simulation, token["app"])
    assert app is not None
    return Grant(
        site.simulation,
        VENDOR,
        site.tenant,
        token["app"],
        token["token"],
        app["client_secret"],
        frozenset(token["scopes"]),
        token["kind"],
        token["expires_at_ms"],
    )
