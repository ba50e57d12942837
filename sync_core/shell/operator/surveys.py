"""Holding a connection, the plan of what it would write, applying it; and the comparison of both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync_core.pure.choices import BadChoice
from sync_core.shell.operator.route import Json, NotFoundError, Route, of

if TYPE_CHECKING:
    from sync_core.shell.running.core import SyncCore

LONGEST_DIGEST = 64


def _hold(core: SyncCore, _: int, shop: str) -> Json:
    of(core, shop).hold()
    return {"held": True}


def _let_go(core: SyncCore, _: int, shop: str) -> Json:
    of(core, shop).let_go()
    return {"held": False}


def _plan(core: SyncCore, _: int, shop: str, body: Json) -> Json:
    digest = body.get("apply", "")
    if not isinstance(digest, str) or len(digest) > LONGEST_DIGEST:
        raise BadChoice("apply", "the digest of a plan")
    of(core, shop).plan(digest)
    return _told(core, shop, "dry run")


def _planned(core: SyncCore, _: int, shop: str) -> Json:
    return _told(core, shop, "dry run")


def _compare(core: SyncCore, _: int, shop: str) -> Json:
    of(core, shop).compare()
    return _told(core, shop, "comparison")


def _compared(core: SyncCore, _: int, shop: str) -> Json:
    return _told(core, shop, "comparison")


def _told(core: SyncCore, shop: str, name: str) -> Json:
    one = of(core, shop)
    told = one.surveyor.told(name)
    if told is None:
        raise NotFoundError(f"nobody has asked for a {name} since the core was started")
    return told | {"held": one.ledger.held}


ROUTES = (
    Route("POST", "/connections/<shop>/hold", _hold),
    Route("POST", "/connections/<shop>/let-go", _let_go),
    Route("POST", "/connections/<shop>/plan", _plan, wants_body=True),
    Route("GET", "/connections/<shop>/plan", _planned),
    Route("POST", "/connections/<shop>/diff", _compare),
    Route("GET", "/connections/<shop>/diff", _compared),
)
