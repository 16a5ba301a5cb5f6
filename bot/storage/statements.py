"""Statements that are built once, when their module is loaded, and then only executed.

Building a statement costs several times what SQLite needs to run it, so whatever every message
needs is built here from tables (`table(Row)`), takes its values by name, and goes past the ORM.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    CursorResult,
    Executable,
    Row,
    Table,
    event,
    insert,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import Insert as PostgresqlInsert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.orm import ORMExecuteState, Session

from bot.storage.base import Base

Values = Mapping[str, Any]
_CONNECTION, _WRITTEN, _LATE = "connection", "written", "late"


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
    if statement.is_dml:
        session.info[_WRITTEN] = True
    return _connection(session).execute(statement, values)


def _connection(session: Session) -> Connection:
    """Return the transaction's connection; within a savepoint the session has to begin that."""
    known: Connection | None = session.info.get(_CONNECTION)
    return session.connection() if known is None or session.in_nested_transaction() else known


def begin(session: Session, connection: Connection) -> None:
    """Let the session's statements go over `connection`; nothing is written so far."""
    session.info[_CONNECTION] = connection
    session.info[_WRITTEN] = False


def gather(session: Session) -> None:
    """From now on let rows that nobody looks at wait for `insert_gathered`."""
    session.info.setdefault(_LATE, {})


def insert_gathered(session: Session) -> None:
    """Insert the rows that waited; LostRace if one is there already."""
    late: dict[LateRow, list[Values]] = session.info.get(_LATE) or {}
    for row, many in late.items():
        row.insert(session, many)
    late.clear()


def written(session: Session) -> bool:
    """Whether anything was, or waits to be, written since the transaction began or `unmark`."""
    return bool(session.info.get(_WRITTEN) or session.new or session.dirty or session.deleted)


def unmark(session: Session) -> None:
    """Take what was written so far as given."""
    session.info[_WRITTEN] = False


@event.listens_for(Session, "after_flush")
def _flushed(session: Session, _context: object) -> None:
    session.info[_WRITTEN] = True


@event.listens_for(Session, "do_orm_execute")
def _executing(state: ORMExecuteState) -> None:
    # Whoever asks may ask for them; but what is undone with a savepoint must not be others' rows.
    if not state.session.in_nested_transaction():
        insert_gathered(state.session)
    if not state.is_select:
        state.session.info[_WRITTEN] = True


def _new(
    into: Table, key: Sequence[str], returning: Sequence[ColumnElement[Any]]
) -> dict[str, Executable]:
    """Return by dialect an insert that passes over rows of a known key."""
    inserts: tuple[SqliteInsert | PostgresqlInsert, ...] = (
        sqlite.insert(into),
        postgresql.insert(into),
    )
    on_sqlite, on_postgresql = (
        insert.on_conflict_do_nothing(index_elements=key).returning(*returning)
        for insert in inserts
    )
    return {"sqlite": on_sqlite, "postgresql": on_postgresql}


class LostRace(Exception):
    """Another transaction did the same first; done again, the work sees what it did."""


class NewRow:
    """An insert that changes nothing where a row of the same key is there already."""

    def __init__(self, into: Table, key: str, *returning: ColumnElement[Any]) -> None:
        self._by_dialect = _new(into, [key], returning)

    def add(self, session: Session, values: Values) -> Any:
        """Insert; return the first column of `returning`, or None for a known key."""
        dialect = session.get_bind().dialect.name
        return execute(session, self._by_dialect[dialect], values).scalar()


class NewRows:
    """As `NewRow`, for any number of rows; those of a known key are passed over."""

    def __init__(self, into: Table, key: Sequence[str], *returning: ColumnElement[Any]) -> None:
        self._by_dialect = _new(into, key, returning)

    def add(self, session: Session, rows: Sequence[Values]) -> Iterator[Row[*tuple[Any, ...]]]:
        """Insert; return what `returning` names of the rows that are new, in any order."""
        if not rows:
            return iter(())
        session.flush()
        session.info[_WRITTEN] = True
        connection = _connection(session)
        return iter(connection.execute(self._by_dialect[connection.dialect.name], rows))


class LateRow:
    """An insert of a row at which nobody looks in the same transaction.

    Where many do a little each in one transaction, their rows are inserted together at its end.
    Without a `key` rows are only added. With one, a row that is there already is not added again.
    """

    def __init__(self, into: Table, key: str = "") -> None:
        self._alone = NewRow(into, key, into.c.id) if key else None
        self._many = NewRows(into, [key], into.c.id) if key else None
        self._insert = insert(into)

    def add(self, session: Session, values: Values) -> bool:
        """Insert now, or soon; return False for a known key, as far as that is known now."""
        late = session.info.get(_LATE)
        if late is not None and not session.in_nested_transaction():
            session.info[_WRITTEN] = True
            late.setdefault(self, []).append(values)
            return True
        if self._alone is not None:
            return self._alone.add(session, values) is not None
        execute(session, self._insert, values)
        return True

    def insert(self, session: Session, rows: Sequence[Values]) -> None:
        """Insert many; LostRace when one of them was there."""
        if self._many is None:
            _connection(session).execute(self._insert, rows)
        elif len(list(self._many.add(session, rows))) < len(rows):
            raise LostRace
