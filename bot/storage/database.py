"""The only place that opens a transaction and commits.

`run(work)` calls `work` with a session, commits, and returns its result; whatever `work` raises
rolls back all it did. On SQLite one writer thread serves all callers and commits those that wait
together: an fsync costs far more than the work, and SQLite's own busy handler starves writers.
On PostgreSQL each call has a connection of its own, unless it is to `share` one.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    NoSuchModuleError,
    OperationalError,
)
from sqlalchemy.orm import Session

from bot.errors import ConfigError
from bot.log import keep_out
from bot.storage.network import POOL_SECONDS, bounded
from bot.storage.statements import LostRace, begin
from bot.storage.writer import Work, Writer

log = logging.getLogger(__name__)
T = TypeVar("T")
ATTEMPTS = 3
"""How often a transaction that lost a race on PostgreSQL is tried in all."""
_LOST_RACES = {"40001", "40P01", "23505"}
"""PostgreSQL: serialization failure, deadlock, unique violation."""
_TRANSIENT = (
    *("08", "25", "40", "53", "55", "57", "58"),  # classes of PostgreSQL's states
    *("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_CANTOPEN"),
    *("SQLITE_READONLY", "SQLITE_NOMEM", "SQLITE_CORRUPT", "SQLITE_NOTADB"),
)
"""Failures of the server, the connection or the disk, not of the statement."""


class Database:
    """A database by its SQLAlchemy URL."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _engine(url)
        self.embedded = self.engine.dialect.name == "sqlite"
        self._writer = Writer(self.engine)

    def run(self, work: Work[T]) -> T:
        """Do `work` in one transaction and commit it.

        `work` may be called again, on PostgreSQL when it lost a race, on SQLite when another
        piece of work in the same commit failed: it must have no effect outside of its session.
        """
        if self.embedded:
            return self._writer.run(work)
        for _ in range(ATTEMPTS - 1):
            done: list[bool] = []
            try:
                return self._once(work, done)
            except LostRace:
                continue
            except DBAPIError as error:
                # A connection that broke before the commit, idle in the pool say, changed nothing.
                if not (_lost_race(error) or (error.connection_invalidated and not done)):
                    raise
        return self._once(work, [])

    def share(self, work: Work[T], turn: str) -> T:
        """Do short work in one transaction with what else waits; then as `run`.

        Unlike there, `work` is also repeated when nobody knows what became of the commit: it
        must find out by itself that it was done. It opens no savepoint. `turn` names what it locks
        first.
        """
        try:
            return self._writer.run(work, turn)
        except LostRace:
            log.debug("a lost race is run alone")
        except DBAPIError as error:
            if self.embedded or not (_lost_race(error) or error.connection_invalidated):
                raise
        return self.run(work)

    def read(self, work: Work[T]) -> T:
        """Do `work`, which only reads, beside the writer."""
        return self._reading(self.engine, work)

    def snapshot(self, work: Work[T]) -> T:
        """Do `work`, which reads a lot, seeing all of it as it is at one moment."""
        if self.embedded:
            return self.read(work)
        engine = self.engine.execution_options(isolation_level="REPEATABLE READ")

        def unhurried(session: Session) -> T:
            session.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
            return work(session)

        return self._reading(engine, unhurried)

    def _reading(self, engine: Engine, work: Work[T]) -> T:
        def once() -> T:
            with Session(engine) as session:
                if self.embedded:
                    session.connection(execution_options={"reading": True})
                return work(session)

        try:
            return once()
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
        return once()

    def close(self) -> None:
        """Finish what was accepted and let go of the connections."""
        self._writer.close()
        self.engine.dispose()

    def _once(self, work: Work[T], done: list[bool]) -> T:
        """Do `work`; `done` is no longer empty when only the commit is left."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            begin(session, session.connection())
            result = work(session)
            session.flush()
            done.append(True)
            return result


def is_transient(error: DBAPIError) -> bool:
    """Whether the database was in trouble, so that the same may work later; else it is a bug."""
    named = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None)
    if error.connection_invalidated or named is None:
        return error.connection_invalidated or isinstance(error, OperationalError)
    return str(named).startswith(_TRANSIENT)


def _lost_race(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) in _LOST_RACES


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
        keep_out(str(parsed.password or ""))
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
                hide_parameters=True,
            )
        )
    except (ArgumentError, ImportError, NoSuchModuleError, ValueError):
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
    with suppress(OSError):  # whoever cannot make the file is told so by the first statement
        Path(file).touch(mode=0o600)  # what people wrote is for the bot's account only
    engine = create_engine(
        f"sqlite:///{file}",
        connect_args={"timeout": 30, "check_same_thread": False},
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=30000",
            "cache_size=-32000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get("reading", False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


__all__ = ["DBAPIError", "Database", "LostRace", "OperationalError", "Work", "is_transient"]
