"""What the auditor found, once for each thing, so that nobody is told of it twice.

All moments are in the bot's time.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import JSON, Index, bindparam, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.among import among
from bot.storage.base import Base, Moment
from bot.storage.statements import NewRows, execute, table

REPAIRED = "repaired"
BROKEN = "broken"
"""The repair itself failed."""


class FindingRow(Base):
    """A thing that should have happened and did not."""

    __tablename__ = "findings"
    __table_args__ = (Index("ix_findings_seen_at", "seen_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    """What it is, for example `failed:12`: the message of that row reached nobody."""
    kind: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What the sentence about it is made of."""
    repair: Mapped[str]
    """What came of putting it right: `REPAIRED`, `BROKEN`, or empty if nothing was tried."""
    found_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
    """When it was last still so."""
    owed: Mapped[int] = mapped_column(default=1)
    """How often the office is to hear of it, and how often it did."""
    told: Mapped[int] = mapped_column(default=0)


class Finding(NamedTuple):
    """Something that was found just now."""

    key: str
    kind: str
    facts: dict[str, Any]


class Untold(NamedTuple):
    """A finding that the office does not know of."""

    id: int
    kind: str
    facts: dict[str, Any]
    repair: str
    again: bool
    """Whether the office was told the first time: the repair did not help."""
    seen_at: datetime


_FINDINGS = table(FindingRow)
_NEW = NewRows(_FINDINGS, ["key"], _FINDINGS.c.id)
_OF_KEYS = update(_FINDINGS).where(among(_FINDINGS.c.key, "keys"))
_SEEN = _OF_KEYS.values(seen_at=bindparam("now")).returning(_FINDINGS.c.key)
_MARK = _OF_KEYS.values(repair=bindparam("came_of_it"))
_TOLD = update(_FINDINGS).where(among(_FINDINGS.c.id, "ids")).values(told=_FINDINGS.c.owed)


def note(session: Session, found: Sequence[Finding], now: datetime) -> list[Finding]:
    """Store what was not known yet and return it; what was known is noted as still so."""
    once = {finding.key: finding for finding in reversed(found)}
    known = set(execute(session, _SEEN, {"keys": list(once), "now": now}).scalars())
    new = [finding for finding in reversed(once.values()) if finding.key not in known]
    same = {"repair": "", "found_at": now, "seen_at": now, "owed": 1, "told": 0}
    # Two workers may note the same halt at once: one of the rows is passed over.
    _NEW.add(session, [{**finding._asdict(), **same} for finding in new])
    return new


def mark(session: Session, found: Sequence[Finding], repair: str) -> None:
    """Record what came of the repair of these."""
    values = {"keys": [finding.key for finding in found], "came_of_it": repair}
    execute(session, _MARK, values)


def tell_again(session: Session, now: datetime) -> None:
    """Owe the office a second and last word on what was repaired before `now` and is still so."""
    session.execute(
        update(FindingRow)
        .where(
            FindingRow.seen_at == now,
            FindingRow.found_at < now,
            FindingRow.repair == REPAIRED,
            FindingRow.owed == 1,
        )
        .values(owed=2),
        execution_options={"synchronize_session": False},
    )


def untold(session: Session, since: datetime) -> list[Untold]:
    """Return what was seen since then and the office was not told, the oldest first."""
    rows = session.execute(
        select(
            FindingRow.id,
            FindingRow.kind,
            FindingRow.facts,
            FindingRow.repair,
            FindingRow.owed > 1,
            FindingRow.seen_at,
        )
        .where(FindingRow.seen_at >= since, FindingRow.told < FindingRow.owed)
        .order_by(FindingRow.id)
    )
    return [Untold._make(row) for row in rows]


def tell(session: Session, ids: Iterable[int]) -> None:
    """Remember that the office was told of these."""
    execute(session, _TOLD, {"ids": list(ids)})


def counts(session: Session, since: datetime) -> dict[str, int]:
    """Return how many things of each kind were so since then."""
    rows = session.execute(
        select(FindingRow.kind, func.count())
        .where(FindingRow.seen_at >= since)
        .group_by(FindingRow.kind)
    )
    return dict(rows.all())


def forget(session: Session, before: datetime) -> None:
    """Remove what was last so before that moment."""
    session.execute(delete(FindingRow).where(FindingRow.seen_at < before))
