"""A thread that does what waits and commits it together.

On SQLite it is the only one that writes. On PostgreSQL it does what is short and many: a
transaction for each would cost more than the work.
"""

import logging
import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from bot.storage.statements import LostRace, begin, gather, insert_gathered

log = logging.getLogger(__name__)
T = TypeVar("T")
Work = Callable[[Session], T]
Outcome = tuple[Any, BaseException | None]
"""What a piece of work returned, or what it raised."""

BATCH = 64
"""How many waiting pieces of work share one commit."""


class Piece:
    """Work that waits for the writer, and then what came of it."""

    __slots__ = ("_done", "outcome", "turn", "work")

    def __init__(self, work: Work[Any], turn: str) -> None:
        self.work = work
        self.turn = turn
        self.outcome: Outcome = (None, None)
        self._done = threading.Lock()  # a tenth of what a Future costs
        self._done.acquire()

    def finish(self, outcome: Outcome) -> None:
        """Let the caller go on."""
        self.outcome = outcome
        self._done.release()

    def result(self) -> Any:
        """Wait; return what the work returned or raise what it raised."""
        self._done.acquire()
        result, failure = self.outcome
        if failure is not None:
            raise failure
        return result


class Writer:
    """One thread that writes, so that a commit is shared by all who wait for it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waiting: queue.SimpleQueue[Piece | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._closed = False

    def run(self, work: Work[T], turn: str = "") -> T:
        """Do `work` and return its result once it is committed; raise what it raised.

        Of what waits together, the work with the lower `turn` is done first: where all processes
        agree on it, none waits for a lock of one that waits for its own.
        """
        if threading.current_thread() is self._thread:
            raise RuntimeError("a transaction cannot be opened inside another one")
        piece = Piece(work, turn)
        with self._starting:
            if self._closed:
                raise RuntimeError("the database is closed")
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve, name="writer", daemon=True)
                self._thread.start()
            self._waiting.put(piece)
        result: T = piece.result()
        return result

    def close(self) -> None:
        """Finish what waits, and take nothing more."""
        with self._starting:
            self._closed = True
            self._waiting.put(None)
        if self._thread is not None:
            self._thread.join()

    def _serve(self) -> None:
        while (first := self._waiting.get()) is not None:
            batch, last = self._gather(first)
            self._commit_together(batch)
            if last:
                return

    def _gather(self, first: Piece) -> tuple[list[Piece], bool]:
        batch = [first]
        with suppress(queue.Empty):
            while len(batch) < BATCH:
                piece = self._waiting.get_nowait()
                if piece is None:
                    return batch, True
                batch.append(piece)
        return batch, False

    def _commit_together(self, batch: list[Piece]) -> None:
        batch.sort(key=lambda piece: piece.turn)
        try:
            outcomes = self._at_once(batch)
        except LostRace:
            outcomes = self._apart(batch)
        except BaseException as error:
            outcomes = [(None, error)] if len(batch) == 1 else self._apart(batch)
        for piece, outcome in zip(batch, outcomes, strict=True):
            piece.finish(outcome)

    def _at_once(self, batch: list[Piece]) -> list[Outcome]:
        """Do all of it or, when one piece fails, nothing: the usual way, which costs least."""
        done: list[Outcome] = []
        with self._engine.begin() as connection, _session(connection) as session:
            for piece in batch:
                if piece.turn:  # the first of those that share; who does not may open savepoints
                    gather(session)
                done.append((_one_of_many(session, connection, piece.work), None))
            insert_gathered(session)
        return done

    def _apart(self, batch: list[Piece]) -> list[Outcome]:
        """Do it once more, so that a failure leaves the other pieces untouched."""
        try:
            with self._engine.begin() as connection:
                return [_in_savepoint(connection, piece.work) for piece in batch]
        except BaseException as error:
            log.exception("a shared commit failed")
            return [(None, error) for _ in batch]


def _one_of_many(session: Session, connection: Connection, work: Work[T]) -> T:
    begin(session, connection)
    result = work(session)
    session.flush()
    session.expunge_all()  # the next piece knows nothing of this one
    return result


def _in_savepoint(connection: Connection, work: Work[Any]) -> Outcome:
    try:
        with connection.begin_nested(), _session(connection) as session:
            return _one_of_many(session, connection, work), None
    except Exception as error:
        return None, error


def _session(connection: Connection) -> Session:
    return Session(bind=connection, expire_on_commit=False, join_transaction_mode="rollback_only")
