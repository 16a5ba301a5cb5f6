"""A whole office for a test: the bot behind real HTTP, the simulator as WeCom, a clock to move.

The bot runs in this process with a clock that stands until it is moved; everything between it
and WeCom goes over loopback. Nothing acts by itself: `pass_time` lets the jobs run and delivers.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from bot.app import Bot
from bot.clock import SHANGHAI, ManualClock
from bot.knowledge.files import read_text
from bot.knowledge.plan_document import read_plan
from bot.services import assignments_file, roster_file
from bot.services.tables import parse_table, read_table
from bot.settings import DATA, DatabasePart, Server, Settings, WeCom
from bot.web.server import WebServer
from simulator.harness import Simulator
from simulator.people import Person as Member
from simulator.people import read_roster
from tests.support import databases

ISSUE_DAY = datetime(2021, 7, 28, 9, 30, tzinfo=SHANGHAI)
"""The day of the document; 八一 is four days later, a Sunday."""
STRANGER = "luren"


class Desk:
    """One person's phone."""

    def __init__(self, wecom: Simulator, userid: str) -> None:
        self._wecom = wecom
        self.userid = userid

    def says(self, text: str) -> str:
        """Return the bot's answer to a text."""
        return self._wecom.say(self.userid, text) or ""

    def hears(self) -> list[str]:
        """Return what the bot sent by itself since the last call."""
        return self._wecom.new_pushes(self.userid)


class Office:
    """The bot with the sample people, on one database."""

    def __init__(
        self, url: str, clock: ManualClock, wecom: Simulator, **wecom_part: object
    ) -> None:
        self.clock = clock
        self.wecom = wecom
        self.settings = Settings(
            wecom=WeCom.model_validate({**wecom.settings(), **wecom_part}),
            database=DatabasePart(url=url),
            server=Server(port=0, threads=4),
        )
        self.bot = Bot(self.settings, clock)
        self.runner = self.bot.runner()
        self.delivery = self.bot.delivery()
        self._server = WebServer(self.bot.flask(), self.settings.server)
        self._server.start()
        self.callback = f"http://127.0.0.1:{self._server.port}/wecom/callback"
        wecom.connect(self.callback)

    def close(self) -> None:
        """Stop the web server and let go of the database."""
        self._server.stop()
        self.bot.close()

    def person(self, userid: str) -> Desk:
        """Return the phone of that person."""
        return Desk(self.wecom, userid)

    def load_samples(self, *, assignments: bool = True) -> None:
        """Import what `make demo` imports."""
        plan = read_plan(read_text(DATA / "work-points-2021.txt"), "work-points-2021.txt")
        roster = read_table(DATA / "roster-sample.csv", roster_file.COLUMNS)
        split = read_table(DATA / "assignments-sample.csv", assignments_file.COLUMNS)

        def work(session: Session) -> None:
            services = self.bot.make_services(session)
            services.work_points.import_plan(plan, "test")
            services.people.import_roster(roster, "test")
            if assignments:
                services.assignments.import_table(split, "test")

        self.bot.database.run(work)

    def assign(self, *rows: str) -> None:
        """Import assignments given as lines of the CSV file."""
        content = "\n".join([",".join(assignments_file.COLUMNS), *rows]).encode()
        table = parse_table("test.csv", content, assignments_file.COLUMNS)
        self.bot.database.run(
            lambda session: self.bot.make_services(session).assignments.import_table(table, "test")
        )

    def assignment(self, unit: str, task: str) -> int:
        """Return the id of a unit's part in the task whose name holds `task`."""
        parts = self.bot.database.read(
            lambda session: self.bot.make_services(session).assignments.of_plan()
        )
        found = [
            one.assignment.id
            for one in parts
            if one.assignment.unit == unit and task in one.assignment.task
        ]
        assert len(found) == 1, found
        return found[0]

    def act(self) -> None:
        """Let the jobs that are due run, and deliver what is due."""
        self.runner.pulse()
        self.delivery.drain()

    def pass_time(self, until: datetime, step: timedelta = timedelta(hours=1)) -> None:
        """Move the clock to `until` in steps, acting at each."""
        while self.clock.now() < until:
            self.clock.set(min(self.clock.now() + step, until))
            self.act()


@contextmanager
def open_office(kind: str, folder: Path, **wecom_part: object) -> Iterator[Office]:
    """Lend an office without any content, on an empty database of that kind."""
    clock = ManualClock(ISSUE_DAY)
    members = [*read_roster(DATA / "roster-sample.csv"), Member(STRANGER, "路人", "", "")]
    url = databases.url(kind, folder)
    with Simulator(members, clock=clock) as wecom:
        office = Office(url, clock, wecom, **wecom_part)
        try:
            yield office
        finally:
            office.close()
            if kind == "postgresql":
                databases.drop(url)


def lines(*parts: str) -> str:
    """Return an answer of several lines."""
    return "\n".join(parts)
