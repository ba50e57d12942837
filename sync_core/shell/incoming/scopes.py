"""What may not be read for want of a scope: the kind is blocked under the scope's name, the others go on (S54).

A blocked kind is tried again with every round of its poll; once it is let through, it is imported like a new one.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

from sync_core.pure.model import Kind
from sync_core.shell.storage.ledger import Ledger

log = logging.getLogger(__name__)

SCOPES: Mapping[Kind, str] = {
    "customer": "read_customers",
    "product": "read_products",
    "order": "read_orders",
    "checkout": "read_orders",
}
BLOCKED = "blocked_kinds"  # name of what the ledger keeps


def blocked(ledger: Ledger) -> dict[Kind, str]:
    """The scope that each blocked kind lacks."""
    found: dict[Kind, str] | None = ledger.setting(BLOCKED)
    return found or {}


def block(ledger: Ledger, kind: Kind, scope: str) -> None:
    known = blocked(ledger)
    if known.get(kind) != scope:
        log.warning("%ss are blocked: the app lacks %s", kind, scope)
        ledger.save_setting(BLOCKED, known | {kind: scope})


def unblock(ledger: Ledger, kind: Kind) -> None:
    ledger.save_setting(BLOCKED, {each: scope for each, scope in blocked(ledger).items() if each != kind})
