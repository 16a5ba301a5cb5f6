"""One row for each run of each job, so that a run happens on one node only.

All moments are in the bot's time.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Index, UniqueConstraint, delete, func, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, Moment, partial_index

DONE = "done"
SKIPPED = "skipped"
"""It was too late, and the job wants to be left out then."""
BEGUN = "begun"
"""No run, but the moment from which on runs of that job are due."""
FAILED = ("failed once", "failed twice", "failed thrice")
"""It will be tried again."""
GIVEN_UP = "given up"
_LOCK = 20_210_728
"""Any constant: it keeps these locks of PostgreSQL apart from others."""
_TROUBLED = "outcome NOT IN ('done', 'skipped', 'begun')"
TROUBLED = text(_TROUBLED)
"""Runs that did not end well: few rows, which an index of their own finds."""


class TickRow(Base):
    """The run of `job` that was due at `due`."""

    __tablename__ = "ticks"
    __table_args__ = (
        UniqueConstraint("job", "due"),
        Index("ix_ticks_due", "due"),
        Index("ix_ticks_started_at", "started_at"),
        partial_index("ix_ticks_troubled", "finished_at", where=_TROUBLED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    job: Mapped[str]
    due: Mapped[datetime] = mapped_column(Moment)
    started_at: Mapped[datetime] = mapped_column(Moment)
    finished_at: Mapped[datetime | None] = mapped_column(Moment)
    outcome: Mapped[str] = mapped_column(default="")


def claim(session: Session, job: str, due: datetime, now: datetime) -> int | None:
    """Take the run for this node; None when another took it before, or is at it now."""
    embedded = session.get_bind().dialect.name == "sqlite"
    dialect = sqlite if embedded else postgresql
    if not embedded and not _alone_at(session, job, due):
        return None
    taken: int | None = session.scalar(
        dialect.insert(TickRow)
        .values(job=job, due=due, started_at=now, outcome="")
        .on_conflict_do_nothing(index_elements=["job", "due"])
        .returning(TickRow.id)
    )
    return taken


def _alone_at(session: Session, job: str, due: datetime) -> bool:
    """Whether no other node is at this run: to wait for its insert would be to wait for the job."""
    run = func.hashtext(f"{job} {due.timestamp()}")
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(_LOCK, run))))


def finish(session: Session, tick_id: int, now: datetime, outcome: str) -> None:
    """Record how a run ended."""
    session.execute(
        update(TickRow).where(TickRow.id == tick_id).values(finished_at=now, outcome=outcome)
    )


def first_due(session: Session) -> datetime | None:
    """Return when the bot first acted by itself."""
    return session.scalar(select(func.min(TickRow.due)))


def newest(session: Session) -> datetime | None:
    """Return when the job that ran last was due."""
    return session.scalar(select(func.max(TickRow.due)))


def forget(session: Session, before: datetime) -> int:
    """Remove the runs due before that; keep the first of all and the newest of each job."""
    first = select(func.min(TickRow.due)).scalar_subquery()
    newest_of_each = select(func.max(TickRow.id)).group_by(TickRow.job)
    removed = session.scalars(
        delete(TickRow)
        .where(TickRow.due < before, TickRow.due > first, TickRow.id.not_in(newest_of_each))
        .returning(TickRow.id)
    )
    return len(list(removed))


def last_dues(session: Session, jobs: Iterable[str], now: datetime) -> dict[str, datetime]:
    """Return when the newest recorded run of each job was due, as seen from `now`.

    Runs after `now` stem from before the clock was set back and do not count.
    """
    newest = {
        job: session.scalar(
            select(func.max(TickRow.due)).where(TickRow.job == job, TickRow.due <= now)
        )
        for job in jobs
    }
    return {job: due for job, due in newest.items() if due is not None}


class Failing(NamedTuple):
    """A run that a bug keeps from being done."""

    id: int
    job: str
    due: datetime
    outcome: str
    """One of `FAILED`, or `GIVEN_UP`."""
    at: datetime
    """When it failed last."""


def failing(session: Session, jobs: Iterable[str], since: datetime, now: datetime) -> list[Failing]:
    """Return the runs that failed since then and wait for another try, the oldest first."""
    rows = session.execute(
        select(TickRow.id, TickRow.job, TickRow.due, TickRow.outcome, TickRow.finished_at)
        .where(
            TROUBLED,
            TickRow.job.in_(list(jobs)),
            TickRow.finished_at.between(since, now),
            TickRow.outcome.in_(FAILED),
        )
        .order_by(TickRow.due, TickRow.id)
    )
    return [Failing._make(row) for row in rows]


def failures(session: Session, since: datetime | None = None, limit: int = 100) -> list[Failing]:
    """Return the runs that failed or were given up, if so since then; the newest first."""
    query = (
        select(TickRow.id, TickRow.job, TickRow.due, TickRow.outcome, TickRow.finished_at)
        .where(TROUBLED, TickRow.outcome.in_((*FAILED, GIVEN_UP)))
        .order_by(TickRow.due.desc(), TickRow.id.desc())
        .limit(limit)
    )
    if since is not None:
        query = query.where(TickRow.finished_at >= since)
    return [Failing._make(row) for row in session.execute(query)]


def give_up(session: Session, before: datetime) -> None:
    """Give up the runs that failed before that moment: nobody tries them again."""
    session.execute(
        update(TickRow)
        .where(TROUBLED, TickRow.finished_at < before, TickRow.outcome.in_(FAILED))
        .values(outcome=GIVEN_UP)
    )


class Missing(NamedTuple):
    """A run that was due and is not on record."""

    job: str
    due: datetime


def recorded(session: Session, job: str, since: datetime | None) -> set[datetime]:
    """Return the due moments of that job's runs, only those after `since` if it is given."""
    query = select(TickRow.due).where(TickRow.job == job)
    if since is not None:
        query = query.where(TickRow.due > since)
    return set(session.scalars(query))


def try_again(session: Session, missing: Missing, now: datetime) -> None:
    """Put a run that is missing where failed ones wait for another try."""
    tick_id = claim(session, missing.job, missing.due, now)
    if tick_id is not None:
        finish(session, tick_id, now, FAILED[0])


def last_done(session: Session, job: str, before: datetime) -> datetime | None:
    """Return when the newest run of that job that was due before then was done."""
    return session.scalar(
        select(TickRow.finished_at)
        .where(TickRow.job == job, TickRow.due < before, TickRow.outcome == DONE)
        .order_by(TickRow.due.desc())
        .limit(1)
    )


def around(session: Session, moment: datetime) -> tuple[datetime | None, datetime | None]:
    """Return when the bot last acted up to `moment`, and when it first did after it."""
    before = select(func.max(TickRow.started_at)).where(TickRow.started_at <= moment)
    after = select(func.min(TickRow.started_at)).where(TickRow.started_at > moment)
    return session.scalar(before), session.scalar(after)


def change(session: Session, tick_id: int, before: str, after: str, now: datetime) -> bool:
    """Record another outcome, unless somebody else has done so; return whether we did."""
    changed = session.scalar(
        update(TickRow)
        .where(TickRow.id == tick_id, TickRow.outcome == before)
        .values(outcome=after, finished_at=now)
        .returning(TickRow.id)
    )
    return changed is not None
