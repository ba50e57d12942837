"""Each object's sync on, off and deleted (B12 to B15).

Off, an object's marks are kept and are no work; what comes is taken in as ever, so that nothing is missed. On again,
the shop is read once more and every record compared. Deleted, all that the ledger knows of the object is dropped but
the tombstones (A13); the records of both apps stay, and a new set-up finds them again by their own marks.
"""

from __future__ import annotations

import logging
from dataclasses import replace

from sync_core.pure.choices import BadChoice, Choices, SyncState, kinds_of
from sync_core.pure.keys import OBJECT_TYPES
from sync_core.pure.model import Integration, ObjectType
from sync_core.shell.engine.losses import forget
from sync_core.shell.incoming.sweep import import_again, names_of
from sync_core.shell.storage.ledger import Cursor, Ledger
from sync_core.shell.storage.work import BACKFILL

log = logging.getLogger(__name__)


def objects_of(integration: Integration) -> tuple[ObjectType, ...]:
    """The HubSpot objects that an integration writes, in order."""
    return tuple(dict.fromkeys(name for (each, _), name in OBJECT_TYPES.items() if each == integration))


def switch(ledger: Ledger, integration: Integration, object_type: str, to: SyncState, now_ms: int) -> None:
    """Turn an object's sync on or off, or delete it; a BadChoice says why that cannot be."""
    if object_type not in objects_of(integration):
        raise BadChoice("object", f"{object_type!r} is none of {', '.join(objects_of(integration))}")
    before = ledger.choices.state_of(object_type)
    if to == "deleted" and before == "on":
        raise BadChoice("object", f"the sync of {object_type} is on: turn it off before it is deleted (B15)")
    if to == "off" and before == "deleted":
        raise BadChoice("object", f"the sync of {object_type} is deleted: set it up anew first")
    if to == before:
        return
    with ledger.transaction():
        _note(ledger, object_type, to)
        if to == "deleted":
            _drop(ledger, object_type)
        if to == "on":
            _catch_up(ledger, object_type, now_ms)
    log.info("the sync of %s is %s", object_type, to)


def _note(ledger: Ledger, object_type: ObjectType, to: SyncState) -> None:
    others = {name: state for name, state in ledger.choices.objects.items() if name != object_type}
    ledger.save_choices(replace(ledger.choices, objects=others if to == "on" else others | {object_type: to}))


def _drop(ledger: Ledger, object_type: ObjectType) -> None:
    """Links, sources, marks and cursors go; what is associated with the records forgets that it is."""
    kinds = kinds_of(object_type)
    own = ledger.image.of_type(object_type)
    lines = [link.ref for links in ledger.image.children(own).values() for link in links]
    forget(ledger, own)
    ledger.image.drop([*own, *lines])
    ledger.image.unmention(kinds)
    ledger.sources.drop(kinds)
    ledger.work.drop(kinds)
    if object_type == "products":
        ledger.matches.drop()
    ledger.drop_cursors(names_of(kinds))


def _catch_up(ledger: Ledger, object_type: ObjectType, now_ms: int) -> None:
    """Read everything of it again; whoever speaks of it decides anew, as its record may come to be."""
    kinds = kinds_of(object_type)
    keys = ledger.sources.known()
    ledger.ask_again([key for key in keys if key[0] in kinds and key[0] != "checkout"], now_ms, BACKFILL)
    ledger.work.mark(keys, now_ms, BACKFILL)
    import_again(ledger, kinds)


def changed(ledger: Ledger, choices: Choices, now_ms: int) -> None:
    """Save other settings and decide anew on every record under them; what HubSpot alone has is looked for from the
    beginning where it is to be made in Shopify from now on (I4)."""
    new = set(choices.create_in_shopify) - set(ledger.choices.create_in_shopify)
    with ledger.transaction():
        ledger.save_choices(choices)
        for object_type in sorted(new):
            ledger.save_cursor(Cursor(f"changes of {object_type}", watermark="0"))
        ledger.work.mark(ledger.sources.known(), now_ms, BACKFILL)
