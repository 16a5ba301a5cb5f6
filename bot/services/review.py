"""What the office decides on reports: close out (销号) or return (退回). Each leaves a trace."""

import difflib
import re

from bot.domain.assignments import Standing
from bot.domain.people import Person, Unit
from bot.domain.progress import Light
from bot.errors import Refusal
from bot.services.assignments import Task
from bot.services.base import Service
from bot.storage import assignments, audit, people
from bot.texts import review as texts


class Review(Service):
    """Decisions on one unit's tasks on one point."""

    def close(self, actor: Person, number: int, unit: Unit) -> str:
        """Close out what this unit reported as done; return the sentence that says so.

        Nobody closes their own report.
        """
        tasks = self._tasks(number, unit)
        done = [task for task in tasks if task.light is Light.DONE]
        if not done:
            raise Refusal(self._why_not(tasks, number, unit))
        for task in done:
            if task.report is not None and task.report.userid == actor.userid:
                raise Refusal(texts.own_report(task.assignment))
            self.all.hindsight.refuse_if_reported(task.assignment)
            self._decide(actor, task, Standing.CLOSED, "")
            self.all.notices.tell_contacts(
                unit.id,
                texts.closed_for_unit(task.assignment),
                key=f"closed:{task.assignment.id}:{task.report.id if task.report else 0}",
            )
        return texts.closed([task.assignment for task in done])

    def give_back(self, actor: Person, number: int, unit: Unit, reason: str) -> str:
        """Return this unit's report with the reason; a closed task is opened again by it."""
        if not reason:
            raise Refusal(texts.reason_missing(number, unit.name))
        reported = [task for task in self._tasks(number, unit) if task.report is not None]
        if not reported:
            raise Refusal(texts.nothing_reported(number, unit.name))
        latest = _latest(reported)
        if latest.light is Light.RETURNED:
            raise Refusal(texts.returned_already(latest.assignment))
        self.all.hindsight.refuse_if_reported(latest.assignment)
        self._decide(actor, latest, Standing.RETURNED, reason)
        report_id = latest.report.id if latest.report else 0
        self.all.notices.tell_contacts(
            unit.id,
            texts.returned_for_unit(latest.assignment, reason),
            key=f"returned:{latest.assignment.id}:{report_id}:{latest.assignment.standing}",
        )
        return texts.returned(latest.assignment, reason)

    def unit_in(self, text: str) -> tuple[Unit, str]:
        """Return the unit that `text` names and what stands after the name.

        Refuses a text that names no unit of the roster, with the nearest name as a hint.
        """
        named = [
            (name, unit)
            for unit in people.units(self.session)
            for name in _names(unit.name)
            if name in text
        ]
        if not named:
            raise Refusal(texts.unknown_unit(self._nearest_name(text)))
        name, unit = max(named, key=lambda pair: len(pair[0]))
        return unit, text.split(name, 1)[1].strip(" ，,。；;：:")

    def _nearest_name(self, text: str) -> str | None:
        names = [unit.name for unit in people.units(self.session)]
        words = re.split(r"[\s，,。；;：:]+", text)
        close = [match for word in words for match in difflib.get_close_matches(word, names, 1)]
        return close[0] if close else None

    def _tasks(self, number: int, unit: Unit) -> list[Task]:
        return self.all.assignments.of_unit_on_point(unit.id, number)

    def _why_not(self, tasks: list[Task], number: int, unit: Unit) -> str:
        reported = [task for task in tasks if task.report is not None]
        if not reported:
            return texts.nothing_reported(number, unit.name)
        latest = _latest(reported)
        assert latest.report is not None
        if latest.light is Light.CLOSED:
            return texts.closed_already(latest.assignment)
        return texts.not_done(latest.assignment, latest.report, latest.light)

    def _decide(self, actor: Person, task: Task, standing: Standing, reason: str) -> None:
        assignments.set_standing(self.session, task.assignment.id, standing, reason)
        audit.add(
            self.session,
            at=self.now,
            actor=actor.userid,
            action=f"assignment.{standing}",
            subject=f"assignment:{task.assignment.id}",
            reason=reason,
            detail={"report": task.report.id if task.report else None},
        )


def _names(name: str) -> list[str]:
    """Return a unit's name and the short form that people type: 市教育局 → 教育局."""
    short = name.removeprefix("吕梁市").removeprefix("市")
    return [name, short] if len(short) >= 2 else [name]


def _latest(reported: list[Task]) -> Task:
    """Return the task whose report came last."""
    return max(reported, key=lambda task: task.report.id if task.report else 0)
