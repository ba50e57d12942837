"""The shadow of Shopify: the newest state seen of each record, and how its sync stands."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import and_, bindparam, delete, func, or_, select, update

from sync_core.pure.model import Kind, Ref, Source
from sync_core.shell.storage.database import Database, by_kind
from sync_core.shell.storage.tables import DIRTY, SOURCE

Key = tuple[Kind, str]


@dataclass(frozen=True, slots=True)
class Stored:
    """A Shopify record as the ledger knows it.

    Args:
        updated_at_ms: Shopify's own, the version of `document`.
        triggered_at: X-Shopify-Triggered-At of the webhook that brought it.
        document: None while nothing was read, or once it is deleted.
        checkout_token: of the checkout that an order was; it stays when the order is deleted (I2).
        email: a customer's, as it is compared (A7).
        customer_id, sale: whose order or checkout it is, and its creation, kind and id (A16).
        deleted_at_ms: 0 while it lives.
        refetch: whether it must be read by id before the next decision.
        ref, stage, pending_since_ms: what was decided last.
    """

    kind: Kind
    id: str
    updated_at_ms: int = 0
    triggered_at: str = ""
    document: Mapping[str, Any] | None = None
    checkout_token: str = ""
    email: str = ""
    customer_id: str = ""
    sale: str = ""
    first_seen_ms: int = 0
    deleted_at_ms: int = 0
    refetch: bool = False
    status: str = "pending"
    reason: str = ""
    words: str = ""
    ref: Ref | None = None
    stage: str = ""
    pending_since_ms: int = 0

    @property
    def key(self) -> Key:
        return self.kind, self.id


@dataclass(frozen=True, slots=True)
class Note:
    """How the sync of a record stands now, and what was decided on it."""

    kind: Kind
    id: str
    status: str
    reason: str = ""
    words: str = ""
    ref: Ref | None = None
    stage: str = ""
    pending_since_ms: int = 0


PARKED = ("failing", "blocked")
AT_REST = ("in_sync", "excluded", "tombstoned")  # where such a record has changed since, it is pending
LIVING = or_(SOURCE.c.deleted_at_ms == 0, SOURCE.c.reason == "redacted")
SNAPSHOT = (
    "updated_at_ms",
    "triggered_at",
    "document",
    "checkout_token",
    "email",
    "customer_id",
    "sale",
    "deleted_at_ms",
    "refetch",
)
WITHOUT_DOCUMENT = tuple(column.name for column in SOURCE.c if column is not SOURCE.c.document)
STANDING = ("status", "reason", "words", "ref_type", "ref_key", "stage", "pending_since_ms")


class Sources:
    """The rows of `source`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def of(self, keys: Iterable[Key]) -> dict[Key, Stored]:
        found: dict[Key, Stored] = {}
        with self._db.transaction():
            for kind, ids in by_kind(keys):
                for row in self._db.among(SOURCE, {"kind": kind}, "id", ids):
                    found[kind, row.id] = _stored(row)
        return found

    def standing(self, keys: Iterable[Key]) -> dict[Key, Stored]:
        """The same without the documents, which are long: whether they are known, alive, in sync."""
        found: dict[Key, Stored] = {}
        with self._db.transaction():
            for kind, ids in by_kind(keys):
                for row in self._db.among(SOURCE, {"kind": kind}, "id", ids, only=WITHOUT_DOCUMENT):
                    found[kind, row.id] = _stored(row)
        return found

    def store(self, rows: Sequence[Stored]) -> None:
        """Write what was seen; how its sync stands is left alone."""
        values = [
            self._db.owned(
                kind=row.kind,
                id=row.id,
                updated_at_ms=row.updated_at_ms,
                triggered_at=row.triggered_at,
                document=None if row.document is None else orjson.dumps(row.document),
                checkout_token=row.checkout_token,
                email=row.email,
                customer_id=row.customer_id,
                sale=row.sale,
                first_seen_ms=row.first_seen_ms,
                deleted_at_ms=row.deleted_at_ms,
                refetch=int(row.refetch),
                status=row.status,
            )
            for row in rows
        ]
        with self._db.transaction():
            self._db.upsert(SOURCE, values, only=SNAPSHOT)

    def flag(self, keys: Sequence[Key], now_ms: int) -> None:
        """Have records read by id, known or not."""
        rows = [
            self._db.owned(kind=kind, id=id_, first_seen_ms=now_ms, refetch=1, status="pending") for kind, id_ in keys
        ]
        with self._db.transaction():
            self._db.upsert(SOURCE, rows, only=("refetch",))

    def flagged(self, keys: Iterable[Key]) -> set[Key]:
        """Those of these records that are to be read by id."""
        found: set[Key] = set()
        with self._db.transaction():
            for kind, ids in by_kind(keys):
                rows = self._db.among(SOURCE, {"kind": kind}, "id", ids, only=("id", "refetch"))
                found |= {(kind, row.id) for row in rows if row.refetch}
        return found

    def note(self, notes: Sequence[Note]) -> None:
        """Write how the sync of records stands."""
        rows = [
            {
                "the_kind": note.kind,
                "the_id": note.id,
                "the_status": note.status,
                "the_reason": note.reason,
                "the_words": note.words,
                "the_ref_type": note.ref.object_type if note.ref else "",
                "the_ref_key": note.ref.key if note.ref else "",
                "the_stage": note.stage,
                "the_pending_since_ms": note.pending_since_ms,
            }
            for note in notes
        ]
        with self._db.transaction():
            self._db.execute(self._db.prepared(self._one, STANDING), rows)

    def orders_of_checkouts(self, tokens: Iterable[str]) -> dict[str, Stored]:
        """The order that a checkout became, by the checkout's token (I2)."""
        with self._db.transaction():
            rows = self._db.among(SOURCE, {"kind": "order"}, "checkout_token", tokens)
            return {row.checkout_token: _stored(row) for row in rows}

    def customers_with(self, emails: Iterable[str]) -> list[Source]:
        """The customers with one of these addresses, in every store of the portal (I5)."""
        wanted = sorted(set(emails) - {""})
        with self._db.transaction():
            rows = self._db.of_portal(SOURCE, {"kind": "customer"}, "email", wanted) if wanted else []
        return [_source(row) for row in rows if row.document is not None]

    def everyones(self, keys: Iterable[tuple[str, Kind, str]]) -> list[Source]:
        """Records of whichever store, by store, kind and id; those that are deleted are left out."""
        ids: dict[tuple[str, Kind], set[str]] = defaultdict(set)
        for shop, kind, id_ in keys:
            ids[shop, kind].add(id_)
        with self._db.transaction():
            rows = [
                row
                for (shop, kind), of_shop in sorted(ids.items())
                for row in self._db.of_portal(SOURCE, {"shop": shop, "kind": kind}, "id", sorted(of_shop))
            ]
        return [_source(row) for row in rows if row.document is not None]

    def first_sales(self, shop: str, customers: Iterable[str]) -> dict[str, str]:
        """The `sale` of the earliest order or checkout that is known of each customer of a store."""
        wanted = sorted(set(customers))
        if not wanted:
            return {}
        with self._db.transaction():
            rows = self._db.execute(self._db.prepared(self._first_sales), {"the_shop": shop, "wanted": wanted}).all()
        return {row.customer_id: row.first for row in rows}

    def swept(self, kind: Kind, ids: Sequence[str], started_at_ms: int) -> set[str]:
        """An id sweep saw these; returns those that the ledger does not know."""
        with self._db.transaction():
            known = {id_ for _, id_ in self.standing((kind, id_) for id_ in ids)}
            rows = [{"the_kind": kind, "the_id": id_, "the_swept_at_ms": started_at_ms} for id_ in sorted(known)]
            self._db.execute(self._db.prepared(self._one, ("swept_at_ms",)), rows)
        return set(ids) - known

    def unswept(self, kind: Kind, started_at_ms: int) -> list[Key]:
        """Records that were there before the sweep began and that it did not see."""
        where = (
            *self._db.mine(SOURCE),
            SOURCE.c.kind == kind,
            SOURCE.c.deleted_at_ms == 0,
            SOURCE.c.first_seen_ms < started_at_ms,
            SOURCE.c.swept_at_ms < started_at_ms,
        )
        with self._db.transaction():
            rows = self._db.execute(select(SOURCE.c.id).where(*where).order_by(SOURCE.c.id)).all()
        return [(kind, row.id) for row in rows]

    def drop(self, kinds: Sequence[Kind]) -> None:
        """Forget everything of these kinds (B15)."""
        with self._db.transaction():
            self._db.execute(delete(SOURCE).where(*self._db.mine(SOURCE), SOURCE.c.kind.in_(kinds)))

    def erase(self, kind: Kind, id_: str, now_ms: int) -> None:
        """Keep nothing of a record but that it was there; nothing of it is taken in again (I10)."""
        with self._db.transaction():
            values = {"document": None, "email": "", "deleted_at_ms": now_ms, "refetch": 0}
            self._db.execute(update(SOURCE).where(*self._mine(kind, id_)).values(values))

    def replace_document(self, kind: Kind, id_: str, document: Mapping[str, Any]) -> None:
        """Keep another document under the same version, and no words about it."""
        with self._db.transaction():
            values = {"document": orjson.dumps(document), "email": "", "words": ""}
            self._db.execute(update(SOURCE).where(*self._mine(kind, id_)).values(values))

    def _mine(self, kind: Kind, id_: str) -> tuple[Any, ...]:
        return (*self._db.mine(SOURCE), SOURCE.c.kind == kind, SOURCE.c.id == id_)

    def known(self, *kinds: Kind) -> list[Key]:
        """Every record that was ever seen, of these kinds or of all."""
        columns, where = (SOURCE.c.kind, SOURCE.c.id), [*self._db.mine(SOURCE)]
        if kinds:
            where.append(SOURCE.c.kind.in_(kinds))
        with self._db.transaction():
            rows = self._db.execute(select(*columns).where(*where).order_by(*columns)).all()
        return [(row.kind, row.id) for row in rows]

    def counts(self) -> dict[str, dict[str, int]]:
        """How many living records of each kind stand in which state.

        What Shopify deleted is in no count of its own; whom we only had to forget is (I10).
        """
        with self._db.transaction():
            noted = self._db.execute(self._db.prepared(self._counted)).all()
            changed = self._db.execute(self._db.prepared(self._changed)).all()
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for kind, status, n in noted:
            found[kind][status] += n
        for kind, status, n in changed:
            if status in AT_REST:
                found[kind].update({status: -n, "pending": n})
        return {kind: {status: n for status, n in sorted(found[kind].items()) if n} for kind in sorted(found)}

    def parked(self) -> list[dict[str, Any]]:
        """How many records are failing or blocked, by kind, status and class: the reason."""
        columns = (SOURCE.c.kind, SOURCE.c.status, SOURCE.c.reason)
        counted = select(*columns, func.count().label("n")).where(*self._parked()).group_by(*columns).order_by(*columns)
        with self._db.transaction():
            rows = self._db.execute(counted).all()
        return [{"kind": row.kind, "status": row.status, "class": row.reason, "records": row.n} for row in rows]

    def parked_keys(self, reason: str = "") -> list[Key]:
        """The records that are failing or blocked, for this reason or for any."""
        columns, where = (SOURCE.c.kind, SOURCE.c.id), list(self._parked())
        if reason:
            where.append(SOURCE.c.reason == reason)
        with self._db.transaction():
            rows = self._db.execute(select(*columns).where(*where).order_by(*columns)).all()
        return [(row.kind, row.id) for row in rows]

    def _parked(self) -> tuple[Any, ...]:
        return (*self._db.mine(SOURCE), SOURCE.c.status.in_(PARKED))

    def _first_sales(self) -> Any:
        mine = (SOURCE.c.tenant == self._db.tenant, SOURCE.c.shop == bindparam("the_shop"), SOURCE.c.deleted_at_ms == 0)
        chosen = SOURCE.c.customer_id.in_(bindparam("wanted", expanding=True))
        columns = (SOURCE.c.customer_id, func.min(SOURCE.c.sale).label("first"))
        return select(*columns).where(*mine, chosen).group_by(SOURCE.c.customer_id)

    def _counted(self) -> Any:
        counted = select(SOURCE.c.kind, SOURCE.c.status, func.count()).where(*self._db.mine(SOURCE), LIVING)
        return counted.group_by(SOURCE.c.status, SOURCE.c.kind)

    def _changed(self) -> Any:
        """The same of those that have work left, which are few beside all."""
        same = [DIRTY.c[name] == SOURCE.c[name] for name in ("tenant", "shop", "kind", "id")]
        counted = select(SOURCE.c.kind, SOURCE.c.status, func.count()).join_from(DIRTY, SOURCE, and_(*same))
        changed = counted.where(*self._db.mine(DIRTY), DIRTY.c.rule == 0, LIVING)
        return changed.group_by(SOURCE.c.kind, SOURCE.c.status)

    def _one(self, names: Sequence[str]) -> Any:
        """Writes these columns of one row."""
        return (
            update(SOURCE)
            .where(*self._db.mine(SOURCE), SOURCE.c.kind == bindparam("the_kind"), SOURCE.c.id == bindparam("the_id"))
            .values({name: bindparam(f"the_{name}") for name in names})
        )


def _source(row: Any) -> Source:
    return Source(row.shop, row.kind, row.id, orjson.loads(row.document))


def _stored(row: Any) -> Stored:
    return Stored(
        kind=row.kind,
        id=row.id,
        updated_at_ms=row.updated_at_ms,
        triggered_at=row.triggered_at,
        document=orjson.loads(row.document) if getattr(row, "document", None) is not None else None,
        checkout_token=row.checkout_token,
        email=row.email,
        customer_id=row.customer_id,
        sale=row.sale,
        first_seen_ms=row.first_seen_ms,
        deleted_at_ms=row.deleted_at_ms,
        refetch=bool(row.refetch),
        status=row.status,
        reason=row.reason,
        words=row.words,
        ref=Ref(row.ref_type, row.ref_key) if row.ref_type else None,
        stage=row.stage,
        pending_since_ms=row.pending_since_ms,
    )
