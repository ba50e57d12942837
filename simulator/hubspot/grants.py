"""How apps are let into portals: installations with their scopes, refresh tokens and access tokens, and their end.

All of it is rows; what the gate looks tokens up in is made again from them when the portal is opened. Every installed
app has one token that lasts, the private app's; OAuth gives others beside it, each for half an hour.
"""

from __future__ import annotations

from collections.abc import Iterable

from simulator.hubspot import apps, auth, owners
from simulator.hubspot.routes import DEVELOPER
from simulator.kernel.clock import DAY, MINUTE
from simulator.kernel.resource import Column, Document, Resource
from simulator.kernel.simulation import Grant, Simulation, Site

INSTALLS = Resource(
    "hubspot",
    "installs",
    (Column("app"), Column("refresh_token")),
    unique=(("app",), ("refresh_token",)),
    secret=True,
)
TOKENS = Resource("hubspot", "tokens", (Column("app"), Column("token")), unique=(("token",),), secret=True)
CODES = Resource("hubspot", "codes", (Column("code"),), unique=(("code",),), secret=True)

ACCESS_LIVES_MS = 30 * MINUTE  # expires_in 1800 [S]
CODE_LIVES_MS = 10 * MINUTE  # our reading
KNOWN_FOR_MS = DAY  # how long an expired token is still answered as expired: our reading


def open_again(site: Site) -> None:
    """Let the tokens of an earlier run open the portal as before, and the developer key the settings of apps."""
    key = apps.developer_key(site.simulation)
    site.simulation.grant("hubspot", apps.DEVELOPER, "developer", key, (), "", DEVELOPER)
    for token in site.find(TOKENS):
        _index(site, token)


def install(
    simulation: Simulation, portal: str, app: str, kind: str = "private", scopes: Iterable[str] | None = None
) -> Grant:
    """Let an app in, registered if need be: with all scopes unless told. One that was turned out stays out.

    Args:
        kind: "private", "service" (a service key), "public", or "native": HubSpot's own Shopify app, which may write
            what others may not.
    """
    site = Site(simulation, portal)
    with site.transaction():
        known = apps.registered(simulation, app)
        every = sorted(auth.all_scopes())
        known = known or apps.register(simulation, app, {"kind": kind, "scopes": every})
        found = installation(site, app)
        if found is None or scopes is not None:
            let_in(site, known, every if scopes is None else scopes)
    lasting = _lasting(site, app)
    return _grant(site, lasting or {"app": app, "token": "", "scopes": [], "expires_at_ms": 0})


def credentials(simulation: Simulation, portal: str, app: str) -> dict[str, str]:
    """What a developer must know of an app; the token is "" where the portal has turned it out."""
    known = apps.registered(simulation, app)
    assert known is not None, f"nobody registered the app {app!r}"
    token = _lasting(Site(simulation, portal), app)
    return {
        "app_id": str(known["id"]),
        "client_id": known["client_id"],
        "client_secret": known["client_secret"],
        "developer_key": apps.developer_key(simulation),
        "token": token["token"] if token else "",
    }


# --- installations ---


def installation(site: Site, app: str) -> Document | None:
    """How the app stands in this portal, also when it was turned out; None where it never was let in."""
    found = site.find(INSTALLS, "app = ?", (app,))
    return found[0] if found else None


def installed(site: Site, app: str) -> Document | None:
    found = installation(site, app)
    return found if found and found["uninstalled_at_ms"] is None else None


def let_in(site: Site, app: Document, scopes: Iterable[str]) -> Document:
    """A user installs the app, or grants it other scopes: its tokens have them at once. Our reading of the latter."""
    known, name = installation(site, app["name"]), app["name"]
    id = known["id"] if known else site.next_id(INSTALLS)
    made: Document = {
        "id": id,
        "app": name,
        "scopes": sorted(set(scopes)),
        "user": owners.opener(site)["id"],
        "refresh_token": known["refresh_token"] if known else None,
        "installed_at_ms": known["installed_at_ms"] if known else site.now(),
        "uninstalled_at_ms": None,
    }
    site.put(INSTALLS, id, made)
    if _lasting(site, name) is None:
        _give(site, made, _private_token(site, name), None)
    for token in site.find(TOKENS, "app = ?", (name,)):
        _put(site, token | {"scopes": made["scopes"]})
    return made


def uninstall(site: Site, app: str) -> None:
    """Turn an app out: its tokens are dead at once, its refresh token too."""
    found = installed(site, app)
    if found is None:
        return
    for token in site.find(TOKENS, "app = ?", (app,)):
        _remove(site, token)
    site.put(INSTALLS, found["id"], found | {"uninstalled_at_ms": site.now(), "refresh_token": None})


# --- codes and tokens of OAuth ---


def give_code(site: Site, app: Document, redirect_uri: str) -> str:
    """A code that is good once, for a few minutes."""
    id = site.next_id(CODES)
    code = f"na1-drill-{_fresh(site, 'codes')}"
    ends_ms = site.now() + CODE_LIVES_MS
    made = {"id": id, "code": code, "app": app["name"], "redirect_uri": redirect_uri, "expires_at_ms": ends_ms}
    site.put(CODES, id, made)
    return code


def code_row(site: Site, app: str, code: str) -> Document | None:
    found = site.find(CODES, "code = ?", (code,))
    return found[0] if found and found[0]["app"] == app and site.now() < found[0]["expires_at_ms"] else None


def redeem(site: Site, code: Document) -> Document | None:
    """A new access token for a code, and with the first one a refresh token; None where the app was turned out."""
    site.remove(CODES, code["id"])
    found = installed(site, code["app"])
    if found is None:
        return None
    if found["refresh_token"] is None:
        found = found | {"refresh_token": f"drill-{_fresh(site, 'tokens')}"}
        site.put(INSTALLS, found["id"], found)
    return access_token(site, found)


def by_refresh_token(site: Site, refresh_token: str) -> Document | None:
    """The installation to which a refresh token belongs. It neither changes nor expires [X]."""
    found = site.find(INSTALLS, "refresh_token = ?", (refresh_token,))
    return found[0] if found else None


def forget_refresh_token(site: Site, found: Document) -> None:
    """The app stays installed; only a user's consent gives it another one."""
    site.put(INSTALLS, found["id"], found | {"refresh_token": None})


def access_token(site: Site, found: Document) -> Document:
    """A new token, for half an hour; long dead ones are forgotten."""
    for token in site.find(TOKENS, "app = ?", (found["app"],)):
        if token["expires_at_ms"] is not None and token["expires_at_ms"] + KNOWN_FOR_MS < site.now():
            _remove(site, token)
    digits = _fresh(site, "tokens").replace("-", "")
    return _give(site, found, f"Cdrill{digits}", site.now() + ACCESS_LIVES_MS)


def by_token(site: Site, token: str) -> Document | None:
    """A token, also one that has expired."""
    found = site.find(TOKENS, "token = ?", (token,))
    return found[0] if found else None


def revoke(site: Site, token: Document) -> None:
    _remove(site, token)


def _lasting(site: Site, app: str) -> Document | None:
    found = [token for token in site.find(TOKENS, "app = ?", (app,)) if token["expires_at_ms"] is None]
    return found[0] if found else None


def _fresh(site: Site, stream: str) -> str:
    """Another one each time, and none of another world, though that may have the same seed."""
    drawn = site.chance.uuid(f"hubspot/{stream}")
    return apps.like_a_uuid(site.chance.secret(f"hubspot/{stream}/{drawn}"))


def _private_token(site: Site, app: str) -> str:
    """The same in every run of a world."""
    digits = site.chance.secret(f"hubspot/token/{site.tenant}/{app}", 27)
    return f"pat-na1-drill{digits[:3]}-{digits[3:7]}-{digits[7:11]}-{digits[11:15]}-{digits[15:]}"


def _give(site: Site, found: Document, token: str, expires_at_ms: int | None) -> Document:
    made = {
        "id": site.next_id(TOKENS),
        "app": found["app"],
        "token": token,
        "scopes": found["scopes"],
        "expires_at_ms": expires_at_ms,
    }
    _put(site, made)
    return made


def _put(site: Site, token: Document) -> None:
    site.put(TOKENS, token["id"], token)
    _index(site, token)


def _remove(site: Site, token: Document) -> None:
    site.remove(TOKENS, token["id"])
    site.simulation.revoke(token["token"])


def _index(site: Site, token: Document) -> None:
    site.simulation.grants[token["token"]] = _grant(site, token)


def _grant(site: Site, token: Document) -> Grant:
    app = apps.registered(site.simulation, token["app"])
    assert app is not None, f"nobody registered the app {token['app']!r}"
    return Grant(
        site.simulation,
        "hubspot",
        site.tenant,
        token["app"],
        token["token"],
        app["client_secret"],
        frozenset(token["scopes"]),
        app["kind"],
        token["expires_at_ms"],
    )
