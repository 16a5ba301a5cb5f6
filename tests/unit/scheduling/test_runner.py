"""Jobs run once at their time, on one node, whatever crashes."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from bot.clock import SHANGHAI, ManualClock
from bot.outbox import queue
from bot.scheduling.registry import Job, Late, Sweep, Tick
from bot.scheduling.runner import RETRIES, Runner
from bot.scheduling.scheduler import due_between
from bot.services import Services
from bot.storage import outbox, ticks
from bot.storage.database import Database

START = datetime(2021, 7, 26, 8, 0, tzinfo=SHANGHAI)
"""A Monday in the year of the plan."""
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


class _Session(Services):
    """Services of a job that only needs the transaction."""

    def __init__(self, session: Session) -> None:
        self.session = session


def services(session: Session) -> Services:
    return _Session(session)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2021, 7, day, hour, minute, tzinfo=SHANGHAI)


def put(tick: Tick) -> None:
    """Queue one message for each run, so that a run leaves a trace in its transaction."""
    queue.put(
        tick.services.session, key=f"run:{tick.due:%d %H:%M}:{tick.now:%d %H:%M}", touser="linxian",
        kind="text", facts={}, due_at=tick.now, now=tick.now,
    )  # fmt: skip


def daily(
    function: Callable[[Tick], object] = put, *, name: str = "daily", late: Late = "fold"
) -> Job:
    return Job(function, name, "7 9 * * *", 2 * HOUR, late)


class Node:
    """One process with its jobs."""

    def __init__(self, database: Database, *jobs: Job, clock: ManualClock | None = None) -> None:
        self.database = database
        self.clock = clock or ManualClock(START)
        self.runner = Runner(database, jobs, [], services, self.clock, due_between)

    def pulse_at(self, *moments: datetime) -> None:
        for moment in moments:
            self.clock.set(moment)
            self.runner.pulse()

    def runs(self) -> list[str]:
        """Return `due:now` of all runs that left their trace."""

        def work(session: Session) -> list[str]:
            rows = session.query(outbox.OutboxRow.key).order_by(outbox.OutboxRow.id)
            return [key.removeprefix("run:") for (key,) in rows]

        return self.database.read(work)


@pytest.fixture
def node(database: Database) -> Node:
    return Node(database, daily())


def test_a_job_runs_once_when_it_is_due(node: Node) -> None:
    node.pulse_at(START, at(26, 9, 6), at(26, 9, 7), at(26, 9, 8), at(26, 12))
    assert node.runs() == ["26 09:07:26 09:07"]
    node.pulse_at(at(27, 9, 7))
    assert node.runs() == ["26 09:07:26 09:07", "27 09:07:27 09:07"]


def test_at_the_very_first_start_nothing_before_is_due(node: Node) -> None:
    node.pulse_at(at(26, 9, 8), at(26, 9, 9))
    assert node.runs() == []


def test_what_was_missed_after_the_first_start_is_known_though_nothing_ran_yet(
    database: Database,
) -> None:
    Node(database, daily()).pulse_at(START)
    restarted = Node(database, daily())
    restarted.pulse_at(at(26, 9, 30))
    assert restarted.runs() == ["26 09:07:26 09:30"]


@pytest.mark.parametrize(
    ("late", "expected"),
    [
        ("fold", ["27 09:07:27 20:00"]),
        ("send", ["26 09:07:27 20:00", "27 09:07:27 20:00"]),
        ("skip", []),
    ],
)
def test_down_over_two_due_times(database: Database, late: Late, expected: list[str]) -> None:
    Node(database, daily(late=late)).pulse_at(START)
    restarted = Node(database, daily(late=late))
    restarted.pulse_at(at(27, 20), at(27, 20, 1))
    assert restarted.runs() == expected
    restarted.pulse_at(at(28, 9, 7))
    assert restarted.runs() == [*expected, "28 09:07:28 09:07"]


def test_two_nodes_at_once_run_each_run_once(database: Database) -> None:
    """Tried without the guard: with `ticks.claim` always saying yes, each run left two traces."""
    counted: list[datetime] = []
    lock = threading.Lock()

    def count(tick: Tick) -> None:
        put(tick)
        with lock:
            counted.append(tick.due)

    nodes = [Node(database, daily(count)) for _ in range(2)]
    nodes[0].pulse_at(START)
    barrier = threading.Barrier(2)

    def pulses(node: Node) -> None:
        for day in range(26, 32):
            barrier.wait(timeout=30)
            node.pulse_at(at(day, 9, 7))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(pulses, nodes))
    assert sorted(counted) == [at(day, 9, 7) for day in range(26, 32)]


def test_a_crash_leaves_nothing_and_another_node_does_it(database: Database) -> None:
    def crashes(tick: Tick) -> None:
        put(tick)
        tick.services.session.flush()
        raise SystemExit

    node = Node(database, daily(crashes))
    node.pulse_at(START)
    with pytest.raises(SystemExit):
        node.pulse_at(at(26, 9, 7))
    assert node.runs() == []
    other = Node(database, daily())
    other.pulse_at(at(26, 9, 7))
    assert other.runs() == ["26 09:07:26 09:07"]


class Buggy:
    """A job that fails a number of times, after having written something."""

    def __init__(self, times: int) -> None:
        self.times = times
        self.tries: list[datetime] = []

    def __call__(self, tick: Tick) -> None:
        put(tick)
        self.tries.append(tick.now)
        if len(self.tries) <= self.times:
            raise ZeroDivisionError


def pulse_each_minute(node: Node, minutes: int) -> None:
    node.pulse_at(*(at(26, 9, 7) + timedelta(minutes=number) for number in range(minutes)))


def test_a_bug_in_one_job_stops_no_other(database: Database) -> None:
    node = Node(database, daily(Buggy(99), name="buggy"), daily(name="good"))
    node.pulse_at(START)
    node.pulse_at(at(26, 9, 7))
    assert node.runs() == ["26 09:07:26 09:07"]


def test_a_bug_that_passes_is_overcome(database: Database) -> None:
    job = Buggy(2)
    node = Node(database, daily(job))
    node.pulse_at(START)
    pulse_each_minute(node, 60)
    assert node.runs() == ["26 09:07:26 09:13"]
    assert database.read(ticks.failures) == []


def test_a_bug_that_stays_is_given_up_visibly(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    job = Buggy(99)
    node = Node(database, daily(job))
    node.pulse_at(START)
    pulse_each_minute(node, 120)
    waits = [later - earlier for earlier, later in zip(job.tries, job.tries[1:], strict=False)]
    assert waits == list(RETRIES)
    assert node.runs() == []
    [failure] = database.read(ticks.failures)
    assert (failure.job, failure.due, failure.outcome) == ("daily", at(26, 9, 7), ticks.GIVEN_UP)
    assert "ZeroDivisionError" in caplog.text
    node.pulse_at(at(27, 9, 7))
    assert len(job.tries) == 5, "the next day is another run"


def test_a_clock_set_back_runs_nothing_twice_and_goes_on(node: Node) -> None:
    node.pulse_at(START, at(26, 9, 7), at(27, 9, 7))
    node.pulse_at(at(26, 9, 0), at(26, 9, 7), at(27, 9, 7))
    assert len(node.runs()) == 2
    node.pulse_at(at(28, 9, 7))
    assert node.runs()[2:] == ["28 09:07:28 09:07"]


def test_a_rehearsal_of_last_year_begins_at_its_start(node: Node) -> None:
    node.pulse_at(datetime(2026, 11, 23, 8, 0, tzinfo=SHANGHAI))
    node.pulse_at(START, at(26, 9, 7))
    assert node.runs() == ["26 09:07:26 09:07"]


def test_the_year_2021_day_by_day(sqlite: Database) -> None:
    morning = Job(put, "morning", "7 9 * * mon-fri", 2 * HOUR, "fold")
    seen: list[datetime] = []
    counting = Job(lambda tick: seen.append(tick.due), "c", "7 9 * * mon-fri", HOUR, "fold")
    node = Node(sqlite, morning, counting)
    start = datetime(2021, 1, 1, 0, 0, tzinfo=SHANGHAI)
    node.pulse_at(*(start + HOUR * number for number in range(0, 365 * 24, 6)))
    days = [start.date() + DAY * number for number in range(365)]
    assert [due.date() for due in seen] == [day for day in days if day.weekday() < 5]
    assert {(due.hour, due.minute) for due in seen} == {(9, 7)}


def test_a_jump_of_years_is_folded_at_once(node: Node) -> None:
    node.pulse_at(START, datetime(2026, 7, 26, 20, 0, tzinfo=SHANGHAI))
    assert node.runs() == ["26 09:07:26 20:00"]


def test_a_sweep_sees_the_time_and_writes_in_one_transaction(database: Database) -> None:
    node = Node(database, clock=ManualClock(at(26, 9, 7)))
    node.runner.sweep(Sweep(put, "sweep", timedelta(seconds=1)))
    assert node.runs() == ["26 09:07:26 09:07"]
    with pytest.raises(ZeroDivisionError):
        node.runner.sweep(Sweep(Buggy(1), "sweep", timedelta(seconds=1)))
    assert len(node.runs()) == 1


def test_what_cannot_work_stops_the_start(sqlite: Database) -> None:
    with pytest.raises(ValueError, match="name"):
        Node(sqlite, daily(), daily())
    with pytest.raises(ValueError, match=r".+"):
        Node(sqlite, Job(put, "impossible", "75 9 * * *", HOUR, "fold"))
