"""What the bot remembers of a dialogue with a person; the row is the lock on that person."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, bindparam, update
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
_SAVE = update(_CONVERSATIONS).where(_MINE)
_CREATE = NewRow(_CONVERSATIONS, "userid", _CONVERSATIONS.c.userid)


def create(session: Session, userid: str, now: datetime) -> None:
    """Begin a dialogue with somebody, unless there is one: nothing is pending in it."""
    _CREATE.add(session, {"userid": userid, "state": "", "data": {}, "updated_at": now})


def save(session: Session, userid: str, state: str, data: dict[str, Any], now: datetime) -> None:
    """Remember the state that the next message of this person meets."""
    execute(
        session,
        _SAVE,
        {"of_userid": userid, "state": state, "data": data, "updated_at": now},
    )
