"""The log of decisions."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, LargeBinary, Text

revision, down_revision = "0005", "0004"

TEXT = Text().with_variant(Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "decision",
        *(Column(name, TEXT, primary_key=True, nullable=False) for name in ("tenant", "shop", "kind", "id", "at")),
        Column("at_ms", BigInteger, nullable=False),
        *(Column(name, TEXT, nullable=False) for name in ("version", "status", "reason", "words")),
        Column("took_ms", BigInteger, nullable=False),
        Column("changes", LargeBinary, nullable=True),
    )
    op.create_index("decision_by_time", "decision", ["tenant", "shop", "at_ms"])
