"""What several processes share, and a restart finds again: HubSpot's limits, and who works on the ledger."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, LargeBinary, Text

revision, down_revision = "0004", "0003"

TEXT = Text().with_variant(Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "quota",
        Column("tenant", TEXT, primary_key=True, nullable=False),
        Column("name", TEXT, primary_key=True, nullable=False),
        Column("value", LargeBinary, nullable=True),
    )
    op.create_table(
        "lease",
        Column("name", TEXT, primary_key=True, nullable=False),
        Column("owner", TEXT, nullable=False),
        Column("address", TEXT, nullable=False),
        Column("epoch", BigInteger, nullable=False),
        Column("until_ms", BigInteger, nullable=False),
    )
