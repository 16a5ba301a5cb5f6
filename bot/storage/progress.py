"""What units reported. A correction supersedes, a withdrawal marks; nothing is deleted."""

from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    ForeignKey,
    Index,
    RowMapping,
    bindparam,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.progress import Count, Figures, Money, Report, Status
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
_END = (
    update(_REPORTS)
    .where(_REPORTS.c.id == bindparam("report"))
    .values(valid=False, ended_as=bindparam("how"))
)


def _report(row: RowMapping) -> Report:
    figures = row["figures"]
    return Report(
        id=row["id"],
        assignment_id=row["assignment_id"],
        userid=row["userid"],
        reporter=row["reporter"],
        text=row["text"],
        status=Status(row["status"]),
        percent=row["percent"],
        completion=row["completion"],
        figures=Figures(
            money=tuple(Money(**entry) for entry in figures.get("money", [])),
            counts=tuple(Count(**entry) for entry in figures.get("counts", [])),
        ),
        difficulty=row["difficulty"],
        reported_at=row["reported_at"],
        late=row["late"],
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
    row = execute(session, _LATEST_OF_PERSON, {"userid": userid}).mappings().first()
    return None if row is None else _report(row)


def latest_reports(session: Session, assignment_ids: list[int]) -> dict[int, Report]:
    """Return the last valid report of each of these parts, by the part's id."""
    if not assignment_ids:
        return {}
    rows = execute(session, _LATEST_OF_PARTS, {"parts": assignment_ids}).mappings()
    return {row["assignment_id"]: _report(row) for row in rows}
