"""On SQLite those who wait together share a commit: a failure must stay its owner's alone."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.storage import inbox
from bot.storage.database import Database
from tests.support.received import receive


def accept(session: Session, key: str) -> None:
    assert receive(session, key)


def fail_by_itself(session: Session) -> None:
    accept(session, "lost")
    raise LookupError("a bug")


def fail_in_the_database(session: Session) -> None:
    accept(session, "lost too")
    session.execute(text("INSERT INTO inbox (key) VALUES ('without the rest')"))


def fail_in_a_flush(session: Session) -> None:
    accept(session, "lost as well")
    session.add(inbox.InboxRow(key="kept 1"))
    session.flush()


Piece = Callable[[Session], None]


def together(
    database: Database, *pieces: Piece, run: Callable[[Piece], None] | None = None
) -> list[Future[None]]:
    """Let all pieces wait for the writer before it takes the first of them."""
    begun, go_on = threading.Event(), threading.Event()

    def hold(_session: Session) -> None:
        begun.set()
        assert go_on.wait(10)

    with ThreadPoolExecutor(len(pieces) + 1) as pool:
        holding = pool.submit(database.run, hold)
        assert begun.wait(10)
        writer = database._writer
        waiting = [pool.submit(run or database.run, piece) for piece in pieces]
        while writer._waiting.qsize() < len(pieces):
            pass
        go_on.set()
        holding.result()
    return waiting


def stored(database: Database) -> list[str]:
    rows = database.read(lambda session: session.execute(text("SELECT key FROM inbox")).all())
    return sorted(row[0] for row in rows)


@pytest.mark.parametrize("failure", [fail_by_itself, fail_in_the_database, fail_in_a_flush])
def test_a_failing_piece_leaves_the_others_alone(sqlite: Database, failure: Piece) -> None:
    first, failed, last = together(
        sqlite,
        lambda session: accept(session, "kept 1"),
        failure,
        lambda session: accept(session, "kept 2"),
    )
    first.result()
    last.result()
    with pytest.raises((LookupError, IntegrityError)):
        failed.result()
    assert stored(sqlite) == ["kept 1", "kept 2"]


def test_of_two_deliveries_in_one_commit_one_is_new(sqlite: Database) -> None:
    new: dict[int, bool] = {}

    def deliver(number: int) -> Piece:
        def work(session: Session) -> None:
            new[number] = receive(session, "same")

        return work

    for outcome in together(sqlite, deliver(1), deliver(2)):
        outcome.result()
    assert new == {1: True, 2: False}
    assert stored(sqlite) == ["same"]


def test_a_row_that_waits_for_the_commit_is_there_for_who_asks(sqlite: Database) -> None:
    def look(session: Session) -> None:
        accept(session, "kept 2")
        assert inbox.counts(session) == {inbox.HANDLED: 2}

    def share(piece: Piece) -> None:
        sqlite.share(piece, turn="b" if piece is look else "a")

    first, second = together(sqlite, lambda session: accept(session, "kept 1"), look, run=share)
    first.result()
    second.result()
    assert stored(sqlite) == ["kept 1", "kept 2"]


def test_what_another_piece_takes_back_is_its_own_alone(sqlite: Database) -> None:
    """A job asks something in a savepoint and gives it up, beside a message that is stored."""

    def give_up(session: Session) -> None:
        accept(session, "kept 1")
        with suppress(LookupError), session.begin_nested():
            inbox.counts(session)
            raise LookupError

    def message(session: Session) -> None:
        accept(session, "kept 2")

    def run(piece: Piece) -> None:
        sqlite.share(piece, turn="linxian") if piece is message else sqlite.run(piece)

    for order in ((give_up, message), (message, give_up)):
        for outcome in together(sqlite, *order, run=run):
            outcome.result()
        assert stored(sqlite) == ["kept 1", "kept 2"]
        sqlite.run(lambda session: session.execute(text("DELETE FROM inbox")))


def test_a_failing_piece_alone_is_done_once(sqlite: Database) -> None:
    done: list[str] = []

    def fail(session: Session) -> None:
        done.append("once")
        fail_by_itself(session)

    with pytest.raises(LookupError):
        sqlite.run(fail)
    assert done == ["once"]
    assert stored(sqlite) == []
