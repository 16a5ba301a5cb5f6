"""The only place that opens a transaction and commits.

`run(work)` calls `work` with a session, commits, and returns its result; whatever `work` raises
rolls back all it did. On SQLite one writer thread serves all callers and commits those that wait
together: an fsync costs far more than the work, and SQLite's own busy handler starves writers.
On PostgreSQL each call has a connection of its own.
"""

import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    IntegrityError,
    NoSuchModuleError,
    OperationalError,
)
from sqlalchemy.orm import Session

from bot.errors import ConfigError
from bot.storage.network import POOL_SECONDS, bounded

log = logging.getLogger(__name__)
T = TypeVar("T")
Work = Callable[[Session], T]
Outcome = tuple[Any, BaseException | None]
"""What a piece of work returned, or what it raised."""

BATCH = 64
"""How many waiting pieces of work share one commit on SQLite."""
ATTEMPTS = 3
"""How often a transaction that lost a race on PostgreSQL is tried in all."""
_LOST_RACES = {"40001", "40P01", "23505"}
"""PostgreSQL: serialization failure, deadlock, unique violation."""


class Database:
    """A database by its SQLAlchemy URL."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _engine(url)
        self.embedded = self.engine.dialect.name == "sqlite"
        self._writer = _Writer(self.engine) if self.embedded else None

    def run(self, work: Work[T]) -> T:
        """Do `work` in one transaction and commit it.

        `work` may be called again, on PostgreSQL when it lost a race, on SQLite when another
        piece of work in the same commit failed: it must have no effect outside of its session.
        """
        if self._writer is not None:
            return self._writer.run(work)
        for _ in range(ATTEMPTS - 1):
            try:
                return self._once(work)
            except DBAPIError as error:
                if not _lost_race(error):
                    raise
        return self._once(work)

    def read(self, work: Work[T]) -> T:
        """Do `work`, which only reads, beside the writer."""
        with Session(self.engine) as session:
            if self.embedded:
                session.connection(execution_options={"reading": True})
            return work(session)

    def snapshot(self, work: Work[T]) -> T:
        """Do `work`, which reads a lot, seeing all of it as it is at one moment."""
        if self.embedded:
            return self.read(work)
        engine = self.engine.execution_options(isolation_level="REPEATABLE READ")
        with Session(engine) as session:
            session.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
            return work(session)

    def close(self) -> None:
        """Finish what was accepted and let go of the connections."""
        if self._writer is not None:
            self._writer.close()
        self.engine.dispose()

    def _once(self, work: Work[T]) -> T:
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            return work(session)


def _lost_race(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) in _LOST_RACES


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.drivername in {"postgresql", "postgres"}:
            parsed = parsed.set(drivername="postgresql+psycopg")
        if parsed.get_backend_name() not in {"sqlite", "postgresql"}:
            raise ConfigError("配置项 database.url 只支持 sqlite 和 postgresql 两种数据库。")
        if parsed.get_backend_name() == "sqlite":
            return _with_quick_savepoints(_sqlite(str(parsed.database or "")))
        return _with_quick_savepoints(
            create_engine(
                bounded(parsed),
                pool_size=8,
                max_overflow=24,
                pool_timeout=POOL_SECONDS,
                pool_pre_ping=True,
            )
        )
    except (ArgumentError, NoSuchModuleError, ValueError):
        raise ConfigError(
            "配置项 database.url 的值不对，应形如 sqlite:///var/bot.db 或 postgresql://用户@主机/库名。"
        ) from None


def _with_quick_savepoints(engine: Engine) -> Engine:
    """Send savepoints to the driver as they are: SQLAlchemy would compile each of them anew."""
    verbs = {
        "do_savepoint": "SAVEPOINT",
        "do_rollback_to_savepoint": "ROLLBACK TO SAVEPOINT",
        "do_release_savepoint": "RELEASE SAVEPOINT",
    }
    for name, verb in verbs.items():
        setattr(engine.dialect, name, _statement(verb))
    return engine


def _statement(verb: str) -> Callable[[Connection, str], None]:
    def send(connection: Connection, name: str) -> None:
        connection.exec_driver_sql(f"{verb} {name}")

    return send


def _sqlite(file: str) -> Engine:
    if not file or file == ":memory:":
        raise ConfigError("配置项 database.url 要写明数据库文件，例如 sqlite:///var/bot.db。")
    folder = Path(file).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise ConfigError(
            f"建不了文件夹 {folder}，请检查配置项 database.url 和文件夹的权限。"
        ) from None
    engine = create_engine(
        f"sqlite:///{file}", connect_args={"timeout": 30, "check_same_thread": False}
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=30000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get("reading", False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


class _Writer:
    """One thread that writes, so that a commit is shared by all who wait for it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waiting: queue.Queue[tuple[Work[Any], Future[Any]] | None] = queue.Queue()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._closed = False

    def run(self, work: Work[T]) -> T:
        if threading.current_thread() is self._thread:
            raise RuntimeError("a transaction cannot be opened inside another one")
        future: Future[T] = Future()
        with self._starting:
            if self._closed:
                raise RuntimeError("the database is closed")
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve, name="writer", daemon=True)
                self._thread.start()
            self._waiting.put((work, future))
        return future.result()

    def close(self) -> None:
        with self._starting:
            self._closed = True
            self._waiting.put(None)
        if self._thread is not None:
            self._thread.join()

    def _serve(self) -> None:
        while True:
            first = self._waiting.get()
            if first is None:
                return
            batch, last = self._gather(first)
            self._commit_together(batch)
            if last:
                return

    def _gather(
        self, first: tuple[Work[Any], Future[Any]]
    ) -> tuple[list[tuple[Work[Any], Future[Any]]], bool]:
        batch = [first]
        with suppress(queue.Empty):
            while len(batch) < BATCH:
                item = self._waiting.get_nowait()
                if item is None:
                    return batch, True
                batch.append(item)
        return batch, False

    def _commit_together(self, batch: list[tuple[Work[Any], Future[Any]]]) -> None:
        try:
            outcomes = self._at_once(batch)
        except BaseException as error:
            outcomes = [(None, error)] if len(batch) == 1 else self._apart(batch)
        for (_, future), (result, failure) in zip(batch, outcomes, strict=True):
            if failure is not None:
                future.set_exception(failure)
            else:
                future.set_result(result)

    def _at_once(self, batch: list[tuple[Work[Any], Future[Any]]]) -> list[Outcome]:
        """Do all of it or, when one piece fails, nothing: the usual way, which costs least."""
        with self._engine.begin() as connection:
            return [(_in_session(connection, work), None) for work, _ in batch]

    def _apart(self, batch: list[tuple[Work[Any], Future[Any]]]) -> list[Outcome]:
        """Do it once more, so that a failure leaves the other pieces untouched."""
        try:
            with self._engine.begin() as connection:
                return [_in_savepoint(connection, work) for work, _ in batch]
        except BaseException as error:
            log.exception("a shared commit failed")
            return [(None, error) for _ in batch]


def _in_session(connection: Connection, work: Work[T]) -> T:
    with Session(
        bind=connection, expire_on_commit=False, join_transaction_mode="rollback_only"
    ) as session:
        result = work(session)
        session.commit()  # hands over what the session still held back; the writer commits
        return result


def _in_savepoint(connection: Connection, work: Work[Any]) -> Outcome:
    try:
        with Session(
            bind=connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
        ) as session:
            result = work(session)
            session.commit()
            return result, None
    except Exception as error:
        return None, error


__all__ = ["Database", "IntegrityError", "OperationalError", "Work"]
