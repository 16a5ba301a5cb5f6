"""One row for each worker process that runs: when it last gave a sign of life, and of what.

All moments but `halted_since` are in the machine's time: a heartbeat is about a real process.
"""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, Moment


class NodeRow(Base):
    """A worker process by its name, `host:pid`."""

    __tablename__ = "nodes"

    name: Mapped[str] = mapped_column(primary_key=True)
    started_at: Mapped[datetime] = mapped_column(Moment)
    beat_at: Mapped[datetime] = mapped_column(Moment)
    pulsed_at: Mapped[datetime] = mapped_column(Moment)
    swept_at: Mapped[datetime] = mapped_column(Moment)
    halted_since: Mapped[datetime | None] = mapped_column(Moment)
    halt_reason: Mapped[str] = mapped_column(default="")


class Node(NamedTuple):
    """A worker process as it last described itself."""

    name: str
    started_at: datetime
    beat_at: datetime
    """When it last wrote this."""
    pulsed_at: datetime
    """When it last looked, with success, for jobs that are due."""
    swept_at: datetime
    """When it last went, with success, through what there was to send."""
    halted_since: datetime | None = None
    """Since when it sends nothing because every call fails; in the bot's time."""
    halt_reason: str = ""
    """Why, in words for the office."""


_COLUMNS = tuple(getattr(NodeRow, name) for name in Node._fields)


def save(session: Session, node: Node) -> None:
    """Write down how this process is."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    values: dict[str, Any] = node._asdict()
    insert = dialect.insert(NodeRow).values(**values)
    changes = {name: value for name, value in values.items() if name != "name"}
    session.execute(insert.on_conflict_do_update(index_elements=["name"], set_=changes))


def find(session: Session, name: str) -> Node | None:
    """Return how that process last was."""
    row = session.execute(select(*_COLUMNS).where(NodeRow.name == name)).first()
    return None if row is None else Node._make(row)


def all_nodes(session: Session) -> list[Node]:
    """Return every process that did not take its leave, by name."""
    rows = session.execute(select(*_COLUMNS).order_by(NodeRow.name))
    return [Node._make(row) for row in rows]


def forget(session: Session, name: str) -> None:
    """Remove a process that has ended."""
    session.execute(delete(NodeRow).where(NodeRow.name == name))
