"""Days off and working weekends that the office entered from official notices."""

from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, Moment


class CalendarDayRow(Base):
    """One day that deviates from the plain week, with its source."""

    __tablename__ = "calendar_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    working: Mapped[bool]
    name: Mapped[str]
    source: Mapped[str]
    entered_at: Mapped[datetime] = mapped_column(Moment)


def all_days(session: Session) -> list[CalendarDayRow]:
    """Return every entered day in order."""
    return list(session.scalars(select(CalendarDayRow).order_by(CalendarDayRow.day)))


def replace(session: Session, rows: list[CalendarDayRow]) -> None:
    """Take over the days of notices: what they said before is forgotten, other entries stay."""
    session.execute(
        delete(CalendarDayRow).where(
            CalendarDayRow.source.in_({row.source for row in rows})
            | CalendarDayRow.day.in_([row.day for row in rows])
        )
    )
    session.add_all(rows)
    session.flush()
