"""What the auditor found, how the workers are, and the indexes by which both are looked up."""

import sqlalchemy as sa
from alembic import op

revision = "0002_audit"
down_revision = "0001"
branch_labels = None
depends_on = None
_TROUBLED = sa.text("outcome NOT IN ('done', 'skipped', 'begun')")
_UNSENT = sa.text("state <> 'sent' AND ended_at IS NOT NULL")


def upgrade() -> None:
    _findings()
    _nodes()
    op.create_index("ix_reminders_due_at", "reminders", ["due_at"], unique=False)
    op.create_index("ix_ticks_due", "ticks", ["due"], unique=False)
    op.create_index("ix_ticks_started_at", "ticks", ["started_at"], unique=False)
    op.create_index(
        "ix_ticks_troubled",
        "ticks",
        ["finished_at"],
        unique=False,
        sqlite_where=_TROUBLED,
        postgresql_where=_TROUBLED,
    )
    op.create_index(
        "ix_outbox_unsent",
        "outbox",
        ["ended_at"],
        unique=False,
        sqlite_where=_UNSENT,
        postgresql_where=_UNSENT,
    )


def _findings() -> None:
    op.create_table(
        "findings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("repair", sa.String(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("owed", sa.Integer(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
        sa.UniqueConstraint("key", name=op.f("uq_findings_key")),
    )
    op.create_index("ix_findings_seen_at", "findings", ["seen_at"], unique=False)


def _nodes() -> None:
    op.create_table(
        "nodes",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pulsed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("swept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("halted_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("halt_reason", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_nodes")),
    )
