"""The brake: what it holds back, and a person's word that it shall be deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync_core.pure.choices import BadChoice
from sync_core.shell.engine import brakes
from sync_core.shell.operator.route import Json, Route, of

if TYPE_CHECKING:
    from sync_core.shell.running.core import SyncCore


def _shown(core: SyncCore, _: int, shop: str) -> Json:
    one = of(core, shop)
    return {"brake": brakes.told(one.ledger, one.settings.integration)}


def _release(core: SyncCore, now_ms: int, shop: str, body: Json) -> Json:
    one = of(core, shop)
    known = brakes.told(one.ledger, one.settings.integration)
    wanted = body.get("object")
    if wanted is not None and wanted not in known:
        raise BadChoice("object", f"one of {', '.join(known)}, not {wanted!r}")
    on = [name for name, each in known.items() if each["on"] and wanted in (None, name)]
    return {"released": {name: brakes.release(one.ledger, name, now_ms) for name in on}}  # type: ignore[arg-type]


ROUTES = (
    Route("GET", "/connections/<shop>/brake", _shown),
    Route("POST", "/connections/<shop>/brake/release", _release, wants_body=True),
)
