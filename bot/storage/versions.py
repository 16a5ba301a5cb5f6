"""What was imported so far: the process keeps what it made from it until one of these differs."""

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, String, Table, cast, func, select
from sqlalchemy.orm import Session

from bot.storage.calendar import CalendarDayRow
from bot.storage.documents import DocumentRow
from bot.storage.statements import execute, table
from bot.storage.work_points import PlanRow


class Versions(NamedTuple):
    """One mark for each kind of thing; a mark differs after every import of that kind."""

    plan: str
    documents: str
    calendar: str


def _mark(rows: Table, *facts: ColumnElement[Any]) -> ColumnElement[str]:
    mark: ColumnElement[str] = cast(func.count(), String)
    for fact in facts:
        mark = mark + "/" + func.coalesce(cast(fact, String), "")
    return select(mark).select_from(rows).scalar_subquery()


_PLANS, _DOCUMENTS, _DAYS = table(PlanRow), table(DocumentRow), table(CalendarDayRow)
COLUMNS: tuple[ColumnElement[str], ...] = (
    _mark(_PLANS, func.sum(_PLANS.c.version), func.max(_PLANS.c.imported_at)).label("plan"),
    _mark(_DOCUMENTS, func.max(_DOCUMENTS.c.imported_at)).label("documents"),
    _mark(_DAYS, func.max(_DAYS.c.entered_at)).label("calendar"),
)
"""Columns that any query may carry along: the fields of `Versions`."""
_CURRENT = select(*COLUMNS)


def current(session: Session) -> Versions:
    """Return the versions as this transaction sees them."""
    return Versions(*execute(session, _CURRENT).one())
