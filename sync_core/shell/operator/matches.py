"""Weak matches: products that were linked, or would be, by their name alone, and a person's word on each (S37)."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from sync_core.pure.choices import BadChoice
from sync_core.pure.matching import Verdict
from sync_core.shell.operator.route import Json, NotFoundError, Route, of

if TYPE_CHECKING:
    from sync_core.shell.running.core import SyncCore


def _open(core: SyncCore, _: int, shop: str) -> Json:
    return {"matches": of(core, shop).weak_matches()}


def _decide(core: SyncCore, now_ms: int, shop: str, product: str, body: Json) -> Json:
    one, said = of(core, shop), body.get("verdict")
    verdict: Verdict | None = next((known for known in get_args(Verdict) if known == said), None)
    if verdict is None:
        raise BadChoice("verdict", f"{' or '.join(get_args(Verdict))}, not {said!r}")
    if not one.ledger.matches.decide(product, verdict):
        raise NotFoundError(f"there is no weak match of the product {product}")
    one.ledger.work.mark([("product", product)], now_ms)
    return {"product": product, "verdict": verdict}


ROUTES = (
    Route("GET", "/connections/<shop>/matches", _open),
    Route("PUT", "/connections/<shop>/matches/<product>", _decide, wants_body=True),
)
