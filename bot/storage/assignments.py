"""Who has to do what until when, as the office entered it; and what it decided since."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Executable, ForeignKey, UniqueConstraint, bindparam, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.assignments import Assignment, Part, Standing
from bot.storage.base import Base
from bot.storage.people import UnitRow
from bot.storage.statements import execute, table
from bot.storage.work_points import PointRow


class AssignmentRow(Base):
    """One unit's part in one task of one point."""

    __tablename__ = "assignments"
    __table_args__ = (UniqueConstraint("point_id", "task", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    point_id: Mapped[int] = mapped_column(ForeignKey("work_points.id"), index=True)
    task: Mapped[str]
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    part: Mapped[str]
    deadline: Mapped[date | None] = mapped_column(index=True)
    standard: Mapped[str]
    standing: Mapped[str] = mapped_column(default=str(Standing.OPEN))
    reason: Mapped[str] = mapped_column(default="")


_PARTS, _POINTS, _UNITS = table(AssignmentRow), table(PointRow), table(UnitRow)
COLUMNS = (
    _PARTS.c.id,
    _POINTS.c.number,
    _PARTS.c.task,
    _UNITS.c.id,
    _UNITS.c.name,
    _PARTS.c.part,
    _PARTS.c.deadline,
    _PARTS.c.standard,
    _PARTS.c.standing,
    _PARTS.c.reason,
)
"""What `assignment` reads, in the order in which it reads them."""
_CURRENT = (
    select(*COLUMNS)
    .join(_POINTS, _POINTS.c.id == _PARTS.c.point_id)
    .join(_UNITS, _UNITS.c.id == _PARTS.c.unit_id)
    .where(_POINTS.c.retired_in.is_(None))
    .order_by(_POINTS.c.number, _PARTS.c.id)
)
_OF_UNIT = _CURRENT.where(_PARTS.c.unit_id == bindparam("unit"))
_OF_POINT = _CURRENT.where(_PARTS.c.point_id == bindparam("point"))
OF_UNIT_AND_POINT = _OF_POINT.where(_PARTS.c.unit_id == bindparam("unit"))
_OF_PLAN = _CURRENT.where(_POINTS.c.plan_id == bindparam("plan"))
_BY_ID = _CURRENT.where(_PARTS.c.id == bindparam("part"))
_DUE = _CURRENT.where(
    _PARTS.c.deadline.between(bindparam("first"), bindparam("last")),
    _PARTS.c.standing != str(Standing.CLOSED),
)


def assignment(row: Sequence[Any]) -> Assignment:
    """Return the part from the values of `COLUMNS`."""
    number, point, task, unit_id, unit, part, deadline, standard, standing, reason = row
    return Assignment(
        number, point, task, unit_id, unit, Part(part), deadline, standard, Standing(standing),
        reason,
    )  # fmt: skip


def _read(session: Session, query: Executable, **values: object) -> list[Assignment]:
    return [assignment(row) for row in execute(session, query, values)]


def of_unit(session: Session, unit_id: int) -> list[Assignment]:
    """Return everything that unit takes part in, by point."""
    return _read(session, _OF_UNIT, unit=unit_id)


def of_plan(session: Session, plan_id: int) -> list[Assignment]:
    """Return all parts in all points of that plan."""
    return _read(session, _OF_PLAN, plan=plan_id)


def of_point(session: Session, point_id: int) -> list[Assignment]:
    """Return all parts in one point."""
    return _read(session, _OF_POINT, point=point_id)


def by_id(session: Session, assignment_id: int) -> Assignment | None:
    """Return the part of that id, unless its point was retired."""
    found = _read(session, _BY_ID, part=assignment_id)
    return found[0] if found else None


def with_deadline(session: Session, first: date, last: date) -> list[Assignment]:
    """Return the open or returned parts whose deadline lies in these days."""
    return _read(session, _DUE, first=first, last=last)


def save(
    session: Session, point_id: int, task: str, unit_id: int, part: Part
) -> tuple[AssignmentRow, bool]:
    """Return the row of that unit's part in that task, and whether it was made just now."""
    row = session.scalar(
        select(AssignmentRow).where(
            AssignmentRow.point_id == point_id,
            AssignmentRow.task == task,
            AssignmentRow.unit_id == unit_id,
        )
    )
    if row is not None:
        return row, False
    row = AssignmentRow(
        point_id=point_id,
        task=task,
        unit_id=unit_id,
        part=str(part),
        standard="",
        standing=str(Standing.OPEN),
        reason="",
    )
    session.add(row)
    session.flush()
    return row, True


def set_standing(session: Session, assignment_id: int, standing: Standing, reason: str) -> None:
    """Record what the office decided."""
    session.execute(
        update(AssignmentRow)
        .where(AssignmentRow.id == assignment_id)
        .values(standing=str(standing), reason=reason)
    )


def carry_over(session: Session, old_point_id: int, new_point_id: int) -> None:
    """Give a corrected point the responsibilities of its former wording, all open again.

    The former rows stay with the reports that were booked on them.
    """
    for row in session.scalars(
        select(AssignmentRow).where(
            AssignmentRow.point_id == old_point_id, AssignmentRow.part != str(Part.OWN)
        )
    ):
        session.add(
            AssignmentRow(
                point_id=new_point_id,
                task=row.task,
                unit_id=row.unit_id,
                part=row.part,
                deadline=row.deadline,
                standard=row.standard,
                standing=str(Standing.OPEN),
                reason="",
            )
        )
    session.flush()
