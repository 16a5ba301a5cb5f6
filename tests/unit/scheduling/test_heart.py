"""A worker's sign of life: written while it lives, taken back when it ends in order."""

import socket
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bot.clock import ManualClock
from bot.scheduling.heart import Heart
from bot.scheduling.registry import Chore
from bot.scheduling.scheduler import Alarm
from bot.services import Services, Shared
from bot.settings import Settings
from bot.storage import findings, nodes
from bot.storage.database import Database
from bot.storage.findings import Untold
from bot.storage.nodes import Node
from simulator.harness import Simulator
from tests.support import databases
from tests.support.process import BotProcess, wait_for
from tests.support.use_cases import NOW

MINUTE = timedelta(minutes=1)


class Halting:
    """A breaker that a test opens and closes."""

    reason = ""


class Process:
    """One worker on a database, with a clock of its own."""

    def __init__(self, database: Database) -> None:
        self.clock = ManualClock(NOW)
        self.breaker = Halting()
        shared = Shared(Settings(), self.clock, self.clock)
        self.heart = Heart(
            database,
            lambda session: Services(session, shared),
            self.breaker,
            self.clock,
            self.clock,
        )

    def beat_after(self, wait: timedelta, reason: str) -> None:
        self.clock.advance(wait)
        self.breaker.reason = reason
        self.heart.beat()


def found(database: Database) -> list[Untold]:
    return database.read(lambda session: findings.untold(session, NOW))


def test_what_was_done_last_is_written_down(database: Database) -> None:
    worker = Process(database)
    worker.heart.start()
    worker.clock.advance(MINUTE)
    worker.heart.done("pulse")
    worker.clock.advance(MINUTE)
    worker.heart.beat()
    [node] = database.read(nodes.all_nodes)
    assert node == Node(worker.heart.name, NOW, NOW + 2 * MINUTE, NOW + MINUTE, NOW)
    worker.heart.stop()
    assert database.read(nodes.all_nodes) == []


def test_a_process_of_this_machine_that_died_is_forgotten_at_the_next_start(
    database: Database,
) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    here = socket.gethostname()

    def run_before(session: Session) -> None:
        for name in (f"{here}:{ended.pid}", f"{here}:1", "elsewhere:99999999"):
            nodes.save(session, Node(name, NOW, NOW, NOW, NOW))

    database.run(run_before)
    worker = Process(database)
    worker.heart.start()
    names = {node.name for node in database.read(nodes.all_nodes)}
    assert names == {worker.heart.name, f"{here}:1", "elsewhere:99999999"}


def test_a_long_halt_becomes_one_finding_when_it_ends_whoever_met_it(database: Database) -> None:
    first, second = Process(database), Process(database)
    second.heart.name = "other:2"
    for worker in (first, second):
        worker.beat_after(MINUTE, "Secret 不正确。")
        worker.beat_after(10 * MINUTE, "Secret 不正确。")
    assert found(database) == []
    for worker in (first, second):
        worker.beat_after(MINUTE, "")
    [halt] = found(database)
    assert halt.kind == "halt"
    assert halt.facts == {
        "at": (NOW + MINUTE).isoformat(),
        "until": (NOW + 12 * MINUTE).isoformat(),
        "reason": "Secret 不正确。",
    }


def test_a_short_halt_is_nobodys_business_and_a_restart_hides_no_long_one(
    database: Database,
) -> None:
    worker = Process(database)
    worker.beat_after(MINUTE, "企业微信系统繁忙。")
    worker.beat_after(3 * MINUTE, "")
    assert found(database) == []
    worker.beat_after(MINUTE, "Secret 不正确。")
    worker.clock.advance(20 * MINUTE)
    worker.heart.stop()
    assert [halt.facts["reason"] for halt in found(database)] == ["Secret 不正确。"]


def test_a_worker_starts_and_stops_without_its_database(sqlite: Database) -> None:
    worker = Process(sqlite)
    sqlite.close()
    worker.heart.start()
    worker.heart.stop()


def test_a_round_that_failed_is_no_sign_of_life() -> None:
    done: list[str] = []

    def fails() -> None:
        raise ZeroDivisionError

    Alarm(Chore(fails, "fails", MINUTE), done=done.append)()
    Alarm(Chore(lambda: None, "works", MINUTE), done=done.append)()
    assert done == ["works"]


@pytest.mark.slow
def test_a_real_worker_is_on_record_while_it_lives_and_when_it_was_killed(tmp_path: Path) -> None:
    url = databases.url("sqlite", tmp_path)

    def names() -> set[str]:
        database = Database(url)
        try:
            return {node.name for node in database.read(nodes.all_nodes)}
        finally:
            database.close()

    with Simulator() as wecom, BotProcess(tmp_path, url, wecom.settings()) as bot:
        bot.start()
        wait_for(lambda: len(names()) == 1)
        killed = names()
        bot.kill()
        assert names() == killed
        bot.start()
        wait_for(lambda: len(names()) == 1 and names() != killed)
        assert bot.stop() == 0
    assert names() == set()
