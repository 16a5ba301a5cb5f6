"""The plan in force with the rows of its points; kept by the process until the next import."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.domain.work_points import WorkPlan
from bot.storage import work_points


@dataclass(frozen=True)
class PlanInForce:
    """A plan and where its points are stored, by number."""

    plan: WorkPlan
    plan_id: int
    points: dict[int, int]


def load(session: Session) -> PlanInForce | None:
    """Return the newest plan, or None before the first import."""
    row = work_points.newest_plan(session)
    if row is None:
        return None
    rows = work_points.current_points(session, row.id)
    return PlanInForce(
        work_points.load(session, row), row.id, {point.number: point.id for point in rows}
    )
