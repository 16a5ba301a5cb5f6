"""Putting a message into the outbox, and taking what is due."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from bot.faultpoints import reached
from bot.storage import outbox
from bot.storage.database import Database
from bot.storage.outbox import Claimed

LEASE = timedelta(minutes=2)
"""How long a claim lasts: far above what one batch takes with all its timeouts."""


class Message(NamedTuple):
    """What `put` takes."""

    key: str
    touser: str
    kind: str
    facts: dict[str, Any]
    due_at: datetime
    expires_at: datetime | None = None


def put(  # noqa: PLR0913 - one argument for each thing a caller decides
    session: Session,
    *,
    key: str,
    touser: str,
    kind: str,
    facts: dict[str, Any],
    due_at: datetime,
    now: datetime,
    expires_at: datetime | None = None,
) -> bool:
    """Queue one message to one person in the caller's transaction.

    `kind` and `facts` say what will prepare it, `due_at` and `expires_at` when it may go; all
    moments are in the bot's time. Return False, changing nothing, when the key was put before.
    """
    message = Message(key, touser, kind, facts, due_at, expires_at)
    return outbox.add(session, _row(message, now))


def put_all(session: Session, messages: Iterable[Message], now: datetime) -> None:
    """Queue many messages at once as `put` does one; those of known keys are passed over."""
    outbox.add_all(session, [_row(message, now) for message in messages])


def _row(message: Message, now: datetime) -> dict[str, Any]:
    return {
        **message._asdict(),
        "created_at": now,
        "state": outbox.QUEUED,
        "attempts": 0,
        "lease_holder": "",
        "error": "",
        "msgid": "",
        "response_code": "",
    }


def claim(
    database: Database, *, now: datetime, machine_now: datetime, holder: str, limit: int
) -> list[Claimed]:
    """Take up to `limit` due messages, the oldest first; nobody else gets them for `LEASE`.

    Due are rows that are queued, rows whose last call had no answer, and rows whose holder died.
    `holder` must name one sweep only. `now` is the bot's time, `machine_now` the machine's.
    """

    def work(session: Session) -> list[Claimed]:
        claimed = outbox.claim(
            session,
            now=now,
            machine_now=machine_now,
            holder=holder,
            until=machine_now + LEASE,
            limit=limit,
        )
        if claimed:
            reached("claim.taken")
        return claimed

    reached("claim.begin")
    taken = database.run(work)
    if taken:
        reached("claim.committed")
    return taken
