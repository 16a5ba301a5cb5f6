"""Every message that arrived, once, with the answer it got."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, LargeBinary, bindparam, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, Moment
from bot.storage.statements import NewRow, execute, table

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


_INBOX = table(InboxRow)
_ACCEPT = NewRow(_INBOX, "key", _INBOX.c.id)
_ANSWER = select(_INBOX.c.answer).where(_INBOX.c.key == bindparam("of_key"))
_FINISH = update(_INBOX).where(_INBOX.c.id == bindparam("of_id"))
_COUNT = select(func.count()).where(
    _INBOX.c.userid == bindparam("userid"),
    _INBOX.c.received_at.between(bindparam("since"), bindparam("until")),
)


def accept(
    session: Session, key: str, userid: str, kind: str, plaintext: bytes, now: datetime
) -> int | None:
    """Store a message and return its id, or None when its key is known already."""
    accepted: int | None = _ACCEPT.add(
        session,
        {
            "key": key,
            "userid": userid,
            "kind": kind,
            "plaintext": plaintext,
            "received_at": now,
            "state": NEW,
            "reference": "",
        },
    )
    return accepted


def answer_to(session: Session, key: str) -> dict[str, Any] | None:
    """Return the stored answer to a message that was seen before."""
    answer: dict[str, Any] | None = execute(session, _ANSWER, {"of_key": key}).scalar()
    return answer


def finish(
    session: Session,
    inbox_id: int,
    state: str,
    answer: dict[str, Any] | None,
    reference: str = "",
) -> None:
    """Record how a message ended and what was answered."""
    execute(
        session,
        _FINISH,
        {"of_id": inbox_id, "state": state, "answer": answer, "reference": reference},
    )


def count_between(session: Session, userid: str, since: datetime, until: datetime) -> int:
    """Return how many messages that person sent in that time."""
    found = execute(session, _COUNT, {"userid": userid, "since": since, "until": until}).scalar()
    return int(found or 0)


def counts(session: Session) -> dict[str, int]:
    """Return the number of messages in each state."""
    rows = session.execute(select(InboxRow.state, func.count()).group_by(InboxRow.state))
    return {row[0]: row[1] for row in rows}


def failed(session: Session) -> list[InboxRow]:
    """Return the messages that a bug kept from being handled, the oldest first."""
    return list(
        session.scalars(select(InboxRow).where(InboxRow.state == FAILED).order_by(InboxRow.id))
    )


def waiting(session: Session, received_before: datetime) -> list[InboxRow]:
    """Return the messages from before then that are still to be handled, the oldest first."""
    return list(
        session.scalars(
            select(InboxRow)
            .where(InboxRow.state.in_((NEW, FAILED)), InboxRow.received_at <= received_before)
            .order_by(InboxRow.id)
            .limit(500)
        )
    )
