"""What units report: booked at once, corrected easily, only for one's own unit."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from bot.domain.assignments import Assignment, Part, Standing
from bot.domain.people import Person
from bot.domain.progress import Count, Figures, Money, Report, Status
from bot.errors import Refusal
from bot.language.reading import Reading
from bot.services.assignments import Task
from bot.services.base import Service
from bot.storage import assignments, audit, progress
from bot.texts import progress as texts
from bot.texts.work_points import short_title


@dataclass(frozen=True)
class Booked:
    """What was booked: the same report on each of these parts."""

    parts: tuple[Assignment, ...]
    report: Report
    repeated: bool = False
    outdated: tuple[Assignment, ...] = ()
    """Those of `parts` for which a newer report counts."""


class Progress(Service):
    """Reports of a person for their own unit."""

    def open_tasks(self, person: Person) -> list[Task]:
        """Return what the person's unit still owes, the nearest deadline first."""
        tasks = [task for task in self.all.assignments.of_person(person) if task.owed]
        return sorted(tasks, key=lambda task: task.assignment.deadline or date.max)

    def task(self, person: Person, assignment_id: int) -> Assignment:
        """Return one part of the person's own unit; refuse any other."""
        part = assignments.by_id(self.session, assignment_id)
        if part is None or not _of_unit(part, person):
            raise Refusal(texts.nothing_open())
        return part

    def book(self, person: Person, numbers: list[int], reading: Reading) -> Booked:
        """Book a report on these points; `reading` must hold a status."""
        if len(numbers) > 1 and (reading.money or reading.counts):
            raise Refusal(texts.split_figures(numbers))
        if len(numbers) > 1 and self.all.reading.differs_by_point(reading.text):
            raise Refusal(texts.split_states(numbers))
        tasks = [self._task_for(person, number, reading.text) for number in numbers]
        booked = [self._book_on(person, task, reading) for task in tasks]
        parts = tuple(task.assignment for task in tasks)
        return Booked(
            parts,
            booked[0].report,
            all(one.repeated for one in booked),
            tuple(part for one in booked for part in one.outdated),
        )

    def book_on(self, person: Person, assignment_id: int, reading: Reading) -> Booked:
        """Book a report on one part of the person's own unit."""
        [task] = self.all.assignments.tasks([self.task(person, assignment_id)])
        return self._book_on(person, task, reading)

    def _book_on(self, person: Person, task: Task, reading: Reading) -> Booked:
        part, before = task.assignment, task.report
        self._refuse_closed(part)
        self.all.hindsight.refuse_if_decided(part)
        report = self._report(person, part, reading)
        if before is not None and part.standing is Standing.OPEN and _same(before, report):
            return Booked((part,), before, repeated=True)
        report = progress.add(self.session, report)
        self._audit(person, "report.book", report)
        if before is not None and before.reported_at > self.now:
            progress.end(self.session, report.id, progress.OUTDATED)
            return Booked((part,), report, outdated=(part,))
        if part.standing is Standing.RETURNED:
            assignments.set_standing(self.session, part.id, Standing.OPEN, "")
        return Booked((part,), report)

    def correct(self, person: Person, reading: Reading) -> tuple[Assignment, Report]:
        """Replace the person's last report by one that takes over what `reading` states."""
        self.all.hindsight.refuse_if_changed_by(person)
        last, part = self._last(person)
        figures = last.figures.corrected_by(_figures(reading))
        target = self._correction_target(person, part, reading)
        report = replace(
            last,
            assignment_id=target.id,
            text=reading.text,
            status=Status(reading.status) if reading.status else last.status,
            percent=reading.percent if reading.status or reading.percent else last.percent,
            completion=reading.date or last.completion,
            figures=figures,
            difficulty=reading.difficulty or last.difficulty,
            reported_at=self.now,
            late=_late(target, self.today),
        )
        progress.end(self.session, last.id, progress.CORRECTED)
        report = progress.add(self.session, report, corrects=last.id)
        self._audit(person, "report.correct", report)
        return target, report

    def withdraw(self, person: Person) -> tuple[Assignment, Report | None]:
        """Take back the person's last report; return what counts for that task now."""
        self.all.hindsight.refuse_if_changed_by(person)
        last, part = self._last(person)
        progress.end(self.session, last.id, progress.WITHDRAWN)
        self._audit(person, "report.withdraw", last)
        return part, progress.latest_reports(self.session, [part.id]).get(part.id)

    def _last(self, person: Person) -> tuple[Report, Assignment]:
        last = progress.latest_of(self.session, person.userid)
        part = assignments.by_id(self.session, last.assignment_id) if last else None
        if last is None or part is None or not _of_unit(part, person):
            raise Refusal(texts.nothing_to_correct())
        self._refuse_closed(part)
        self.all.hindsight.refuse_if_decided(part)
        return last, part

    def _correction_target(self, person: Person, part: Assignment, reading: Reading) -> Assignment:
        if not reading.points or reading.points[0] == part.point:
            return part
        target = self._task_for(person, reading.points[0], reading.text).assignment
        self._refuse_closed(target)
        return target

    def _task_for(self, person: Person, number: int, text: str) -> Task:
        """Return the task a report on that point belongs to: the named one, else the next due."""
        if person.unit is None:
            raise Refusal(texts.no_unit(self.all.people.office()))
        tasks = self.all.assignments.of_unit_on_point(person.unit.id, number)
        if not tasks:
            [own] = self.all.assignments.tasks([self._own_part(person.unit.id, number)])
            return own
        return min(tasks, key=_preference(text, self.today))

    def _own_part(self, unit_id: int, number: int) -> Assignment:
        task = short_title(self.all.work_points.point(number).text)
        point_id = self.all.work_points.row_of(number)
        row, _ = assignments.save(self.session, point_id, task, unit_id, Part.OWN)
        part = assignments.by_id(self.session, row.id)
        assert part is not None
        return part

    def _refuse_closed(self, part: Assignment) -> None:
        if part.standing is Standing.CLOSED:
            raise Refusal(texts.already_closed(part, self.all.people.office()))

    def _report(self, person: Person, part: Assignment, reading: Reading) -> Report:
        assert reading.status is not None
        return Report(
            id=0,
            assignment_id=part.id,
            userid=person.userid,
            reporter=person.name,
            text=reading.text,
            status=Status(reading.status),
            percent=reading.percent,
            completion=reading.date,
            figures=_figures(reading),
            difficulty=reading.difficulty or "",
            reported_at=self.now,
            late=_late(part, self.today),
        )

    def _audit(self, person: Person, action: str, report: Report) -> None:
        audit.add(
            self.session,
            at=self.now,
            actor=person.userid,
            action=action,
            subject=f"assignment:{report.assignment_id}",
            detail={"report": report.id, "status": str(report.status)},
        )


def _of_unit(part: Assignment, person: Person) -> bool:
    """Whether it is the person's unit now: reports stay with the unit that one has left."""
    return person.unit is not None and part.unit_id == person.unit.id


def _late(part: Assignment, today: date) -> bool:
    return part.deadline is not None and today > part.deadline


def _same(before: Report, report: Report) -> bool:
    return replace(before, id=0, reported_at=report.reported_at) == report


def _preference(text: str, today: date) -> Callable[[Task], tuple[bool, bool, date, int]]:
    """Prefer the task that the text names, then the next deadline.

    A task that is done keeps taking reports until its deadline: a second report in July is no
    report on the task of next February.
    """
    return lambda task: (
        not _names(task.assignment.task, text),
        not task.owed and _late(task.assignment, today),
        task.assignment.deadline or date.max,
        task.assignment.id,
    )


def _names(task: str, text: str) -> bool:
    return any(word in task and word in text for word in OCCASIONS)


OCCASIONS = ("八一", "春节", "清明", "国庆", "中秋", "元旦")
"""Words by which a report says which of several tasks on one point it means."""


def _figures(reading: Reading) -> Figures:
    return Figures(
        money=tuple(Money(one.fen, one.what, one.approximate) for one in reading.money),
        counts=tuple(
            Count(one.value, one.unit, one.what, one.approximate) for one in reading.counts
        ),
    )
