"""Statements that are built once, when their module is loaded, and then only executed.

Building a statement costs several times what SQLite needs to run it, so whatever every message
needs is built here from tables (`table(Row)`), takes its values by name, and goes past the ORM.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, Executable, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import Insert as PostgresqlInsert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.orm import Session

from bot.storage.base import Base

Values = Mapping[str, Any]


def table(row: type[Base]) -> Table:
    """Return the table behind a mapped class."""
    found = row.__table__
    assert isinstance(found, Table)
    return found


def execute(
    session: Session, statement: Executable, values: Values | None = None
) -> CursorResult[*tuple[Any, ...]]:
    """Execute a statement in the session's transaction, after what the session still holds back."""
    session.flush()
    return session.connection().execute(statement, values)


class NewRow:
    """An insert that changes nothing where a row of the same key is there already."""

    def __init__(self, into: Table, key: str, *returning: ColumnElement[Any]) -> None:
        inserts: tuple[SqliteInsert | PostgresqlInsert, ...] = (
            sqlite.insert(into),
            postgresql.insert(into),
        )
        on_sqlite, on_postgresql = (
            insert.on_conflict_do_nothing(index_elements=[key]).returning(*returning)
            for insert in inserts
        )
        self._by_dialect = {"sqlite": on_sqlite, "postgresql": on_postgresql}

    def add(self, session: Session, values: Values) -> Any:
        """Insert; return the first column of `returning`, or None for a known key."""
        dialect = session.connection().dialect.name
        return execute(session, self._by_dialect[dialect], values).scalar()
