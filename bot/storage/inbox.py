"""Every message that arrived, once, with the answer it got."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, LargeBinary, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, Moment
from bot.storage.statements import LateRow, table

HANDLED = "handled"
FAILED = "failed"
IGNORED = "ignored"
SUPERSEDED = "superseded"
"""It failed, and the person sent the same again, which was handled."""


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
    """What was answered at once; of a failure also the question that it `met`."""
    reference: Mapped[str] = mapped_column(default="")
    """What the person was told to name when they ask about a failure."""


_INBOX = table(InboxRow)
_STORE = LateRow(_INBOX, "key")


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
    """Store a message with what came of it; return False when its key is known already.

    In a transaction that many share, that may come out only at its end, as LostRace.
    """
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
    return _STORE.add(session, values)


def counts(session: Session) -> dict[str, int]:
    """Return the number of messages in each state."""
    rows = session.execute(select(InboxRow.state, func.count()).group_by(InboxRow.state))
    return {row[0]: row[1] for row in rows}


def failed(session: Session) -> list[InboxRow]:
    """Return the messages that a bug kept from being handled, the oldest first."""
    return list(
        session.scalars(select(InboxRow).where(InboxRow.state == FAILED).order_by(InboxRow.id))
    )


def take_failed(session: Session, inbox_id: int) -> InboxRow | None:
    """Lock one of them for this transaction; None when it was handled meanwhile."""
    return session.scalar(
        select(InboxRow).where(InboxRow.id == inbox_id, InboxRow.state == FAILED).with_for_update()
    )


def close(session: Session, inbox_id: int, state: str) -> None:
    """Record how a message ended that had failed; what was answered then stays."""
    session.execute(update(InboxRow).where(InboxRow.id == inbox_id).values(state=state))


def handled_besides(session: Session, row: InboxRow, kinds: Iterable[str]) -> list[InboxRow]:
    """Return the person's messages that were handled later than `row`, or again before it."""
    return list(
        session.scalars(
            select(InboxRow).where(
                InboxRow.userid == row.userid,
                InboxRow.state == HANDLED,
                InboxRow.kind.in_(list(kinds)),
                (InboxRow.id > row.id) | (InboxRow.reference != ""),
            )
        )
    )


def handled_between(
    session: Session, userid: str, kinds: Iterable[str], since: datetime, until: datetime
) -> list[InboxRow]:
    """Return that person's messages of these kinds that came in that time and were handled."""
    return list(
        session.scalars(
            select(InboxRow).where(
                InboxRow.userid == userid,
                InboxRow.received_at.between(since, until),
                InboxRow.state == HANDLED,
                InboxRow.kind.in_(list(kinds)),
            )
        )
    )


def waiting(session: Session, received_before: datetime) -> list[InboxRow]:
    """Return the messages from before then that wait for a repair, the oldest first."""
    return list(
        session.scalars(
            select(InboxRow)
            .where(InboxRow.state == FAILED, InboxRow.received_at <= received_before)
            .order_by(InboxRow.id)
            .limit(500)
        )
    )
