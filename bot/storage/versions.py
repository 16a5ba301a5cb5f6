"""What was imported so far: the process keeps what it made from it until one of these differs."""

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Table, func, select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from bot.storage.calendar import CalendarDayRow
from bot.storage.documents import DocumentRow
from bot.storage.statements import execute, table
from bot.storage.work_points import PlanRow


class Versions(NamedTuple):
    """One mark for each kind of thing; a mark differs after every import of that kind."""

    plan: object
    documents: object
    calendar: object


def _marks(rows: Table, at: str, *more: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    newest = type_coerce(func.max(rows.c[at]), NullType())  # compared only, so left as it is stored
    marks: list[ColumnElement[Any]] = [func.count(), newest, *more]
    return [select(mark).select_from(rows).scalar_subquery() for mark in marks]


_PLANS = table(PlanRow)
COLUMNS: tuple[ColumnElement[Any], ...] = tuple(
    mark.label(f"version_{number}")
    for number, mark in enumerate(
        (
            *_marks(_PLANS, "imported_at", func.sum(_PLANS.c.version)),
            *_marks(table(DocumentRow), "imported_at"),
            *_marks(table(CalendarDayRow), "entered_at"),
        )
    )
)
"""Columns that any query may carry along; `read` makes sense of their values."""
_CURRENT = select(*COLUMNS)


def read(values: tuple[Any, ...]) -> Versions:
    """Return the versions from the values of `COLUMNS`."""
    return Versions(values[:3], values[3:5], values[5:])


def current(session: Session) -> Versions:
    """Return the versions as this transaction sees them."""
    return read(tuple(execute(session, _CURRENT).one()))
