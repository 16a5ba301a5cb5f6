"""All rows of the tables that an office would miss: read in pieces, put into an empty database.

Backup and copy share this. Both must bring over the same values between SQLite and PostgreSQL.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import JSON, Insert, Table, bindparam, exists, func, insert, select, text
from sqlalchemy.orm import Session

from bot.storage.tables import METADATA

LEFT_OUT = {"nodes", "tokens"}
"""Which processes run here, and the access token, which is a secret: no memory of the office."""
PIECE = 1000
"""How many rows are held in memory at a time."""

Row = dict[str, Any]


class Content(NamedTuple):
    """What a table holds: equal for equal rows, in whatever order a database returns them."""

    rows: int = 0
    digest: int = 0

    def and_(self, row: Row) -> "Content":
        """Return the content with one more row."""
        line = json.dumps(list(row.values()), sort_keys=True, default=_written)
        digest = int.from_bytes(sha256(line.encode()).digest(), "big")
        return Content(self.rows + 1, (self.digest + digest) % 2**256)


def _written(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else bytes(value).hex()


def tables() -> list[Table]:
    """Return the tables in an order in which a row comes after those that it refers to."""
    return [table for table in METADATA.sorted_tables if table.name not in LEFT_OUT]


def keep_others_out(session: Session) -> None:
    """Let nobody else write until all rows are there; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        names = ", ".join(table.name for table in tables())
        session.execute(text(f"LOCK TABLE {names} IN EXCLUSIVE MODE"))


def anywhere(session: Session) -> bool:
    """Whether any of the tables holds a row."""
    return any(session.scalar(select(exists(select(table)))) for table in tables())


def of(session: Session, table: Table) -> Iterator[Row]:
    """Yield all rows of a table in the order of its key, a piece of them in memory."""
    statement = select(table).order_by(*table.primary_key)
    for row in session.execute(statement, execution_options={"yield_per": PIECE}).mappings():
        yield dict(row)


def content(session: Session, table: Table) -> Content:
    """Return what the table holds."""
    found = Content()
    for row in of(session, table):
        found = found.and_(row)
    return found


def put(session: Session, table: Table, rows: Iterable[Row]) -> None:
    """Insert rows of a piece."""
    session.execute(_insert(table), list(rows))


def continue_numbering(session: Session, table: Table) -> None:
    """PostgreSQL numbers new rows from a sequence, which must go on after the highest id."""
    if session.get_bind().dialect.name != "postgresql" or "id" not in table.columns:
        return
    sequence = func.pg_get_serial_sequence(table.name, "id")
    highest = select(func.coalesce(func.max(table.c.id), 0) + 1).scalar_subquery()
    session.execute(select(func.setval(sequence, highest, text("false"))))


def _insert(table: Table) -> Insert:
    """None in a JSON column is written as no value, not as JSON's null."""
    nothing = JSON(none_as_null=True)
    return insert(table).values(
        {
            column.name: bindparam(
                column.name, type_=nothing if isinstance(column.type, JSON) else column.type
            )
            for column in table.columns
        }
    )
