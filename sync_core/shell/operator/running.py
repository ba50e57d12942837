"""Keeping it running: how it stands, what was decided on a record, trying again what is parked, reading all anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from sync_core.pure.choices import BadChoice
from sync_core.pure.model import Kind
from sync_core.shell.operator.route import Json, NotFoundError, Route, of
from sync_core.shell.oversight.overview import overview

if TYPE_CHECKING:
    from sync_core.shell.running.connection import Connection
    from sync_core.shell.running.core import SyncCore
    from sync_core.shell.storage.sources import Key

MOST_DECISIONS = 100


def _status(core: SyncCore, now_ms: int, shop: str) -> Json:
    return overview(of(core, shop), now_ms)


def _audit(core: SyncCore, _: int, shop: str, kind: str, id_: str) -> Json:
    """Every decision on a record that is still remembered, and the values that lost (I4)."""
    ledger = of(core, shop).ledger
    key = _key(f"{kind}/{id_}")
    stored = ledger.sources.standing([key]).get(key)
    if stored is None:
        raise NotFoundError(f"no {kind} {id_} was seen")
    return {
        "record": f"{kind}/{id_}",
        "standing": {"status": stored.status, "reason": stored.reason, "words": stored.words},
        "decisions": ledger.decisions.of(key, MOST_DECISIONS),
        "lost_values": ledger.audit.of(stored.ref) if stored.ref else [],
    }


def _retry(core: SyncCore, now_ms: int, shop: str, body: Json) -> Json:
    """Try now what waits: one record, those of one class, or all that are failing or blocked."""
    one = of(core, shop)
    keys = _chosen(one, body)
    with one.ledger.transaction():
        one.ledger.ask_again([key for key in keys if key[0] != "checkout"], now_ms)
        one.ledger.work.mark([key for key in keys if key[0] == "checkout"], now_ms)
    return {"tried": len(keys)}


def _chosen(one: Connection, body: Json) -> list[Key]:
    if unknown := body.keys() - {"record", "class"}:
        raise BadChoice(min(unknown), "there is no such field; there are record and class")
    if "record" in body:
        key = _key(body["record"])
        if not one.ledger.sources.standing([key]):
            raise NotFoundError(f"no {key[0]} {key[1]} was seen")
        return [key]
    wanted: Any = body.get("class", "")
    known = {row["class"] for row in one.ledger.sources.parked()}
    if wanted and wanted not in known:
        raise BadChoice("class", f"nothing is parked as {wanted!r}; there are {', '.join(sorted(known)) or 'none'}")
    return one.ledger.sources.parked_keys(wanted)


def _key(record: Any) -> Key:
    kind, _, id_ = str(record).partition("/")
    if kind not in get_args(Kind) or not id_:
        raise BadChoice("record", f"KIND/ID, where KIND is {', '.join(get_args(Kind))}, not {record!r}")
    return kind, id_  # type: ignore[return-value]


def _resync(core: SyncCore, _: int, shop: str) -> Json:
    return {"known": of(core, shop).resync()}


ROUTES = (
    Route("GET", "/connections/<shop>/status", _status),
    Route("GET", "/connections/<shop>/audit/<kind>/<path:id_>", _audit),
    Route("POST", "/connections/<shop>/retry", _retry, wants_body=True),
    Route("POST", "/connections/<shop>/resync", _resync),
)
