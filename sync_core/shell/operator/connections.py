"""The shops: which are connected, how they stand, another one (B6); what is synced of them, and how (B11 to B15)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, get_args

from sync_core.pure.choices import BadChoice, SyncState, read_choices, shown
from sync_core.shell.clients.access import Access
from sync_core.shell.incoming import privacy
from sync_core.shell.operator.route import Json, Route, of, text
from sync_core.shell.oversight import switches

if TYPE_CHECKING:
    from sync_core.shell.running.connection import Connection
    from sync_core.shell.running.core import SyncCore


def _connections(core: SyncCore, _: int) -> Json:
    return {"connections": [_told(one) for one in core.connections.values()]}


def _connection(core: SyncCore, _: int, shop: str) -> Json:
    return _told(of(core, shop))


def _connect(core: SyncCore, _: int, body: Json) -> Json:
    """Another store (B6); the address of one that has turned the app out revives its old connection."""
    shop, token = (text(body, name).strip() for name in ("shop", "shopify_token"))
    secret = text(body, "shopify_secret").strip() if "shopify_secret" in body else ""
    try:
        return _told(core.let_in(shop.lower(), Access(token, secret)))
    except ValueError as refusal:
        raise BadChoice("shop", str(refusal)) from None


def _told(one: Connection) -> Json:
    ledger = one.ledger
    return {
        "shop": one.settings.shop,
        "portal": ledger.connection.tenant,
        "integration": one.settings.integration,
        "phase": ledger.connection.phase,
        "paused": one.paused or None,
        "objects": one.objects(),
    }


def _summary(core: SyncCore, _: int) -> Json:
    """How many live records there are in HubSpot, by store and in all; a shared contact counts once (A5)."""
    stores = {shop: one.ledger.image.counts() for shop, one in core.connections.items()}
    objects = switches.objects_of(core.settings.integration)
    total = core.first.ledger.image.counts(of_all_shops=True) if core.connections else {}
    return {
        "objects": list(objects),
        "stores": {shop: {name: counts.get(name, 0) for name in objects} for shop, counts in stores.items()},
        "total": {name: total.get(name, 0) for name in objects},
    }


# --- settings ---


def _switch(core: SyncCore, now_ms: int, shop: str, object_type: str, body: Json) -> Json:
    one = of(core, shop)
    to: SyncState | None = next((known for known in get_args(SyncState) if known == body.get("sync")), None)
    if to is None:
        raise BadChoice("sync", f"one of {', '.join(get_args(SyncState))}, not {body.get('sync')!r}")
    switches.switch(one.ledger, one.settings.integration, object_type, to, now_ms)
    return _told(one)


def _settings(core: SyncCore, _: int, shop: str) -> Json:
    return {"settings": shown(of(core, shop).ledger.choices)}


def _change(core: SyncCore, now_ms: int, shop: str, body: Json) -> Json:
    one = of(core, shop)
    ledger, wanted = one.ledger, read_choices(body)
    if wanted.get("create_in_shopify") and one.settings.integration != "data-sync":
        raise BadChoice("create_in_shopify", "only the data sync syncs both ways")
    switches.changed(ledger, replace(ledger.choices, **wanted), now_ms)
    return {"settings": shown(ledger.choices)}


# --- privacy (I10) ---


def _requests(core: SyncCore, _: int, shop: str) -> Json:
    """What laws asked for, and when it was done."""
    return {"requests": privacy.requests_of(of(core, shop).ledger)}


def _held(core: SyncCore, _: int, shop: str, customer: str) -> Json:
    """Everything that is held of a customer, for whoever must tell them."""
    return privacy.held(of(core, shop).ledger, customer)


ROUTES = (
    Route("GET", "/summary", _summary),
    Route("GET", "/connections", _connections),
    Route("POST", "/connections", _connect, wants_body=True),
    Route("GET", "/connections/<shop>", _connection),
    Route("PUT", "/connections/<shop>/objects/<object_type>", _switch, wants_body=True),
    Route("GET", "/connections/<shop>/settings", _settings),
    Route("PATCH", "/connections/<shop>/settings", _change, wants_body=True),
    Route("GET", "/connections/<shop>/privacy", _requests),
    Route("GET", "/connections/<shop>/privacy/<customer>", _held),
)
