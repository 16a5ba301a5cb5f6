"""The outbox as a queue that several workers share."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from bot.clock import SHANGHAI
from bot.outbox import queue
from bot.outbox.queue import LEASE
from bot.storage import outbox, undelivered
from bot.storage.database import Database
from bot.storage.outbox import Claimed, OutboxRow

NOW = datetime(2021, 7, 26, 9, 7, tzinfo=SHANGHAI)
MACHINE = datetime(2026, 11, 23, 18, 0, tzinfo=SHANGHAI)
"""The machine's time is another one than the bot's: a rehearsal."""


def put(
    database: Database, *keys: str, due_at: datetime = NOW, touser: str = "linxian"
) -> list[bool]:
    def work(session: Session) -> list[bool]:
        return [
            queue.put(session, key=key, touser=touser, kind="text", facts={"text": key},
                      due_at=due_at, now=NOW)
            for key in keys
        ]  # fmt: skip

    return database.run(work)


def claim(
    database: Database,
    holder: str,
    now: datetime = NOW,
    machine_now: datetime = MACHINE,
    limit: int = 10,
) -> list[Claimed]:
    return queue.claim(database, now=now, machine_now=machine_now, holder=holder, limit=limit)


def keys(rows: list[Claimed]) -> list[str]:
    return [row.key for row in rows]


def test_a_key_is_queued_once(database: Database) -> None:
    assert put(database, "reminder:1") == [True]
    assert put(database, "reminder:1", "reminder:2") == [False, True]
    assert database.read(outbox.counts) == {"queued": 2}


def test_nothing_is_queued_when_the_callers_transaction_fails(database: Database) -> None:
    def work(session: Session) -> None:
        queue.put(session, key="a", touser="x", kind="text", facts={}, due_at=NOW, now=NOW)
        raise LookupError

    with pytest.raises(LookupError):
        database.run(work)
    assert database.read(outbox.counts) == {}


def test_the_oldest_due_rows_come_first_and_none_before_its_time(database: Database) -> None:
    put(database, "later", due_at=NOW + timedelta(seconds=1))
    put(database, "second", "third")
    put(database, "first", due_at=NOW - timedelta(days=1))
    assert keys(claim(database, "a", limit=2)) == ["first", "second"]
    assert keys(claim(database, "b")) == ["third"]
    assert keys(claim(database, "c")) == []
    assert keys(claim(database, "d", now=NOW + timedelta(seconds=1))) == ["later"]


def test_a_claimed_row_holds_all_that_sending_needs(database: Database) -> None:
    put(database, "reminder:1")
    [row] = claim(database, "a")
    assert row.touser == "linxian"
    assert row.facts == {"text": "reminder:1"}
    assert row.due_at == NOW
    assert (row.attempts, row.frozen, row.errcode, row.expires_at) == (0, None, None, None)


def test_a_dead_holders_rows_are_free_after_the_lease(database: Database) -> None:
    put(database, "reminder:1")
    assert keys(claim(database, "dead")) == ["reminder:1"]
    assert claim(database, "b", machine_now=MACHINE + LEASE - timedelta(seconds=1)) == []
    assert keys(claim(database, "b", machine_now=MACHINE + LEASE)) == ["reminder:1"]
    assert not database.run(lambda session: outbox.held(session, [1], "dead"))


def test_a_jump_of_the_bots_clock_frees_no_lease(database: Database) -> None:
    put(database, "reminder:1")
    claim(database, "a")
    assert claim(database, "b", now=NOW + timedelta(days=300)) == []


def test_a_row_that_ended_is_never_claimed_again(database: Database) -> None:
    put(database, "reminder:1")
    [row] = claim(database, "a")
    database.run(
        lambda session: outbox.write(session, [row.id], state=outbox.UNKNOWN, ended_at=NOW,
                                     lease_holder="")
    )  # fmt: skip
    assert claim(database, "b", machine_now=MACHINE + timedelta(days=9)) == []


def test_two_workers_at_once_never_get_the_same_row(database: Database) -> None:
    """Tried without the guard: with a SELECT and then an UPDATE in two transactions of their own,
    both workers got the same rows in every round on both databases.
    """
    put(database, *(f"reminder:{number}" for number in range(200)))
    barrier = threading.Barrier(2)

    def worker(name: str) -> list[str]:
        found: list[str] = []
        for number in range(15):
            barrier.wait(timeout=30)
            found += keys(claim(database, f"{name}{number}"))
        return found

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(worker, ("a", "b"))
    together = first + second
    assert len(together) == len(set(together))
    assert len(together) == 200


def test_the_messages_of_the_last_minute_are_counted_by_person(database: Database) -> None:
    put(database, "1", "2", "3")
    put(database, "4", touser="shuangta")
    ids = [row.id for row in claim(database, "a")]
    minute = MACHINE - timedelta(minutes=1)

    def finish(session: Session) -> None:
        outbox.write(session, ids[:2], state=outbox.SENT, lease_until=MACHINE)
        outbox.write(session, ids[2:3], state=outbox.SENT, lease_until=minute)
        outbox.write(session, ids[3:], state=outbox.FAILED, lease_until=MACHINE)

    database.run(finish)
    counted = database.read(
        lambda session: outbox.sent_since(session, ["linxian", "shuangta", "nobody"], minute)
    )
    assert counted == {"linxian": 2}


def test_the_office_sees_what_failed_and_what_is_unknown_for_good(database: Database) -> None:
    put(database, "failed", "gone", "unknown", "waiting")
    ids = {row.key: row.id for row in claim(database, "a")}

    def finish(session: Session) -> None:
        outbox.write(session, [ids["failed"]], state=outbox.FAILED, error="无此人", ended_at=NOW)
        outbox.write(session, [ids["gone"]], state=outbox.DROPPED, error="过期", ended_at=NOW)
        later = NOW + timedelta(hours=4)
        outbox.write(
            session, [ids["unknown"]], state=outbox.UNKNOWN, error="无答复", ended_at=later
        )
        outbox.write(session, [ids["waiting"]], state=outbox.UNKNOWN)

    database.run(finish)
    failures = database.read(undelivered.failures)
    assert [(failure.key, failure.reason) for failure in failures] == [
        ("unknown", "无答复"),
        ("failed", "无此人"),
    ]


def test_the_lag_is_the_age_of_the_longest_waiting_message(database: Database) -> None:
    assert database.read(lambda session: outbox.oldest_due(session, NOW)) is None
    put(database, "future", due_at=NOW + timedelta(hours=1))
    put(database, "old", due_at=NOW - timedelta(hours=1))
    assert database.read(lambda session: outbox.oldest_due(session, NOW)) == NOW - timedelta(
        hours=1
    )


def test_a_batch_whose_first_row_was_taken_over_follows_the_next_one(database: Database) -> None:
    put(database, "1", "2", "3")
    ids = [row.id for row in claim(database, "a")]

    def work(session: Session) -> set[int]:
        outbox.write(session, ids[:1], lease_holder="other")
        return outbox.follow(session, ids, "a", ids[0])

    assert database.run(work) == set(ids[1:])
    with Session(database.engine) as session:
        session.connection(execution_options={"reading": True})
        holders = dict(session.execute(select(OutboxRow.id, OutboxRow.lease_holder)).all())
    leader = f"batch:{ids[1]}"
    assert holders == {ids[0]: "other", ids[1]: leader, ids[2]: leader}


def test_what_waits_is_counted_apart_from_what_is_over(database: Database) -> None:
    put(database, "1", "2", "3")
    assert database.read(outbox.open_counts) == {"queued": 3, "sending": 0}
    [row] = claim(database, "a", limit=1)
    assert database.read(outbox.open_counts) == {"queued": 2, "sending": 1}
    database.run(lambda session: outbox.write(session, [row.id], state=outbox.SENT))
    assert database.read(outbox.open_counts) == {"queued": 2, "sending": 0}


def test_what_is_done_for_each_sweep_reads_no_history(database: Database) -> None:
    """Each statement can be answered by an index; without `among` as it is, SQLite scanned."""
    put(database, "1", "2")
    said: list[tuple[str, Any]] = []

    def listen(
        _connection: Any, _cursor: Any, statement: str, parameters: Any, *_others: Any
    ) -> None:
        said.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", listen)
    ids = [row.id for row in claim(database, "a")]

    def work(session: Session) -> None:
        outbox.follow(session, ids, "a", ids[0])
        outbox.freeze(session, ids[0], "a", {}, MACHINE)
        outbox.held(session, ids[:1], "a")
        outbox.write(session, ids, state=outbox.SENT)
        outbox.sent_since(session, ["linxian"], MACHINE)
        outbox.oldest_due(session, NOW)

    database.run(work)
    event.remove(database.engine, "before_cursor_execute", listen)
    explain = "EXPLAIN QUERY PLAN" if database.embedded else "EXPLAIN"
    plans = []
    with database.engine.begin() as connection:
        if not database.embedded:  # so small a table is read as a whole unless that is forbidden
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        for statement, parameters in said:
            if "outbox" in statement:
                rows = connection.exec_driver_sql(f"{explain} {statement}", parameters)
                plans.append((statement, "\n".join(str(row) for row in rows)))
    found = "".join(plan for _, plan in plans)
    for index in ("waiting", "went"):
        assert f"ix_outbox_{index}" in found
    for statement, plan in plans:
        assert "SCAN outbox'" not in plan, statement
        assert "Seq Scan" not in plan, statement
