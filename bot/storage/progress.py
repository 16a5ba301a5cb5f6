"""What units reported. A correction supersedes, a withdrawal marks; nothing is deleted."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    ForeignKey,
    Index,
    bindparam,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.assignments import Assignment
from bot.domain.progress import Count, Figures, Money, Report, Status
from bot.storage import assignments
from bot.storage.base import Base, Moment
from bot.storage.statements import execute, table

CORRECTED = "corrected"
WITHDRAWN = "withdrawn"
OUTDATED = "outdated"
"""It was handled late, when a newer report on the task was there already."""


class ReportRow(Base):
    """One report of one unit on its part in one task."""

    __tablename__ = "reports"
    __table_args__ = (
        Index("ix_reports_assignment_valid", "assignment_id", "valid"),
        Index("ix_reports_userid_id", "userid", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"))
    userid: Mapped[str]
    reporter: Mapped[str]
    text: Mapped[str]
    status: Mapped[str]
    percent: Mapped[int | None]
    completion: Mapped[date | None]
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    difficulty: Mapped[str]
    late: Mapped[bool]
    reported_at: Mapped[datetime] = mapped_column(Moment)
    valid: Mapped[bool] = mapped_column(default=True)
    ended_as: Mapped[str] = mapped_column(default="")
    """Why it does not count: `corrected`, `withdrawn` or `outdated`."""
    corrects: Mapped[int | None] = mapped_column(ForeignKey("reports.id"))


_REPORTS = table(ReportRow)
_NAMES = tuple(column.name for column in _REPORTS.c)
_NEW = insert(_REPORTS).returning(_REPORTS.c.id)
_LATEST_OF_PERSON = (
    select(_REPORTS)
    .where(_REPORTS.c.userid == bindparam("userid"), _REPORTS.c.valid)
    .order_by(_REPORTS.c.id.desc())
    .limit(1)
)
_LATEST_OF_PARTS = select(_REPORTS).where(
    _REPORTS.c.id.in_(
        select(func.max(_REPORTS.c.id))
        .where(_REPORTS.c.valid, _REPORTS.c.assignment_id.in_(bindparam("parts", expanding=True)))
        .group_by(_REPORTS.c.assignment_id)
    )
)
_ONES = _REPORTS.alias("newest")
_WITH_LATEST = assignments.OF_UNIT_AND_POINT.add_columns(*_REPORTS.c).outerjoin(
    _REPORTS,
    _REPORTS.c.id
    == select(func.max(_ONES.c.id))
    .where(_ONES.c.valid, _ONES.c.assignment_id == assignments.COLUMNS[0])
    .scalar_subquery(),
)
_END = (
    update(_REPORTS)
    .where(_REPORTS.c.id == bindparam("report"))
    .values(valid=False, ended_as=bindparam("how"))
)


def _report(row: Sequence[Any]) -> Report:
    values = dict(zip(_NAMES, row, strict=True))
    figures = values["figures"]
    return Report(
        id=values["id"],
        assignment_id=values["assignment_id"],
        userid=values["userid"],
        reporter=values["reporter"],
        text=values["text"],
        status=Status(values["status"]),
        percent=values["percent"],
        completion=values["completion"],
        figures=Figures(
            money=tuple(Money(**entry) for entry in figures.get("money", [])),
            counts=tuple(Count(**entry) for entry in figures.get("counts", [])),
        ),
        difficulty=values["difficulty"],
        reported_at=values["reported_at"],
        late=values["late"],
    )


def add(session: Session, report: Report, corrects: int | None = None) -> Report:
    """Book a report (its own id is not looked at) and return it with its id."""
    values = {
        "assignment_id": report.assignment_id,
        "userid": report.userid,
        "reporter": report.reporter,
        "text": report.text,
        "status": str(report.status),
        "percent": report.percent,
        "completion": report.completion,
        "figures": asdict(report.figures),
        "difficulty": report.difficulty,
        "late": report.late,
        "reported_at": report.reported_at,
        "valid": True,
        "ended_as": "",
        "corrects": corrects,
    }
    return replace(report, id=execute(session, _NEW, values).scalar_one())


def end(session: Session, report_id: int, ended_as: str) -> None:
    """Let a report no longer count."""
    execute(session, _END, {"report": report_id, "how": ended_as})


def latest_of(session: Session, userid: str) -> Report | None:
    """Return the person's last report that still counts."""
    row = execute(session, _LATEST_OF_PERSON, {"userid": userid}).first()
    return None if row is None else _report(row)


def latest_reports(session: Session, assignment_ids: list[int]) -> dict[int, Report]:
    """Return the last valid report of each of these parts, by the part's id."""
    if not assignment_ids:
        return {}
    rows = map(_report, execute(session, _LATEST_OF_PARTS, {"parts": assignment_ids}))
    return {report.assignment_id: report for report in rows}


def parts_of_unit(
    session: Session, unit_id: int, point_id: int
) -> list[tuple[Assignment, Report | None]]:
    """Return one unit's parts in one point, each with its last valid report."""
    width = len(assignments.COLUMNS)
    return [
        (assignments.assignment(row[:width]), _report(row[width:]) if row[width] else None)
        for row in execute(session, _WITH_LATEST, {"unit": unit_id, "point": point_id})
    ]
