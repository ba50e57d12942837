"""Orders and carts are Shopify's alone (B37 to B39): what others change or delete in HubSpot is noticed and set back.

What HubSpot holds is taken down as it is, and the Shopify record marked; the next plan then finds the difference by
itself. Nothing here writes to HubSpot.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sync_core.mappings import TABLES
from sync_core.pure.drift import drifted
from sync_core.pure.keys import source_of
from sync_core.pure.model import Integration, ObjectType, Ref
from sync_core.shell.storage.image import Link
from sync_core.shell.storage.ledger import Ledger
from sync_core.shell.storage.sources import Key

log = logging.getLogger(__name__)

# What HubSpot shows of a Shopify record and nobody may change there, by integration: in "deals" what a user has
# edited stands until the Shopify record next changes (section 3 of the requirements).
MIRRORS: Mapping[Integration, tuple[ObjectType, ...]] = {"deals": (), "data-sync": ("orders", "carts", "line_items")}


def watched(integration: Integration, object_type: ObjectType) -> tuple[str, ...]:
    """The properties of an object that we write."""
    tables = (table for table in TABLES[integration].values() if table.object_type == object_type)
    return tuple(dict.fromkeys(row.target for table in tables for row in table.fields))


def take_down(
    ledger: Ledger, object_type: ObjectType, records: Mapping[str, Mapping[str, str | None]], now_ms: int
) -> int:
    """Compare records as HubSpot holds them with what we last wrote; returns how many have drifted."""
    links = ledger.image.links_by_id(object_type, records)
    changes = [(link, drifted(link.actual.properties, records[link.actual.id])) for link in links]
    changed = [(link, found) for link, found in changes if found]
    if changed:
        names = sorted({name for _, found in changed for name in found})
        log.warning("changed in HubSpot and set back, of %s: %d (%s)", object_type, len(changed), ", ".join(names))
        held = [
            replace(link, actual=replace(link.actual, properties={**link.actual.properties, **found}))
            for link, found in changed
        ]
        with ledger.transaction():
            ledger.image.save(held)
            ledger.work.mark(_owners(ledger, [link for link, _ in changed]), now_ms)
    return len(changed)


def make_anew(ledger: Ledger, links: Sequence[Link], now_ms: int) -> None:
    """Have the Shopify records decide again whose HubSpot records are gone."""
    ledger.work.mark(_owners(ledger, links), now_ms)


def _owners(ledger: Ledger, links: Iterable[Link]) -> list[Key]:
    """The Shopify records behind HubSpot records; a line item's is that of its order or cart."""
    refs: set[Ref] = {link.parent or link.ref for link in links}
    keys = {key for ref in refs if (key := source_of(ref)) is not None}
    orders = ledger.sources.orders_of_checkouts(id_ for kind, id_ in keys if kind == "checkout")
    return sorted(keys | {order.key for order in orders.values()})
