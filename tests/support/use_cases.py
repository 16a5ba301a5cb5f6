"""The services on one database, for tests of what imports and reports leave behind."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from typing import TypeVar

from bot.clock import SHANGHAI, ManualClock
from bot.domain.work_points import WorkPlan
from bot.services import Services, Shared, assignments_file, roster_file
from bot.services.assignments import AssignmentsImported
from bot.services.people import RosterImported
from bot.services.tables import Table, parse_table
from bot.services.work_points import PlanImported
from bot.settings import Settings
from bot.storage.database import Database

T = TypeVar("T")
NOW = datetime(2021, 7, 28, 9, 30, tzinfo=SHANGHAI)


class UseCases:
    """Each call is a transaction of its own."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = ManualClock(NOW)
        self._shared = Shared(Settings(), self.clock)

    def __call__(self, use: Callable[[Services], T]) -> T:
        """Let `use` do something with the services and commit it."""
        return self.database.run(lambda session: use(Services(session, self._shared)))

    def plan(self, plan: WorkPlan) -> PlanImported:
        """Import a plan."""
        return self(lambda services: services.work_points.import_plan(plan, "test"))

    def roster(self, *rows: str) -> RosterImported:
        """Import lines of a roster."""
        table = _table(roster_file.COLUMNS, rows)
        return self(lambda services: services.people.import_roster(table, "test"))

    def split(self, *rows: str) -> AssignmentsImported:
        """Import lines of a responsibility split."""
        table = _table(assignments_file.COLUMNS, rows)
        return self(lambda services: services.assignments.import_table(table, "test"))

    def report(self, userid: str, text: str) -> int:
        """Book a report on the point that it names, and return its id."""

        def use(services: Services) -> int:
            reading = services.reading.read(text)
            person = services.people.identify(userid)
            return services.progress.book(person, list(reading.points), reading).report.id

        return self(use)


def _table(columns: tuple[str, ...], rows: tuple[str, ...]) -> Table:
    return parse_table("test.csv", "\n".join([",".join(columns), *rows]).encode(), columns)


@contextmanager
def reporting(office: UseCases) -> Iterator[threading.Semaphore]:
    """Let a contact report again and again meanwhile; each report releases the semaphore."""
    ended, written = threading.Event(), threading.Semaphore(0)

    def write() -> None:
        for number in count(1):
            if ended.is_set():
                return
            office.report("linxian", f"第11条 推进中，走访部队{number}个")
            written.release()

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        try:
            yield written
        finally:
            ended.set()
        writing.result(timeout=20)
