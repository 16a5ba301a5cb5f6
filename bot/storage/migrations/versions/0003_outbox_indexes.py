"""Partial indexes of the outbox, so that a sweep never reads what was sent long ago."""

import sqlalchemy as sa
from alembic import op

revision = "0003_outbox_indexes"
down_revision = "0002_audit"
branch_labels = None
depends_on = None

_INDEXES = (
    ("waiting", ["due_at", "id"], "ended_at IS NULL AND lease_holder = ''"),
    (
        "went",
        ["touser", "lease_until"],
        "state NOT IN ('queued', 'sending', 'failed', 'dropped')",
    ),
)


def upgrade() -> None:
    op.drop_index("ix_outbox_touser", "outbox")
    for name, columns, where in _INDEXES:
        condition = sa.text(where)
        op.create_index(
            f"ix_outbox_{name}",
            "outbox",
            columns,
            sqlite_where=condition,
            postgresql_where=condition,
        )
