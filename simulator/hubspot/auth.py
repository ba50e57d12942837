"""Who calls, and whether the app was granted what the call needs."""

from __future__ import annotations

from typing import Any

from simulator.hubspot.objects import ObjectType
from simulator.kernel.errors import Forbidden
from simulator.kernel.simulation import Grant


def credential(environ: dict[str, Any]) -> str | None:
    """The bearer token of a request; HubSpot knows no other way since the API keys went [D24]."""
    scheme, _, token = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def require(grant: Grant, object_type: ObjectType | None, needs: str) -> None:
    """Raise Forbidden unless the app has a scope for this.

    Args:
        needs: "objects.read", "objects.write", "schemas.read", "schemas.write", a scope by its own name, or "" for
            calls open to every app.
    """
    if needs.startswith("crm."):
        if needs not in grant.scopes:
            raise Forbidden(needs)
        return
    if not needs or object_type is None:
        return
    kind, _, way = needs.partition(".")
    opening = [f"{word}.{way}" if word.startswith("crm.") else word for word in object_type.scopes]
    if kind == "schemas":  # who may read records may also see how they are made [S securitySchemes]
        opening = [f"{object_type.schemas_scope}.{way}", *(opening if way == "read" else ())]
    if grant.scopes.isdisjoint(opening):
        raise Forbidden(" ".join(opening))
