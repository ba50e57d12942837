"""How many records stand how is counted from an index: the rows hold whole documents."""

from __future__ import annotations

from alembic import op

revision, down_revision = "0009", "0008"


def upgrade() -> None:
    names = ["tenant", "shop", "status", "kind", "reason", "deleted_at_ms"]
    op.create_index("source_by_status", "source", names)
