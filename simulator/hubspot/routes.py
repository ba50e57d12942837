"""How the parts of the fake declare their calls, in both path families."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from simulator.hubspot.errors import Answer

VERSIONS = '<any("2026-03", "2026-09"):version>'  # the dated family [CL]; both answer alike
DEVELOPER = "developer"  # what a call needs that no portal answers but the developer account
OPEN = "open"  # what needs no token


@dataclass(frozen=True, slots=True)
class Route:
    """One call.

    Args:
        methods: one, or several with spaces between.
        paths: all paths that lead to it; `<type>` is an object type in any spelling.
        view: (ask, the path's other parts) -> answer.
        needs: the scope: "objects.read", "objects.write", "schemas.read", "schemas.write" of the path's object type, a
            scope by its name ("crm.lists.read"), "" for every app, DEVELOPER for the developer key, OPEN for OAuth,
            whose views are given no `Ask`. All but GET and ".read" run in a transaction.
        search: it counts against the limit of searches, not against the burst.
        partly: what HubSpot does here and the fake does not, for the documentation.
    """

    methods: str
    paths: tuple[str, ...]
    view: Callable[..., Answer]
    needs: str
    search: bool = False
    partly: str = ""


def objects(rest: str) -> tuple[str, ...]:
    """Legacy and dated paths of the object API (path map, reference section 0)."""
    return (f"/crm/v3/objects/<type>{rest}", f"/crm/objects/{VERSIONS}/<type>{rest}")


def family(name: str, rest: str) -> tuple[str, ...]:
    """The same for properties and pipelines."""
    return (f"/crm/v3/{name}/<type>{rest}", f"/crm/{name}/{VERSIONS}/<type>{rest}")


def whole_portal(name: str, rest: str = "") -> tuple[str, ...]:
    """The same for what belongs to no object type: owners, lists."""
    return (f"/crm/v3/{name}{rest}", f"/crm/{name}/{VERSIONS}{rest}")
