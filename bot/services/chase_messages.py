"""What is said to those who have not answered on a point."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from bot.domain.people import Person
from bot.outbox.composing import Deferred, Unneeded
from bot.services.all import Services
from bot.services.assignments import Task
from bot.services.messages import ANSWERED, Messages, Outcome
from bot.services.reminders import CHASE, due_soon, silent_on
from bot.texts import reminders as texts
from bot.texts.work_points import short_title

_NO_POINT = Unneeded("要点已删除")


class ChaseMessages(Messages):
    """The messages of 催办."""

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._by_unit = cache(self._tasks_by_unit)
        self._written = cache(self._write)

    def gather(self, wanted: Sequence[tuple[dict[str, Any], str]]) -> None:
        """Nothing to read: a point's tasks are read once for all."""

    def compose(self, facts: dict[str, Any], person: Person) -> Outcome:
        """Return the round's message, unless this person's unit has answered."""
        number, quiet = facts["point"], self.all.shared.quiet
        if not quiet.awake(self.now):
            return Deferred(quiet.next_awake(self.now, occasion=f"{CHASE}:{number}"))
        plan = self.all.work_points.current()
        point = plan.point(number) if plan else None
        if point is None or person.unit is None:
            return _NO_POINT
        own = self._by_unit(number).get(person.unit.id, [])
        silent = [task for task in due_soon(own, self.today) if silent_on(task)]
        if not silent:
            return ANSWERED
        title = silent[0].assignment.task or short_title(point.text)
        return self._written(number, title, facts["round"])

    def _tasks_by_unit(self, number: int) -> dict[int, list[Task]]:
        found: dict[int, list[Task]] = {}
        for task in self.all.assignments.of_point(number):
            found.setdefault(task.assignment.unit_id, []).append(task)
        return found

    def _write(self, number: int, title: str, round_: int) -> Outcome:
        return self.request(number, texts.chase(number, title, round_), self.today)
