"""Who is to be reminded of what: planned ahead into the outbox, decided again when it is sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.assignments import Standing
from bot.domain.people import Person
from bot.domain.progress import Light
from bot.domain.reminders import STALE
from bot.errors import Refusal
from bot.outbox.queue import Message, put_all
from bot.services.assignments import Task
from bot.services.base import Service
from bot.services.planning import DEADLINE, FURTHEST_STEP, Wanted
from bot.storage import audit, people, reminders, ticks
from bot.storage.reminders import Planned
from bot.texts import reminders as texts

HORIZON = timedelta(hours=36)
"""How far ahead reminders are put into the outbox; what they say is decided when they go."""
A_MINUTE = timedelta(minutes=1)
"""The minute in which the bot is first started counts: what is due in it is not before."""
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

        What is beyond `planning.AT_ONCE` of a kind is left to the next run.

        What was due before the bot first ran is nobody's reminder.
        """
        first = max(self.since(now), now - STALE)
        return self._queue(self.all.planning.missing(first, now + HORIZON))

    def since(self, now: datetime) -> datetime:
        """Return from when on what is due is the bot's to send."""
        return (ticks.first_due(self.session) or now) - A_MINUTE

    def _queue(self, wanted: Iterable[Wanted]) -> int:
        """Record these reminders and put their messages into the outbox; return how many."""
        by_planned = {_planned(one): one for one in wanted}
        added = reminders.add(self.session, list(by_planned), self.now)
        put_all(
            self.session,
            [_message(by_planned[planned], number) for planned, number in added.items()],
            self.now,
        )
        return len(added)

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
        period = f"{subject}:{round_}"
        at = self.all.shared.quiet.next_awake(self.all.present, occasion=period)
        told = people.contacts_of(self.session, list(silent))
        self._queue(
            Wanted(
                CHASE,
                period,
                person.userid,
                subject=subject,
                at=at,
                kind=CHASE,
                facts={"point": number, "round": round_},
            )
            for person in told
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


def outbox_key(kind: str, reminder: int, userid: str, at: datetime) -> str:
    """Return the outbox key of a reminder: a person's deadlines of one moment share a message."""
    return f"{DEADLINE}:{userid}:{at.isoformat()}" if kind == DEADLINE else f"reminder:{reminder}"


def _planned(wanted: Wanted) -> Planned:
    return Planned(wanted.rule, wanted.period, wanted.userid, wanted.subject, wanted.at)


def _message(wanted: Wanted, reminder: int) -> Message:
    key = outbox_key(wanted.kind, reminder, wanted.userid, wanted.at)
    return Message(key, wanted.userid, wanted.kind, wanted.facts, wanted.at)


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
