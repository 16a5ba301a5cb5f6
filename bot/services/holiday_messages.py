"""What a stage of a holiday's series says, and whom it still concerns."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from bot.domain.people import Person
from bot.domain.reminders import Audience, Late, Occurrence, Verdict, verdict
from bot.outbox.composing import Composed, Deferred, Unneeded
from bot.services.all import Services
from bot.services.campaigns import Campaign
from bot.services.messages import ANSWERED, FOLDED, LAPSED, Messages, Outcome, plain
from bot.texts import reminders as texts

_NO_RULE = Unneeded("规则已删除")
_NO_TASK = Unneeded("没有这项任务")
_TOO_LATE = {Verdict.FOLD: FOLDED, Verdict.DROP: LAPSED}


@dataclass(frozen=True)
class _Round:
    """One stage as it stands in this transaction: the same for everyone but those it spares."""

    outcome: Outcome
    concerned: frozenset[int] | None = None
    """Units that have a part; None when it concerns everyone."""
    answered: frozenset[int] = frozenset()
    """Units that have given what it asks for."""

    def to(self, person: Person) -> Outcome:
        unit = person.unit.id if person.unit else None
        if self.concerned is not None and unit not in self.concerned:
            return _NO_TASK
        return ANSWERED if unit in self.answered else self.outcome


class HolidayMessages(Messages):
    """The messages of holiday campaigns."""

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._known = cache(self._round)

    def gather(self, wanted: Sequence[tuple[dict[str, Any], str]]) -> None:
        """Nothing to read: a stage is the same for all."""

    def compose(self, facts: dict[str, Any], person: Person) -> Outcome:
        """Return what a stage says to this person."""
        return self._known(facts["holiday"], facts["year"], facts["stage"]).to(person)

    def _round(self, holiday: str, year: int, name: str) -> _Round:
        campaign = self.all.campaigns.find(holiday, year)
        stage = campaign.stage(name) if campaign else None
        if campaign is None or stage is None:
            return _Round(_NO_RULE)
        decision = self._decide(campaign, stage)
        if not isinstance(decision, Verdict):
            return _Round(decision)
        if stage.audience is Audience.OFFICE:
            return _Round(self._for_office(campaign, stage))
        return _Round(
            self._for_contacts(campaign, stage, late=decision is Verdict.MARK),
            self.all.campaigns.concerned(campaign),
            self.all.campaigns.answered(campaign, stage.audience),
        )

    def _for_office(self, campaign: Campaign, stage: Occurrence) -> Composed:
        summary = self.all.summary.of_point(campaign.rule.point)
        return plain(texts.holiday_summary(self._stage(campaign, stage), summary))

    def _for_contacts(self, campaign: Campaign, stage: Occurrence, *, late: bool) -> Composed:
        text = texts.holiday(self._stage(campaign, stage), late=late)
        if stage.late is Late.DROP:
            return plain(text)
        return self.request(campaign.rule.point, text, stage.at.date())

    def _decide(self, campaign: Campaign, stage: Occurrence) -> Verdict | Deferred | Unneeded:
        shared, now = self.all.shared, self.now
        calendar = self.all.calendar.current()
        decision = verdict(stage, campaign.following(stage), now, calendar, shared.quiet)
        if decision is Verdict.WAIT:
            occasion = f"{stage.holiday}:{stage.stage}"
            return Deferred(shared.quiet.next_awake(max(now, stage.at), calendar, occasion))
        return _TOO_LATE.get(decision, decision)

    def _stage(self, campaign: Campaign, stage: Occurrence) -> texts.Stage:
        return texts.Stage(
            name=stage.stage,
            audience=stage.audience,
            holiday=campaign.rule.holiday,
            topic=campaign.rule.topic,
            point=campaign.rule.point,
            holiday_date=campaign.day,
            today=self.today,
            tentative=stage.tentative,
        )
