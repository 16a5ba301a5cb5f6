"""What the bot remembers of a dialogue, and the lock that keeps one person's messages in turn."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from bot.clock import SHANGHAI
from bot.storage import arrival, conversation
from bot.storage.database import Database
from tests.support import databases

NOW = datetime(2021, 7, 28, 9, 30, tzinfo=SHANGHAI)


def lock(session: Session, userid: str) -> tuple[str, dict[str, Any]]:
    met = arrival.arrive(session, "key", userid, NOW)
    return met.state, met.data


def test_who_never_wrote_has_no_state(database: Database) -> None:
    assert database.run(lambda session: lock(session, "linxian")) == ("", {})


def test_a_state_is_remembered_for_that_person_alone(database: Database) -> None:
    data = {"tasks": [1, 2], "text": "走访😀", "deep": {"a": None}}

    def work(session: Session) -> None:
        lock(session, "linxian")
        conversation.save(session, "linxian", "Reporting.choosing", data, NOW)

    database.run(work)
    found = database.run(lambda session: lock(session, "linxian"))
    assert found == ("Reporting.choosing", data)
    assert database.run(lambda session: lock(session, "fangshan")) == ("", {})


def test_messages_of_one_person_see_each_others_states(database: Database) -> None:
    """Each adds one to what it finds; without the lock some would find the same."""
    barrier = threading.Barrier(8)

    def add_one(session: Session) -> None:
        _, data = lock(session, "linxian")
        conversation.save(session, "linxian", "s", {"count": data.get("count", 0) + 1}, NOW)

    def begin(_number: int) -> None:
        barrier.wait(timeout=10)
        database.run(add_one)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(begin, range(8)))
    found = database.run(lambda session: lock(session, "linxian"))
    assert found == ("s", {"count": 8})


def test_one_person_does_not_wait_for_another(tmp_path: Path) -> None:
    """On PostgreSQL, where several write at a time."""
    url = databases.url("postgresql", tmp_path)
    database = Database(url)
    held, go_on = threading.Event(), threading.Event()

    def hold(session: Session) -> None:
        lock(session, "linxian")
        held.set()
        assert go_on.wait(10)

    try:
        with ThreadPoolExecutor(1) as pool:
            holding = pool.submit(database.run, hold)
            assert held.wait(10)
            database.run(lambda session: lock(session, "fangshan"))
            assert not holding.done()
            go_on.set()
            holding.result(timeout=10)
    finally:
        go_on.set()
        database.close()
        databases.drop(url)
