"""HubSpot records that are to be made in Shopify."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, Text

revision, down_revision = "0003", "0002"

TEXT = Text().with_variant(Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "newcomer",
        *(Column(name, TEXT, primary_key=True, nullable=False) for name in ("tenant", "shop", "object_type", "hs_id")),
        Column("state", TEXT, nullable=False),
        Column("words", TEXT, nullable=False),
        Column("sent_at_ms", BigInteger, nullable=False),
        Column("not_before_ms", BigInteger, nullable=False),
    )
