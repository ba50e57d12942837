"""The developer account and the portal's page of connected apps, as control plane: register, let in, turn out.

What a developer does on HubSpot's pages and what a user does without OAuth; none of it is API.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, abort

from simulator.hubspot import apps, auth, grants
from simulator.hubspot.control import CONTROL, require_portal
from simulator.kernel import control
from simulator.kernel.errors import BadInput
from simulator.kernel.resource import Document
from simulator.kernel.simulation import Site

__all__ = ["CONTROL"]  # the portal's settings, with these


@CONTROL.get("/apps")
def list_apps(world: str, tenant: str) -> Response:
    """Every app of the world, how it stands in this portal, and the developer key."""
    site = control.site_of(world, tenant)
    require_portal(site)
    with site.simulation.lock:
        told = [_told(site, app) for app in apps.all_apps(site.simulation)]
        return control.answer({"developer_key": apps.developer_key(site.simulation), "apps": told})


@CONTROL.post("/apps")
def register_app(world: str, tenant: str) -> Response:
    """Register an app: `{"name": "mine", "redirect_urls": ["http://127.0.0.1:3000/callback"]}`; the rest is optional.

    `kind` is "public" (OAuth), "private", "service" (a service key) or "native" (HubSpot's own Shopify app); `scopes` a
    list, all of them unless it is sent; `signature` "v1" or "v2", which signs its webhooks beside v3; `webhook_hosts`
    hosts off this machine that may be delivered to.
    """
    wanted = control.body()
    name = wanted.pop("name", None)

    def register(site: Site) -> Document:
        if not isinstance(name, str):
            raise BadInput("an app has a name")
        return apps.register(site.simulation, name, {"scopes": sorted(auth.all_scopes())} | wanted)

    return _done(world, tenant, register, 201)


@CONTROL.put("/apps/<name>")
def change_app(world: str, tenant: str, name: str) -> Response:
    """Change what is sent, by the names of `POST`."""
    wanted = control.body()
    return _done(world, tenant, lambda site: apps.change(site.simulation, _app(site, name), wanted))


@CONTROL.post("/apps/<name>/install")
def install_app(world: str, tenant: str, name: str) -> Response:
    """A user lets the app in without a browser, or grants it its new scopes; `{"scopes": [...]}` fewer ones."""
    wanted = control.body()

    def install(site: Site) -> Document:
        app = _app(site, name)
        scopes = wanted.get("scopes", app["scopes"])
        if not isinstance(scopes, list) or not all(isinstance(scope, str) for scope in scopes):
            raise BadInput("scopes is a list of texts")
        grants.let_in(site, app, scopes)
        return app

    return _done(world, tenant, install)


@CONTROL.post("/apps/<name>/uninstall")
def uninstall_app(world: str, tenant: str, name: str) -> Response:
    """The app is turned out: its tokens are dead at once."""

    def uninstall(site: Site) -> Document:
        app = _app(site, name)
        grants.uninstall(site, name)
        return app

    return _done(world, tenant, uninstall)


def _done(world: str, tenant: str, change: Callable[[Site], Document], status: int = 200) -> Response:
    site = control.site_of(world, tenant)
    require_portal(site)
    with site.simulation.lock, site.transaction():
        return control.answer({"app": _told(site, change(site))}, status)


def _app(site: Site, name: str) -> Document:
    found = apps.registered(site.simulation, name)
    if found is None:
        abort(404, f"there is no app {name!r}")
    return found


def _told(site: Site, app: Document) -> dict[str, Any]:
    """An app with its secrets: the control plane serves loopback alone."""
    found = grants.installed(site, app["name"])
    shown = {name: value for name, value in app.items() if name != "webhooks"}
    token = grants.credentials(site.simulation, site.tenant, app["name"])["token"]
    return shown | {"installed": found is not None, "granted": found["scopes"] if found else [], "token": token}
