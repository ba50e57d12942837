"""Who calls, and whether the app was granted what the call needs."""

from __future__ import annotations

import re
from functools import cache
from typing import Any
from urllib.parse import parse_qs

from simulator.hubspot.objects import OBJECT_TYPES, ObjectType
from simulator.kernel.errors import Forbidden
from simulator.kernel.simulation import Grant

OTHER_SCOPES = frozenset({"oauth", "crm.lists.read", "crm.lists.write", "crm.objects.owners.read"})
_CREDENTIALS = re.compile(r"((?:hapikey|code|client_secret|refresh_token)=|/(?:access|refresh)-tokens/)[^&/?]+")


def credential(environ: dict[str, Any]) -> str | None:
    """The bearer token of a request; the settings of apps alone are opened by a key in the query [S][PY]."""
    if environ.get("PATH_INFO", "").startswith(("/webhooks/", "/app-webhooks/")):
        return parse_qs(environ.get("QUERY_STRING", "")).get("hapikey", [None])[-1]
    scheme, _, token = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def shown(path: str) -> str:
    """A path without the credentials that HubSpot has in some of its own."""
    return _CREDENTIALS.sub(r"\1...", path)


def require(grant: Grant, object_type: ObjectType | None, needs: str) -> None:
    """Raise Forbidden unless the app has a scope for this.

    Args:
        needs: "objects.read", "objects.write", "schemas.read", "schemas.write", a scope by its own name, or "" for
            calls open to every app.
    """
    if needs.startswith("crm."):
        opening = [needs]
    else:
        opening = scopes_for(object_type, needs) if needs and object_type else []
    if opening and grant.scopes.isdisjoint(opening):
        raise Forbidden(" ".join(opening))


def scopes_for(object_type: ObjectType, needs: str) -> list[str]:
    """The scopes, any of which opens this for an object type."""
    kind, _, way = needs.partition(".")
    opening = [f"{word}.{way}" if word.startswith("crm.") else word for word in object_type.scopes]
    if kind == "schemas":  # who may read records may also see how they are made [S securitySchemes]
        opening = [f"{object_type.schemas_scope}.{way}", *(opening if way == "read" else ())]
    return opening


@cache
def all_scopes() -> frozenset[str]:
    """Every scope that some simulated call asks for."""
    words = [word for row in OBJECT_TYPES for word in (*row.scopes, row.schemas_scope)]
    words += ["crm.objects.custom", "crm.schemas.custom"]
    both = {f"{word}.{way}" for word in words if word.startswith("crm.") for way in ("read", "write")}
    return frozenset(both | {word for word in words if not word.startswith("crm.")} | OTHER_SCOPES)
