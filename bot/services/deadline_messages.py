"""What is said about a person's tasks near, on or after their deadline."""

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from itertools import groupby
from typing import Any

from bot.domain.people import Person
from bot.domain.reminders import STALE
from bot.outbox.composing import Deferred
from bot.services.all import Services
from bot.services.assignments import Task
from bot.services.messages import ANSWERED, FOLDED, LAPSED, Messages, Outcome, plain
from bot.services.planning import DEADLINE
from bot.storage import assignments, reminders
from bot.texts import reminders as texts

Parts = tuple[int, ...]
"""The assignments that one message is about."""


class DeadlineMessages(Messages):
    """The messages about deadlines: all tasks of a person at one moment share one."""

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._parts: dict[tuple[str, datetime], Parts] = {}
        self._written: dict[tuple[Parts, datetime], Outcome] = {}

    def gather(self, wanted: Sequence[tuple[dict[str, Any], str]]) -> None:
        """Read which tasks these people are reminded of."""
        moments = sorted((facts["at"], account) for facts, account in wanted)
        for at, group in groupby(moments, key=lambda moment: moment[0]):
            self._read_parts(datetime.fromisoformat(at), [account for _, account in group])

    def compose(self, facts: dict[str, Any], person: Person) -> Outcome:
        """Return the message about what this person's unit still owes."""
        at = datetime.fromisoformat(facts["at"])
        if self.now - at > STALE:
            return LAPSED
        if self._deferred is not None:
            return self._deferred
        if (person.userid, at) not in self._parts:
            self._read_parts(at, [person.userid])
        about = self._parts[person.userid, at], at
        if about not in self._written:
            self._written[about] = self._write(*about)
        return self._written[about]

    @cached_property
    def _deferred(self) -> Deferred | None:
        """Until when it waits, outside of working hours."""
        calendar, quiet = self.all.calendar.current(), self.all.shared.quiet
        if quiet.awake(self.now) and calendar.is_working_day(self.today):
            return None
        return Deferred(quiet.next_awake(self.now, calendar, DEADLINE))

    def _read_parts(self, at: datetime, accounts: list[str]) -> None:
        found = reminders.of_people_at(self.session, accounts, at, f"{DEADLINE}:")
        for account in accounts:
            subjects = found.get(account, ())
            self._parts[account, at] = tuple(
                int(subject.removeprefix("assignment:")) for subject in subjects
            )

    def _write(self, ids: Parts, at: datetime) -> Outcome:
        found = [assignments.by_id(self.session, number) for number in ids]
        tasks = self.all.assignments.tasks([part for part in found if part is not None])
        open_ = [task for task in tasks if task.owed and task.assignment.deadline]
        if not open_:
            return ANSWERED
        open_ = [task for task in open_ if not self._spoken_for(task, at)]
        if not open_:
            return FOLDED
        return plain(texts.deadline([(t.assignment, t.reason) for t in open_], self.today))

    def _spoken_for(self, task: Task, at: datetime) -> bool:
        """Whether the next reminder of the same task is due by now: two on one morning annoy."""
        deadline = task.assignment.deadline
        steps = self.all.planning.steps(deadline) if deadline else ()
        later = [step.at for step in steps if step.at > at]
        return any(step.at == at for step in steps) and bool(later) and later[0] <= self.now
