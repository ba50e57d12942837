"""The tables of the ledgers that were made before ledgers had versions. They stay as they are, whatever comes later."""

from __future__ import annotations

from typing import Any

from alembic import op
from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, Table, Text

revision, down_revision = "0001", None

METADATA = MetaData()
TEXT = Text().with_variant(Text(collation="C"), "postgresql")


def upgrade() -> None:
    METADATA.create_all(op.get_bind())


def _text(name: str, *, key: bool = False) -> Column[str]:
    return Column(name, TEXT, primary_key=key, nullable=False, default="")


def _number(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False, default=0)


def _flag(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, default=0)


def _json(name: str) -> Column[bytes]:
    return Column(name, LargeBinary, nullable=True)


def _owned(name: str, keys: tuple[str, ...], *columns: Column[Any], **options: Any) -> Table:
    """A table of one connection's rows, keyed by portal, shop and `keys`."""
    return Table(name, METADATA, *(_text(key, key=True) for key in ("tenant", "shop", *keys)), *columns, **options)


CONNECTION = Table(
    "connection",
    METADATA,
    _text("shop", key=True),
    _text("tenant"),
    _text("phase"),
    _number("connected_at_ms"),
    _text("timezone"),
    _text("pipeline"),
    _json("stages"),
    _text("paused"),
    _json("refused"),
)

SETTING = Table("setting", METADATA, _text("shop", key=True), _text("name", key=True), _json("value"))

SOURCE = _owned(
    "source",
    ("kind", "id"),
    _number("updated_at_ms"),
    _text("triggered_at"),
    _json("document"),
    _text("checkout_token"),
    _text("customer_id"),
    _text("sale"),
    _text("email"),
    _number("first_seen_ms"),
    _number("deleted_at_ms"),
    _flag("refetch"),
    _number("swept_at_ms"),
    _text("status"),
    _text("reason"),
    _text("words"),
    _text("ref_type"),
    _text("ref_key"),
    _text("stage"),
    _number("pending_since_ms"),
)

Index("source_by_checkout", SOURCE.c.tenant, SOURCE.c.shop, SOURCE.c.checkout_token)
Index("source_by_customer", SOURCE.c.tenant, SOURCE.c.shop, SOURCE.c.customer_id, SOURCE.c.sale)
Index("source_by_email", SOURCE.c.tenant, SOURCE.c.email)

LINK = _owned(
    "link",
    ("object_type", "key"),
    _text("hs_id"),
    _json("properties"),
    _json("links"),
    _json("associations"),
    _flag("made"),
    _json("aliases"),
    _text("told"),
    _text("parent_type"),
    _text("parent_key"),
)
Index("link_by_parent", LINK.c.tenant, LINK.c.shop, LINK.c.parent_type, LINK.c.parent_key)
Index("link_by_id", LINK.c.tenant, LINK.c.object_type, LINK.c.hs_id)

DIRTY = _owned(
    "dirty",
    ("kind", "id"),
    _number("gen"),
    _number("lane"),
    _number("dirty_since_ms"),
    _number("deadline_ms"),
    _number("not_before_ms"),
    _number("lease_until_ms"),
    _number("attempts"),
    _flag("rule"),
    postgresql_with={"fillfactor": 70, "autovacuum_vacuum_scale_factor": 0.02},
)
Index("dirty_by_deadline", DIRTY.c.tenant, DIRTY.c.shop, DIRTY.c.lane, DIRTY.c.deadline_ms)

MENTION = _owned("mention", ("kind", "id", "object_type", "key"))
Index("mention_by_ref", MENTION.c.tenant, MENTION.c.shop, MENTION.c.object_type, MENTION.c.key)

TOMBSTONE = _owned("tombstone", ("what", "value"), _number("at_ms"))

EXPECTED = _owned("expected", ("kind", "id"), _number("at_ms"))
AUDIT = _owned("audit", ("object_type", "key", "property", "at"), _text("kept"), _text("lost"), _text("winner"))

CURSOR = _owned(
    "cursor",
    ("net",),
    _text("watermark"),
    _number("moved_at_ms"),
    _text("page"),
    _number("started_at_ms"),
    _number("due_at_ms"),
    _number("done"),
    _number("total"),
    _flag("finished"),
)

INBOX = _owned("inbox", ("webhook_id",), _text("topic"), _text("source_id"), _text("triggered_at"), _number("at_ms"))
Index("inbox_by_time", INBOX.c.tenant, INBOX.c.shop, INBOX.c.at_ms)
