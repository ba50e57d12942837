"""What the ledger knows around the records of one batch, read in bulk, as the pure rules want it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sync_core.mappings import PIPELINES
from sync_core.pure.choices import HOUR_MS, MINUTE_MS
from sync_core.pure.convert import epoch_ms
from sync_core.pure.desired import Neighbours, neighbours
from sync_core.pure.keys import OBJECT_TYPES, ref_of
from sync_core.pure.model import Kind, Ref, Settings, Source, Surroundings
from sync_core.shell.engine.siblings import ALONE, siblings
from sync_core.shell.running.settings import CoreSettings
from sync_core.shell.storage.ledger import Ledger
from sync_core.shell.storage.sources import Key, Stored

# A neighbour in one of these states without a record in HubSpot will not get one before it changes itself.
SETTLED_WITHOUT = ("excluded", "tombstoned", "failing")
MISSING_SCOPE = "missing_scope"  # the reason of a record that is blocked until the app is granted a scope


@dataclass(frozen=True, slots=True)
class Scene:
    """A record, what is around it, and how its sync stood before the decision."""

    source: Source
    near: Neighbours
    around: Surroundings
    status: str


def rules(settings: CoreSettings, ledger: Ledger) -> Settings:
    """The settings as the pure rules want them."""
    found, chosen = ledger.connection, ledger.choices
    return Settings(
        shop=settings.shop,
        shop_timezone=found.timezone,
        integration=settings.integration,
        pipeline=found.pipeline or PIPELINES[settings.integration].id,
        stages=found.stages,
        abandoned_after_ms=chosen.abandoned_after_minutes * MINUTE_MS,
        pending_expires_ms=chosen.pending_expires_hours * HOUR_MS,
        skip_test_orders=chosen.skip_test_orders,
        use_order_email=chosen.use_order_email,
        refunded_is_cancelled=chosen.refunded_is_cancelled,
        off=chosen.off,
        hold_weak_matches=chosen.hold_weak_matches,
        winner=chosen.winner,
        never_delete=frozenset(chosen.never_delete),
    )


def scenes(ledger: Ledger, rows: Sequence[Stored], settings: Settings, now_ms: int) -> dict[Key, Scene]:
    """Everything that the decisions on `rows` depend on."""
    sources = {row.key: Source(settings.shop, row.kind, row.id, row.document) for row in rows}
    near = {key: neighbours(source, settings) for key, source in sources.items()}
    with ledger.transaction():
        tokens = {one.checkout_token for one in near.values() if one.checkout_token}
        orders = ledger.sources.orders_of_checkouts(tokens)
        gone = _gone(ledger, near.values(), orders.values(), settings)
        buried_emails = ledger.image.buried("email", {email for one in near.values() for email in one.emails})
        own = {row.key: _own_ref(row, settings) for row in rows}
        buried_keys = ledger.image.buried("key", {ref.key for ref in own.values() if ref.object_type == "contacts"})
        others = siblings(ledger, sources.values())
        importing = ledger.connection.phase == "importing"
        connected_at_ms = ledger.connection.connected_at_ms
    return {
        row.key: Scene(
            sources[row.key],
            near[row.key],
            Surroundings(
                now_ms=now_ms,
                gone=frozenset((near[row.key].refs | _as_set(_order_of(row, orders, settings))) & gone),
                tombstoned_emails=frozenset(near[row.key].emails & buried_emails),
                tombstoned=own[row.key].key in buried_keys,
                order_known=row.kind == "checkout" and row.id in orders,
                order=_order_of(row, orders, settings),
                pending_since_ms=row.pending_since_ms or None,
                stage=row.stage,
                ref=own[row.key] if row.ref is None else row.ref,
                first_import=importing and _created_ms(row) < connected_at_ms,
                siblings=others.get(row.key, ALONE).customers,
                stores=others.get(row.key, ALONE).stores,
                newcomer=others.get(row.key, ALONE).newcomer,
                first_sale=others.get(row.key, ALONE).first_sale,
            ),
            row.status,
        )
        for row in rows
    }


def unknown(ledger: Ledger, found: Iterable[Scene]) -> list[Key]:
    """Records that are spoken of and were never seen."""
    spoken_of: set[tuple[Kind, str]] = {key for scene in found for key in scene.near.sources}
    return sorted(spoken_of - ledger.sources.standing(spoken_of).keys())


def _gone(ledger: Ledger, near: Iterable[Neighbours], orders: Collection[Stored], settings: Settings) -> set[Ref]:
    """Those of the neighbours, and of the orders that checkouts became, that will not come to exist in HubSpot unless
    they change themselves."""
    keys = {key for one in near for key in one.sources}
    refs = {ref for one in near for ref in one.refs}
    excluded = {order.ref or _own_ref(order, settings) for order in orders if order.status in SETTLED_WITHOUT}
    known = {order.ref or _own_ref(order, settings) for order in orders}
    linked = ledger.image.links(refs | known).keys()
    buried = ledger.image.buried("key", {ref.key for ref in refs if ref.object_type == "contacts"})
    settled = {
        _own_ref(row, settings)
        for row in ledger.sources.standing(keys).values()
        if row.deleted_at_ms or row.status in SETTLED_WITHOUT or row.reason == MISSING_SCOPE
    }
    off = {OBJECT_TYPES[settings.integration, kind] for kind in settings.off}
    switched_off = {ref for ref in refs | known if ref.object_type in off}
    return {ref for ref in refs if ref.key in buried} | ((settled | excluded | switched_off) - linked)


def _order_of(row: Stored, orders: Mapping[str, Stored], settings: Settings) -> Ref | None:
    """The record of the order that this checkout became, while that order lives."""
    order = orders.get(row.id) if row.kind == "checkout" else None
    if order is None or order.deleted_at_ms:
        return None
    return order.ref or _own_ref(order, settings)


def _own_ref(row: Stored, settings: Settings) -> Ref:
    """A deleted order's document is gone; its checkout's token still names their deal (I2)."""
    return ref_of(row.kind, row.id, {"checkout_token": row.checkout_token}, settings)


def _as_set(ref: Ref | None) -> frozenset[Ref]:
    return frozenset() if ref is None else frozenset({ref})


def _created_ms(row: Stored) -> int:
    created_ms = epoch_ms((row.document or {}).get("created_at"))
    return row.first_seen_ms if created_ms is None else created_ms
