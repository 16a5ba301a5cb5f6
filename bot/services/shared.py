"""What lives as long as the process and is shared by all transactions."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar, cast

from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.domain.calendar import Calendar, DayFact
from bot.domain.reminders import HolidayRule, Quiet
from bot.knowledge.answers import Answerer
from bot.knowledge.articles import Policy
from bot.knowledge.library import Library
from bot.knowledge.passages import Kind, Passage
from bot.knowledge.synonyms import load_synonyms
from bot.services import plan_in_force
from bot.services.calendar import build_calendar, read_notice_file
from bot.services.holiday_rules import load_rules
from bot.services.plan_in_force import PlanInForce
from bot.settings import DATA, Settings
from bot.storage import calendar, documents, work_points
from bot.storage.documents import PassageRow
from bot.storage.versions import Versions

T = TypeVar("T")


class Kept(Generic[T]):
    """A value made from the database, kept while its version stays the same."""

    def __init__(self, make: Callable[[Session], T]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._kept: tuple[object, T] | None = None

    def get(self, session: Session, version: object) -> T:
        """Return the value of that version; make it if another version is kept."""
        with self._lock:
            if self._kept is None or self._kept[0] != version:
                self._kept = version, self._make(session)
            return self._kept[1]


class Shared:
    """Settings, clock, rules, and what is costly to make anew for each message."""

    def __init__(
        self, settings: Settings, clock: Clock, machine_clock: Clock | None = None
    ) -> None:
        self.settings = settings
        self.clock = clock
        self.machine_clock = machine_clock or Clock(settings.schedule.zone)
        """Never shifted: what is known of real processes is in its time."""
        self.rules: tuple[HolidayRule, ...] = load_rules(settings.schedule.holiday_rules)
        self.quiet = Quiet(
            opens=settings.schedule.quiet_until,
            closes=settings.schedule.quiet_from,
            zone=settings.schedule.zone,
        )
        self._shipped = read_notice_file(DATA / "calendar.csv")
        self._calendar = Kept(self._build_calendar)
        self._plan = Kept(plan_in_force.load)
        self._synonyms = load_synonyms(settings.knowledge.synonyms)
        self._answerer = Kept(self._build_answerer)

    def calendar(self, session: Session, versions: Versions) -> Calendar:
        """Return the shipped calendar with the office's own entries."""
        return self._calendar.get(session, versions.calendar)

    def _build_calendar(self, session: Session) -> Calendar:
        entered = tuple(
            DayFact(row.day, row.working, row.name, row.source)
            for row in calendar.all_days(session)
        )
        return build_calendar((*self._shipped, *entered))

    def plan(self, session: Session, versions: Versions) -> PlanInForce | None:
        """Return the plan in force, or None before the first import."""
        return self._plan.get(session, versions.plan)

    def answerer(self, session: Session, versions: Versions) -> Answerer:
        """Return what answers from all documents in force."""
        return self._answerer.get(session, (versions.plan, versions.documents))

    def _build_answerer(self, session: Session) -> Answerer:
        by_document: dict[int, list[Passage]] = {}
        for row in documents.passages(session):
            by_document.setdefault(row.document_id, []).append(_passage(row))
        rows = documents.documents(session)
        plans = [work_points.load(session, row) for row in work_points.plans(session)]
        policies = [
            Policy(row.title, row.dated, tuple(by_document.get(row.id, ())))
            for row in rows
            if not row.source.endswith(".jsonl")
        ]
        lines = [
            passage
            for row in rows
            if row.source.endswith(".jsonl")
            for passage in by_document.get(row.id, ())
        ]
        return Answerer(Library(plans, policies, lines), self._synonyms)


def _passage(row: PassageRow) -> Passage:
    return Passage(
        row.key, row.document, row.label, cast("Kind", row.kind), row.number, row.text, row.path
    )
