"""Real processes, killed in the middle: what was acknowledged is there, nothing comes twice."""

import random
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot.app import Bot
from bot.clock import SHANGHAI
from bot.services import assignments_file, roster_file
from bot.services.reminders import CHASE
from bot.services.tables import Table, parse_table
from bot.settings import DatabasePart, Settings
from bot.storage import outbox
from bot.storage.database import Database
from bot.storage.outbox import OutboxRow
from bot.storage.progress import ReportRow
from simulator.callback import Delivery
from simulator.faults import Effect
from simulator.harness import Simulator
from simulator.people import Person
from tests.support import databases
from tests.support.plan import plan_2021
from tests.support.process import BotProcess, wait_for

pytestmark = pytest.mark.slow
MORNING = datetime(2021, 7, 28, 9, 30, tzinfo=SHANGHAI)
UNITS = 200
POINTS = 20
OFFICE = "bangongshi"


@pytest.fixture(params=databases.KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    address = databases.url(request.param, tmp_path)
    yield address
    if request.param == "postgresql":
        databases.drop(address)


@pytest.fixture
def wecom(url: str, tmp_path: Path) -> Iterator[tuple[Simulator, BotProcess]]:
    """A WeCom of 200 contacts, each of a unit of their own, and the bot that is not started yet."""
    people = [Person(f"u{number}", f"联{number}", f"单位{number}", "联络员") for number in each()]
    enter(url)
    with (
        Simulator([*people, Person(OFFICE, "办小文", "双拥办", "双拥办")]) as simulator,
        BotProcess(tmp_path, url, simulator.settings()) as bot,
    ):
        simulator.connect(bot.callback)
        yield simulator, bot


def each() -> range:
    return range(1, UNITS + 1)


def enter(url: str) -> None:
    """Import the plan, the people, and ten units for each point."""
    roster = [f"单位{number},成员单位,,联{number},u{number},联络员" for number in each()]
    split = [f"{number % POINTS + 1},,单位{number},,," for number in each()]
    bot = Bot(Settings(database=DatabasePart(url=url)))
    bot.database.run(
        lambda session: (
            bot.make_services(session).work_points.import_plan(plan_2021(), "test"),
            bot.make_services(session).people.import_roster(
                table(roster_file.COLUMNS, [*roster, f"双拥办,机关,,办小文,{OFFICE},双拥办"]),
                "test",
            ),
        )
    )
    bot.database.run(
        lambda session: bot.make_services(session).assignments.import_table(
            table(assignments_file.COLUMNS, split), "test"
        )
    )
    bot.close()


def table(columns: tuple[str, ...], rows: list[str]) -> Table:
    return parse_table("test.csv", "\n".join([",".join(columns), *rows]).encode(), columns)


@contextmanager
def looking_at(url: str) -> Iterator[Database]:
    database = Database(url)
    try:
        yield database
    finally:
        database.close()


def booked(url: str) -> Counter[str]:
    """Return how often each report was booked."""
    with looking_at(url) as database:
        return database.read(lambda session: Counter(session.scalars(select(ReportRow.text))))


class Crowd:
    """Eight people at a time report something different each time, until the bot is gone."""

    def __init__(self, wecom: Simulator) -> None:
        self._wecom = wecom
        self._numbers = count(1)
        self._lock = threading.Lock()
        self.sent: dict[str, Delivery] = {}

    @property
    def acknowledged(self) -> set[str]:
        """What the bot answered."""
        with self._lock:
            return {text for text, delivery in self.sent.items() if delivery.received}

    @contextmanager
    def reporting(self, most: int) -> Iterator[None]:
        """Report meanwhile; begin when so many more reports were acknowledged."""
        enough = len(self.acknowledged) + most
        with ThreadPoolExecutor(8) as pool:
            for _ in range(8):
                pool.submit(self._report)
            wait_for(lambda: len(self.acknowledged) >= enough)
            yield

    def _report(self) -> None:
        """Report until nobody answers."""
        received = True
        while received:
            number = next(self._numbers)
            text = f"第20条 推进中，走访部队{number}个"
            delivery = self._wecom.phones.say(f"u{number % UNITS + 1}", text)
            received = delivery.received
            with self._lock:
                self.sent[text] = delivery


def test_what_was_acknowledged_survives_and_what_is_delivered_again_is_booked_once(
    url: str, wecom: tuple[Simulator, BotProcess]
) -> None:
    simulator, bot = wecom
    crowd = Crowd(simulator)
    for reports in (random.randrange(5, 40), random.randrange(40, 120)):
        bot.start()
        with crowd.reporting(reports):
            bot.kill()
        assert crowd.acknowledged <= set(booked(url))
    bot.start()
    for delivery in crowd.sent.values():
        [again] = simulator.phones.redeliver(delivery, 1)
        assert again.text
        assert again.text.startswith("已记录：")
        assert delivery.text in {None, again.text}
    assert bot.stop() == 0
    assert booked(url) == Counter(crowd.sent.keys())


def test_a_stop_in_order_answers_all_that_it_booked(
    url: str, wecom: tuple[Simulator, BotProcess]
) -> None:
    simulator, bot = wecom
    crowd = Crowd(simulator)
    bot.start()
    with crowd.reporting(50):
        assert bot.stop() == 0
    assert set(booked(url)) == crowd.acknowledged


def test_a_burst_of_signals_is_one_stop(url: str, wecom: tuple[Simulator, BotProcess]) -> None:
    _, bot = wecom
    bot.start()
    assert bot.stop_impatiently(50) == 0


def test_each_reminder_arrives_once_though_the_sender_is_killed_again_and_again(
    url: str, wecom: tuple[Simulator, BotProcess]
) -> None:
    simulator, bot = wecom
    slow_down_and_lose_answers(simulator)
    for hour, calls in enumerate((2, random.randrange(5, 11), random.randrange(11, 17))):
        bot.start("--start-at", (MORNING + timedelta(hours=hour)).isoformat())
        if hour == 0:
            assert "10 家单位" in (simulator.say(OFFICE, f"催办 第{EVERYTHING}条") or "")
        wait_for(partial(has_called, simulator, calls))
        bot.kill()
        let_leases_run_out(url)
    simulator.faults.clear()
    bot.start("--start-at", (MORNING + timedelta(hours=4)).isoformat())
    wait_for(lambda: chased(url) == Counter({outbox.SENT: UNITS}))
    assert bot.stop() == 0
    assert Counter(len(asked(simulator, number)) for number in each()) == {1: UNITS}
    assert len(simulator.calls("message/send")) > POINTS, "some calls were made again"


EVERYTHING = "、".join(str(number) for number in range(1, POINTS + 1))


def slow_down_and_lose_answers(simulator: Simulator) -> None:
    for _ in range(POINTS):
        simulator.faults.set("message/send", Effect.DELAY, 0.05, times=2)
        simulator.faults.set("message/send", Effect.LOSE)


def has_called(simulator: Simulator, calls: int) -> bool:
    return len(simulator.calls("message/send")) >= calls


def let_leases_run_out(url: str) -> None:
    """Two minutes pass, after which nobody waits for the dead process any more."""
    with looking_at(url) as database:
        database.run(
            lambda session: session.execute(
                update(OutboxRow)
                .where(OutboxRow.state == outbox.SENDING, OutboxRow.lease_until.is_not(None))
                .values(lease_until=MORNING)
            )
        )


def chased(url: str) -> Counter[str]:
    """Return how many requests for a report are in each state."""
    query = select(OutboxRow.state).where(OutboxRow.kind == CHASE)
    with looking_at(url) as database:
        return database.read(lambda session: Counter(session.scalars(query)))


def asked(simulator: Simulator, number: int) -> list[str]:
    """Return the requests for a report that this contact got."""
    return [text for text in simulator.pushes(f"u{number}") if text.startswith("【催办 第1次】")]
