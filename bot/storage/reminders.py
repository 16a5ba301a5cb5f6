"""What each person was to be reminded of, once for each rule and period."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    Index,
    Select,
    String,
    UniqueConstraint,
    cast,
    delete,
    func,
    literal,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, Moment
from bot.storage.outbox import OutboxRow


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


def add(
    session: Session,
    *,
    rule: str,
    period: str,
    userid: str,
    subject: str,
    due_at: datetime,
    now: datetime,
) -> int | None:
    """Record a reminder and return its id, or None when this person had it already."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    added: int | None = session.scalar(
        dialect.insert(ReminderRow)
        .values(
            rule=rule, period=period, userid=userid, subject=subject, due_at=due_at, made_at=now
        )
        .on_conflict_do_nothing(index_elements=["rule", "period", "userid"])
        .returning(ReminderRow.id)
    )
    return added


def periods(session: Session, rule: str, subject: str) -> int:
    """Return in how many different periods that rule spoke about this subject."""
    found = session.scalar(
        select(func.count(ReminderRow.period.distinct())).where(
            ReminderRow.rule == rule, ReminderRow.subject == subject
        )
    )
    return int(found or 0)


def told(session: Session, rule: str, period: str) -> set[str]:
    """Return everyone who has a reminder under that rule for that period."""
    return set(
        session.scalars(
            select(ReminderRow.userid).where(ReminderRow.rule == rule, ReminderRow.period == period)
        )
    )


def known(session: Session, prefix: str, since: datetime) -> set[tuple[str, str, str]]:
    """Return rule, period and person of all reminders due since then whose rule begins so."""
    rows = session.execute(
        select(ReminderRow.rule, ReminderRow.period, ReminderRow.userid).where(
            ReminderRow.rule.startswith(prefix), ReminderRow.due_at >= since
        )
    )
    return {(rule, period, userid) for rule, period, userid in rows}


def of_person_at(session: Session, userid: str, due_at: datetime, prefix: str) -> list[str]:
    """Return the subjects of that person's reminders of one moment whose rule begins so."""
    return list(
        session.scalars(
            select(ReminderRow.subject)
            .where(
                ReminderRow.userid == userid,
                ReminderRow.due_at == due_at,
                ReminderRow.rule.startswith(prefix),
            )
            .order_by(ReminderRow.id)
        )
    )


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
