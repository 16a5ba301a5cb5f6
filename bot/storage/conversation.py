"""What the bot remembers of a dialogue with a person, and the lock on that person."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, Moment


class ConversationRow(Base):
    """One person's state; an empty `state` means nothing is pending."""

    __tablename__ = "conversations"

    userid: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    updated_at: Mapped[datetime] = mapped_column(Moment)


def lock(session: Session, userid: str, now: datetime) -> tuple[str, dict[str, Any]]:
    """Take the person's lock for this transaction, then return their state and its data.

    On SQLite the transaction itself is the lock: there is one writer.
    """
    columns = (ConversationRow.state, ConversationRow.data)
    query = select(*columns).where(ConversationRow.userid == userid).with_for_update()
    found = session.execute(query).first()
    if found is None:
        _create(session, userid, now)
        found = session.execute(query).one()
    return found[0], found[1]


def save(session: Session, userid: str, state: str, data: dict[str, Any], now: datetime) -> None:
    """Remember the state that the next message of this person meets."""
    session.execute(
        update(ConversationRow)
        .where(ConversationRow.userid == userid)
        .values(state=state, data=data, updated_at=now)
    )


def _create(session: Session, userid: str, now: datetime) -> None:
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    session.execute(
        dialect.insert(ConversationRow)
        .values(userid=userid, state="", data={}, updated_at=now)
        .on_conflict_do_nothing()
    )
