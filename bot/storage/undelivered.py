"""Messages of the outbox that did not arrive or stand still, as the office asks about them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from bot.storage.among import among
from bot.storage.outbox import (
    DROPPED,
    FAILED,
    QUEUED,
    SENDING,
    UNKNOWN,
    UNSENT,
    OutboxRow,
)
from bot.storage.statements import table

_KEYS = select(OutboxRow.key).where(among(table(OutboxRow).c.key, "keys"))


class Failure(NamedTuple):
    """A message that did not arrive, or of which nobody knows whether it did."""

    id: int
    key: str
    touser: str
    kind: str
    facts: dict[str, Any]
    state: str
    reason: str
    errcode: int | None
    ended_at: datetime


class Dropped(NamedTuple):
    """A message that was not sent because its time had passed."""

    id: int
    key: str
    touser: str
    kind: str
    facts: dict[str, Any]
    reason: str
    created_at: datetime
    due_at: datetime


class Stranded(NamedTuple):
    """A row that nobody can claim."""

    id: int
    touser: str
    kind: str
    facts: dict[str, Any]
    holder: str


class Leader(NamedTuple):
    """The first row of a batch, as far as it decides about the others."""

    id: int
    frozen: dict[str, Any] | None
    state: str
    error: str
    errcode: int | None
    msgid: str
    ended_at: datetime | None


def failures(session: Session, since: datetime | None = None, limit: int = 500) -> list[Failure]:
    """Return what failed, or is unknown for good, since then; the newest first."""
    query = (
        select(
            OutboxRow.id,
            OutboxRow.key,
            OutboxRow.touser,
            OutboxRow.kind,
            OutboxRow.facts,
            OutboxRow.state,
            OutboxRow.error,
            OutboxRow.errcode,
            OutboxRow.ended_at,
        )
        .where(UNSENT, OutboxRow.state.in_((FAILED, UNKNOWN)))
        .order_by(OutboxRow.ended_at.desc(), OutboxRow.id.desc())
        .limit(limit)
    )
    if since is not None:
        query = query.where(OutboxRow.ended_at >= since)
    return [Failure._make(row) for row in session.execute(query)]


def dropped(session: Session, since: datetime, reasons: Iterable[str]) -> list[Dropped]:
    """Return what was dropped since then for one of these reasons."""
    rows = session.execute(
        select(
            OutboxRow.id,
            OutboxRow.key,
            OutboxRow.touser,
            OutboxRow.kind,
            OutboxRow.facts,
            OutboxRow.error,
            OutboxRow.created_at,
            OutboxRow.due_at,
        )
        .where(
            UNSENT,
            OutboxRow.ended_at >= since,
            OutboxRow.state == DROPPED,
            OutboxRow.error.in_(list(reasons)),
        )
        .order_by(OutboxRow.id)
    )
    return [Dropped._make(row) for row in rows]


def overdue(
    session: Session, due_before: datetime, machine_now: datetime
) -> tuple[int, int, datetime] | None:
    """Return how many messages, put and due before that, nobody sends; the oldest, and its moment.

    None when there is none. `machine_now` is the machine's time: leases are.
    """
    late = and_(
        _standing(machine_now),
        OutboxRow.due_at <= due_before,
        OutboxRow.created_at <= due_before,
    )
    count = session.scalar(select(func.count()).select_from(OutboxRow).where(late)) or 0
    oldest = session.execute(
        select(OutboxRow.id, OutboxRow.due_at)
        .where(late)
        .order_by(OutboxRow.due_at, OutboxRow.id)
        .limit(1)
    ).first()
    return None if oldest is None else (count, oldest[0], oldest[1])


def _standing(machine_now: datetime) -> ColumnElement[bool]:
    waiting = and_(
        OutboxRow.state.in_((QUEUED, UNKNOWN)),
        OutboxRow.ended_at.is_(None),
    )
    sending = and_(OutboxRow.state == SENDING, OutboxRow.lease_until <= machine_now)
    return or_(waiting, sending)


def unclaimable(session: Session, due_before: datetime) -> list[Stranded]:
    """Return rows due before that no claim finds, unless the row that they follow is sent."""
    rows = session.execute(
        select(
            OutboxRow.id,
            OutboxRow.touser,
            OutboxRow.kind,
            OutboxRow.facts,
            OutboxRow.lease_holder,
        )
        .where(
            OutboxRow.due_at <= due_before,
            OutboxRow.ended_at.is_(None),
            or_(
                and_(OutboxRow.state == SENDING, OutboxRow.lease_until.is_(None)),
                and_(OutboxRow.state.in_((QUEUED, UNKNOWN)), OutboxRow.lease_holder != ""),
            ),
        )
        .order_by(OutboxRow.id)
    )
    return [Stranded._make(row) for row in rows]


def leaders(session: Session, ids: Iterable[int]) -> dict[int, Leader]:
    """Return those of these rows that are there."""
    columns = [getattr(OutboxRow, name) for name in Leader._fields]
    rows = session.execute(select(*columns).where(OutboxRow.id.in_(set(ids))))
    return {row[0]: Leader._make(row) for row in rows}


def known_keys(session: Session, keys: Sequence[str]) -> set[str]:
    """Return those of these keys that were put into the outbox."""
    return set(session.scalars(_KEYS, {"keys": list(keys)}))
