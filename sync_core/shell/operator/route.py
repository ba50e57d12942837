"""What a page of the operator is, and what the pages have in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sync_core.pure.choices import BadChoice

if TYPE_CHECKING:
    from sync_core.shell.running.connection import Connection
    from sync_core.shell.running.core import SyncCore

LONGEST_TOKEN = 500

Json = dict[str, Any]


class NotFoundError(Exception):
    """There is no such shop, or nothing of that name."""


@dataclass(frozen=True, slots=True)
class Route:
    """One page.

    Args:
        run: takes the core, the time, what is named in the path, and the body where it wants one.
    """

    method: str
    path: str
    run: Callable[..., Json]
    wants_body: bool = False


def of(core: SyncCore, shop: str) -> Connection:
    found = core.connections.get(shop.lower())
    if found is None:
        raise NotFoundError(f"no shop {shop} is connected; there are {', '.join(core.connections) or 'none'}")
    return found


def text(body: Json, name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_TOKEN:
        raise BadChoice(name, f"a text of up to {LONGEST_TOKEN} characters")
    return value
