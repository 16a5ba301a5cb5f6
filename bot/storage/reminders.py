"""What each person was to be reminded of, once for each rule and period."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    Index,
    Select,
    String,
    UniqueConstraint,
    bindparam,
    cast,
    delete,
    func,
    literal,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.among import among
from bot.storage.base import Base, Moment
from bot.storage.outbox import OutboxRow
from bot.storage.people import PersonRow
from bot.storage.statements import NewRows, execute, table


class ReminderRow(Base):
    """One person reminded under `rule` for `period`; the outbox carries the message."""

    __tablename__ = "reminders"
    __table_args__ = (
        UniqueConstraint("rule", "period", "userid"),
        Index("ix_reminders_subject", "subject"),
        Index("ix_reminders_userid_due_at", "userid", "due_at"),
        Index("ix_reminders_due_at", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rule: Mapped[str]
    """For example `holiday:八一:报结果`, `deadline:near`, `chase`."""
    period: Mapped[str]
    """For example `2021`, or the assignment and its deadline, or the number of the round."""
    userid: Mapped[str]
    subject: Mapped[str]
    """What it is about: `assignment:12`, `point:11`, `holiday:八一:2021`."""
    due_at: Mapped[datetime] = mapped_column(Moment)
    made_at: Mapped[datetime] = mapped_column(Moment)


class Reminder(NamedTuple):
    """One person reminded."""

    id: int
    rule: str
    userid: str
    due_at: datetime


_REMINDERS, _PEOPLE = table(ReminderRow), table(PersonRow)


class Planned(NamedTuple):
    """A reminder that is to be recorded; see `ReminderRow`."""

    rule: str
    period: str
    userid: str
    subject: str
    due_at: datetime


_NEW = NewRows(
    _REMINDERS,
    ["rule", "period", "userid"],
    _REMINDERS.c.id,
    _REMINDERS.c.rule,
    _REMINDERS.c.period,
    _REMINDERS.c.userid,
)


def add(session: Session, planned: Sequence[Planned], now: datetime) -> dict[Planned, int]:
    """Record reminders; return the ids of those that nobody had recorded before."""
    rows = [{**one._asdict(), "made_at": now} for one in planned]
    ids = {(rule, period, userid): number
           for number, rule, period, userid in _NEW.add(session, rows)}  # fmt: skip
    return {one: ids[one[:3]] for one in planned if one[:3] in ids}


def periods(session: Session, rule: str, subject: str) -> int:
    """Return in how many different periods that rule spoke about this subject."""
    found = session.scalar(
        select(func.count(ReminderRow.period.distinct())).where(
            ReminderRow.rule == rule, ReminderRow.subject == subject
        )
    )
    return int(found or 0)


_UNTOLD = (
    select(_PEOPLE.c.userid)
    .where(
        _PEOPLE.c.active,
        _PEOPLE.c.role == bindparam("role"),
        # not NOT EXISTS: PostgreSQL would compare each with each before it has statistics
        _PEOPLE.c.userid.not_in(
            select(_REMINDERS.c.userid).where(
                _REMINDERS.c.rule == bindparam("rule"),
                _REMINDERS.c.period == bindparam("period"),
            )
        ),
    )
    .order_by(_PEOPLE.c.id)
    .limit(bindparam("most"))
)


def untold(session: Session, role: str, rule: str, period: str, limit: int) -> list[str]:
    """Return those of that role who have no reminder yet under that rule for that period."""
    values = {"role": role, "rule": rule, "period": period, "most": limit}
    return list(execute(session, _UNTOLD, values).scalars())


def known(session: Session, prefix: str, since: datetime) -> set[tuple[str, str, str]]:
    """Return rule, period and person of all reminders due since then whose rule begins so."""
    rows = session.execute(
        select(ReminderRow.rule, ReminderRow.period, ReminderRow.userid).where(
            ReminderRow.rule.startswith(prefix), ReminderRow.due_at >= since
        )
    )
    return {(rule, period, userid) for rule, period, userid in rows}


_OF_PEOPLE = (
    select(_REMINDERS.c.userid, _REMINDERS.c.subject)
    .where(
        among(_REMINDERS.c.userid, "accounts"),
        _REMINDERS.c.due_at == bindparam("at"),
        _REMINDERS.c.rule.startswith(bindparam("prefix")),
    )
    .order_by(_REMINDERS.c.id)
)


def of_people_at(
    session: Session, userids: Iterable[str], due_at: datetime, prefix: str
) -> dict[str, list[str]]:
    """Return by person the subjects of their reminders of one moment whose rule begins so."""
    values = {"accounts": list(userids), "at": due_at, "prefix": prefix}
    found: dict[str, list[str]] = {}
    for userid, subject in execute(session, _OF_PEOPLE, values):
        found.setdefault(userid, []).append(subject)
    return found


def due_between(session: Session, prefix: str, first: datetime, last: datetime) -> list[Reminder]:
    """Return the reminders due in that time whose rule begins so."""
    rows = session.execute(_due_between(first, last).where(ReminderRow.rule.startswith(prefix)))
    return [Reminder._make(row) for row in rows]


def without_message(session: Session, but: str, first: datetime, last: datetime) -> list[Reminder]:
    """Return the reminders due in that time whose own message is not in the outbox.

    Rules that begin with `but` are left out: there several reminders share a message.
    """
    key = literal("reminder:") + cast(ReminderRow.id, String)
    message = select(OutboxRow.id).where(OutboxRow.key == key).exists()
    rows = session.execute(
        _due_between(first, last).where(~ReminderRow.rule.startswith(but), ~message)
    )
    return [Reminder._make(row) for row in rows]


def _due_between(first: datetime, last: datetime) -> Select[*tuple[Any, ...]]:
    return select(ReminderRow.id, ReminderRow.rule, ReminderRow.userid, ReminderRow.due_at).where(
        ReminderRow.due_at.between(first, last)
    )


def forget(session: Session, ids: Sequence[int]) -> None:
    """Remove reminders, so that they are planned anew."""
    session.execute(delete(ReminderRow).where(ReminderRow.id.in_(ids)))
