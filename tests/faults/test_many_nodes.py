"""Several web nodes and workers on hosts of their own: killed, cut off, restarted, one database."""

import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import select, update

from bot.app import Bot
from bot.cli.say import say
from bot.clock import SHANGHAI, ManualClock
from bot.settings import DatabasePart, Settings
from bot.storage import outbox, ticks
from bot.storage.outbox import OutboxRow
from bot.storage.progress import ReportRow
from bot.storage.ticks import TickRow
from simulator.callback import Callback, Delivery, over_http
from simulator.faults import Effect
from tests.support import hosts
from tests.support.caller import Caller
from tests.support.city import UNITS, City, Ground, city, ground
from tests.support.crowd import OFFICE, POINTS
from tests.support.hosts import INNER, OUTER
from tests.support.nodes import Balancer, Node, ended, start_together, started
from tests.support.process import own_environment, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("hosts")]
MORNING = datetime(2021, 7, 28, 9, 30, tzinfo=SHANGHAI)
CLOCK = ("--start-at", MORNING.isoformat())
LONG_AGO = MORNING - timedelta(days=30)


@pytest.fixture(scope="module")
def shared() -> Iterator[Ground]:
    if reason := hosts.missing():
        pytest.skip(reason)
    with ground() as lent:
        yield lent


@pytest.fixture
def bots(shared: Ground) -> Iterator[City]:
    with city(shared) as lent:
        yield lent


def booked(bots: City) -> Counter[str]:
    """Return how often each report was booked."""
    return bots.database.read(lambda session: Counter(session.scalars(select(ReportRow.text))))


def report(number: int) -> tuple[str, str]:
    """Return who reports, and a text of their own on a point that nobody is asked for."""
    return f"u{number % UNITS + 1}", f"第20条 推进中，走访部队{number}个"


# --- callbacks


MESSAGES = 1000
DELIVERIES = 3
REDELIVERIES = 1000
"""After which a test gives up; WeCom itself gives up after three."""


def test_each_message_is_booked_once_though_it_comes_three_times_while_nodes_die(
    bots: City,
) -> None:
    nodes = [bots.node("web"), bots.node("web")]
    lines = [Callback(bots.simulator.corp, bots.simulator.machine_clock, over_http(node.callback))
             for node in nodes]  # fmt: skip
    writer = Caller("", bots.simulator.corp)
    people, texts = zip(*map(report, range(MESSAGES)), strict=True)
    messages = [
        Delivery(person, writer.text(person, text, bots.simulator.clock.now()))
        for person, text in zip(people, texts, strict=True)
    ]

    def deliver(message: Delivery, first: int) -> str | None:
        """Deliver as WeCom does, to one node and the other, until somebody answers."""
        for turn in range(first, first + REDELIVERIES):
            [outcome] = lines[turn % 2].redeliver(message, 1)
            if outcome.received:
                return outcome.text
            threading.Event().wait(0.05)
        raise AssertionError("nobody answers any more")

    with started(*nodes), ThreadPoolExecutor(8) as pool:
        calls = [
            [pool.submit(deliver, message, turn) for turn in range(DELIVERIES)]
            for message in messages
        ]
        for node, answered in zip(nodes, (MESSAGES // 4, MESSAGES // 2), strict=True):
            passes(calls[answered])
            node.kill()
            node.start()
        answers = [{call.result() for call in calls_of_one} for calls_of_one in calls]
    assert {len(alike) for alike in answers} == {1}
    assert all((answer or "").startswith("已记录：") for [answer] in answers)
    assert booked(bots) == Counter(texts)


def passes(calls: list[Future[str | None]]) -> None:
    """Wait until these have been answered."""
    for call in calls:
        call.result(timeout=60)


class Reporters:
    """People who report something different each time, some 40 a second, until they are heard."""

    def __init__(self, bots: City) -> None:
        self._phones = bots.simulator.phones
        self._numbers = count(1)
        self._over = threading.Event()
        self._lock = threading.Lock()
        self.sent: dict[str, Delivery] = {}

    @contextmanager
    def reporting(self) -> Iterator[None]:
        """Report meanwhile, four at a time."""
        with ThreadPoolExecutor(4) as pool:
            calls = [pool.submit(self._report) for _ in range(4)]
            try:
                self.go_on()
                yield
                self.go_on()
            finally:
                self._over.set()
        for call in calls:
            call.result()

    def go_on(self) -> None:
        """Wait until more reports have been answered."""
        enough = len(self.sent) + 20
        wait_for(lambda: len(self.sent) >= enough)

    def _report(self) -> None:
        while not self._over.is_set():
            person, text = report(next(self._numbers))
            delivery = self._phones.say(person, text)
            while not delivery.received and len(delivery.attempts) < REDELIVERIES:
                threading.Event().wait(0.05)
                [again] = self._phones.redeliver(delivery, 1)
                delivery.attempts += again.attempts
                delivery.reply = again.reply
            assert delivery.received
            with self._lock:
                self.sent[text] = delivery
            self._over.wait(0.1)


def test_a_rolling_restart_loses_and_doubles_nothing(bots: City) -> None:
    webs = [bots.node("web", *CLOCK), bots.node("web", *CLOCK)]
    workers = [bots.node("worker", *CLOCK), bots.node("worker", *CLOCK)]
    bots.simulator.connect(Balancer(*webs))
    reporters = Reporters(bots)
    with started(*webs, *workers):
        bots.simulator.faults.set("message/send", Effect.DELAY, 0.5, times=None)
        with reporters.reporting():
            chase(bots, POINTS)
            for machine in zip(webs, workers, strict=True):
                for node in machine:
                    node.stop()
                start_together(*machine)
                reporters.go_on()
        wait_for(lambda: chased(bots) == Counter({outbox.SENT: UNITS}))
    tried = Counter(len(delivery.attempts) for delivery in reporters.sent.values())
    assert tried == {1: len(reporters.sent)}, "somebody had to wait for WeCom's second delivery"
    assert booked(bots) == Counter(reporters.sent.keys())
    assert got(bots) == {1: UNITS}


def test_the_database_restarts_under_load_and_then_one_node_does_not_reach_it(
    bots: City,
) -> None:
    webs = [bots.node("web", *CLOCK), bots.node("web", *CLOCK)]
    worker = bots.node("worker", *CLOCK)
    bots.simulator.connect(Balancer(*webs))
    reporters = Reporters(bots)
    with started(*webs, worker):
        with reporters.reporting():
            for mode in ("fast", "immediate"):
                bots.server.stop(mode)
                wait_for(lambda: readiness(webs) == [503, 503])
                assert [node.status("/healthz") for node in webs] == [200, 200]
                bots.server.start()
                wait_for(lambda: readiness(webs) == [200, 200])
                reporters.go_on()
        be_without_database(bots, *webs)
        chase(bots, POINTS)
        wait_for(lambda: chased(bots) == Counter({outbox.SENT: UNITS}))
    statuses = {one.status for delivery in reporters.sent.values() for one in delivery.attempts}
    assert statuses == {200, 500}, "every callback had an answer in time"
    assert booked(bots) == Counter([*reporters.sent.keys(), LATE])
    assert got(bots) == {1: UNITS}


LATE = "第20条 推进中，走访0户"


def readiness(webs: list[Node]) -> list[int | None]:
    return [node.status("/readyz") for node in webs]


def be_without_database(bots: City, lonely: Node, other: Node) -> None:
    """Cut one node off: it says so in WeCom's time, the other answers, and it comes back."""
    lonely.host.cut(INNER)
    wait_for(lambda: readiness([lonely, other]) == [503, 200])
    bots.simulator.connect(lonely.callback)
    late = bots.simulator.send("u1", LATE)
    assert [attempt.status for attempt in late.attempts] == [500, 500, 500]
    bots.simulator.connect(other.callback)
    [answer] = bots.simulator.redeliver(1)
    assert (answer.text or "").startswith("已记录：")
    lonely.host.mend(INNER)
    wait_for(lambda: readiness([lonely, other]) == [200, 200])
    bots.simulator.connect(lonely.callback)
    assert [again.text for again in bots.simulator.redeliver(1)] == [answer.text]


HOLDER = """
import sys, threading
from sqlalchemy import text
from bot.storage.database import Database
with Database(sys.argv[1]).engine.begin() as connection:
    connection.execute(text("SELECT * FROM conversations FOR UPDATE"))
    print("held", flush=True)
    threading.Event().wait()
"""


def test_what_a_node_left_open_when_it_was_cut_off_blocks_nobody(bots: City) -> None:
    web, gone = bots.node("web"), bots.hosts.add()
    with started(web):
        bots.simulator.connect(web.callback)
        assert bots.simulator.send("u1", "第20条 推进中，走访1户").received
        command = gone.command(sys.executable, "-c", HOLDER, bots.database.url)
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=own_environment()) as holder:
            try:
                assert holder.stdout is not None
                assert holder.stdout.readline() == b"held\n"
                gone.cut(INNER)
                waiting = bots.simulator.send("u1", "第20条 推进中，走访2户")
            finally:
                holder.kill()
        assert waiting.received, "it has been rolled back before WeCom gives up"
    assert booked(bots).total() == 2


# --- reminders


def test_nobody_gets_two_reminders_and_nobody_none_whatever_becomes_of_the_workers(
    bots: City,
) -> None:
    """One is killed and three are cut off, each while WeCom has its calls; a fifth takes over."""
    waves = iter([POINTS[start : start + 2] for start in range(0, len(POINTS), 2)])
    killed, forgetful, lost, unheard, last = (bots.node("worker", *CLOCK) for _ in range(5))
    cut_off = (forgetful, lost, unheard)
    with ended(killed, *cut_off, last):
        last.start()
        last.freeze()
        send(bots, killed, next(waves))
        killed.kill()
        send(bots, forgetful, next(waves))
        forgetful.host.cut(INNER)
        send(bots, lost, next(waves))
        lost.host.cut(INNER, OUTER)
        wait_for(lambda: "deliver failed" in forgetful.log)
        send(bots, unheard, next(waves))
        unheard.host.cut(OUTER)

        let_leases_run_out(bots)
        last.thaw()
        wait_for(lambda: chased(bots) == Counter({outbox.SENT: UNITS * 4 // 5}))
        recorded = rows(bots)
        last.stop()
        for node in cut_off:
            node.host.mend(INNER, OUTER)
        wait_for(lambda: "was taken over by another process" in unheard.log)
        unheard.stop()
        chase(bots, next(waves))
        wait_for(lambda: chased(bots) == Counter({outbox.SENT: UNITS}))
        forgetful.stop()
        lost.stop()
    assert recorded.items() <= rows(bots).items(), "what was recorded is not written over"
    assert got(bots) == {1: UNITS}
    assert len(bots.simulator.calls("message/send")) > len(POINTS), "some calls were made again"


SLOW = 2.0
"""Seconds that WeCom takes over a call; half of what a broken connection takes to be noticed."""


def send(bots: City, worker: Node, points: range) -> None:
    """Start a worker and let the office ask: return when WeCom has the calls, one a point."""
    worker.start()
    faults = bots.simulator.faults
    faults.set("message/send", Effect.DELAY, SLOW, times=len(points))
    chase(bots, points)
    wait_for(lambda: not faults.as_json())


def chase(bots: City, points: range) -> None:
    """The office asks all units that take part in these points."""
    settings = Settings(database=DatabasePart(url=bots.database.url))
    bot = Bot(settings, ManualClock(MORNING))
    numbers = "、".join(map(str, points))
    try:
        assert "已向联络员发出" in (answer := say(bot, OFFICE, f"催办 第{numbers}条")), answer
    finally:
        bot.close()


def let_leases_run_out(bots: City) -> None:
    """Two minutes pass, after which nobody waits any more for those who hold them."""
    bots.database.run(
        lambda session: session.execute(
            update(OutboxRow)
            .where(OutboxRow.state == outbox.SENDING, OutboxRow.lease_until.is_not(None))
            .values(lease_until=LONG_AGO)
        )
    )


def chased(bots: City) -> Counter[str]:
    """Return how many requests for a report are in each state."""
    query = select(OutboxRow.state).where(OutboxRow.kind == "chase")
    return bots.database.read(lambda session: Counter(session.scalars(query)))


def rows(bots: City) -> dict[int, tuple[object, ...]]:
    """Return what is recorded of each message that was sent."""
    columns = (OutboxRow.state, OutboxRow.msgid, OutboxRow.attempts, OutboxRow.ended_at)
    query = select(OutboxRow.id, *columns).where(OutboxRow.state == outbox.SENT)
    found = bots.database.read(lambda session: session.execute(query).all())
    return {row[0]: tuple(row[1:]) for row in found}


def got(bots: City) -> Counter[int]:
    """Return how many contacts got how many requests for a report."""
    return Counter(
        sum(text.startswith("【催办 第1次】") for text in bots.simulator.pushes(f"u{number}"))
        for number in range(1, UNITS + 1)
    )


# --- the clock


HOLIDAY = datetime(2021, 8, 1, 9, 7, tzinfo=SHANGHAI)
"""On the day itself all contacts are reminded whose unit has the task."""


def test_two_workers_run_each_job_once(bots: City) -> None:
    clock = ("--start-at", (HOLIDAY - timedelta(seconds=3)).isoformat())
    workers = [bots.node("worker", *clock), bots.node("worker", *clock)]
    with started(*workers):
        wait_for(lambda: set(states(bots)) in ({outbox.SENT}, {outbox.SENT, outbox.DROPPED}))
        for worker in workers:
            worker.stop()
            assert " ERROR " not in worker.log
    reminded = UNITS // len(POINTS)
    assert states(bots)[outbox.SENT] == reminded
    pushes = Counter(len(bots.simulator.pushes(f"u{n}")) for n in range(1, UNITS + 1))
    assert pushes == {1: reminded, 0: UNITS - reminded}
    runs = select(TickRow.id).where(TickRow.due == HOLIDAY, TickRow.outcome == ticks.DONE)
    assert len(bots.database.read(lambda session: session.scalars(runs).all())) == 1


def states(bots: City) -> Counter[str]:
    """Return how many of the holiday's messages are in each state."""
    query = select(OutboxRow.state).where(OutboxRow.due_at == HOLIDAY)
    return bots.database.read(lambda session: Counter(session.scalars(query)))
