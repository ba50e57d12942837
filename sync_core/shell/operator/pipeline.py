"""The Order pipeline: which stage a status of Shopify stands in (B26 to B36)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync_core.shell.engine.surroundings import rules
from sync_core.shell.operator.route import Json, NotFoundError, Route, of
from sync_core.shell.oversight import stage_mapping

if TYPE_CHECKING:
    from sync_core.shell.running.connection import Connection
    from sync_core.shell.running.core import SyncCore

ORDERS_OF = "data-sync"  # only there is a pipeline mapped by the user (B32)


def _pipeline(core: SyncCore, _: int, shop: str) -> Json:
    return stage_mapping.screen(_mapped(core, shop).ledger)


def _refresh(core: SyncCore, now_ms: int, shop: str) -> Json:
    one = _mapped(core, shop)
    stage_mapping.refresh(one.ledger, one.hubspot, rules(one.settings, one.ledger), now_ms)
    return stage_mapping.screen(one.ledger)


def _draft(core: SyncCore, _: int, shop: str, body: Json) -> Json:
    ledger = _mapped(core, shop).ledger
    stage_mapping.put_draft(ledger, body.get("stages"))
    return stage_mapping.screen(ledger)


def _review(core: SyncCore, _: int, shop: str) -> Json:
    one = _mapped(core, shop)
    return stage_mapping.review(one.ledger, rules(one.settings, one.ledger))


def _save(core: SyncCore, now_ms: int, shop: str) -> Json:
    ledger = _mapped(core, shop).ledger
    stage_mapping.save(ledger, now_ms)
    return stage_mapping.screen(ledger)


def _mapped(core: SyncCore, shop: str) -> Connection:
    one = of(core, shop)
    if one.settings.integration != ORDERS_OF:
        raise NotFoundError("only the data sync has an Order pipeline whose stages are mapped (B32)")
    return one


ROUTES = (
    Route("GET", "/connections/<shop>/pipeline", _pipeline),
    Route("PUT", "/connections/<shop>/pipeline/draft", _draft, wants_body=True),
    Route("POST", "/connections/<shop>/pipeline/refresh", _refresh),
    Route("GET", "/connections/<shop>/pipeline/review", _review),
    Route("POST", "/connections/<shop>/pipeline/save", _save),
)
