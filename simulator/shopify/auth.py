"""Who calls: the token of a request, and whether it may do what it asks."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from simulator.kernel.errors import Forbidden
from simulator.kernel.simulation import Grant
from simulator.shopify import apps

TOKEN_HEADER = "HTTP_X_SHOPIFY_ACCESS_TOKEN"  # noqa: S105  the name of a header


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


def require(grant: Grant, scope: str) -> None:
    """Refuse an app that was not granted `scope`; "" asks for none."""
    if scope and scope not in apps.granted(grant):
        raise Forbidden(scope)
