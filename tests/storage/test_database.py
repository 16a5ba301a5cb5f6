"""Transactions: all or nothing, to the right caller, and one sentence for a wrong address."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from bot.errors import ConfigError
from bot.storage.database import ATTEMPTS, Database, LostRace
from tests.support import databases
from tests.support.received import receive

MANY = 60


def accept(session: Session, key: str) -> str:
    assert receive(session, key)
    return key


def kept(session: Session) -> list[str]:
    return sorted(row[0] for row in session.execute(text("SELECT key FROM inbox")))


def test_what_was_done_is_there_for_others(database: Database) -> None:
    assert database.run(lambda session: accept(session, "a")) == "a"
    other = Database(database.url)
    assert other.read(kept) == ["a"]
    other.close()


def test_an_error_takes_back_all_that_was_done(database: Database) -> None:
    def work(session: Session) -> None:
        accept(session, "a")
        raise LookupError("no")

    with pytest.raises(LookupError, match="no"):
        database.run(work)
    assert database.read(kept) == []


def test_a_broken_rule_of_the_database_reaches_the_caller(database: Database) -> None:
    database.run(lambda session: accept(session, "a"))
    twice = text("INSERT INTO inbox SELECT * FROM inbox")
    with pytest.raises(IntegrityError):
        database.run(lambda session: session.execute(twice))
    assert database.read(kept) == ["a"]


def at_once(works: list[Callable[[], object]]) -> list[object]:
    """Do everything from threads that begin together; an exception counts as a result."""
    barrier = threading.Barrier(len(works))

    def begin(work: Callable[[], object]) -> object:
        barrier.wait(timeout=20)
        try:
            return work()
        except LookupError as error:
            return error.args[0]

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(begin, works))


def test_each_of_many_callers_gets_their_own_result_or_their_own_error(database: Database) -> None:
    def work(number: int) -> Callable[[Session], str]:
        def do(session: Session) -> str:
            accept(session, f"{number:02}")
            if number % 3 == 0:
                raise LookupError(-number)
            return f"{number:02}"

        return do

    results = at_once([lambda n=n: database.run(work(n)) for n in range(MANY)])  # type: ignore[misc]
    assert results == [f"{n:02}" if n % 3 else -n for n in range(MANY)]
    assert database.read(kept) == [f"{n:02}" for n in range(MANY) if n % 3]


def test_a_savepoint_takes_back_whatever_was_written_in_it(database: Database) -> None:
    def work(session: Session) -> None:
        accept(session, "before")
        with suppress(LookupError), session.begin_nested():
            accept(session, "within")
            raise LookupError
        accept(session, "after")

    database.run(work)
    assert database.read(kept) == ["after", "before"]


def test_reading_goes_on_while_somebody_writes(database: Database) -> None:
    database.run(lambda session: accept(session, "before"))
    seen: list[list[str]] = []

    def work(session: Session) -> None:
        accept(session, "during")
        seen.append(ThreadPoolExecutor(1).submit(database.read, kept).result(timeout=10))

    database.run(work)
    assert seen == [["before"]]
    assert database.read(kept) == ["before", "during"]


def test_a_snapshot_sees_one_moment(database: Database) -> None:
    database.run(lambda session: accept(session, "before"))

    def look_twice(session: Session) -> tuple[list[str], list[str]]:
        first = kept(session)
        database.run(lambda other: accept(other, "meanwhile"))
        return first, kept(session)

    assert database.snapshot(look_twice) == (["before"], ["before"])


def test_a_closed_database_refuses_instead_of_waiting_for_ever(sqlite: Database) -> None:
    sqlite.run(lambda session: accept(session, "a"))
    sqlite.close()
    sqlite.close()
    with pytest.raises(RuntimeError, match="closed"):
        sqlite.run(lambda session: accept(session, "b"))


def test_what_was_accepted_is_finished_before_it_closes(sqlite: Database) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(session: Session) -> str:
        begun.set()
        assert go_on.wait(10)
        return accept(session, "slow")

    with ThreadPoolExecutor(2) as pool:
        running = pool.submit(sqlite.run, slow)
        assert begun.wait(10)
        closing = pool.submit(sqlite.close)
        go_on.set()
        assert running.result(timeout=10) == "slow"
        closing.result(timeout=10)
    other = Database(sqlite.url)
    assert other.read(kept) == ["slow"]
    other.close()


def test_a_transaction_inside_another_is_a_mistake_and_no_deadlock(sqlite: Database) -> None:
    with pytest.raises(RuntimeError, match="inside another"):
        sqlite.run(lambda _session: sqlite.run(kept))


def test_connections_that_broke_while_nobody_used_them_go_unnoticed(tmp_path: Path) -> None:
    """On PostgreSQL: the server was restarted at night, or a firewall forgot the connections."""
    with databases.fresh("postgresql", tmp_path) as database:
        at_once([lambda n=n: database.run(lambda s: accept(s, f"{n}")) for n in range(4)])  # type: ignore[misc]
        for work in (kept, lambda session: accept(session, "after"), kept):
            cut_all_others(database)
            database.run(work) if work is not kept else database.read(work)
        assert database.read(kept) == ["0", "1", "2", "3", "after"]


def cut_all_others(database: Database) -> None:
    other = Database(database.url)
    other.read(
        lambda session: session.execute(
            text(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    )
    other.close()


def test_a_lost_race_is_run_again(tmp_path: Path) -> None:
    with databases.fresh("postgresql", tmp_path) as database:
        tries: list[int] = []

        def work(session: Session) -> str:
            tries.append(len(tries))
            accept(session, f"try {len(tries)}")
            if len(tries) < ATTEMPTS:
                raise LostRace
            return "done"

        assert database.run(work) == "done"
        assert database.read(kept) == [f"try {ATTEMPTS}"]


def test_a_snapshot_may_take_its_time_between_two_questions(tmp_path: Path) -> None:
    """A call that stands still loses its transaction, but a backup writes files meanwhile."""
    address = databases.url("postgresql", tmp_path)
    hasty = Database(f"{address}&options=-c%20idle_in_transaction_session_timeout%3D20ms")

    def slow(session: Session) -> list[str]:
        kept(session)
        threading.Event().wait(0.2)
        return kept(session)

    assert hasty.snapshot(slow) == []
    with pytest.raises(DBAPIError, match="idle-in-transaction"):
        hasty.read(slow)
    hasty.close()
    databases.drop(address)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("", "database.url"),
        ("nonsense", "database.url"),
        ("mysql://a@b/c", "只支持 sqlite 和 postgresql"),
        ("oracle+nonsense://x", "database.url"),
        ("sqlite://", "要写明数据库文件"),
        ("sqlite:///:memory:", "要写明数据库文件"),
        ("postgresql://a@b:port/c", "database.url"),
    ],
)
def test_a_wrong_address_is_one_sentence(url: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as raised:
        Database(url)
    assert sentence in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match=r"database\.url"):
        Database(f"sqlite:///{tmp_path}/file/bot.db")


def test_folders_of_a_new_database_are_made(tmp_path: Path) -> None:
    Database(f"sqlite:///{tmp_path}/a/b/bot.db").close()
    assert (tmp_path / "a" / "b").is_dir()


def test_what_people_wrote_is_for_the_owner_of_the_file_only(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/new/bot.db")
    database.run(lambda session: session.execute(text("CREATE TABLE t (a TEXT)")))
    files = [*(tmp_path / "new").iterdir()]
    assert {file.name for file in files} == {"bot.db", "bot.db-wal", "bot.db-shm"}
    assert all(file.stat().st_mode & 0o077 == 0 for file in files)
    database.close()
