"""What a person says of products that were matched by their name alone."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Text

revision, down_revision = "0002", "0001"

TEXT = Text().with_variant(Text(collation="C"), "postgresql")
KEYS, VALUES = ("tenant", "shop", "id"), ("hs_id", "verdict")


def upgrade() -> None:
    op.create_table(
        "weak_match",
        *(Column(name, TEXT, primary_key=True, nullable=False) for name in KEYS),
        *(Column(name, TEXT, nullable=False) for name in VALUES),
    )
