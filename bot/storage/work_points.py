"""Work plans in all their versions. A point that a correction left alone keeps its row."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.work_points import Section, WorkPlan, WorkPoint
from bot.storage.base import Base, Moment


class PlanRow(Base):
    """A plan by its 文号, at its newest version."""

    __tablename__ = "work_plans"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    year: Mapped[int]
    issued_on: Mapped[date]
    issuer: Mapped[str]
    preamble: Mapped[str]
    version: Mapped[int]
    imported_at: Mapped[datetime] = mapped_column(Moment)


class SectionRow(Base):
    """A part of a plan."""

    __tablename__ = "work_sections"
    __table_args__ = (UniqueConstraint("plan_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("work_plans.id"))
    number: Mapped[int]
    title: Mapped[str]


class PointRow(Base):
    """A point since one version of its plan, until `retired_in`."""

    __tablename__ = "work_points"
    __table_args__ = (UniqueConstraint("plan_id", "number", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("work_plans.id"))
    number: Mapped[int]
    section: Mapped[int]
    text: Mapped[str]
    version: Mapped[int]
    retired_in: Mapped[int | None]


def newest_plan(session: Session) -> PlanRow | None:
    """Return the plan in force: the one issued last."""
    return session.scalar(
        select(PlanRow).order_by(PlanRow.year.desc(), PlanRow.issued_on.desc()).limit(1)
    )


def plan_numbered(session: Session, number: str) -> PlanRow | None:
    """Return the plan of that 文号."""
    return session.scalar(select(PlanRow).where(PlanRow.number == number))


def current_points(session: Session, plan_id: int) -> list[PointRow]:
    """Return the rows of the points in force, by number."""
    return list(
        session.scalars(
            select(PointRow)
            .where(PointRow.plan_id == plan_id, PointRow.retired_in.is_(None))
            .order_by(PointRow.number)
        )
    )


def load(session: Session, row: PlanRow) -> WorkPlan:
    """Return the whole plan as a document."""
    sections = session.execute(
        select(SectionRow.number, SectionRow.title)
        .where(SectionRow.plan_id == row.id)
        .order_by(SectionRow.number)
    )
    return WorkPlan(
        title=row.title,
        number=row.number,
        year=row.year,
        issued_on=row.issued_on,
        issuer=row.issuer,
        preamble=row.preamble,
        sections=tuple(Section(*section) for section in sections),
        points=tuple(
            WorkPoint(point.number, point.section, point.text)
            for point in current_points(session, row.id)
        ),
    )


def replace_sections(session: Session, plan_id: int, rows: list[SectionRow]) -> None:
    """Let these be all sections of that plan."""
    session.execute(delete(SectionRow).where(SectionRow.plan_id == plan_id))
    session.add_all(rows)


def plans(session: Session) -> list[PlanRow]:
    """Return all plans, the newest first."""
    return list(
        session.scalars(select(PlanRow).order_by(PlanRow.year.desc(), PlanRow.issued_on.desc()))
    )
