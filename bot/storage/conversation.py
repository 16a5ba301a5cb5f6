"""What the bot remembers of a dialogue with a person, and the lock on that person."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, bindparam, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, Moment
from bot.storage.statements import NewRow, execute, table


class ConversationRow(Base):
    """One person's state; an empty `state` means nothing is pending."""

    __tablename__ = "conversations"

    userid: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    updated_at: Mapped[datetime] = mapped_column(Moment)


_CONVERSATIONS = table(ConversationRow)
_MINE = _CONVERSATIONS.c.userid == bindparam("of_userid")
_LOCK = select(_CONVERSATIONS.c.state, _CONVERSATIONS.c.data).where(_MINE).with_for_update()
_SAVE = update(_CONVERSATIONS).where(_MINE)
_CREATE = NewRow(_CONVERSATIONS, "userid", _CONVERSATIONS.c.userid)


def lock(session: Session, userid: str, now: datetime) -> tuple[str, dict[str, Any]]:
    """Take the person's lock for this transaction, then return their state and its data.

    On SQLite the transaction itself is the lock: there is one writer.
    """
    found = execute(session, _LOCK, {"of_userid": userid}).first()
    if found is None:
        _CREATE.add(session, {"userid": userid, "state": "", "data": {}, "updated_at": now})
        found = execute(session, _LOCK, {"of_userid": userid}).one()
    return found[0], found[1]


def save(session: Session, userid: str, state: str, data: dict[str, Any], now: datetime) -> None:
    """Remember the state that the next message of this person meets."""
    execute(
        session,
        _SAVE,
        {"of_userid": userid, "state": state, "data": data, "updated_at": now},
    )
