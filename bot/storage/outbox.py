"""Messages on their way out. The key says what a message is about, so it is put once only.

Two clocks meet here: `due_at`, `expires_at`, `created_at` and `ended_at` are in the bot's time,
which a rehearsal may shift; `lease_until` is in the machine's time, because a lease guards
against a real process that died.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    ColumnElement,
    Executable,
    Index,
    Text,
    bindparam,
    cast,
    func,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.among import among
from bot.storage.base import Base, Moment, partial_index
from bot.storage.statements import NewRow, NewRows, execute, table

QUEUED = "queued"
SENDING = "sending"
SENT = "sent"
UNKNOWN = "unknown"
FAILED = "failed"
DROPPED = "dropped"
FOLLOWING = "batch:"
"""How the holder of a row begins that goes along with another one."""
_UNSENT = "state <> 'sent' AND ended_at IS NOT NULL"
UNSENT = text(_UNSENT)
"""What ended without success: few rows, which an index of their own finds."""


# Written out, because a database uses a partial index only where it recognises its condition.
_WAITING = "ended_at IS NULL AND lease_holder = ''"
_SENDING = "state = 'sending'"
_WENT = "state NOT IN ('queued', 'sending', 'failed', 'dropped')"
"""`state IN ('sent', 'unknown')` would make SQLite take the index that begins with the state."""


class OutboxRow(Base):
    """One message to one person."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_state_due_at", "state", "due_at"),
        partial_index("ix_outbox_went", "touser", "lease_until", where=_WENT),
        partial_index("ix_outbox_waiting", "due_at", "id", where=_WAITING),
        partial_index("ix_outbox_unsent", "ended_at", where=_UNSENT),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    """What it is about, for example `reminder:12`."""
    touser: Mapped[str]
    kind: Mapped[str]
    """What prepares it at the time of sending: `text` is sent as it is."""
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What the text is made of."""
    due_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime | None] = mapped_column(Moment)
    state: Mapped[str] = mapped_column(default=QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    lease_holder: Mapped[str] = mapped_column(default="")
    """Who may send it; `batch:12` for a row that goes along with row 12. Empty: anyone."""
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    """Until when; for a row that nobody holds, when it was last let go."""
    frozen: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """The request as it was first sent; a retry repeats it to the byte."""
    errcode: Mapped[int | None]
    error: Mapped[str] = mapped_column(default="")
    msgid: Mapped[str] = mapped_column(default="")
    response_code: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class Claimed(NamedTuple):
    """A row that its holder may send now."""

    id: int
    key: str
    touser: str
    kind: str
    facts: dict[str, Any]
    due_at: datetime
    expires_at: datetime | None
    attempts: int
    frozen: dict[str, Any] | None
    errcode: int | None


_OUTBOX = table(OutboxRow)
_NEW = NewRow(_OUTBOX, "key", _OUTBOX.c.id)
_NEW_ROWS = NewRows(_OUTBOX, ["key"], _OUTBOX.c.id)
_FACTS = Claimed._fields.index("facts")
_CLAIMED = [
    cast(_OUTBOX.c.facts, Text) if name == "facts" else _OUTBOX.c[name] for name in Claimed._fields
]
_MINE = {
    "state": SENDING,
    "lease_holder": bindparam("holder"),
    "lease_until": bindparam("until"),
}


def _claiming(condition: str, *order: ColumnElement[Any], due: ColumnElement[bool]) -> Executable:
    """Return the statement that takes the first rows for which `condition` holds and are due."""
    found = (
        select(_OUTBOX.c.id)
        .where(text(condition), due)
        .order_by(*order)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True)  # SQLite has one writer and ignores it
        .cte("found")
    )
    return (
        update(_OUTBOX)
        .where(_OUTBOX.c.id.in_(select(found.c.id)))
        .values(_MINE)
        .returning(*_CLAIMED)
    )


_CLAIM_WAITING = _claiming(
    _WAITING, _OUTBOX.c.due_at, _OUTBOX.c.id, due=_OUTBOX.c.due_at <= bindparam("now")
)
_CLAIM_ABANDONED = _claiming(
    _SENDING, _OUTBOX.c.lease_until, due=_OUTBOX.c.lease_until <= bindparam("machine_now")
)
_OURS = (among(_OUTBOX.c.id, "rows"), _OUTBOX.c.state == SENDING,
         _OUTBOX.c.lease_holder == bindparam("holder"))  # fmt: skip
_HELD = select(_OUTBOX.c.id).where(*_OURS).with_for_update()
_FOLLOW = (
    update(_OUTBOX)
    .where(*_OURS)
    .values(lease_holder=bindparam("batch"), lease_until=None)
    .returning(_OUTBOX.c.id)
)
_SENT_SINCE = select(_OUTBOX.c.touser).where(
    text(_WENT), among(_OUTBOX.c.touser, "people"), _OUTBOX.c.lease_until > bindparam("since")
)
_WRITE = update(_OUTBOX).where(among(_OUTBOX.c.id, "rows"))


def add(session: Session, values: dict[str, Any]) -> bool:
    """Store a new row; return False when its key is known."""
    return _NEW.add(session, values) is not None


def add_all(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Store new rows; those whose key is known are passed over."""
    _NEW_ROWS.add(session, rows)


def claim(
    session: Session,
    *,
    now: datetime,
    machine_now: datetime,
    holder: str,
    until: datetime,
    limit: int,
) -> list[Claimed]:
    """Give due rows to `holder` until then; those that others hold are passed over.

    Rows whose holder died come first, then what waits, the oldest first.
    """
    values = {"now": now, "machine_now": machine_now, "holder": holder, "until": until}
    read = cache(json.loads)  # thousands of rows have the same facts
    rows: list[Claimed] = []
    for statement in (_CLAIM_ABANDONED, _CLAIM_WAITING):
        found = execute(session, statement, {**values, "most": limit - len(rows)})
        rows += [
            Claimed._make((*row[:_FACTS], read(row[_FACTS]), *row[_FACTS + 1 :])) for row in found
        ]
    return sorted(rows, key=lambda row: (row.due_at, row.id))


def held(session: Session, ids: Iterable[int], holder: str) -> set[int]:
    """Lock these rows and return those that `holder` still holds."""
    return set(execute(session, _HELD, {"rows": list(ids), "holder": holder}).scalars())


def follow(session: Session, ids: Sequence[int], holder: str, leader: int) -> set[int]:
    """Let those of these rows that `holder` holds wait for what becomes of the leader.

    Return them; when the leader is none of them, the first one leads.
    """
    values = {"rows": list(ids), "holder": holder, "batch": f"{FOLLOWING}{leader}"}
    ours = set(execute(session, _FOLLOW, values).scalars())
    if ours and leader not in ours:
        first = next(row for row in ids if row in ours)
        write(session, list(ours), lease_holder=f"{FOLLOWING}{first}")
    return ours


def freeze(
    session: Session, leader: int, holder: str, frozen: dict[str, Any], until: datetime
) -> None:
    """Store the request of a batch with its first row, which `holder` holds for all of it."""
    write(session, [leader], frozen=frozen, lease_holder=holder, lease_until=until)


def write(session: Session, ids: Sequence[int], **values: Any) -> None:
    """Set these columns of these rows."""
    if ids:
        execute(session, _WRITE.values(**values), {"rows": ids})


def sent_since(session: Session, tousers: Iterable[str], since: datetime) -> dict[str, int]:
    """Return how many messages went to each of these people since that machine's moment."""
    found = execute(session, _SENT_SINCE, {"people": list(set(tousers)), "since": since})
    return Counter(found.scalars())


def counts(session: Session) -> dict[str, int]:
    """Return the number of messages in each state; this reads them all."""
    rows = session.execute(select(OutboxRow.state, func.count()).group_by(OutboxRow.state))
    return dict(rows.all())


def open_counts(session: Session) -> dict[str, int]:
    """Return how many messages wait and how many are under way."""
    rows = session.execute(
        select(OutboxRow.state, func.count())
        .where(OutboxRow.state.in_((QUEUED, SENDING)))
        .group_by(OutboxRow.state)
    )
    return {QUEUED: 0, SENDING: 0, **dict(rows.all())}


def oldest_due(session: Session, now: datetime) -> datetime | None:
    """Return since when the longest waiting message has been due, for the lag in /metrics."""
    return session.scalar(
        select(func.min(OutboxRow.due_at)).where(OutboxRow.state == QUEUED, OutboxRow.due_at <= now)
    )


def count_due(session: Session, now: datetime) -> int:
    """Return how many messages are due and wait."""
    found = session.scalar(
        select(func.count())
        .select_from(OutboxRow)
        .where(OutboxRow.state == QUEUED, OutboxRow.due_at <= now)
    )
    return int(found or 0)
