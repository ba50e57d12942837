"""Which shop and which app a request speaks of that has no token yet.

A client id belongs to one app of one world. In that world the shop is the one that the host name names,
`drill-shop.myshopify.com` or `drill-shop.localhost:5005`; any other host leaves it to the `shop` that was sent, which
Shopify would ignore, or to the world, if it has one shop.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

import orjson

from simulator.kernel.gate import Environ, current, read_body
from simulator.kernel.resource import Document
from simulator.kernel.simulation import Simulation, Site
from simulator.shopify import apps
from simulator.shopify.kinds import SHOPS
from simulator.shopify.shop import Shop

NAME = "oauth"
AUTHORIZE, TOKEN = "/admin/oauth/authorize", "/admin/oauth/access_token"
OWN_HOSTS = (".myshopify.com", ".localhost")
MOST_FIELDS = 50


@dataclass(eq=False)
class Refused(Exception):
    """Why not, as OAuth says it: `error` and `error_description`."""

    error: str
    description: str
    status: int = 400


def visited(environ: Environ, worlds: Iterable[Simulation]) -> Site | None:
    """The shop that is asked for, where its world is known by the app's client id."""
    path = environ.get("PATH_INFO")
    if path == AUTHORIZE:
        sent = fields("", environ.get("QUERY_STRING", "").encode())
    elif path == TOKEN:
        sent = fields(environ.get("CONTENT_TYPE", ""), read_body(environ))
    else:
        return None
    for simulation in worlds:
        with simulation.lock:
            if apps.by_client_id(simulation, text(sent, "client_id")):
                return _shop(simulation, environ.get("HTTP_HOST", ""), text(sent, "shop"))
    return None


def fields(content_type: str, body: bytes) -> dict[str, Any]:
    """What was sent, as a form or as JSON; nothing where it is neither."""
    if "json" in content_type.lower():
        try:
            found = orjson.loads(body)
        except orjson.JSONDecodeError:
            return {}
        return found if isinstance(found, dict) else {}
    try:
        pairs = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return {}
    return {name: values[-1] for name, values in pairs.items()}


def text(sent: Mapping[str, Any], name: str) -> str:
    """A field as text; "" where there is none, or something else."""
    value = sent.get(name)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def called(sent: Mapping[str, Any]) -> tuple[Shop, Document]:
    """The shop and the app; refused in Shopify's words where there is no such app [GH]."""
    site, client_id = current().site, text(sent, "client_id")
    app = apps.by_client_id(site.simulation, client_id) if site else None
    if site is None or app is None:
        raise Refused("invalid_request", f"Could not find Shopify API application with api_key {client_id}")
    if not site.count(SHOPS.resource):
        # The words are the fake's own: Shopify has one shop behind each host name.
        raise Refused("invalid_request", f"there is no shop {site.tenant!r} here: name one by the host", 404)
    return Shop.open(site), app


def authenticate(app: Document, sent: Mapping[str, Any]) -> None:
    """Our reading of status and words: those of RFC 6749."""
    if not hmac.compare_digest(app["client_secret"].encode(), text(sent, "client_secret").encode()):
        raise Refused("invalid_client", "Client authentication failed due to an unknown client or secret", 401)


def _shop(simulation: Simulation, host: str, sent: str) -> Site:
    name = host.split(":")[0].lower()
    for own in OWN_HOSTS:
        if name.endswith(own):
            return Site(simulation, f"{name.removesuffix(own)}.myshopify.com")
    shops = simulation.store.tenants(SHOPS.resource)
    if sent in shops:
        return Site(simulation, sent)
    return Site(simulation, shops[0] if len(shops) == 1 else name)
