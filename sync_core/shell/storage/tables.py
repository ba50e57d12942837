"""The ledger's tables: what was seen in Shopify, what is known to be in HubSpot, what may be stale.

They are the same on SQLite and PostgreSQL. Every key leads with the HubSpot portal (`tenant`), which is the domain of
HubSpot's limits, and the shop; so rows of many connections can share a database and be spread by portal.
Times are milliseconds since the epoch, 0 stands for never; documents are JSON as bytes.

Whoever changes a table here writes the migration that does the same to a ledger that is there: a new file in
`sync_core/migrations/versions`, with the next number. A test compares the two.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, String, Table, Text

METADATA = MetaData()

# Texts are compared by their bytes, as SQLite and Python do, not by a language's alphabet.
TEXT = Text().with_variant(Text(collation="C"), "postgresql")

# The version of these tables: Alembic's own table, as it expects it.
VERSION = Table("alembic_version", METADATA, Column("version_num", String(32), primary_key=True))


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


# The directory: which portal a shop is connected to, and how far connecting has come.
CONNECTION = Table(
    "connection",
    METADATA,
    _text("shop", key=True),
    _text("tenant"),
    _text("phase"),  # connecting, importing, live
    _number("connected_at_ms"),
    _text("timezone"),
    _text("pipeline"),
    _json("stages"),
    _text("paused"),  # why nothing of the shop is synced (I11); "" while it is
    _json("refused"),  # properties that HubSpot lets nobody but its own app write (A14)
)

# What the user has chosen for a connection, by the names of pure/choices.py; and the stage mapping at work (B33, B34).
SETTING = Table("setting", METADATA, _text("shop", key=True), _text("name", key=True), _json("value"))

# The newest state seen of a Shopify record, and how its sync stands.
SOURCE = _owned(
    "source",
    ("kind", "id"),
    _number("updated_at_ms"),  # Shopify's own, the version
    _text("triggered_at"),  # X-Shopify-Triggered-At of the webhook that it came with; breaks a checkout's ties
    _json("document"),
    _text("checkout_token"),  # an order's: it joins the order to its checkout (I2)
    _text("customer_id"),  # an order's or a checkout's
    _text("sale"),  # its creation, kind and id, by which the earliest of a customer is found (A16)
    _text("email"),  # a customer's, as it is compared (A7): it joins the customers of one contact (I5)
    _number("first_seen_ms"),
    _number("deleted_at_ms"),  # sticky: Shopify never gives an id twice
    _flag("refetch"),  # read it by id before the next decision
    _number("swept_at_ms"),  # the id sweep that saw it last
    _text("status"),  # in_sync, pending, excluded, failing, blocked, tombstoned
    _text("reason"),
    _text("words"),
    # What was decided last, which the next decision may need (A25, A26, I2).
    _text("ref_type"),
    _text("ref_key"),
    _text("stage"),
    _number("pending_since_ms"),
)

Index("source_by_checkout", SOURCE.c.tenant, SOURCE.c.shop, SOURCE.c.checkout_token)
Index("source_by_customer", SOURCE.c.tenant, SOURCE.c.shop, SOURCE.c.customer_id, SOURCE.c.sale)
Index("source_by_email", SOURCE.c.tenant, SOURCE.c.email)
Index(  # what stands how is counted from this alone
    "source_by_status",
    *(SOURCE.c[name] for name in ("tenant", "shop", "status", "kind", "reason", "deleted_at_ms")),
)

# A HubSpot record of ours: its id and what we last wrote.
LINK = _owned(
    "link",
    ("object_type", "key"),
    _text("hs_id"),
    _json("properties"),
    _json("links"),
    _json("associations"),
    _flag("made"),  # whether the record was not there before us (I10)
    _text("told"),  # what is to be known of the link, in words
    _text("parent_type"),
    _text("parent_key"),
)
Index("link_by_parent", LINK.c.tenant, LINK.c.shop, LINK.c.parent_type, LINK.c.parent_key)
Index("link_by_id", LINK.c.tenant, LINK.c.object_type, LINK.c.hs_id)

# Line items that HubSpot was asked to make, until their orders are settled: who makes them may die before the answer.
BEGUN = _owned("begun", ("parent_type", "parent_key", "key"))

# The keys whose image in HubSpot may be stale. It holds keys, never changes: a thousand changes are one row.
DIRTY = _owned(
    "dirty",
    ("kind", "id"),
    _number("gen"),  # counts the marks; a settlement of an older one leaves the row
    _number("lane"),  # 0 live, 1 backfill
    _number("dirty_since_ms"),  # when its oldest change was made; of what only waits for a rule's time, that time
    _number("not_before_ms"),
    _number("lease_until_ms"),
    _number("attempts"),
    _flag("rule"),  # nothing has changed, only time will: A25, A26
    postgresql_with={"fillfactor": 70, "autovacuum_vacuum_scale_factor": 0.02},  # rows that change all the time
)
# What is first is at the beginning of one of these, and all that waits is counted from the first alone.
Index(
    "dirty_by_age",
    *(DIRTY.c[name] for name in ("tenant", "shop", "lane", "kind", "dirty_since_ms", "id", "rule")),
)
Index("dirty_by_time", DIRTY.c.tenant, DIRTY.c.shop, DIRTY.c.kind, DIRTY.c.not_before_ms)

# Which HubSpot records a source speaks of, so that it can be woken when one of them appears (A29).
MENTION = _owned("mention", ("kind", "id", "object_type", "key"))
Index("mention_by_ref", MENTION.c.tenant, MENTION.c.shop, MENTION.c.object_type, MENTION.c.key)

# Contacts that somebody deleted in HubSpot, by our key and by e-mail address (A13); customers that were redacted, by
# fingerprints alone (I10).
TOMBSTONE = _owned("tombstone", ("what", "value"), _number("at_ms"))

# Records whose HubSpot record somebody else has changed, and every value that lost against the other side's (I4).
EXPECTED = _owned("expected", ("kind", "id"), _number("at_ms"))
AUDIT = _owned("audit", ("object_type", "key", "property", "at"), _text("kept"), _text("lost"), _text("winner"))

# HubSpot products that a Shopify product may be, as far as the name says, and a person's word on it (S37).
WEAK_MATCH = _owned("weak_match", ("id",), _text("hs_id"), _text("verdict"))

# Contacts and products that only HubSpot has and that are to be made in Shopify (I4).
NEWCOMER = _owned(
    "newcomer",
    ("object_type", "hs_id"),
    _text("state"),  # due, sent (nobody knows whether it was made), refused
    _text("words"),  # Shopify's, of a refusal
    _number("sent_at_ms"),
    _number("not_before_ms"),
)

# What was decided on a record and done, of the last days.
DECISION = _owned(
    "decision",
    ("kind", "id", "at"),
    _number("at_ms"),
    _text("version"),  # `updated_at` of the Shopify record
    _text("status"),
    _text("reason"),
    _text("words"),
    _number("took_ms"),
    _json("changes"),
)
Index("decision_by_time", DECISION.c.tenant, DECISION.c.shop, DECISION.c.at_ms)

# How far each net has come.
CURSOR = _owned(
    "cursor",
    ("net",),
    _text("watermark"),  # on Shopify's clock
    _number("moved_at_ms"),  # on ours
    _text("page"),  # the address of the next page while a round is under way
    _number("started_at_ms"),
    _number("due_at_ms"),
    _number("done"),
    _number("total"),
    _flag("finished"),
)

# Webhooks that were taken.
INBOX = _owned("inbox", ("webhook_id",), _text("topic"), _text("source_id"), _text("triggered_at"), _number("at_ms"))
Index("inbox_by_time", INBOX.c.tenant, INBOX.c.shop, INBOX.c.at_ms)

# How many calls HubSpot still allows a portal, by the limit's name.
QUOTA = Table("quota", METADATA, _text("tenant", key=True), _text("name", key=True), _json("value"))

# Which of several processes works on this ledger; its times are the database's own.
LEASE = Table(
    "lease",
    METADATA,
    _text("name", key=True),
    _text("owner"),
    _text("address"),  # of the owner's pages
    _number("epoch"),  # counts the owners up: what an older one still wants to write is refused
    _number("until_ms"),
)
