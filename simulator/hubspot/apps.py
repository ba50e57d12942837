"""Apps as a HubSpot developer account has them: client id and secret, redirect URLs, scopes, and its developer key.

An app belongs to a world and to none of its portals. Its ids and its secret follow from the world's seed, so that they
are the same in every run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from simulator.kernel.errors import BadInput
from simulator.kernel.resource import Column, Document, Resource
from simulator.kernel.simulation import Simulation, Site

DEVELOPER = ""  # the tenant of apps: the developer account
APPS = Resource(
    "hubspot", "apps", (Column("name"), Column("client_id")), unique=(("name",), ("client_id",)), secret=True
)
SUBSCRIPTIONS = Resource("hubspot", "webhook_subscriptions", (Column("app", int),))  # to webhooks

KINDS = ("private", "service", "public", "native")
SIGNATURES = ("v1", "v2")
MOST_APPS, MOST_URLS, MOST_SCOPES = 100, 20, 300
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}")
SCOPE = re.compile(r"[a-z][a-z0-9_.-]{1,99}")
HOST = re.compile(r"[a-z0-9][a-z0-9.-]{0,252}")


def register(simulation: Simulation, name: str, wanted: Mapping[str, Any]) -> Document:
    """A new app; a BadInput names what is wrong with it.

    Args:
        wanted: `kind`, `scopes`, `redirect_urls`; `signature`, the version that signs its webhooks beside v3; and
            `webhook_hosts`, hosts off this machine that may be delivered to.
    """
    site, secret = developer(simulation), simulation.chance.secret
    if not NAME.fullmatch(name):
        raise BadInput(f"an app's name is up to 64 letters, digits, spaces, dots, - and _, not {name!r}")
    if registered(simulation, name):
        raise BadInput(f"there is an app {name!r} already: change it with PUT, or take another name")
    if site.count(APPS) >= MOST_APPS:
        raise BadInput(f"at most {MOST_APPS} apps in a world")
    app: Document = {
        "id": app_id(simulation, name),
        "name": name,
        "client_id": like_a_uuid(secret(f"hubspot/client id/{name}")),
        "client_secret": f"drill-{like_a_uuid(secret(f'hubspot/secret/{name}'))}",
        "kind": "public",
        "scopes": ["oauth"],
        "redirect_urls": [],
        "signature": "v1",
        "webhook_hosts": [],
        "webhooks": None,
    }
    return save(simulation, app | _read(wanted))


def change(simulation: Simulation, app: Document, wanted: Mapping[str, Any]) -> Document:
    """What is sent takes the place of what was; portals that have let it in keep what they granted."""
    return save(simulation, app | _read(wanted))


def save(simulation: Simulation, app: Document) -> Document:
    developer(simulation).put(APPS, app["id"], app)
    return app


def send_back_to(simulation: Simulation, name: str, urls: Iterable[str]) -> None:
    """Redirect URLs of a registered app, beside those that it has."""
    app = registered(simulation, name)
    assert app is not None, f"nobody registered the app {name!r}"
    change(simulation, app, {"redirect_urls": sorted({*app["redirect_urls"], *urls})})


def registered(simulation: Simulation, name: str) -> Document | None:
    return _first(simulation, "name", name)


def by_client_id(simulation: Simulation, client_id: str) -> Document | None:
    return _first(simulation, "client_id", client_id)


def all_apps(simulation: Simulation) -> list[Document]:
    return developer(simulation).find(APPS)


def developer(simulation: Simulation) -> Site:
    return Site(simulation, DEVELOPER)


def developer_key(simulation: Simulation) -> str:
    """The `hapikey` of the developer account; it opens the settings of webhooks, and no data of any portal."""
    return f"drill-{like_a_uuid(simulation.chance.secret('hubspot/developer key'))}"


def app_id(simulation: Simulation, name: str) -> int:
    """The number that HubSpot knows the app by."""
    return 1_000_000 + int(simulation.chance.secret(f"hubspot/app/{name}", 6), 16)


def _first(simulation: Simulation, column: str, value: str) -> Document | None:
    found = developer(simulation).find(APPS, f"{column} = ?", (value,), limit=1)
    return found[0] if found else None


def like_a_uuid(digits: str) -> str:
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:32]))


# --- reading what a developer sends ---


def _read(wanted: Mapping[str, Any]) -> Document:
    unknown = sorted(set(wanted) - set(_FIELDS))
    if unknown:
        raise BadInput(f"an app has no {unknown[0]!r}; it takes {', '.join(_FIELDS)}")
    return {name: _FIELDS[name](name, value) for name, value in wanted.items()}


def _one_of(choices: tuple[str, ...]) -> Callable[[str, Any], str]:
    def read(name: str, value: Any) -> str:
        if value not in choices:
            raise BadInput(f"{name} is one of {', '.join(choices)}, not {value!r}")
        return str(value)

    return read


def _words(most: int, pattern: re.Pattern[str]) -> Callable[[str, Any], list[str]]:
    def read(name: str, value: Any) -> list[str]:
        if not isinstance(value, list) or len(value) > most:
            raise BadInput(f"{name} is a list of up to {most} texts")
        wrong = [one for one in value if not isinstance(one, str) or not pattern.fullmatch(one)]
        if wrong:
            raise BadInput(f"{name} takes no {wrong[0]!r}")
        return sorted(set(value))

    return read


def _urls(name: str, value: Any) -> list[str]:
    if not isinstance(value, list) or len(value) > MOST_URLS or not all(isinstance(one, str) for one in value):
        raise BadInput(f"{name} is a list of up to {MOST_URLS} addresses")
    for url in value:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.fragment or len(url) > 2_048:
            raise BadInput(f"a redirect URL is an http or https address without a fragment, not {url!r}")
    return list(value)


_FIELDS: Mapping[str, Callable[[str, Any], Any]] = {
    "kind": _one_of(KINDS),
    "scopes": _words(MOST_SCOPES, SCOPE),
    "redirect_urls": _urls,
    "signature": _one_of(SIGNATURES),
    "webhook_hosts": _words(MOST_URLS, HOST),
}
