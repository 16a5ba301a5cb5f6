"""Every message that arrived, once, with the answer it got."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, LargeBinary, bindparam, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, Moment
from bot.storage.statements import NewRow, execute, table

HANDLED = "handled"
FAILED = "failed"
IGNORED = "ignored"


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
_STORE = NewRow(_INBOX, "key", _INBOX.c.id)
_FINISH = update(_INBOX).where(_INBOX.c.id == bindparam("of_id"))


@dataclass(frozen=True)
class Received:
    """A message by its dedupe key, and when it came."""

    key: str
    userid: str
    kind: str
    plaintext: bytes
    at: datetime


def store(
    session: Session,
    received: Received,
    state: str,
    answer: dict[str, Any] | None = None,
    reference: str = "",
) -> bool:
    """Store a message with what came of it; return False when its key is known already."""
    values = {
        "key": received.key,
        "userid": received.userid,
        "kind": received.kind,
        "plaintext": received.plaintext,
        "received_at": received.at,
        "state": state,
        "answer": answer,
        "reference": reference,
    }
    return _STORE.add(session, values) is not None


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


def counts(session: Session) -> dict[str, int]:
    """Return the number of messages in each state."""
    rows = session.execute(select(InboxRow.state, func.count()).group_by(InboxRow.state))
    return {row[0]: row[1] for row in rows}


def failed(session: Session) -> list[InboxRow]:
    """Return the messages that a bug kept from being handled, the oldest first."""
    return list(
        session.scalars(select(InboxRow).where(InboxRow.state == FAILED).order_by(InboxRow.id))
    )
