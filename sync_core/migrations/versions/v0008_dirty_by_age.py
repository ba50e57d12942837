"""Whatever is first in the backlog is found at the beginning of an index; deadlines follow from ages."""

from __future__ import annotations

from alembic import op

revision, down_revision = "0008", "0007"


def upgrade() -> None:
    op.drop_index("dirty_by_deadline", "dirty")
    op.drop_column("dirty", "deadline_ms")
    op.create_index("dirty_by_age", "dirty", ["tenant", "shop", "lane", "kind", "dirty_since_ms", "id", "rule"])
    op.create_index("dirty_by_time", "dirty", ["tenant", "shop", "kind", "not_before_ms"])
