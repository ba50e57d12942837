"""Who calls: the token of a request, and whether it may do what it asks."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Any

from simulator.kernel.errors import Forbidden, Refusal
from simulator.kernel.resource import Document
from simulator.kernel.simulation import Grant
from simulator.shopify import apps
from simulator.shopify.shop import Caller

TOKEN_HEADER = "HTTP_X_SHOPIFY_ACCESS_TOKEN"  # noqa: S105  the name of a header


@dataclass(eq=False)
class LastingToken(Refusal):
    """A public app came with an offline token that never expires."""


def credential(environ: dict[str, Any]) -> str | None:
    """X-Shopify-Access-Token, or the password of a legacy private app's Basic login."""
    if TOKEN_HEADER in environ:
        return str(environ[TOKEN_HEADER])
    kind, _, login = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        return base64.b64decode(login, validate=True).decode().partition(":")[2] or None
    except (binascii.Error, UnicodeDecodeError):
        return None


def caller(grant: Grant, api_version: str) -> Caller:
    """Who calls, and what it may see."""
    app = _app(grant)
    return Caller(grant.app, apps.app_id(grant.app), apps.granted(grant), api_version, apps.customer_data(app))


def refuse_lasting(grant: Grant) -> None:
    """Public apps must use tokens that expire; our reading: all of a world's are newer than April 2026 [EXP]."""
    if grant.expires_ms is None and _app(grant)["distribution"] == "public":
        raise LastingToken


def require(grant: Grant, scope: str) -> None:
    """Refuse an app that was not granted `scope`; "" asks for none."""
    if scope and scope not in apps.granted(grant):
        raise Forbidden(scope)


def _app(grant: Grant) -> Document:
    found = apps.registered(grant.simulation, grant.app)
    assert found is not None
    return found
