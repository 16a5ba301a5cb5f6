"""The rows by which each run of a job happens on one node only."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bot.clock import SHANGHAI
from bot.storage import ticks
from bot.storage.database import Database
from tests.support import databases

NOW = datetime(2021, 7, 26, 9, 7, tzinfo=SHANGHAI)
HOUR = timedelta(hours=1)


def record(database: Database, job: str, due: datetime, outcome: str) -> int | None:
    def work(session: Session) -> int | None:
        tick_id = ticks.claim(session, job, due, due)
        if tick_id is not None:
            ticks.finish(session, tick_id, due, outcome)
        return tick_id

    return database.run(work)


def test_a_run_is_taken_once(database: Database) -> None:
    assert record(database, "chase", NOW, ticks.DONE) is not None
    assert record(database, "chase", NOW, ticks.DONE) is None
    assert record(database, "plan", NOW, ticks.DONE) is not None
    assert record(database, "chase", NOW + HOUR, ticks.DONE) is not None


def test_a_run_that_crashed_is_free(database: Database) -> None:
    def crashes(session: Session) -> None:
        ticks.claim(session, "chase", NOW, NOW)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        database.run(crashes)
    assert record(database, "chase", NOW, ticks.DONE) is not None


def test_a_run_that_another_node_is_at_is_not_waited_for(tmp_path: Path) -> None:
    with databases.fresh("postgresql", tmp_path) as database:

        def meanwhile(session: Session) -> int | None:
            assert ticks.claim(session, "chase", NOW, NOW) is not None
            assert record(database, "plan", NOW, ticks.DONE) is not None
            return record(database, "chase", NOW, ticks.DONE)

        assert database.run(meanwhile) is None


def test_the_newest_run_is_the_newest_as_seen_from_now(database: Database) -> None:
    for due in (NOW - HOUR, NOW, NOW + HOUR):
        record(database, "chase", due, ticks.DONE)
    record(database, "plan", NOW + HOUR, ticks.DONE)
    seen = database.read(lambda session: ticks.last_dues(session, ["chase", "plan", "new"], NOW))
    assert seen == {"chase": NOW}
    assert database.read(ticks.first_due) == NOW - HOUR


def test_only_one_records_the_next_outcome(database: Database) -> None:
    tick_id = record(database, "chase", NOW, ticks.FAILED[0])
    assert tick_id is not None

    def change(session: Session) -> bool:
        return ticks.change(session, tick_id, ticks.FAILED[0], ticks.DONE, NOW)

    assert database.run(change)
    assert not database.run(change)


def test_failed_runs_wait_for_another_try_and_are_shown_to_the_office(database: Database) -> None:
    record(database, "chase", NOW - HOUR, ticks.FAILED[1])
    record(database, "chase", NOW, ticks.DONE)
    record(database, "plan", NOW, ticks.GIVEN_UP)
    record(database, "removed", NOW, ticks.FAILED[0])
    waiting = database.read(
        lambda session: ticks.failing(session, ["chase", "plan"], NOW - 2 * HOUR, NOW)
    )
    assert [(run.job, run.outcome) for run in waiting] == [("chase", ticks.FAILED[1])]
    shown = database.read(ticks.failures)
    assert [run.job for run in shown] == ["removed", "plan", "chase"]
