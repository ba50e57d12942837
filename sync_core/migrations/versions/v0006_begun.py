"""Line items whose making was begun and not taken down."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Text

revision, down_revision = "0006", "0005"

TEXT = Text().with_variant(Text(collation="C"), "postgresql")


def upgrade() -> None:
    names = ("tenant", "shop", "parent_type", "parent_key", "key")
    op.create_table("begun", *(Column(name, TEXT, primary_key=True, nullable=False) for name in names))
