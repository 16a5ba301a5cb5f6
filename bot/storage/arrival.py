"""All that the handling of a message begins with, in one query: every message pays for it."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import Session

from bot.domain.people import Person
from bot.storage import conversation, people, versions
from bot.storage.conversation import ConversationRow
from bot.storage.inbox import InboxRow
from bot.storage.people import PersonRow, UnitRow
from bot.storage.statements import execute, table
from bot.storage.versions import Versions

RECENT = timedelta(minutes=1)
"""How far back a person's messages are counted."""


class Arrival(NamedTuple):
    """Who wrote, what was pending with them, and whether this very message is known."""

    answer: dict[str, Any] | None
    """The stored answer to a message that was handled before; None for a new one."""
    known: bool
    person: Person | None
    state: str
    data: dict[str, Any]
    recent: int
    """How many messages came from this person within `RECENT`, without this one."""
    versions: Versions


_INBOX, _CONVERSATIONS = table(InboxRow), table(ConversationRow)
_PEOPLE, _UNITS = table(PersonRow), table(UnitRow)
_OWN = 5
_PERSON = len(people.COLUMNS)


def _recent() -> ColumnElement[int]:
    earlier = _INBOX.alias("earlier")
    return (
        select(func.count())
        .select_from(earlier)
        .where(
            earlier.c.userid == bindparam("of_userid"),
            earlier.c.received_at.between(bindparam("since"), bindparam("until")),
        )
        .scalar_subquery()
    )


def _query() -> Select[Any]:
    own = (
        _INBOX.c.id,
        _INBOX.c.answer,
        _CONVERSATIONS.c.state,
        _CONVERSATIONS.c.data,
        _recent().label("recent"),
    )
    account = _PEOPLE.c.userid == bindparam("account")
    return (
        select(*own, *people.COLUMNS, *versions.COLUMNS)
        .select_from(_CONVERSATIONS)
        .outerjoin(_INBOX, _INBOX.c.key == bindparam("of_key"))
        .outerjoin(_PEOPLE, account & _PEOPLE.c.active)
        .outerjoin(_UNITS, _UNITS.c.id == _PEOPLE.c.unit_id)
        .where(_CONVERSATIONS.c.userid == bindparam("of_userid"))
        .with_for_update(of=_CONVERSATIONS)
    )


_ARRIVAL = _query()


def arrive(session: Session, key: str, userid: str, now: datetime) -> Arrival:
    """Take the person's lock for this transaction and return what their message meets.

    On SQLite the transaction itself is the lock: there is one writer. Who had to wait for the
    lock sees the person's state as the other left it; that the other handled this same message
    comes out when it is stored (`inbox.store`).
    """
    values = {
        "of_key": key,
        "of_userid": userid,
        "account": userid.lower(),
        "since": now - RECENT,
        "until": now,
    }
    row = execute(session, _ARRIVAL, values).first()
    if row is None:
        conversation.create(session, userid, now)
        row = execute(session, _ARRIVAL, values).one()
    known, answer, state, data, recent = row[:_OWN]
    person = row[_OWN : _OWN + _PERSON]
    return Arrival(
        answer=answer,
        known=known is not None,
        person=people.person(person) if person[0] is not None else None,
        state=state,
        data=data,
        recent=recent,
        versions=Versions(*row[_OWN + _PERSON :]),
    )
