"""Who has to do what until when. Everything here was entered by the office."""

from dataclasses import dataclass

from bot.domain.assignments import Assignment, Part
from bot.domain.people import Person
from bot.domain.progress import Light, Report, light
from bot.services.assignments_file import AssignmentRow, parse_assignments
from bot.services.base import Service
from bot.services.tables import Table
from bot.storage import assignments, audit, people, progress
from bot.texts import assignments as texts
from bot.texts.work_points import short_title


@dataclass(frozen=True)
class Task:
    """One unit's part with its latest report and the light that follows."""

    assignment: Assignment
    report: Report | None
    light: Light
    reason: str

    @property
    def owed(self) -> bool:
        """Whether the unit still has to report something on it."""
        return self.light not in {Light.DONE, Light.CLOSED}


@dataclass(frozen=True)
class AssignmentsImported:
    """What an import changed."""

    rows: int
    parts: int
    changed: int


class Assignments(Service):
    """The responsibility split."""

    def of_person(self, person: Person) -> list[Task]:
        """Return all tasks of the person's unit, by point."""
        if person.unit is None:
            return []
        return self.tasks(assignments.of_unit(self.session, person.unit.id))

    def of_unit_on_point(self, unit_id: int, number: int) -> list[Task]:
        """Return one unit's tasks on one point."""
        row = self.all.work_points.row_of(number)
        return [self._task(*one) for one in progress.parts_of_unit(self.session, unit_id, row)]

    def of_point(self, number: int) -> list[Task]:
        """Return all units' tasks on one point."""
        row = self.all.work_points.row_of(number)
        return self.tasks(assignments.of_point(self.session, row))

    def of_plan(self) -> list[Task]:
        """Return all tasks of the plan in force."""
        plan_id = self.all.work_points.plan_id
        return [] if plan_id is None else self.tasks(assignments.of_plan(self.session, plan_id))

    def tasks(self, parts: list[Assignment]) -> list[Task]:
        """Return these parts with what was reported on them."""
        latest = progress.latest_reports(self.session, [part.id for part in parts])
        return [self._task(part, latest.get(part.id)) for part in parts]

    def _task(self, part: Assignment, report: Report | None) -> Task:
        shown, reason = light(
            standing=part.standing,
            status=report.status if report else None,
            deadline=part.deadline,
            today=self.today,
        )
        return Task(part, report, shown, reason)

    def import_table(self, table: Table, actor: str) -> AssignmentsImported:
        """Take over a responsibility split; all of the file or, with an InputError, nothing."""
        plan = self.all.work_points.required()
        units = {unit.name: unit.id for unit in people.units(self.session)}
        rows = parse_assignments(
            table,
            known_units=list(units),
            known_points=[point.number for point in plan.points],
        )
        parts = changed = 0
        for row in rows:
            for unit, part in _parts(row):
                parts += 1
                changed += self._save(row, units[unit], part)
        if changed:
            audit.add(
                self.session,
                at=self.now,
                actor=actor,
                action="assignments.import",
                subject="assignments",
                detail={"rows": len(rows), "parts": parts, "changed": changed},
            )
        return AssignmentsImported(len(rows), parts, changed)

    def _save(self, row: AssignmentRow, unit_id: int, part: Part) -> bool:
        point = self.all.work_points.point(row.point)
        stored, made = assignments.save(
            self.session,
            self.all.work_points.row_of(row.point),
            row.task or short_title(point.text),
            unit_id,
            part,
        )
        before = (stored.part, stored.deadline, stored.standard)
        stored.part, stored.deadline, stored.standard = str(part), row.deadline, row.standard
        return made or before != (stored.part, stored.deadline, stored.standard)

    def responsibility(self, numbers: list[int]) -> str:
        """Say who is responsible for these points and until when, as the office entered it."""
        return "\n".join(
            texts.responsibility(
                number,
                [task.assignment for task in self.of_point(number) if task.assignment.official],
                self.all.people.office(),
            )
            for number in numbers
        )


def _parts(row: AssignmentRow) -> list[tuple[str, Part]]:
    return [(unit, Part.LEAD) for unit in row.leads] + [
        (unit, Part.SUPPORT) for unit in row.supports
    ]
