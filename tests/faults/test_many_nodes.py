"""Several nodes on hosts of their own, one database: killed, cut off, restarted."""

import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count

import pytest
from sqlalchemy import select

from bot.storage import outbox
from bot.storage.progress import ReportRow
from simulator.callback import Callback, Delivery, over_http
from simulator.faults import Effect
from tests.support.caller import Caller
from tests.support.city import CLOCK, UNITS, City
from tests.support.hosts import INNER
from tests.support.nodes import Balancer, Node, start_together, started
from tests.support.process import own_environment, wait_for
from tests.support.units import POINTS

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("hosts")]


def booked(bots: City) -> Counter[str]:
    """Return how often each report was booked."""
    return bots.database.read(lambda session: Counter(session.scalars(select(ReportRow.text))))


def report(number: int) -> tuple[str, str]:
    """Return who reports, and a text of their own on a point that nobody is asked for."""
    return f"u{number % UNITS + 1}", f"第20条 推进中，走访部队{number}个"


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
            bots.chase(POINTS)
            for machine in zip(webs, workers, strict=True):
                for node in machine:
                    node.stop()
                start_together(*machine)
                reporters.go_on()
        wait_for(lambda: bots.chased() == Counter({outbox.SENT: UNITS}))
    tried = Counter(len(delivery.attempts) for delivery in reporters.sent.values())
    assert tried == {1: len(reporters.sent)}, "somebody had to wait for WeCom's second delivery"
    assert booked(bots) == Counter(reporters.sent.keys())
    assert bots.asked() == {1: UNITS}


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
        bots.chase(POINTS)
        wait_for(lambda: bots.chased() == Counter({outbox.SENT: UNITS}))
    statuses = {one.status for delivery in reporters.sent.values() for one in delivery.attempts}
    assert statuses == {200, 500}, "every callback had an answer in time"
    assert booked(bots) == Counter([*reporters.sent.keys(), LATE])
    assert bots.asked() == {1: UNITS}


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
