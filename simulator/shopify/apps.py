"""Apps as the Dev Dashboard has them: client id and secret, redirect URLs, scopes, which customers' data they may see.

An app belongs to a world and to none of its shops; that a shop has let it in is a matter of `grants`. Its id and its
secret follow from the world's seed, so that they are the same in every run.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from simulator.kernel.errors import BadInput
from simulator.kernel.resource import Document
from simulator.kernel.simulation import Grant, Simulation, Site
from simulator.shopify.kinds import APPS

DASHBOARD = ""  # the tenant of apps
MOST_APPS = 100
MOST_URLS = 20
LONGEST_URL = 2_048
SCOPE = re.compile(r"(unauthenticated_|customer_)?(read|write)_[a-z][a-z_]{1,60}")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}")
SECRET = re.compile(r"[\x21-\x7e]{16,100}")
DISTRIBUTIONS = ("custom", "public")

# Every scope that a route, a field or a topic of the fake asks for, and the one that opens orders older than 60 days.
SCOPES = (
    "read_all_orders",
    "read_customer_merge",
    "read_customers",
    "read_draft_orders",
    "read_fulfillments",
    "read_inventory",
    "read_locations",
    "read_merchant_managed_fulfillment_orders",
    "read_order_edits",
    "read_orders",
    "read_products",
    "read_users",
    "write_customer_merge",
    "write_customers",
    "write_draft_orders",
    "write_fulfillments",
    "write_merchant_managed_fulfillment_orders",
    "write_order_edits",
    "write_orders",
    "write_products",
)

# What an app is approved for: level 1 is data of customers at all, level 2 each of the four kinds of fields [PCD].
CUSTOMER_DATA = ("customer", "name", "address", "email", "phone")


def register(simulation: Simulation, name: str, wanted: Mapping[str, Any] | None = None) -> Document:
    """A new app; a BadInput names what is wrong with it."""
    site = Site(simulation, DASHBOARD)
    if not NAME.fullmatch(name):
        raise BadInput(f"an app's name is up to 64 letters, digits, spaces, dots, - and _, not {name!r}")
    if registered(simulation, name):
        raise BadInput(f"there is an app {name!r} already: change it with PUT, or take another name")
    if site.count(APPS.resource) >= MOST_APPS:
        raise BadInput(f"at most {MOST_APPS} apps in a world")
    app: Document = {
        "id": site.next_id(APPS.resource),
        "name": name,
        "client_id": simulation.chance.secret(f"shopify/{name}/client id"),
        "client_secret": f"shpss_drill{simulation.chance.secret(f'shopify/{name}/secret', 27)}",
        "redirect_urls": [],
        "scopes": list(SCOPES),
        "distribution": "custom",
        "customer_data": None,
        "created_at_ms": site.now(),
    }
    return _put(site, app | _read(wanted or {}))


def change(simulation: Simulation, app: Document, wanted: Mapping[str, Any]) -> Document:
    """What is sent takes the place of what was; shops that have let it in keep the scopes that they granted."""
    return _put(Site(simulation, DASHBOARD), app | _read(wanted))


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
    return Site(simulation, DASHBOARD).find(APPS.resource)


def customer_data(app: Document) -> frozenset[str]:
    """What it may see of customers. A custom app has both levels, a public one what it was reviewed for [PCD]."""
    approved: list[str] | None = app["customer_data"]
    if approved is None:
        return frozenset(CUSTOMER_DATA if app["distribution"] == "custom" else ())
    return frozenset(approved)


def usable(approved: frozenset[str]) -> frozenset[str]:
    """Level 2 counts for nothing without level 1."""
    return approved if "customer" in approved else frozenset()


def granted(grant: Grant) -> frozenset[str]:
    """The scopes of an app with those that they imply."""
    return with_implied(grant.scopes)


def with_implied(scopes: Iterable[str]) -> frozenset[str]:
    """write_x lets read x [PY]."""
    asked = frozenset(scopes)
    return asked | {re.sub(r"(^|_)write_", r"\1read_", scope, count=1) for scope in asked if "write_" in scope}


def without_implied(scopes: Iterable[str]) -> list[str]:
    """The scopes as Shopify tells them where it gives a token: what another one implies is left out [NODE]."""
    asked = frozenset(scopes)
    return sorted(scope for scope in asked if not ("read_" in scope and scope.replace("read_", "write_", 1) in asked))


def read_scopes(text: str) -> list[str]:
    """ "read_orders,write_customers", with or without spaces; a BadInput names the one that is none."""
    found = sorted({scope.strip() for scope in text.split(",") if scope.strip()})
    for scope in found:
        if not SCOPE.fullmatch(scope):
            raise BadInput(f"{scope!r} is no access scope")
    return found


def app_id(app: str) -> int:
    """The number under which Shopify knows an app: `app_id` and `source_name` of its orders."""
    return 1_000_000_000 + zlib.crc32(app.encode())


# --- reading what a developer sends ---


def _urls(value: Any) -> list[str]:
    if not isinstance(value, list) or len(value) > MOST_URLS or not all(isinstance(one, str) for one in value):
        raise BadInput(f"redirect_urls is a list of up to {MOST_URLS} addresses")
    for url in value:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.fragment or len(url) > LONGEST_URL:
            raise BadInput(f"a redirect URL is an http or https address without a fragment, not {url!r}")
    return list(value)


def _scopes(value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise BadInput("scopes is a list of texts")
    return read_scopes(",".join(value))


def _distribution(value: Any) -> str:
    if value not in DISTRIBUTIONS:
        raise BadInput(f"distribution is {' or '.join(DISTRIBUTIONS)}, not {value!r}")
    return str(value)


def _customer_data(value: Any) -> list[str] | None:
    if value is None:
        return None
    if not isinstance(value, list) or any(one not in CUSTOMER_DATA for one in value):
        raise BadInput(f"customer_data is null or a list of {', '.join(CUSTOMER_DATA)}")
    if value and "customer" not in value:
        raise BadInput("customer_data of level 2 (name, address, email, phone) asks for level 1: add customer")
    return list(value)


def _credential(value: Any) -> str:
    if not isinstance(value, str) or not SECRET.fullmatch(value):
        raise BadInput("client_id and client_secret have 16 to 100 characters, none of them a space")
    return value


_FIELDS = {
    "redirect_urls": _urls,
    "scopes": _scopes,
    "distribution": _distribution,
    "customer_data": _customer_data,
    "client_id": _credential,
    "client_secret": _credential,
}


def _read(wanted: Mapping[str, Any]) -> Document:
    unknown = sorted(set(wanted) - set(_FIELDS))
    if unknown:
        raise BadInput(f"an app has no {unknown[0]!r}; it takes {', '.join(_FIELDS)}")
    return {name: _FIELDS[name](value) for name, value in wanted.items()}


def _put(site: Site, app: Document) -> Document:
    twin = by_client_id(site.simulation, app["client_id"])
    if twin and twin["id"] != app["id"]:
        raise BadInput("another app has this client_id")
    site.put(APPS.resource, app["id"], app)
    return app


def _first(simulation: Simulation, column: str, value: str) -> Document | None:
    found = Site(simulation, DASHBOARD).find(APPS.resource, f"{column} = ?", (value,), limit=1)
    return found[0] if found else None
