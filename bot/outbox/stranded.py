"""Rows that no claim finds, because what they waited for is gone. None is known to arise.

A row that may have been sent is never sent again: it ends as the batch ended that named it.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import null
from sqlalchemy.orm import Session

from bot.storage import outbox, undelivered
from bot.storage.undelivered import Leader, Stranded


def find(session: Session, due_before: datetime) -> list[Stranded]:
    """Return the rows due before that whose batch will not take them along any more."""
    rows = undelivered.unclaimable(session, due_before)
    leaders = undelivered.leaders(session, [_leader(row) for row in rows])
    return [row for row in rows if not _goes_along(row, leaders.get(_leader(row)))]


def release(session: Session, due_before: datetime, now: datetime) -> None:
    """Let these rows be claimed again, or end them like the batch that named them."""
    rows = find(session, due_before)
    leaders = undelivered.leaders(session, [_leader(row) for row in rows])
    for row in rows:
        leader = leaders.get(_leader(row))
        if leader is not None and _names(leader, row):
            _end_alike(session, row, leader, now)
        else:
            outbox.write(
                session,
                [row.id],
                state=outbox.QUEUED,
                lease_holder="",
                lease_until=None,
                frozen=null(),
            )


def _end_alike(session: Session, row: Stranded, leader: Leader, now: datetime) -> None:
    outbox.write(
        session,
        [row.id],
        lease_holder="",
        state=leader.state,
        error=leader.error,
        errcode=leader.errcode,
        msgid=leader.msgid,
        ended_at=leader.ended_at or now,
    )


def _goes_along(row: Stranded, leader: Leader | None) -> bool:
    return leader is not None and leader.ended_at is None and _names(leader, row)


def _names(leader: Leader, row: Stranded) -> bool:
    recipients: Sequence[Sequence[object]] = (leader.frozen or {}).get("recipients", ())
    return any(recipient[0] == row.id for recipient in recipients)


def _leader(row: Stranded) -> int:
    number = row.holder.removeprefix(outbox.FOLLOWING)
    return int(number) if number.isdecimal() else 0
