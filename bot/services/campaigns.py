"""A holiday's series of reminders in one year: who it concerns and who has answered."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.people import Person, Role
from bot.domain.progress import Light, Report
from bot.domain.reminders import Audience, HolidayRule, Occurrence, occurrences
from bot.services.assignments import Task
from bot.services.base import Service
from bot.storage import people

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

    def recipients(self, audience: Audience) -> list[Person]:
        """Return everyone that an audience may concern; who has answered is seen when sending."""
        if audience is Audience.OFFICE:
            return people.of_roles(self.session, Role.OFFICE)
        return people.of_roles(self.session, Role.CONTACT)

    def concerns(self, campaign: Campaign, person: Person) -> bool:
        """Whether this contact's unit has a part; everybody has while nobody was assigned."""
        official = [task for task in self.tasks(campaign) if task.assignment.official]
        if not official:
            return True
        return person.unit is not None and any(
            task.assignment.unit_id == person.unit.id for task in official
        )

    def tasks(self, campaign: Campaign) -> list[Task]:
        """Return the tasks on the campaign's point, only those of this holiday if it is named."""
        plan = self.all.work_points.current()
        if plan is None or plan.point(campaign.rule.point) is None:
            return []
        tasks = self.all.assignments.of_point(campaign.rule.point)
        named = [task for task in tasks if campaign.rule.holiday in task.assignment.task]
        return named or tasks

    def answered(self, campaign: Campaign, audience: Audience, person: Person) -> bool:
        """Whether this person's unit has already given what the stage asks for."""
        if person.unit is None or audience in {Audience.CONTACTS, Audience.OFFICE}:
            return False
        own = [
            task
            for task in self.tasks(campaign)
            if task.assignment.unit_id == person.unit.id and _within(campaign, task.report)
        ]
        if audience is Audience.WITHOUT_PLAN:
            return any(task.light is not Light.RETURNED for task in own)
        return any(_is_result(campaign, task) for task in own)


def _within(campaign: Campaign, report: Report | None) -> bool:
    return report is not None and report.reported_at >= campaign.opened


def _is_result(campaign: Campaign, task: Task) -> bool:
    """A result is a report of completion, or any report from the holiday on."""
    if task.light is Light.RETURNED or task.report is None:
        return False
    return (
        task.light in {Light.DONE, Light.CLOSED} or task.report.reported_at.date() >= campaign.day
    )
