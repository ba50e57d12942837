"""What the operator sees and sets, over HTTP on the sync core's own port: a table of routes, JSON in and out.

For hosts on this machine alone, and with a key of its own as a bearer token; without one there are no such pages.
Bad input is answered 400 with the name of the field.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, get_args

import orjson
from flask import Flask, Response, request

from sync_core.pure.choices import BadChoice, SyncState, read_choices, shown
from sync_core.shell import privacy, stage_mapping, switches
from sync_core.shell.http import CallFailed, NotBefore
from sync_core.shell.surroundings import rules

if TYPE_CHECKING:
    from sync_core.shell.connection import Connection
    from sync_core.shell.core import SyncCore

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
ORDERS_OF = "data-sync"  # only there is a pipeline mapped by the user (B32)
LONGEST_TOKEN = 500

Json = dict[str, Any]


class NotFoundError(Exception):
    """There is no such shop, or nothing of that name."""


@dataclass(frozen=True, slots=True)
class Route:
    """One page; `run` takes the core, what is named in the path, and the body of a write."""

    method: str
    path: str
    run: Callable[..., Json]

    @property
    def writes(self) -> bool:
        return self.method in ("PUT", "PATCH") or (self.method == "POST" and self.path == "/connections")


def serve(app: Flask, core: SyncCore, key: str, now: Callable[[], int], woken: Callable[[], None]) -> None:
    """Add the pages to the core's application.

    Args:
        key: whoever shows it may see and change everything.
        woken: called after every write, so that the workers look at once.
    """
    for place, route in enumerate(ROUTES):
        view = _view(route, core, key, now, woken)
        app.add_url_rule(route.path, f"operator {place}", view, methods=[route.method])


def is_local(host: str) -> bool:
    """Whether a `Host` is this machine: other names may be another site's that resolves here (DNS rebinding)."""
    name = host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]
    return name.lower() in LOOPBACK


def answer(status: int, body: Mapping[str, Any]) -> Response:
    return Response(orjson.dumps(body), status=status, content_type="application/json")


def _view(
    route: Route, core: SyncCore, key: str, now: Callable[[], int], woken: Callable[[], None]
) -> Callable[..., Response]:
    def view(**named: str) -> Response:
        if not is_local(request.host):
            return answer(403, {"error": "this page is for hosts on this machine"})
        if not _has_key(key):
            return answer(401, {"error": "send the key as Authorization: Bearer SYNC_KEY"})
        try:
            told = route.run(core, now(), **named, **({"body": _body()} if route.writes else {}))
        except BadChoice as bad:
            return answer(400, {"error": str(bad), "field": bad.name})
        except NotFoundError as missing:
            return answer(404, {"error": str(missing)})
        except NotBefore:
            return answer(503, {"error": "HubSpot's limit is reached: try again in some seconds"})
        except CallFailed as failed:
            words = getattr(failed.outcome, "words", "") or type(failed.outcome).__name__
            return answer(502, {"error": f"HubSpot or Shopify refuses: {words}"})
        if route.method != "GET":
            woken()
        return answer(200, told)

    return view


def _has_key(key: str) -> bool:
    word, _, shown_key = request.headers.get("Authorization", "").partition(" ")
    given = shown_key.strip().encode("utf-8", "replace")
    return bool(key) and word.lower() == "bearer" and hmac.compare_digest(given, key.encode())


def _body() -> Json:
    try:
        found = orjson.loads(request.get_data())
    except orjson.JSONDecodeError:
        raise BadChoice("body", "JSON") from None
    if not isinstance(found, dict):
        raise BadChoice("body", "an object")
    return found


# --- connections ---


def _connections(core: SyncCore, _: int) -> Json:
    return {"connections": [_told(one) for one in core.connections.values()]}


def _connection(core: SyncCore, _: int, shop: str) -> Json:
    return _told(_of(core, shop))


def _connect(core: SyncCore, _: int, body: Json) -> Json:
    """Another store (B6); the address of one that has turned the app out revives its old connection."""
    shop, token = (_text(body, name).strip() for name in ("shop", "shopify_token"))
    secret = _text(body, "shopify_secret").strip() if "shopify_secret" in body else core.settings.shopify_secret
    known = core.connections.get(shop.lower())
    if known and not known.ledger.connection.paused:
        raise BadChoice("shop", f"{known.settings.shop} is connected already")
    if known:
        known.reconnect(token)
        return _told(known)
    try:
        wanted = replace(core.settings, shop=shop.lower(), shopify_token=token, shopify_secret=secret)
        made = core.connect(wanted)
        made.ledger.save_access(token, secret, "")
        return _told(made)
    except ValueError as refusal:
        raise BadChoice("shop", str(refusal)) from None


def _told(one: Connection) -> Json:
    ledger = one.ledger
    return {
        "shop": one.settings.shop,
        "portal": ledger.connection.tenant,
        "integration": one.settings.integration,
        "phase": ledger.connection.phase,
        "paused": ledger.connection.paused or None,
        "objects": one.objects(),
    }


def _summary(core: SyncCore, _: int) -> Json:
    """How many live records there are in HubSpot, by store and in all; a shared contact counts once (A5)."""
    stores = {shop: one.ledger.image.counts() for shop, one in core.connections.items()}
    objects = switches.objects_of(core.settings.integration)
    total = core.first.ledger.image.counts(of_all_shops=True)
    return {
        "objects": list(objects),
        "stores": {shop: {name: counts.get(name, 0) for name in objects} for shop, counts in stores.items()},
        "total": {name: total.get(name, 0) for name in objects},
    }


# --- settings ---


def _switch(core: SyncCore, now_ms: int, shop: str, object_type: str, body: Json) -> Json:
    one = _of(core, shop)
    to = body.get("sync")
    if to not in get_args(SyncState):
        raise BadChoice("sync", f"one of {', '.join(get_args(SyncState))}, not {to!r}")
    switches.switch(one.ledger, one.settings.integration, object_type, to, now_ms)
    return _told(one)


def _settings(core: SyncCore, _: int, shop: str) -> Json:
    return {"settings": shown(_of(core, shop).ledger.choices)}


def _change(core: SyncCore, now_ms: int, shop: str, body: Json) -> Json:
    ledger = _of(core, shop).ledger
    switches.changed(ledger, replace(ledger.choices, **read_choices(body)), now_ms)
    return {"settings": shown(ledger.choices)}


# --- privacy (I10) ---


def _requests(core: SyncCore, _: int, shop: str) -> Json:
    """What laws asked for, and when it was done."""
    return {"requests": privacy.requests_of(_of(core, shop).ledger)}


def _held(core: SyncCore, _: int, shop: str, customer: str) -> Json:
    """Everything that is held of a customer, for whoever must tell them."""
    return privacy.held(_of(core, shop).ledger, customer)


# --- the Order pipeline (B26 to B36) ---


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


ROUTES = (
    Route("GET", "/summary", _summary),
    Route("GET", "/connections", _connections),
    Route("POST", "/connections", _connect),
    Route("GET", "/connections/<shop>", _connection),
    Route("PUT", "/connections/<shop>/objects/<object_type>", _switch),
    Route("GET", "/connections/<shop>/settings", _settings),
    Route("PATCH", "/connections/<shop>/settings", _change),
    Route("GET", "/connections/<shop>/privacy", _requests),
    Route("GET", "/connections/<shop>/privacy/<customer>", _held),
    Route("GET", "/connections/<shop>/pipeline", _pipeline),
    Route("PUT", "/connections/<shop>/pipeline/draft", _draft),
    Route("POST", "/connections/<shop>/pipeline/refresh", _refresh),
    Route("GET", "/connections/<shop>/pipeline/review", _review),
    Route("POST", "/connections/<shop>/pipeline/save", _save),
)


# --- parts ---


def _of(core: SyncCore, shop: str) -> Connection:
    found = core.connections.get(shop.lower())
    if found is None:
        raise NotFoundError(f"no shop {shop} is connected; there are {', '.join(core.connections)}")
    return found


def _mapped(core: SyncCore, shop: str) -> Connection:
    one = _of(core, shop)
    if one.settings.integration != ORDERS_OF:
        raise NotFoundError("only the data sync has an Order pipeline whose stages are mapped (B32)")
    return one


def _text(body: Json, name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_TOKEN:
        raise BadChoice(name, f"a text of up to {LONGEST_TOKEN} characters")
    return value
