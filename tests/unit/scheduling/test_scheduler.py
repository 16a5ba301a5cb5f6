"""Cron expressions, and the alarm clock."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import SHANGHAI, ManualClock
from bot.scheduling.registry import Chore
from bot.scheduling.runner import Runner
from bot.scheduling.scheduler import REST, Alarm, Scheduler, due_between, next_due
from bot.storage.database import Database

MONDAY = datetime(2021, 7, 26, 0, 0, tzinfo=SHANGHAI)


def at(day: int, hour: int, minute: int) -> datetime:
    return datetime(2021, 7, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("cron", "after", "expected"),
    [
        ("7 9 * * mon-fri", at(26, 9, 6), at(26, 9, 7)),
        ("7 9 * * mon-fri", at(26, 9, 7), at(27, 9, 7)),
        ("7 9 * * mon-fri", at(30, 9, 7), datetime(2021, 8, 2, 9, 7, tzinfo=SHANGHAI)),
        ("0 10 * * sun", at(26, 0, 0), datetime(2021, 8, 1, 10, 0, tzinfo=SHANGHAI)),
        ("0 0 29 2 *", at(26, 0, 0), datetime(2024, 2, 29, tzinfo=SHANGHAI)),
    ],
)
def test_the_next_moment(cron: str, after: datetime, expected: datetime) -> None:
    assert next_due(cron, after, SHANGHAI) == expected


def test_expressions_are_read_in_the_offices_zone_whatever_the_moment_carries() -> None:
    after = datetime(2021, 7, 26, 1, 6, tzinfo=UTC)
    assert next_due("7 9 * * *", after, SHANGHAI) == at(26, 9, 7)


def test_a_day_that_never_comes_has_no_moment() -> None:
    assert next_due("0 0 30 2 *", MONDAY, SHANGHAI) is None


@pytest.mark.parametrize("cron", ["75 9 * * *", "0 25 * * *", "0 0 0 * *"])
def test_an_impossible_expression_is_an_error(cron: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        due_between(cron, MONDAY, MONDAY)


def test_all_moments_of_a_week_with_the_end_and_without_the_beginning() -> None:
    found = due_between("7 9 * * mon-fri", at(26, 9, 7), at(30, 9, 7))
    assert found == [at(day, 9, 7) for day in (27, 28, 29, 30)]


def test_backwards_there_are_none() -> None:
    assert due_between("* * * * *", MONDAY, MONDAY - timedelta(days=300)) == []


class Monotonic:
    """Seconds that a test turns."""

    def __init__(self) -> None:
        self.seconds = 5.0

    def __call__(self) -> float:
        return self.seconds


def test_an_alarm_that_failed_rests_and_then_rings_again() -> None:
    rung: list[float] = []
    seconds = Monotonic()

    def fails() -> None:
        rung.append(seconds())
        raise ConnectionError

    alarm = Alarm(Chore(fails, "fails", timedelta(seconds=1)), seconds)
    for _ in range(int(REST) + 2):
        alarm()
        seconds.seconds += 1
    assert rung == [5.0, 5.0 + REST]


@pytest.fixture
def runner(sqlite: Database) -> Runner:
    return Runner(sqlite, [], [], lambda _: pytest.fail("no job"), ManualClock(MONDAY), due_between)


def test_it_rings_again_and_again_until_it_is_stopped(runner: Runner) -> None:
    rung = threading.Semaphore(0)
    chore = Chore(rung.release, "chore", timedelta(milliseconds=20))
    scheduler = Scheduler(runner, pulse=timedelta(milliseconds=20), chores=[chore])
    scheduler.start()
    assert all(rung.acquire(timeout=30) for _ in range(3))
    scheduler.stop()
    while rung.acquire(blocking=False):
        pass
    assert not rung.acquire(timeout=0.1)


def test_stopping_waits_for_what_is_under_way(runner: Runner) -> None:
    begun, may_end, ended = threading.Event(), threading.Event(), threading.Event()

    def slow() -> None:
        begun.set()
        may_end.wait(timeout=30)
        ended.set()

    scheduler = Scheduler(runner, chores=[Chore(slow, "slow", timedelta(milliseconds=10))])
    scheduler.start()
    assert begun.wait(timeout=30)
    threading.Timer(0.05, may_end.set).start()
    scheduler.stop()
    assert ended.is_set()
