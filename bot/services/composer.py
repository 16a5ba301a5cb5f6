"""What a queued message says when it goes: today's facts, or nothing if it is no longer needed."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.domain.people import Person
from bot.domain.reminders import STALE, Audience, Late, Occurrence, Verdict, verdict
from bot.outbox import reasons
from bot.outbox.composing import Composed, Deferred, Unneeded
from bot.services.all import Services
from bot.services.assignments import Task
from bot.services.campaigns import Campaign
from bot.services.notices import TEXT, parts
from bot.services.planning import DEADLINE, HOLIDAY
from bot.services.reminders import CHASE, due_soon, silent_on
from bot.services.request_card import request_card
from bot.services.shared import Shared
from bot.storage import assignments, reminders
from bot.texts import reminders as texts
from bot.texts.work_points import short_title

Outcome = Composed | Deferred | Unneeded
ANSWERED = Unneeded("已答复")
FOLDED = Unneeded(reasons.FOLDED)
LAPSED = Unneeded(reasons.LAPSED)
_TOO_LATE = {Verdict.FOLD: FOLDED, Verdict.DROP: LAPSED}


class ReminderComposer:
    """Prepares every kind of message that the services queue."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._kinds: dict[str, Callable[[Services, dict[str, Any], Person], Outcome]] = {
            HOLIDAY: self._holiday,
            DEADLINE: self._deadline,
            CHASE: self._chase,
        }

    def compose(
        self,
        session: Session,
        kind: str,
        facts: dict[str, Any],
        touser: str,
        due_at: datetime,
    ) -> Outcome:
        """Return what to send, when to ask again, or why nothing is to be sent."""
        services = Services(session, self._shared)
        if kind == TEXT:
            return self._text(facts["text"])
        person = services.people.identify(touser)
        if not person.known:
            return Unneeded("已不在名单")
        return self._kinds[kind](services, facts, person)

    def _text(self, text: str) -> Composed:
        return Composed(
            tuple({"msgtype": "text", "text": {"content": part}} for part in parts(text))
        )

    def _holiday(self, services: Services, facts: dict[str, Any], person: Person) -> Outcome:
        campaign = services.campaigns.find(facts["holiday"], facts["year"])
        stage = campaign.stage(facts["stage"]) if campaign else None
        if campaign is None or stage is None:
            return Unneeded("规则已删除")
        decision = self._decide(services, campaign, stage)
        if not isinstance(decision, Verdict):
            return decision
        if stage.audience is Audience.OFFICE:
            return self._for_office(services, campaign, stage)
        if not services.campaigns.concerns(campaign, person):
            return Unneeded("没有这项任务")
        if services.campaigns.answered(campaign, stage.audience, person):
            return ANSWERED
        return self._for_contact(services, campaign, stage, late=decision is Verdict.MARK)

    def _for_office(self, services: Services, campaign: Campaign, stage: Occurrence) -> Composed:
        summary = services.summary.of_point(campaign.rule.point)
        about = self._stage(services, campaign, stage)
        return self._text(texts.holiday_summary(about, summary))

    def _for_contact(
        self, services: Services, campaign: Campaign, stage: Occurrence, *, late: bool
    ) -> Composed:
        text = texts.holiday(self._stage(services, campaign, stage), late=late)
        if stage.late is Late.DROP:
            return self._text(text)
        return self._ask(services, campaign.rule.point, text, stage.at.date())

    def _decide(
        self, services: Services, campaign: Campaign, stage: Occurrence
    ) -> Verdict | Deferred | Unneeded:
        shared, now = self._shared, services.now
        calendar = services.calendar.current()
        decision = verdict(stage, campaign.following(stage), now, calendar, shared.quiet)
        if decision is Verdict.WAIT:
            occasion = f"{stage.holiday}:{stage.stage}"
            return Deferred(shared.quiet.next_awake(max(now, stage.at), calendar, occasion))
        return _TOO_LATE.get(decision, decision)

    def _stage(self, services: Services, campaign: Campaign, stage: Occurrence) -> texts.Stage:
        return texts.Stage(
            name=stage.stage,
            audience=stage.audience,
            holiday=campaign.rule.holiday,
            topic=campaign.rule.topic,
            point=campaign.rule.point,
            holiday_date=campaign.day,
            today=services.now.date(),
            tentative=stage.tentative,
        )

    def _deadline(self, services: Services, facts: dict[str, Any], person: Person) -> Outcome:
        calendar, now = services.calendar.current(), services.now
        at = datetime.fromisoformat(facts["at"])
        if now - at > STALE:
            return LAPSED
        if not self._shared.quiet.awake(now) or not calendar.is_working_day(now.date()):
            return Deferred(self._shared.quiet.next_awake(now, calendar, DEADLINE))
        subjects = reminders.of_person_at(services.session, person.userid, at, f"{DEADLINE}:")
        found = [
            assignments.by_id(services.session, int(subject.removeprefix("assignment:")))
            for subject in subjects
        ]
        tasks = services.assignments.tasks([part for part in found if part is not None])
        open_ = [task for task in tasks if task.owed and task.assignment.deadline]
        if not open_:
            return ANSWERED
        open_ = [task for task in open_ if not self._spoken_for(services, task, at)]
        if not open_:
            return FOLDED
        listed = [(task.assignment, task.reason) for task in open_]
        return self._text(texts.deadline(listed, now.date()))

    def _spoken_for(self, services: Services, task: Task, at: datetime) -> bool:
        """Whether the next reminder of the same task is due by now: two on one morning annoy."""
        deadline = task.assignment.deadline
        steps = services.planning.steps(deadline) if deadline else ()
        later = [step.at for step in steps if step.at > at]
        return any(step.at == at for step in steps) and bool(later) and later[0] <= services.now

    def _chase(self, services: Services, facts: dict[str, Any], person: Person) -> Outcome:
        number, now = facts["point"], services.now
        if not self._shared.quiet.awake(now):
            return Deferred(self._shared.quiet.next_awake(now, occasion=f"{CHASE}:{number}"))
        plan = services.work_points.current()
        point = plan.point(number) if plan else None
        if point is None or person.unit is None:
            return Unneeded("要点已删除")
        own = [
            task
            for task in services.assignments.of_point(number)
            if task.assignment.unit_id == person.unit.id
        ]
        silent = [task for task in due_soon(own, now.date()) if silent_on(task)]
        if not silent:
            return ANSWERED
        title = silent[0].assignment.task or short_title(point.text)
        return self._ask(services, number, texts.chase(number, title, facts["round"]), now.date())

    def _ask(self, services: Services, number: int, text: str, day: date) -> Composed:
        """Return a request for a report: a card where the office wants cards, else plain text."""
        if not self._shared.settings.wecom.cards:
            return self._text(text)
        return Composed((request_card(number, text, day),))
