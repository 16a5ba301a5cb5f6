"""A holiday's series of reminders in one year: who it concerns and who has answered."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.people import Role
from bot.domain.progress import Light, Report
from bot.domain.reminders import Audience, HolidayRule, Occurrence, occurrences
from bot.services.assignments import Task
from bot.services.base import Service

BEFORE_FIRST_STAGE = timedelta(days=30)
"""A report this long before the first stage still counts as this year's plan."""


@dataclass(frozen=True)
class Campaign:
    """One holiday rule in one year, with its stages in the order they are sent."""

    rule: HolidayRule
    year: int
    day: date
    stages: tuple[Occurrence, ...]

    def stage(self, name: str) -> Occurrence | None:
        """Return the stage of that name."""
        return next((stage for stage in self.stages if stage.stage == name), None)

    def following(self, stage: Occurrence) -> datetime | None:
        """Return when the next stage is due."""
        return next((other.at for other in self.stages if other.at > stage.at), None)

    @property
    def opened(self) -> datetime:
        """From when on a report belongs to this campaign."""
        return self.stages[0].at - BEFORE_FIRST_STAGE


class Campaigns(Service):
    """Holiday campaigns, computed from the rules and the calendar."""

    def of_year(self, year: int) -> list[Campaign]:
        """Return the campaigns of the holidays that fall in `year`."""
        shared = self.all.shared
        calendar = self.all.calendar.current()
        found = [(rule, occurrences(rule, year, calendar, shared.quiet)) for rule in shared.rules]
        return [
            Campaign(rule, year, stages[0].holiday_date, stages) for rule, stages in found if stages
        ]

    def find(self, holiday: str, year: int) -> Campaign | None:
        """Return one campaign."""
        return next((one for one in self.of_year(year) if one.rule.holiday == holiday), None)

    def around(self, moment: datetime) -> list[Campaign]:
        """Return the campaigns that may have a stage near `moment`."""
        years = range(moment.year - 1, moment.year + 2)
        return [one for year in years for one in self.of_year(year)]

    def concerned(self, campaign: Campaign) -> frozenset[int] | None:
        """Return the units that have a part; None while nobody was assigned: then all have."""
        official = [task for task in self.tasks(campaign) if task.assignment.official]
        return frozenset(task.assignment.unit_id for task in official) if official else None

    def tasks(self, campaign: Campaign) -> list[Task]:
        """Return the tasks on the campaign's point, only those of this holiday if it is named."""
        plan = self.all.work_points.current()
        if plan is None or plan.point(campaign.rule.point) is None:
            return []
        tasks = self.all.assignments.of_point(campaign.rule.point)
        named = [task for task in tasks if campaign.rule.holiday in task.assignment.task]
        return named or tasks

    def answered(self, campaign: Campaign, audience: Audience) -> frozenset[int]:
        """Return the units that have already given what the stage asks for."""
        if audience in {Audience.CONTACTS, Audience.OFFICE}:
            return frozenset()
        return frozenset(
            task.assignment.unit_id
            for task in self.tasks(campaign)
            if _within(campaign, task.report) and _given(campaign, audience, task)
        )


def addressed(audience: Audience) -> Role:
    """Return the role of those an audience may be; who has answered is seen when sending."""
    return Role.OFFICE if audience is Audience.OFFICE else Role.CONTACT


def _given(campaign: Campaign, audience: Audience, task: Task) -> bool:
    if audience is Audience.WITHOUT_PLAN:
        return task.light is not Light.RETURNED
    return _is_result(campaign, task)


def _within(campaign: Campaign, report: Report | None) -> bool:
    return report is not None and report.reported_at >= campaign.opened


def _is_result(campaign: Campaign, task: Task) -> bool:
    """A result is a report of completion, or any report from the holiday on."""
    if task.light is Light.RETURNED or task.report is None:
        return False
    return (
        task.light in {Light.DONE, Light.CLOSED} or task.report.reported_at.date() >= campaign.day
    )
