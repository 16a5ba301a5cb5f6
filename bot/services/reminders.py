"""Who is to be reminded of what: planned ahead into the outbox, decided again when it is sent."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.assignments import Assignment, Standing
from bot.domain.people import Person
from bot.domain.progress import Light
from bot.domain.reminders import STALE, DueMoment, Occurrence, due_moments
from bot.errors import Refusal
from bot.services.assignments import Task
from bot.services.base import Service
from bot.services.campaigns import Campaign
from bot.storage import assignments, audit, people, reminders, ticks
from bot.texts import reminders as texts

HORIZON = timedelta(hours=36)
"""How far ahead reminders are put into the outbox; what they say is decided when they go."""
FURTHEST_STEP = timedelta(days=60)
"""A deadline further away than this has no reminder near today."""
A_MINUTE = timedelta(minutes=1)
"""The minute in which the bot is first started counts: what is due in it is not before."""
HOLIDAY = "holiday"
DEADLINE = "deadline"
CHASE = "chase"


@dataclass(frozen=True)
class Chased:
    """A round of chasing: who was asked, and when the messages go."""

    units: tuple[str, ...]
    unreached: tuple[str, ...]
    """Silent units for which the roster names no contact."""
    people: int
    round: int
    at: datetime


class Reminders(Service):
    """Planning and chasing."""

    def plan(self, now: datetime) -> int:
        """Queue what falls due within the horizon; return how many reminders were new.

        What was due before the bot first ran is nobody's reminder.
        """
        since = (ticks.first_due(self.session) or now) - A_MINUTE
        return self._plan_holidays(now, since) + self._plan_deadlines(now, since)

    def _plan_holidays(self, now: datetime, since: datetime) -> int:
        return sum(
            self._queue_stage(campaign, stage)
            for campaign in self.all.campaigns.around(now)
            for stage in campaign.stages
            if _in_reach(stage.at, now, since)
        )

    def _queue_stage(self, campaign: Campaign, stage: Occurrence) -> int:
        rule, period = f"{HOLIDAY}:{stage.holiday}:{stage.stage}", str(campaign.year)
        told = reminders.told(self.session, rule, period)
        return sum(
            self._queue(
                rule,
                period,
                person.userid,
                subject=f"{HOLIDAY}:{stage.holiday}:{campaign.year}",
                at=stage.at,
                kind=HOLIDAY,
                facts={"holiday": stage.holiday, "year": campaign.year, "stage": stage.stage},
            )
            for person in self.all.campaigns.recipients(stage.audience)
            if person.userid not in told
        )

    def _queue(
        self,
        rule: str,
        period: str,
        userid: str,
        *,
        subject: str,
        at: datetime,
        kind: str,
        facts: dict[str, object],
    ) -> bool:
        added = reminders.add(
            self.session,
            rule=rule,
            period=period,
            userid=userid,
            subject=subject,
            due_at=at,
            now=self.now,
        )
        if added is None:
            return False
        key = f"{DEADLINE}:{userid}:{at.isoformat()}" if kind == DEADLINE else f"reminder:{added}"
        self.all.notices.put(userid, kind, facts, key=key, due_at=at)
        return True

    def _plan_deadlines(self, now: datetime, since: datetime) -> int:
        first, last = now.date() - FURTHEST_STEP, now.date() + FURTHEST_STEP
        parts = assignments.with_deadline(self.session, first, last)
        steps = {
            deadline: [step for step in self._moments(deadline) if _in_reach(step.at, now, since)]
            for deadline in {part.deadline for part in parts if part.deadline}
        }
        near = [part for part in parts if part.deadline and steps[part.deadline]]
        tasks = [
            task
            for task in self.all.assignments.tasks(near)
            if task.owed and not self.speaks_for(task)
        ]
        told = reminders.known(self.session, f"{DEADLINE}:", now - STALE)
        contacts = people.contacts_by_unit(self.session)
        return sum(
            self._queue_deadline(task.assignment, deadline, step, person.userid)
            for task in tasks
            if (deadline := task.assignment.deadline)
            for step in steps[deadline]
            for person in contacts.get(task.assignment.unit_id, ())
            if (*_names(task.assignment, deadline, step), person.userid) not in told
        )

    def _moments(self, deadline: date) -> tuple[DueMoment, ...]:
        shared = self.all.shared
        return due_moments(deadline, self.all.calendar.current(), quiet=shared.quiet)

    def _queue_deadline(
        self, part: Assignment, deadline: date, step: DueMoment, userid: str
    ) -> bool:
        """Queue one step; several tasks of a person at one moment share one message."""
        rule, period = _names(part, deadline, step)
        return self._queue(
            rule,
            period,
            userid,
            subject=f"assignment:{part.id}",
            at=step.at,
            kind=DEADLINE,
            facts={"at": step.at.isoformat()},
        )

    def speaks_for(self, task: Task) -> bool:
        """Whether a holiday's series already reminds of this task: nothing is asked twice."""
        return any(
            rule.point == task.assignment.point and rule.holiday in task.assignment.task
            for rule in self.all.shared.rules
        )

    def chase(self, actor: Person, number: int) -> Chased:
        """Remind exactly those who have not answered on that point."""
        tasks = self.all.assignments.of_point(number)
        if not tasks:
            raise Refusal(texts.nobody_assigned(number, self.all.people.office()))
        silent = {
            task.assignment.unit_id: task.assignment.unit
            for task in due_soon(tasks, self.today)
            if silent_on(task)
        }
        if not silent:
            raise Refusal(texts.nobody_silent(number))
        subject = f"point:{self.all.work_points.row_of(number)}"
        return self._send_round(actor, number, subject, silent)

    def _send_round(
        self, actor: Person, number: int, subject: str, silent: dict[int, str]
    ) -> Chased:
        round_ = reminders.periods(self.session, CHASE, subject) + 1
        at = self.all.shared.quiet.next_awake(self.all.present)
        told = people.contacts_of(self.session, list(silent))
        for person in told:
            self._queue(
                CHASE,
                f"{subject}:{round_}",
                person.userid,
                subject=subject,
                at=at,
                kind=CHASE,
                facts={"point": number, "round": round_},
            )
        reached = {person.unit.id for person in told if person.unit}
        unreached = tuple(name for unit, name in silent.items() if unit not in reached)
        if not reached:
            raise Refusal(texts.nobody_to_tell(list(unreached)))
        audit.add(
            self.session,
            at=self.now,
            actor=actor.userid,
            action="point.chase",
            subject=subject,
            detail={"round": round_, "units": list(silent.values())},
        )
        return Chased(tuple(silent.values()), unreached, len(told), round_, at)


def silent_on(task: Task) -> bool:
    """Whether the unit has not answered: no report at all, or none since it was returned."""
    if task.assignment.standing is Standing.CLOSED:
        return False
    return task.report is None or task.light is Light.RETURNED


def _names(part: Assignment, deadline: date, step: DueMoment) -> tuple[str, str]:
    """Return rule and period of one step: a new deadline is another period."""
    return f"{DEADLINE}:{step.step}", f"{part.id}:{deadline}:{step.at.date()}"


def due_soon(tasks: list[Task], today: date) -> list[Task]:
    """Leave out what a unit need not answer yet: tasks far ahead while a nearer one is its own.

    Nobody is chased in July about the visits of next February.
    """
    near = [
        task
        for task in tasks
        if task.assignment.deadline is None or task.assignment.deadline - today <= FURTHEST_STEP
    ]
    busy = {task.assignment.unit_id for task in near}
    return near + [task for task in tasks if task.assignment.unit_id not in busy]


def _in_reach(at: datetime, now: datetime, since: datetime) -> bool:
    return since <= at and now - STALE <= at <= now + HORIZON
