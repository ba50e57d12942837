"""A contact's secondary addresses are asked for when they matter, and no longer kept."""

from __future__ import annotations

from alembic import op

revision, down_revision = "0007", "0006"


def upgrade() -> None:
    op.drop_column("link", "aliases")
