"""Which reminders the rules, the calendar and the tasks call for, whoever has them already."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from bot.domain.assignments import Assignment
from bot.domain.people import Person
from bot.domain.reminders import DueMoment, Occurrence, due_moments
from bot.services.assignments import Task
from bot.services.base import Service
from bot.services.campaigns import Campaign, addressed
from bot.storage import assignments, people, reminders

FURTHEST_STEP = timedelta(days=60)
"""A deadline further away than this has no reminder near today."""
AT_ONCE = 10_000
"""How many reminders of one kind one run plans: on SQLite nobody else writes meanwhile."""
HOLIDAY = "holiday"
DEADLINE = "deadline"


@dataclass(frozen=True)
class Wanted:
    """One reminder that is due to one person at `at`."""

    rule: str
    period: str
    userid: str
    subject: str
    at: datetime
    kind: str
    facts: dict[str, Any]


class Planning(Service):
    """What is due, computed."""

    def missing(self, first: datetime, last: datetime) -> Iterator[Wanted]:
        """Return what is due from `first` to `last` and not on record, `AT_ONCE` of a kind."""
        yield from islice(self._holidays(first, last), AT_ONCE)
        yield from islice(self._deadlines(first, last), AT_ONCE)

    def _holidays(self, first: datetime, last: datetime) -> Iterator[Wanted]:
        for campaign in self.all.campaigns.around(last):
            for stage in campaign.stages:
                if first <= stage.at <= last:
                    yield from self._stage(campaign, stage)

    def _stage(self, campaign: Campaign, stage: Occurrence) -> Iterator[Wanted]:
        rule, period = f"{HOLIDAY}:{stage.holiday}:{stage.stage}", str(campaign.year)
        role = str(addressed(stage.audience))
        for userid in reminders.untold(self.session, role, rule, period, AT_ONCE):
            yield Wanted(
                rule,
                period,
                userid,
                subject=f"{HOLIDAY}:{stage.holiday}:{campaign.year}",
                at=stage.at,
                kind=HOLIDAY,
                facts={"holiday": stage.holiday, "year": campaign.year, "stage": stage.stage},
            )

    def _deadlines(self, first: datetime, last: datetime) -> Iterator[Wanted]:
        parts = assignments.with_deadline(
            self.session, first.date() - FURTHEST_STEP, last.date() + FURTHEST_STEP
        )
        steps = {
            deadline: [step for step in self.steps(deadline) if first <= step.at <= last]
            for deadline in {part.deadline for part in parts if part.deadline}
        }
        near = [part for part in parts if part.deadline and steps[part.deadline]]
        told = reminders.known(self.session, f"{DEADLINE}:", first)
        contacts = people.contacts_by_unit(self.session)
        for task in self.all.assignments.tasks(near):
            if task.owed and not self.speaks_for(task):
                part = task.assignment
                for wanted in _of_task(part, steps, contacts.get(part.unit_id, [])):
                    if (wanted.rule, wanted.period, wanted.userid) not in told:
                        yield wanted

    def steps(self, deadline: date) -> tuple[DueMoment, ...]:
        """Return the reminders of a deadline."""
        return due_moments(deadline, self.all.calendar.current(), quiet=self.all.shared.quiet)

    def speaks_for(self, task: Task) -> bool:
        """Whether a holiday's series already reminds of this task: nothing is asked twice."""
        return any(
            rule.point == task.assignment.point and rule.holiday in task.assignment.task
            for rule in self.all.shared.rules
        )


def _of_task(
    part: Assignment, steps: dict[date, list[DueMoment]], contacts: list[Person]
) -> Iterator[Wanted]:
    """Yield the steps of one task; several tasks of a person at one moment share one message."""
    for step in steps[part.deadline] if part.deadline else ():
        for person in contacts:
            yield Wanted(
                f"{DEADLINE}:{step.step}",
                # A new deadline is another period.
                f"{part.id}:{part.deadline}:{step.at.date()}",
                person.userid,
                subject=f"assignment:{part.id}",
                at=step.at,
                kind=DEADLINE,
                facts={"at": step.at.isoformat()},
            )
