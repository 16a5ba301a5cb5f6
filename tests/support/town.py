"""A town of 1,000 contacts for tests with real processes: killed, restarted, and counted."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.app import Bot
from bot.clock import SHANGHAI, ManualClock
from bot.services import assignments_file, roster_file
from bot.services.tables import Table, parse_table
from bot.settings import DatabasePart, Settings
from bot.storage import outbox
from bot.storage.database import Database
from bot.storage.outbox import OutboxRow
from bot.storage.progress import ReportRow
from bot.storage.tokens import TokenRow
from simulator.harness import Simulator
from simulator.people import Person
from tests.support import databases
from tests.support.plan import plan_2021
from tests.support.process import BotProcess, wait_for

UNITS = 200
CONTACTS = 1000
POINTS = 20
"""Ten units a point, so that its fifty contacts get equal texts and share a call."""
OFFICE = "bangongshi"
DEADLINE = "2021-07-02"
REMINDED = datetime(2021, 6, 29, 9, 7, tzinfo=SHANGHAI)
"""When everybody is reminded of the deadline, three working days ahead."""
REMINDER = "【到期提醒】"
TOO_LATE = "【过时】"
"""A message that was due with the reminders and must not be sent any more."""


def contacts() -> list[str]:
    """Return all userids."""
    return [f"u{number}" for number in range(1, CONTACTS + 1)]


def unit_of(number: int) -> str:
    """Return the unit of a contact."""
    return f"单位{(number - 1) % UNITS + 1}"


def town(kind: str, folder: Path) -> str:
    """Return the URL of a new database of this town; the bot never acted in it by itself."""
    return databases.copied(_entered(kind), folder)


def town_before_nine(kind: str, folder: Path) -> str:
    """Return the same, two minutes before the reminders; they are not planned yet."""
    return databases.copied(_begun(kind), folder)


def town_with_reminders(kind: str, folder: Path) -> str:
    """Return the same, with 1,000 reminders in the outbox."""
    return databases.copied(_planned(kind), folder)


@contextmanager
def running(url: str, folder: Path) -> Iterator[tuple[Simulator, BotProcess]]:
    """Lend a WeCom of this town and its bot, which is not started yet."""
    people = [
        Person(f"u{number}", f"联{number}", unit_of(number), "联络员")
        for number in range(1, CONTACTS + 1)
    ]
    with (
        Simulator([*people, Person(OFFICE, "办小文", "双拥办", "双拥办")]) as simulator,
        BotProcess(folder, url, simulator.settings()) as bot,
    ):
        simulator.connect(bot.callback)
        yield simulator, bot


@contextmanager
def looking_at(url: str) -> Iterator[Database]:
    """Lend the database beside the bot."""
    database = Database(url)
    try:
        yield database
    finally:
        database.close()


def booked(url: str) -> Counter[str]:
    """Return how often each report was booked."""
    with looking_at(url) as database:
        return database.read(lambda session: Counter(session.scalars(select(ReportRow.text))))


def wait_until_all_is_sent(url: str) -> None:
    """Wait until there are messages and none of them is still to be sent."""
    with looking_at(url) as database:
        wait_for(lambda: _settled(database.read(outbox.counts)))


def _settled(states: dict[str, int]) -> bool:
    return bool(states) and not {outbox.QUEUED, outbox.SENDING, outbox.UNKNOWN} & states.keys()


def let_leases_run_out(url: str) -> None:
    """Two minutes pass, after which nobody waits for the dead process any more."""
    past = REMINDED - timedelta(days=1)

    def work(session: Session) -> None:
        session.execute(
            update(OutboxRow)
            .where(OutboxRow.state == outbox.SENDING, OutboxRow.lease_until.is_not(None))
            .values(lease_until=past)
        )
        session.execute(
            update(TokenRow).where(TokenRow.lease_holder != "").values(lease_until=past)
        )

    with looking_at(url) as database:
        database.run(work)


@cache
def _entered(kind: str) -> str:
    """Import the plan, the people, and ten units for each point."""
    url = databases.url(kind, databases.folder())
    roster = [
        f"{unit_of(number)},成员单位,,联{number},u{number},联络员"
        for number in range(1, CONTACTS + 1)
    ]
    split = [
        f"{number % POINTS + 1},工作,{unit_of(number)},,{DEADLINE},"
        for number in range(1, UNITS + 1)
    ]
    bot = Bot(Settings(database=DatabasePart(url=url)))

    def work(session: Session) -> None:
        services = bot.make_services(session)
        services.work_points.import_plan(plan_2021(), "test")
        people = _table(roster_file.COLUMNS, [*roster, f"双拥办,机关,,办小文,{OFFICE},双拥办"])
        services.people.import_roster(people, "test")
        services.assignments.import_table(_table(assignments_file.COLUMNS, split), "test")

    bot.database.run(work)
    bot.close()
    return url


@cache
def _begun(kind: str) -> str:
    url = databases.copied(_entered(kind), databases.folder())
    with _acting(url, REMINDED - timedelta(minutes=2)) as bot:
        bot.runner().pulse()
    return url


@cache
def _planned(kind: str) -> str:
    url = databases.copied(_begun(kind), databases.folder())
    with _acting(url, REMINDED - timedelta(minutes=1)) as bot:
        bot.runner().pulse()
        bot.database.run(lambda session: _put_too_late(bot, session))
    return url


def _put_too_late(bot: Bot, session: Session) -> None:
    notices = bot.make_services(session).notices
    for userid in contacts()[:3]:
        notices.put(userid, "text", {"text": TOO_LATE}, key=f"late:{userid}", due_at=REMINDED)
    session.execute(
        update(OutboxRow).where(OutboxRow.key.like("late:%")).values(expires_at=REMINDED)
    )


@contextmanager
def _acting(url: str, at: datetime) -> Iterator[Bot]:
    bot = Bot(Settings(database=DatabasePart(url=url)), ManualClock(at))
    try:
        yield bot
    finally:
        bot.close()


def _table(columns: tuple[str, ...], rows: list[str]) -> Table:
    return parse_table("test.csv", "\n".join([",".join(columns), *rows]).encode(), columns)
