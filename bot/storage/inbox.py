"""Every message that arrived, once, with the answer it got."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, LargeBinary, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, Moment

HANDLED = "handled"
FAILED = "failed"
IGNORED = "ignored"
NEW = "new"


class InboxRow(Base):
    """A message by its dedupe key (`bot.wecom.messages`)."""

    __tablename__ = "inbox"
    __table_args__ = (
        Index("ix_inbox_state", "state"),
        Index("ix_inbox_userid_received_at", "userid", "received_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    userid: Mapped[str]
    kind: Mapped[str]
    plaintext: Mapped[bytes] = mapped_column(LargeBinary)
    received_at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[str]
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    reference: Mapped[str] = mapped_column(default="")
    """What the person was told to name when they ask about a failure."""


def accept(
    session: Session, key: str, userid: str, kind: str, plaintext: bytes, now: datetime
) -> int | None:
    """Store a message and return its id, or None when its key is known already."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    accepted: int | None = session.scalar(
        dialect.insert(InboxRow)
        .values(
            key=key,
            userid=userid,
            kind=kind,
            plaintext=plaintext,
            received_at=now,
            state=NEW,
            reference="",
        )
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(InboxRow.id)
    )
    return accepted


def answer_to(session: Session, key: str) -> dict[str, Any] | None:
    """Return the stored answer to a message that was seen before."""
    return session.scalar(select(InboxRow.answer).where(InboxRow.key == key))


def finish(
    session: Session,
    inbox_id: int,
    state: str,
    answer: dict[str, Any] | None,
    reference: str = "",
) -> None:
    """Record how a message ended and what was answered."""
    session.execute(
        update(InboxRow)
        .where(InboxRow.id == inbox_id)
        .values(state=state, answer=answer, reference=reference)
    )


def count_between(session: Session, userid: str, since: datetime, until: datetime) -> int:
    """Return how many messages that person sent in that time."""
    found = session.scalar(
        select(func.count())
        .select_from(InboxRow)
        .where(InboxRow.userid == userid, InboxRow.received_at.between(since, until))
    )
    return int(found or 0)


def counts(session: Session) -> dict[str, int]:
    """Return the number of messages in each state."""
    rows = session.execute(select(InboxRow.state, func.count()).group_by(InboxRow.state))
    return dict(rows.tuples().all())


def failed(session: Session) -> list[InboxRow]:
    """Return the messages that a bug kept from being handled, the oldest first."""
    return list(
        session.scalars(select(InboxRow).where(InboxRow.state == FAILED).order_by(InboxRow.id))
    )
