"""The services of one transaction, made when they are first asked for."""

from datetime import datetime
from functools import cached_property

from sqlalchemy.orm import Session

from bot.services.assignments import Assignments
from bot.services.audit import Auditor
from bot.services.calendars import Calendars
from bot.services.campaigns import Campaigns
from bot.services.condition import Condition
from bot.services.documents import Documents
from bot.services.hindsight import Hindsight
from bot.services.nodes import Nodes
from bot.services.notices import Notices
from bot.services.people import People
from bot.services.planning import Planning
from bot.services.progress import Progress
from bot.services.question import Questions
from bot.services.reading import ReadingService
from bot.services.reminders import Reminders
from bot.services.review import Review
from bot.services.shared import Shared
from bot.services.summary import Summary
from bot.services.upkeep import Upkeep
from bot.services.work_points import WorkPoints
from bot.storage import versions
from bot.storage.versions import Versions


class Services:
    """Everything the bot can do, within one transaction."""

    def __init__(
        self,
        session: Session,
        shared: Shared,
        at: datetime | None = None,
        known: Versions | None = None,
    ) -> None:
        self.session = session
        self.shared = shared
        self.present = shared.clock.now()
        """What time it is, for whatever is sent from here."""
        self.now = at or self.present
        """The moment of this transaction: one for all that is done in it. It lies in the past
        when an earlier message is handled again."""
        if known is not None:
            self.versions = known

    @cached_property
    def versions(self) -> Versions:
        """What was imported so far, as this transaction sees it."""
        return versions.current(self.session)

    def imported(self) -> None:
        """Look anew at what was imported: this transaction has just changed it."""
        self.__dict__.pop("versions", None)

    @cached_property
    def people(self) -> People:
        """Who is who."""
        return People(self)

    @cached_property
    def work_points(self) -> WorkPoints:
        """The work plan in force."""
        return WorkPoints(self)

    @cached_property
    def assignments(self) -> Assignments:
        """Who has to do what until when."""
        return Assignments(self)

    @cached_property
    def progress(self) -> Progress:
        """What units report."""
        return Progress(self)

    @cached_property
    def hindsight(self) -> Hindsight:
        """What happened since the moment of this transaction."""
        return Hindsight(self)

    @cached_property
    def review(self) -> Review:
        """What the office decides on reports."""
        return Review(self)

    @cached_property
    def summary(self) -> Summary:
        """Where things stand."""
        return Summary(self)

    @cached_property
    def campaigns(self) -> Campaigns:
        """The holidays' series of reminders."""
        return Campaigns(self)

    @cached_property
    def planning(self) -> Planning:
        """Which reminders are due, by rule and calendar."""
        return Planning(self)

    @cached_property
    def reminders(self) -> Reminders:
        """Who is to be reminded of what."""
        return Reminders(self)

    @cached_property
    def question(self) -> Questions:
        """Answers with their sources."""
        return Questions(self)

    @cached_property
    def documents(self) -> Documents:
        """Policy documents."""
        return Documents(self)

    @cached_property
    def reading(self) -> ReadingService:
        """How a sentence is read."""
        return ReadingService(self)

    @cached_property
    def calendar(self) -> Calendars:
        """Working days and holidays."""
        return Calendars(self)

    @cached_property
    def notices(self) -> Notices:
        """Messages to people, through the outbox."""
        return Notices(self)

    @cached_property
    def nodes(self) -> Nodes:
        """How the worker processes are."""
        return Nodes(self)

    @cached_property
    def audit(self) -> Auditor:
        """What should have happened and did not."""
        return Auditor(self)

    @cached_property
    def condition(self) -> Condition:
        """How the bot is, in words."""
        return Condition(self)

    @cached_property
    def upkeep(self) -> Upkeep:
        """Keeping the memory small."""
        return Upkeep(self)
