"""Real processes, killed in the middle: what was acknowledged is there, nothing comes twice."""

import random
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from bot.app import Bot
from bot.clock import SHANGHAI
from bot.services import assignments_file, roster_file
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
                table(roster_file.COLUMNS, [*roster, f"双拥办,机关,,办小文,{OFFICE},双拥办"]), "test"
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
        return database.read(
            lambda session: Counter(
                dict(
                    session.execute(
                        select(ReportRow.text, func.count()).group_by(ReportRow.text)
                    ).all()
                )
            )
        )


class Crowd:
    """Eight people at a time report something different each time, until the bot is gone."""

    def __init__(self, wecom: Simulator) -> None:
        self._wecom = wecom
        self._numbers = count(1)
        self._lock = threading.Lock()
        self.sent: dict[str, Delivery] = {}

    @property
    def acknowledged(self) -> set[str]:
        with self._lock:
            return {text for text, delivery in self.sent.items() if delivery.received}

    def report_until(self, end: "threading.Event") -> None:
        with ThreadPoolExecutor(8) as pool:
            for _ in range(8):
                pool.submit(self._report, end)

    def _report(self, end: threading.Event) -> None:
        while not end.is_set():
            number = next(self._numbers)
            text = f"第20条 推进中，走访部队{number}个"
            delivery = self._wecom.phones.say(f"u{number % UNITS + 1}", text)
            with self._lock:
                self.sent[text] = delivery
            if not delivery.received:
                return


def report_and_end(crowd: Crowd, bot: BotProcess, after: int) -> int:
    """Let the crowd report, and kill the bot once so many more reports were acknowledged."""
    end, enough = threading.Event(), len(crowd.acknowledged) + after
    crowds = threading.Thread(target=crowd.report_until, args=(end,))
    crowds.start()
    try:
        wait_for(lambda: len(crowd.acknowledged) >= enough)
        return bot.stop() if after == 0 else _killed(bot)
    finally:
        end.set()
        crowds.join()


def _killed(bot: BotProcess) -> int:
    bot.kill()
    return 0


def test_what_was_acknowledged_survives_and_what_is_delivered_again_is_booked_once(
    url: str, wecom: tuple[Simulator, BotProcess]
) -> None:
    simulator, bot = wecom
    crowd = Crowd(simulator)
    for after in (random.randrange(5, 40), random.randrange(40, 120)):
        bot.start()
        report_and_end(crowd, bot, after)
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
    crowd, end = Crowd(simulator), threading.Event()
    bot.start()
    crowds = threading.Thread(target=crowd.report_until, args=(end,))
    crowds.start()
    wait_for(lambda: len(crowd.acknowledged) >= 50)
    assert bot.stop() == 0
    end.set()
    crowds.join()
    assert set(booked(url)) == crowd.acknowledged


def lose_every_second_answer(simulator: Simulator) -> None:
    for _ in range(POINTS):
        simulator.faults.set("message/send", Effect.DELAY, 0.05)
        simulator.faults.set("message/send", Effect.LOSE)


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


def waiting(url: str) -> int:
    with looking_at(url) as database:
        counts = database.read(outbox.counts)
    return sum(counts.get(state, 0) for state in (outbox.QUEUED, outbox.SENDING, outbox.UNKNOWN))


def test_each_reminder_arrives_once_though_the_sender_is_killed_again_and_again(
    url: str, wecom: tuple[Simulator, BotProcess]
) -> None:
    simulator, bot = wecom
    lose_every_second_answer(simulator)
    everything = "、".join(str(number) for number in range(1, POINTS + 1))
    hours = count()
    for calls in (2, random.randrange(5, 12), random.randrange(12, 18)):
        bot.start("--start-at", (MORNING + timedelta(hours=next(hours))).isoformat())
        if calls == 2:
            assert "第20条" in (simulator.say(OFFICE, f"催办 第{everything}条") or "")
        wait_for(lambda calls=calls: len(simulator.calls("message/send")) >= calls)  # type: ignore[misc]
        bot.kill()
        let_leases_run_out(url)
    simulator.faults.clear()
    bot.start("--start-at", (MORNING + timedelta(hours=next(hours))).isoformat())
    wait_for(lambda: all(asked(simulator, number) for number in each()))
    wait_for(lambda: sent(url) >= UNITS)
    assert bot.stop() == 0
    assert Counter(len(asked(simulator, number)) for number in each()) == {1: UNITS}


def asked(simulator: Simulator, number: int) -> list[str]:
    """Return the requests for a report that this contact got."""
    return [text for text in simulator.pushes(f"u{number}") if text.startswith("【催办 第1次】")]
