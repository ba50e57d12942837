"""The Dev Dashboard and the merchant's page of apps, as control plane: register an app, let it in, turn it out.

What a developer does in Shopify's dashboard and what a merchant does without OAuth; none of it is API.
"""

from __future__ import annotations

from typing import Any

from flask import abort

from simulator.kernel.control import body
from simulator.kernel.errors import BadInput
from simulator.kernel.resource import Document
from simulator.shopify import apps, grants
from simulator.shopify.oauth import sessions
from simulator.shopify.shop import Shop
from simulator.shopify.shopper import CONTROL, route

__all__ = ["CONTROL"]  # the shopper's side, with this one


@route("GET", "/apps")
def list_apps(shop: Shop) -> dict[str, Any]:
    """Every app of the world: client id and secret, and how it stands in this shop."""
    return {"apps": [_told(shop, app) for app in apps.all_apps(shop.simulation)]}


@route("POST", "/apps")
def register_app(shop: Shop) -> dict[str, Any]:
    """Register an app: `{"name": "mine", "redirect_urls": ["http://127.0.0.1:3000/callback"]}`; the rest is optional.

    `scopes` is a list, `distribution` "custom" or "public"; `customer_data` says what of protected customer data it is
    approved for, a list of "customer" (level 1), "name", "address", "email" and "phone" (level 2), null for what
    apps of its distribution have; `client_id` and `client_secret` are made unless they are sent.
    """
    wanted = dict(body())
    name = wanted.pop("name", None)
    if not isinstance(name, str):
        raise BadInput("an app has a name")
    return {"app": _told(shop, apps.register(shop.simulation, name, wanted))}


@route("PUT", "/apps/<name>")
def change_app(shop: Shop, name: str) -> dict[str, Any]:
    """Change what is sent, by the names of `POST`."""
    return {"app": _told(shop, apps.change(shop.simulation, _app(shop, name), body()))}


@route("POST", "/apps/<name>/install")
def install_app(shop: Shop, name: str) -> dict[str, Any]:
    """The merchant installs the app without a browser, or grants it its new scopes; `{"scopes": [...]}` fewer ones."""
    app = _app(shop, name)
    wanted = body().get("scopes", app["scopes"])
    if not isinstance(wanted, list):
        raise BadInput("scopes is a list")
    grants.let_in(shop, app, apps.read_scopes(",".join(map(str, wanted))))
    if app["distribution"] == "custom" and grants.offline_token(shop.site, name) is None:
        grants.lasting_token(shop.site, app)
    return {"app": _told(shop, app)}


@route("POST", "/apps/<name>/uninstall")
def uninstall_app(shop: Shop, name: str) -> dict[str, Any]:
    """The merchant deletes the app: it is told, and its tokens are dead at once."""
    app = _app(shop, name)
    grants.uninstall(shop, name)
    return {"app": _told(shop, app)}


@route("POST", "/apps/<name>/session_token")
def session_token(shop: Shop, name: str) -> dict[str, Any]:
    """A session token, as an app that is embedded in the admin is handed one for each of its requests."""
    app = _app(shop, name)
    if grants.installed(shop.site, name) is None:
        abort(409, f"the app {name!r} is not installed")
    return {"session_token": sessions.made(shop, app)}


def _app(shop: Shop, name: str) -> Document:
    found = apps.registered(shop.simulation, name)
    if found is None:
        known = ", ".join(one["name"] for one in apps.all_apps(shop.simulation))
        abort(404, f"there is no app {name!r}; there are: {known}")
    return found


def _told(shop: Shop, app: Document) -> dict[str, Any]:
    found, token = grants.installed(shop.site, app["name"]), grants.offline_token(shop.site, app["name"])
    kept = ("name", "client_id", "client_secret", "redirect_urls", "scopes", "distribution")
    return {name: app[name] for name in kept} | {
        "customer_data": sorted(apps.customer_data(app)),
        "installed_scopes": found["scopes"] if found else None,
        "token": token["token"] if token else None,
    }
