"""Messages on their way out. The key says what a message is about, so it is put once only.

Two clocks meet here: `due_at`, `expires_at`, `created_at` and `ended_at` are in the bot's time,
which a rehearsal may shift; `lease_until` is in the machine's time, because a lease guards
against a real process that died.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import JSON, ColumnElement, Index, and_, func, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, Moment

QUEUED = "queued"
SENDING = "sending"
SENT = "sent"
UNKNOWN = "unknown"
FAILED = "failed"
DROPPED = "dropped"
UNSENT = text("state <> 'sent' AND ended_at IS NOT NULL")
"""What ended without success: few rows, which an index of their own finds."""


class OutboxRow(Base):
    """One message to one person."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_state_due_at", "state", "due_at"),
        Index("ix_outbox_touser", "touser"),
        Index("ix_outbox_unsent", "ended_at", sqlite_where=UNSENT, postgresql_where=UNSENT),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    """What it is about, for example `reminder:12`."""
    touser: Mapped[str]
    kind: Mapped[str]
    """What prepares it at the time of sending: `text` is sent as it is."""
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What the text is made of."""
    due_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime | None] = mapped_column(Moment)
    state: Mapped[str] = mapped_column(default=QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    lease_holder: Mapped[str] = mapped_column(default="")
    """Who may send it; `batch:12` for a row that goes along with row 12. Empty: anyone."""
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    """Until when; for a row that nobody holds, when it was last let go."""
    frozen: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """The request as it was first sent; a retry repeats it to the byte."""
    errcode: Mapped[int | None]
    error: Mapped[str] = mapped_column(default="")
    msgid: Mapped[str] = mapped_column(default="")
    response_code: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class Claimed(NamedTuple):
    """A row that its holder may send now."""

    id: int
    key: str
    touser: str
    kind: str
    facts: dict[str, Any]
    due_at: datetime
    expires_at: datetime | None
    attempts: int
    frozen: dict[str, Any] | None
    errcode: int | None


def add(session: Session, values: dict[str, Any]) -> bool:
    """Store a new row; return False when its key is known."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    added = session.scalar(
        dialect.insert(OutboxRow)
        .values(**values)
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(OutboxRow.id)
    )
    return added is not None


def claim(
    session: Session,
    *,
    now: datetime,
    machine_now: datetime,
    holder: str,
    until: datetime,
    limit: int,
) -> list[Claimed]:
    """Give the oldest due rows to `holder` until then; those that others hold are passed over."""
    due = (
        select(OutboxRow.id)
        .where(_claimable(now, machine_now))
        .order_by(OutboxRow.due_at, OutboxRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True)  # SQLite has one writer and ignores it
        .cte("due")
    )
    rows = session.execute(
        update(OutboxRow)
        .where(OutboxRow.id.in_(select(due.c.id)))
        .values(state=SENDING, lease_holder=holder, lease_until=until)
        .returning(*(getattr(OutboxRow, name) for name in Claimed._fields)),
        execution_options={"synchronize_session": False},
    )
    return sorted((Claimed(*row) for row in rows), key=lambda row: (row.due_at, row.id))


def held(session: Session, ids: Iterable[int], holder: str) -> set[int]:
    """Lock these rows and return those that `holder` still holds."""
    return set(
        session.scalars(
            select(OutboxRow.id)
            .where(
                OutboxRow.id.in_(list(ids)),
                OutboxRow.state == SENDING,
                OutboxRow.lease_holder == holder,
            )
            .with_for_update()
        )
    )


def freeze(
    session: Session,
    leader: int,
    followers: Sequence[int],
    frozen: dict[str, Any],
    until: datetime,
) -> None:
    """Store the request of a batch with its first row; the others wait for what becomes of it."""
    write(session, [leader], frozen=frozen, lease_until=until)
    write(session, followers, lease_holder=f"batch:{leader}", lease_until=None)


def write(session: Session, ids: Sequence[int], **values: Any) -> None:
    """Set these columns of these rows."""
    if ids:
        session.execute(
            update(OutboxRow).where(OutboxRow.id.in_(ids)).values(**values),
            execution_options={"synchronize_session": False},
        )


def sent_since(session: Session, tousers: Iterable[str], since: datetime) -> dict[str, int]:
    """Return how many messages went to each of these people since that machine's moment."""
    rows = session.execute(
        select(OutboxRow.touser, func.count())
        .where(
            OutboxRow.touser.in_(set(tousers)),
            OutboxRow.state.in_((SENT, UNKNOWN)),
            OutboxRow.lease_until > since,
        )
        .group_by(OutboxRow.touser)
    )
    return dict(rows.all())


def counts(session: Session) -> dict[str, int]:
    """Return the number of messages in each state."""
    rows = session.execute(select(OutboxRow.state, func.count()).group_by(OutboxRow.state))
    return dict(rows.all())


def oldest_due(session: Session, now: datetime) -> datetime | None:
    """Return since when the longest waiting message has been due, for the lag in /metrics."""
    return session.scalar(
        select(func.min(OutboxRow.due_at)).where(OutboxRow.state == QUEUED, OutboxRow.due_at <= now)
    )


def count_due(session: Session, now: datetime) -> int:
    """Return how many messages are due and wait."""
    found = session.scalar(
        select(func.count())
        .select_from(OutboxRow)
        .where(OutboxRow.state == QUEUED, OutboxRow.due_at <= now)
    )
    return int(found or 0)


def _claimable(now: datetime, machine_now: datetime) -> ColumnElement[bool]:
    waiting = and_(
        OutboxRow.state.in_((QUEUED, UNKNOWN)),
        OutboxRow.lease_holder == "",
        OutboxRow.due_at <= now,
    )
    abandoned = and_(OutboxRow.state == SENDING, OutboxRow.lease_until <= machine_now)
    return and_(OutboxRow.ended_at.is_(None), or_(waiting, abandoned))
