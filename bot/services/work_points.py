"""The work plan in force, and how a document becomes it."""

from dataclasses import dataclass
from functools import cached_property

from bot.domain.work_points import WorkPlan, WorkPoint
from bot.errors import Refusal
from bot.services.base import Service
from bot.services.plan_in_force import PlanInForce
from bot.storage import assignments, audit, work_points
from bot.storage.work_points import PlanRow, PointRow, SectionRow
from bot.texts import work_points as texts


@dataclass(frozen=True)
class PlanImported:
    """What an import did: `changed` are the points whose wording differs from before."""

    plan: WorkPlan
    version: int
    changed: tuple[int, ...]
    new: bool


class WorkPoints(Service):
    """The plan."""

    @cached_property
    def _known(self) -> PlanInForce | None:
        return self.all.shared.plan(self.session, self.all.versions)

    def current(self) -> WorkPlan | None:
        """Return the plan in force, or None before the first import."""
        return self._known.plan if self._known else None

    @property
    def plan_id(self) -> int | None:
        """The row of the plan in force."""
        return self._known.plan_id if self._known else None

    def required(self) -> WorkPlan:
        """Return the plan in force; refuse when the office has not imported one."""
        plan = self.current()
        if plan is None:
            raise Refusal(texts.no_plan(self.all.people.office()))
        return plan

    def point(self, number: int) -> WorkPoint:
        """Return a point; refuse a number that the plan does not have."""
        plan = self.required()
        found = plan.point(number)
        if found is None:
            raise Refusal(texts.no_such_point(number, len(plan.points)))
        return found

    def row_of(self, number: int) -> int:
        """Return the stored point of that number; refuse an unknown one."""
        self.point(number)
        assert self._known is not None
        return self._known.points[number]

    def import_plan(self, plan: WorkPlan, actor: str) -> PlanImported:
        """Take over a document.

        The same content changes nothing. A correction makes a new version: points whose text
        is unchanged keep their row and with it all progress booked on them; a changed point
        starts anew and takes over who is responsible for it.
        """
        self.__dict__.pop("_known", None)
        row = work_points.plan_numbered(self.session, plan.number)
        if row is None:
            row = self._first_version(plan)
            changed: tuple[int, ...] = tuple(point.number for point in plan.points)
            self.all.imported()
            self._audit(actor, plan, 1, changed)
            return PlanImported(plan, 1, changed, new=True)
        if work_points.load(self.session, row) == plan:
            return PlanImported(plan, row.version, (), new=False)
        changed = self._next_version(row, plan)
        self.all.imported()
        self._audit(actor, plan, row.version, changed)
        return PlanImported(plan, row.version, changed, new=False)

    def _first_version(self, plan: WorkPlan) -> PlanRow:
        row = PlanRow(number=plan.number, version=1)
        self._head(row, plan)
        self.session.add(row)
        self.session.flush()
        for point in plan.points:
            self._add_point(row, point)
        self._sections(row, plan)
        return row

    def _next_version(self, row: PlanRow, plan: WorkPlan) -> tuple[int, ...]:
        row.version += 1
        self._head(row, plan)
        self._sections(row, plan)
        before = {old.number: old for old in work_points.current_points(self.session, row.id)}
        changed = tuple(
            point.number
            for point in plan.points
            if self._take_over(row, before.pop(point.number, None), point)
        )
        for gone in before.values():
            gone.retired_in = row.version
        return (*changed, *before)

    def _take_over(self, row: PlanRow, old: PointRow | None, point: WorkPoint) -> bool:
        if old is not None and old.text == point.text:
            old.section = point.section
            return False
        new = self._add_point(row, point)
        if old is not None:
            old.retired_in = row.version
            assignments.carry_over(self.session, old.id, new.id)
        return True

    def _head(self, row: PlanRow, plan: WorkPlan) -> None:
        row.title, row.year, row.issued_on = plan.title, plan.year, plan.issued_on
        row.issuer, row.preamble, row.imported_at = plan.issuer, plan.preamble, self.now

    def _sections(self, row: PlanRow, plan: WorkPlan) -> None:
        work_points.replace_sections(
            self.session,
            row.id,
            [
                SectionRow(plan_id=row.id, number=section.number, title=section.title)
                for section in plan.sections
            ],
        )

    def _add_point(self, row: PlanRow, point: WorkPoint) -> PointRow:
        added = PointRow(
            plan_id=row.id,
            number=point.number,
            section=point.section,
            text=point.text,
            version=row.version,
        )
        self.session.add(added)
        self.session.flush()
        return added

    def _audit(self, actor: str, plan: WorkPlan, version: int, changed: tuple[int, ...]) -> None:
        audit.add(
            self.session,
            at=self.now,
            actor=actor,
            action="plan.import",
            subject=f"plan:{plan.number}",
            detail={"version": version, "changed": list(changed)},
        )
